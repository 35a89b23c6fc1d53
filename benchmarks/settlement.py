"""Measure how long a million settlements under every contract option of a 2024 agreement take.

    python -m benchmarks.settlement [--quick] [--out FILE]

From head counts, qualities and dollars to what is earned and owed, MSR table included, on two threads.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import numpy as np

from benchmarks.measuring import run_part, spread
from simcore.model.aco_year import ALTERNATIVE, MET, NOT_MET, AcoYear, year_rules
from simcore.model.arrays import Float64
from simcore.model.settlement import settled_steps
from simcore.model.terms import elected_rates, terms_of_elections
from simcore.regulation.participation import ContractOption, contract_options
from simcore.regulation.reader import Regulation, read_regulation

REPLICATES, QUICK_REPLICATES = 1_000_000, 50_000
BLOCK = 8_192  # two dozen arrays of a block lie in a core's second-level cache
THREADS = 2
REPETITIONS = 7
START = date(2024, 1, 1)


def measure(quick: bool) -> dict[str, Any]:
    """Return wall and processor seconds of all settlements."""
    replicates = QUICK_REPLICATES if quick else REPLICATES
    regulation = read_regulation()
    options = contract_options(regulation, START)
    worlds = _worlds(np.random.default_rng(START.year), replicates)
    net = np.empty((len(options), replicates))
    wall, processor = [], []
    for _ in range(REPETITIONS):
        begun, begun_processor = time.perf_counter(), time.process_time()
        _settle_all(regulation, options, worlds, net)
        wall.append(time.perf_counter() - begun)
        processor.append(time.process_time() - begun_processor)
    return {
        "settlements": replicates,
        "contract_options": len(options),
        "threads": THREADS,
        "seconds": spread(wall),
        "processor_seconds": spread(processor),
        "mean_net_settlement": round(float(net.mean())),
    }


def _worlds(generator: np.random.Generator, number: int) -> dict[str, Float64]:
    """Return ACO-years: benchmark, expenditures, head count, quality, standard, revenue."""
    benchmark = generator.normal(1.3e8, 1.0e7, number)
    return {
        "benchmark": benchmark,
        "expenditures": benchmark * generator.normal(0.98, 0.03, number),
        "beneficiaries": generator.integers(4_500, 20_000, number).astype(float),
        "quality": generator.uniform(0.5, 1.0, number),
        "standard": generator.choice([MET, ALTERNATIVE, NOT_MET], number, p=[0.9, 0.07, 0.03]),
        "revenue": benchmark * generator.uniform(0.1, 0.5, number),
    }


def _settle_all(
    regulation: Regulation, options: tuple[ContractOption, ...], worlds: dict[str, Float64], net: Float64
) -> None:
    """Settle all years under all options; ``net : (option, replicate)`` is written."""

    def settle_block(block: slice) -> None:
        world = {name: values[block] for name, values in worlds.items()}
        aco = AcoYear(
            performance_year=START.year,
            agreement_start=START,
            assigned_beneficiaries=world["beneficiaries"],
            quality_score=world["quality"],
            quality_standard=world["standard"].astype(int),
            participant_revenue=world["revenue"],
            low_revenue=world["revenue"] < 0.35 * world["expenditures"],
        )
        rules = year_rules(regulation, aco)
        for track, rows in _tracks(options).items():
            elected = elected_rates(rules, [options[row].msr_election for row in rows])
            terms = terms_of_elections(regulation, aco, rules, track=track, elected=elected).terms
            steps = settled_steps(world["benchmark"], world["expenditures"], terms, names=("net_settlement",))
            net[rows, block] = steps["net_settlement"]

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(settle_block, _blocks(net.shape[1])))


def _tracks(options: tuple[ContractOption, ...]) -> dict[str, list[int]]:
    """Return the positions of each track's options: they are settled together, as in a simulation."""
    tracks: dict[str, list[int]] = {}
    for row, option in enumerate(options):
        tracks.setdefault(option.track, []).append(row)
    return tracks


def _blocks(replicates: int) -> Iterator[slice]:
    """Return the slices that the replicates are settled in."""
    for first in range(0, replicates, BLOCK):
        yield slice(first, min(first + BLOCK, replicates))


if __name__ == "__main__":
    run_part("settlement", measure, __doc__)
