"""The whole flow on one page: a scenario becomes people, spending, a benchmark, settlements, a dataset."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import xarray as xr

from simcore.dataset import Array, build_dataset
from simcore.errors import SimcoreError
from simcore.executors import Executor, threads
from simcore.kernels.streams import STREAM_VERSION
from simcore.memory import machine_memory
from simcore.model.flow import Plan, make_plan, run_block
from simcore.regulation.reader import Regulation, read_regulation
from simcore.scenario.schema import Scenario

BLOCK = 2_500
"""Replicates of a block: with fewer, calls of NumPy cost as much as its work. No result depends on it."""


class Block(NamedTuple):
    """Replicates ``first … end - 1``, drawn and settled together."""

    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Study:
    """A scenario made ready: what every block needs, and what the result will say of itself."""

    scenario: Scenario
    plan: Plan
    attributes: Mapping[str, str]


def simulate(
    scenario: Scenario,
    regulation: Regulation | None = None,
    *,
    executor: Executor | None = None,
    block: int = BLOCK,
    first_replicate: int = 0,
) -> xr.Dataset:
    """Simulate a scenario and settle it under every contract option, all on the same draws.

    Parameters
    ----------
    scenario
        What is asked.
    regulation
        The program's numbers; absent, those in force, with the overlays that the scenario names.
    executor
        Who runs the blocks, see `simcore.executors`; absent, threads on all cores.
    block
        Replicates of a block.
    first_replicate
        Number of the first replicate: a run from 10,000 on continues a run of 10,000.

    Returns
    -------
    xr.Dataset
        Dimensions ``contract``, ``performance_year``, ``replicate``; see `simcore.vocabulary`. The
        same bits for any executor, number of threads and block size.

    Raises
    ------
    SimcoreError
        If the scenario asks for what cannot be simulated.

    Examples
    --------
    >>> question = {
    ...     "title": "May 5,000 lives carry losses?",
    ...     "aco": {
    ...         "agreement_start": "2024-01-01",
    ...         "performance_years": 1,
    ...         "population": {"AGED_NON_DUAL": {"assigned_beneficiaries": 5000}},
    ...     },
    ...     "contract": {"options": ["BASIC-B", "ENHANCED msr=0.010"]},
    ...     "simulation": {"replicates": 100},
    ... }
    >>> result = simulate(Scenario.model_validate(question))
    >>> dict(result.sizes)
    {'performance_year': 1, 'replicate': 100, 'contract': 2}
    >>> [bool(owes) for owes in (result["owed_shared_losses"] > 0).any(["performance_year", "replicate"])]
    [False, True]
    """
    study = prepare(scenario, regulation)
    blocks = blocks_of(scenario.simulation.replicates, first=first_replicate, size=block)
    parts = (executor or threads())(partial(simulate_block, study), blocks)
    arrays = gather(parts, scenario.simulation.replicates - first_replicate)
    return label(study, arrays, first_replicate=first_replicate)


def prepare(scenario: Scenario, regulation: Regulation | None = None) -> Study:
    """Return a scenario made ready to be simulated."""
    law = regulation or read_regulation(scenario.regulation.overlays, proposed=scenario.regulation.proposed)
    plan = make_plan(scenario, law)
    attributes = {
        "simcore_version": version("simcore"),
        "scenario": scenario.canonical_json(),
        "scenario_digest": scenario.digest(),
        "regulation_digest": sha256(f"{law.digest} {plan.presets_digest}".encode()).hexdigest(),
        "seed": str(scenario.simulation.seed),
        "engine": scenario.simulation.engine,
        "stream_version": STREAM_VERSION,
    }
    return Study(scenario, plan, attributes)


def blocks_of(replicates: int, *, first: int = 0, size: int = BLOCK) -> list[Block]:
    """Cut replicates ``first … replicates - 1`` into blocks, which end on multiples of `size`."""
    if first >= replicates:
        return []
    edges = [first, *range((first // size + 1) * size, replicates, size), replicates]
    return [Block(start, end) for start, end in pairwise(edges)]


def simulate_block(study: Study, block: Block, *, keep: Container[str] | None = None) -> dict[str, Array]:
    """Return the arrays of one block by variable name, the replicates on the last axis.

    `keep` names the steps of a settlement that are wanted; absent, all.
    """
    return run_block(study.plan, block.first, block.end - block.first, keep=keep)


def gather(parts: Iterable[Mapping[str, Array]], replicates: int) -> dict[str, Array]:
    """Join the arrays of blocks in order, one block in memory beside the whole at a time.

    Parameters
    ----------
    parts
        Arrays by variable name, the replicates on the last axis.
    replicates
        How many all blocks have together.

    Raises
    ------
    SimcoreError
        If they have more than this machine's memory. It would be given all the same, as long as none of
        it is written to, and the process ended without a word when it is.
    """
    whole: dict[str, Array] = {}
    end = 0
    for part in parts:
        if end == 0:
            _check_memory(part, replicates)
        start, end = end, end + next(iter(part.values())).shape[-1]
        for name, array in part.items():
            if name not in whole:
                whole[name] = np.empty((*array.shape[:-1], replicates), array.dtype)
            whole[name][..., start:end] = array
    return whole


def _check_memory(part: Mapping[str, Array], replicates: int) -> None:
    """Refuse a result that this machine cannot hold."""
    one = sum(array.nbytes // array.shape[-1] for array in part.values())
    size, memory = one * replicates, machine_memory()
    if memory is not None and size > memory:
        message = (
            f"the result of {replicates:,} replicates has {size / 1e9:,.1f} GB, more than the "
            f"{memory / 1e9:,.1f} GB of memory of this machine; allowed: fewer replicates or contract "
            "options, or simcore run with --store zarr, which writes it as it is made"
        )
        raise SimcoreError("simulation.replicates", message)


def label(study: Study, arrays: Mapping[str, Array], *, first_replicate: int = 0) -> xr.Dataset:
    """Return the labelled result."""
    choices = study.plan.choices
    return build_dataset(
        arrays,
        contracts=[(choice.label, choice.track, choice.msr_election) for choice in choices],
        performance_years=study.plan.timeline.performance_years,
        first_replicate=first_replicate,
        attributes=study.attributes,
    )
