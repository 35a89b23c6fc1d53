"""Measure how long a million settlements under every contract option of a 2024 agreement take.

Run it by itself on a quiet machine: ``python benchmarks/settlement.py``. The figure is wall time on
two threads, from head counts, qualities and dollars to what is earned and owed, MSR table included.
"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np

from simcore.model.aco_year import ALTERNATIVE, MET, NOT_MET, AcoYear, year_rules
from simcore.model.arrays import Float64
from simcore.model.settlement import settled_steps
from simcore.model.terms import elected_rates, terms_of_elections
from simcore.regulation.participation import ContractOption, contract_options
from simcore.regulation.reader import Regulation, read_regulation

REPLICATES = 1_000_000
BLOCK = 8_192  # two dozen arrays of a block lie in a core's second-level cache
THREADS = 2
REPETITIONS = 5
START = date(2024, 1, 1)


def main() -> None:
    regulation = read_regulation()
    options = contract_options(regulation, START)
    worlds = _worlds(np.random.default_rng(2024))
    net = np.empty((len(options), REPLICATES))
    cpu_started = time.process_time()
    seconds = [_measured(regulation, options, worlds, net) for _ in range(REPETITIONS)]
    cpu_seconds = (time.process_time() - cpu_started) / REPETITIONS
    print(
        json.dumps(
            {
                "settlements": REPLICATES,
                "contract_options": len(options),
                "threads": THREADS,
                "seconds": [round(second, 3) for second in seconds],
                "cpu_seconds": round(cpu_seconds, 3),
                "best": round(min(seconds), 3),
                "mean_net_settlement": round(float(net.mean())),
            },
            indent=1,
        )
    )


def _worlds(generator: np.random.Generator) -> dict[str, Float64]:
    """Return a million ACO-years: benchmark, expenditures, head count, quality, standard, revenue."""
    benchmark = generator.normal(1.3e8, 1.0e7, REPLICATES)
    return {
        "benchmark": benchmark,
        "expenditures": benchmark * generator.normal(0.98, 0.03, REPLICATES),
        "beneficiaries": generator.integers(4_500, 20_000, REPLICATES).astype(float),
        "quality": generator.uniform(0.5, 1.0, REPLICATES),
        "standard": generator.choice([MET, ALTERNATIVE, NOT_MET], REPLICATES, p=[0.9, 0.07, 0.03]),
        "revenue": benchmark * generator.uniform(0.1, 0.5, REPLICATES),
    }


def _measured(
    regulation: Regulation, options: tuple[ContractOption, ...], worlds: dict[str, Float64], net: Float64
) -> float:
    """Return the seconds that all settlements take."""

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

    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(settle_block, _blocks()))
    return time.perf_counter() - started


def _tracks(options: tuple[ContractOption, ...]) -> dict[str, list[int]]:
    """Return the positions of each track's options: they are settled together, as in a simulation."""
    tracks: dict[str, list[int]] = {}
    for row, option in enumerate(options):
        tracks.setdefault(option.track, []).append(row)
    return tracks


def _blocks() -> Iterator[slice]:
    """Return the slices that the replicates are settled in."""
    for first in range(0, REPLICATES, BLOCK):
        yield slice(first, min(first + BLOCK, REPLICATES))


if __name__ == "__main__":
    main()
