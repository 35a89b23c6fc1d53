"""Measure how fast the engines draw the default model, and NumPy the same tables, side by side."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np

from simcore.cli.numpy_ways import numpy_ways
from simcore.executors import available_cores
from simcore.kernels.counts import evolve_counts, initial_counts
from simcore.kernels.philox import cell_of
from simcore.kernels.pooled import SumTables, pooled_spending
from simcore.kernels.spending import spending
from simcore.model.arrays import Int64
from simcore.model.default_people import default_plan
from simcore.model.population import TypeModel, build_type_model
from simcore.model.sum_tables import sum_tables
from simcore.scenario.default_values import default_table

Task: TypeAlias = Callable[[int], object]
"""Work to time: it takes the number of the first replicate of a block."""
SEED = 1
ROUND_SECONDS = 0.04
BLOCK = 500
"""Replicates of a call of the pooled engine and of the head counts."""

PEOPLE_A_CALL = 20_000_000
"""People of a call of the beneficiary engine, about as many as a block of the smallest ACOs has."""

TRUNCATION_PERCENTILE = 0.99
"""Where the measured tables are cut; speed does not depend on it."""


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one band of one enrollment type."""

    heads: int
    amounts: Int64
    tables: SumTables
    cell: int


@dataclass(frozen=True, slots=True)
class Population:
    """An ACO of the default model."""

    people: int
    types: tuple[tuple[int, TypeModel], ...]
    groups: tuple[Group, ...]


class Rate(NamedTuple):
    """Work a second: the median over rounds, and the distance of the quartiles over it."""

    value: float
    relative_spread: float


@dataclass(frozen=True, slots=True)
class SizeResult:
    """Rates in beneficiary-years a second at one size, and seconds of a year with its head counts."""

    people: int
    beneficiary: Rate
    pooled: Rate
    numpy: Rate
    numpy_way: str
    numpy_ways: Mapping[str, float]
    performance_year_seconds: Mapping[str, float]


def default_models() -> list[TypeModel]:
    """Return the default model's enrollment types."""
    published = default_table("spending")["per_capita"]
    levels: Mapping[str, float] = published[max(published, key=int)]["value"]
    return [
        build_type_model(default_plan(name, per_capita=level, truncation_percentile=TRUNCATION_PERCENTILE))
        for name, level in levels.items()
    ]


def default_population(people: int, models: list[TypeModel]) -> Population:
    """Return an ACO with the default mix of types and bands."""
    shares: Mapping[str, float] = default_table("population")["person_year_shares"]["value"]
    types, groups = [], []
    for position, model in enumerate(models):
        heads = round(people * shares[model.enrollment_type])
        types.append((heads, model))
        for band, share in enumerate(model.initial):
            amounts = model.amounts[band].astype(np.int64)
            most = max(round(heads * float(share)), 1)
            groups.append(Group(most, amounts, sum_tables(amounts, most), cell_of(3, position, band)))
    return Population(sum(group.heads for group in groups), tuple(types), tuple(groups))


def beneficiary_task(population: Population, block: int) -> Task:
    """Return the work of drawing one year of `block` replicates person by person."""
    heads = [np.full(block, group.heads) for group in population.groups]

    def draw(first: int) -> object:
        for group, people in zip(population.groups, heads, strict=True):
            spending(people, group.amounts, first_replicate=first, cell=group.cell, seed=SEED)
        return None

    return draw


def pooled_task(population: Population, block: int) -> Task:
    """Return the work of drawing one year of `block` replicates from tables of sums."""
    heads = [np.full(block, group.heads) for group in population.groups]

    def draw(first: int) -> object:
        for group, people in zip(population.groups, heads, strict=True):
            pooled_spending(people, group.tables, first_replicate=first, cell=group.cell, seed=SEED)
        return None

    return draw


def counts_task(population: Population, block: int) -> Task:
    """Return the work of drawing next year's heads of `block` replicates in every type and band."""
    address = {"year": 3, "seed": SEED}
    begin = [
        initial_counts(heads, model.initial, block=block, first_replicate=0, enrollment_type=k, **address)
        for k, (heads, model) in enumerate(population.types)
    ]

    def draw(first: int) -> object:
        for k, (heads, model) in enumerate(population.types):
            evolve_counts(
                begin[k],
                np.array([heads, heads]),
                moves=model.stay[:, np.newaxis] * model.moves,
                joiners=model.joiners,
                first_replicate=first,
                enrollment_type=k,
                **address,
            )
        return None

    return draw


def numpy_tasks(population: Population) -> dict[str, Task]:
    """Return ways to draw one year of one replicate with NumPy: the same tables, the same heads by band."""
    heads = np.array([group.heads for group in population.groups])
    return numpy_ways(heads, np.stack([group.amounts for group in population.groups]))


def seconds_by_round(tasks: Mapping[str, Task], *, rounds: int, threads: int = 1) -> dict[str, list[float]]:
    """Time tasks in turn, round by round, so that what else the machine does falls on all alike.

    Returns
    -------
    dict[str, list[float]]
        Seconds of one call of each task in each round, with `threads` calls under way at a time: processor
        time of one thread, which other programs do not lengthen by much, and wall-clock time of more.
    """
    clock = time.thread_time if threads == 1 else time.perf_counter
    times: dict[str, list[float]] = {name: [] for name in tasks}
    with ThreadPoolExecutor(threads) as pool:
        calls = {name: _calls_a_round(task) for name, task in tasks.items()}
        for _ in range(rounds):
            for name, task in tasks.items():
                work = range(calls[name] * threads)
                begun = clock()
                for _ in pool.map(task, work) if threads > 1 else map(task, work):
                    pass
                times[name].append((clock() - begun) / len(work))
    return times


def _calls_a_round(task: Task) -> int:
    """Return how many calls fill a round, after one that warms up."""
    task(0)
    begun = time.perf_counter()
    task(0)
    return max(1, round(ROUND_SECONDS / max(time.perf_counter() - begun, 1e-6)))


def rate(work: float, seconds: list[float]) -> Rate:
    """Return work a second: the median over rounds, and the distance of the quartiles over it."""
    rates = [work / second for second in seconds]
    low, _, high = statistics.quantiles(rates, n=4) if len(rates) > 1 else (rates[0],) * 3
    middle = statistics.median(rates)
    return Rate(middle, (high - low) / middle)


def at_size(people: int, models: list[TypeModel], *, threads: int, rounds: int) -> SizeResult:
    """Measure both engines, the head counts and NumPy at one size."""
    population = default_population(people, models)
    ways = numpy_tasks(population)
    trial = seconds_by_round(ways, rounds=2, threads=threads)
    best = min(trial, key=lambda name: min(trial[name]))
    drawn = max(1, PEOPLE_A_CALL // people)
    tasks = {
        "beneficiary": beneficiary_task(population, drawn),
        "pooled": pooled_task(population, BLOCK),
        "counts": counts_task(population, BLOCK),
        "numpy": ways[best],
    }
    seconds = seconds_by_round(tasks, rounds=rounds, threads=threads)
    a_replicate = {"beneficiary": drawn, "pooled": BLOCK, "counts": BLOCK}
    medians = {name: statistics.median(seconds[name]) / block for name, block in a_replicate.items()}
    return SizeResult(
        people=population.people,
        beneficiary=rate(population.people * drawn, seconds["beneficiary"]),
        pooled=rate(population.people * BLOCK, seconds["pooled"]),
        numpy=rate(population.people, seconds["numpy"]),
        numpy_way=best,
        numpy_ways={name: population.people / min(times) for name, times in trial.items()},
        performance_year_seconds={
            engine: medians[engine] + medians["counts"] for engine in ("beneficiary", "pooled")
        },
    )


def machine() -> dict[str, object]:
    """Describe the machine and the libraries, as far as they bear on speed."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    libraries = {name: version(name) for name in ("numpy", "numba", "llvmlite", "scipy")}
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "cores_usable": available_cores(),
        "system": platform.system(),
        "python": platform.python_version(),
        **libraries,
    }
