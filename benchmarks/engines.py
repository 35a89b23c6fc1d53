"""Measure both engines beside NumPy's best way, and how their cost grows with the population.

    python -m benchmarks.engines [--quick] [--out FILE]

Beside what `simcore bench --json` prints stands the cost of a year of one replicate at each size, all sizes in turn
in the same rounds: draws of either engine, and next year's head counts, which both need.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.measuring import ratios, run_part, spread
from simcore.cli.bench import measure as bench
from simcore.cli.throughput import (
    BLOCK,
    PEOPLE_A_CALL,
    beneficiary_task,
    counts_task,
    default_models,
    default_population,
    pooled_task,
    seconds_by_round,
)

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
LARGEST_DRAWN = 1_000_000
"""People of the largest population that the beneficiary engine draws here."""
ROUNDS, QUICK_ROUNDS = 15, 3
LIMITS = {"times_numpy": 10.0, "small_over_large": 0.7, "pooled_largest_over_small": 1.5}
"""What is asked of the engines: at least, at least, at most."""


def measure(quick: bool) -> dict[str, Any]:
    """Measure against NumPy at three sizes, and the cost of a year at four."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    return {"limits": LIMITS, "bench": bench(threads=1, rounds=rounds), **by_size(rounds, SIZES)}


def by_size(rounds: int, sizes: tuple[int, ...]) -> dict[str, Any]:
    """Return seconds of a year of one replicate by size, and their ratios; one thread.

    The ratios of sizes are those of the first, the last and the last that the beneficiary engine draws.
    """
    models = default_models()
    people, tasks, divisors = {}, {}, {}
    for size in sizes:
        population = default_population(size, models)
        people[size] = population.people
        drawn = max(1, PEOPLE_A_CALL // size)
        work: dict[str, tuple[Callable[[int], object], int]] = {
            "pooled": (pooled_task(population, BLOCK), BLOCK),
            "head counts": (counts_task(population, BLOCK), BLOCK),
        }
        if size <= LARGEST_DRAWN:
            work["beneficiary"] = (beneficiary_task(population, drawn), drawn)
        for name, (task, replicates) in work.items():
            tasks[name, size], divisors[name, size] = task, replicates
    times = {
        key: [second / divisors[key] for second in seconds]
        for key, seconds in seconds_by_round(tasks, rounds=rounds).items()
    }
    return {
        "rounds": rounds,
        "sizes": [
            {"people": people[size], **{name: spread(times[name, size]) for name, at in times if at == size}}
            for size in sizes
        ],
        **_ratios(people, times),
    }


def _ratios(people: dict[int, int], times: dict[tuple[str, int], list[float]]) -> dict[str, Any]:
    """Return how a year of many people compares with one of few, and the rate of few with that of many."""
    small, largest = min(people), max(people)
    large = max(size for name, size in times if name == "beneficiary")
    year = {
        size: [sum(parts) for parts in zip(times["pooled", size], times["head counts", size], strict=True)]
        for size in (small, largest)
    }
    a_person = {
        size: [second / people[size] for second in times["beneficiary", size]] for size in (small, large)
    }
    return {
        "small_people": people[small],
        "large_people": people[large],
        "largest_people": people[largest],
        "pooled_draws_largest_over_small": ratios(times["pooled", largest], times["pooled", small]),
        "pooled_largest_over_small": ratios(year[largest], year[small]),
        "small_over_large": ratios(a_person[large], a_person[small]),
    }


if __name__ == "__main__":
    run_part("engines", measure, __doc__)
