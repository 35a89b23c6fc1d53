"""Simulate every ACO of a CMS results file under every contract option, and add up the program.

    python benchmarks/whole_program.py PY2022.csv [--replicates 10000] [--years 5] [--out FILE.json]

Each ACO has its record's size, mix of types, level of spending, quality and savings rate, and begins a new
agreement. All ACOs share the nation's and the region's draws, so that the program's total has the
spread of one market; people are drawn apart. Totals are kept replicate by replicate: the error of a
total is that of the total, not of ACOs added up as if they were independent.

Progress goes to standard error, one JSON object to standard output or to FILE.
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

from simcore.cli.process import set_up_process
from simcore.cli.throughput import machine
from simcore.cms.aco_scenario import aco_scenario
from simcore.cms.public_results import PublicResults, read_public_results
from simcore.executors import available_cores
from simcore.model.arrays import Float64
from simcore.regulation.reader import Regulation, read_regulation
from simcore.scenario.schema import Scenario
from simcore.simulate import Study, blocks_of, prepare, simulate_block

BLOCK = 10_000
"""Replicates of a block: with fewer, NumPy's calls cost as much as its work."""
SEED = 20_240_101
KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": str(2**25), "MALLOC_TRIM_THRESHOLD_": str(2**30)}
"""Settings of glibc, read by processes that start: an array's memory is kept for the next one, in place of
fresh pages from the kernel, which clears each of them first."""
FLOWS = ("earned_shared_savings", "owed_shared_losses")
FIRST_YEAR_OF_ALL_OPTIONS = 2024


class Settled(NamedTuple):
    """One ACO: its options, the one it is in, and what each brings over the agreement, USD.

    ``totals : (flow, contract, replicate)``; ``people`` are beneficiary-years of all replicates.
    """

    contracts: tuple[str, ...]
    current: str
    totals: Float64
    people: float


class Program:
    """The sums over ACOs, replicate by replicate."""

    def __init__(self) -> None:
        self.acos, self.people = 0, 0.0
        self.contracts: tuple[str, ...] = ()
        self.every_option: Float64 = np.zeros(0)
        self.current: dict[str, Float64] = {}
        self.acos_of: dict[str, int] = {}

    def add(self, aco: Settled) -> None:
        """Add one ACO; those whose contract is no option of the new agreement count under "other"."""
        if not self.acos:
            self.contracts, self.every_option = aco.contracts, np.zeros_like(aco.totals)
        self.acos += 1
        self.people += aco.people
        self.every_option += aco.totals
        label = aco.current if aco.current in aco.contracts else "other"
        self.acos_of[label] = self.acos_of.get(label, 0) + 1
        if label != "other":
            sums = self.current.setdefault(label, np.zeros_like(aco.totals[:, 0]))
            sums += aco.totals[:, aco.contracts.index(label)]

    def described(self) -> dict[str, object]:
        """Return the totals with their errors."""
        kept = {label: self.current[label] for label in self.contracts if label in self.current}
        return {
            "acos_by_current_option": dict(sorted(self.acos_of.items())),
            "every_aco_in_its_current_option": _estimates(sum(kept.values())),
            "current_options": {label: _estimates(totals) for label, totals in kept.items()},
            "every_aco_in_one_option": {
                label: _estimates(self.every_option[:, position])
                for position, label in enumerate(self.contracts)
            },
        }


def _estimates(totals: Float64) -> dict[str, dict[str, float]]:
    """Return mean and standard error of each flow, USD; ``totals : (flow, replicate)``."""
    flows = {**dict(zip(FLOWS, totals, strict=True)), "net_settlement": totals[0] - totals[1]}
    return {
        name: {
            "value": round(float(total.mean())),
            "standard_error": round(float(total.std(ddof=1) / np.sqrt(total.size))),
        }
        for name, total in flows.items()
    }


def scenarios(
    results: PublicResults, *, replicates: int, years: int, first_year: int, engine: str
) -> Iterator[Scenario]:
    """Return the scenario of every ACO of a file, each with draws of its own under one market."""
    for position, aco_id in enumerate(results.frame["aco_id"]):
        yield aco_scenario(results, aco_id).with_changes(
            {
                "aco.agreement_start": f"{first_year}-01-01",
                "aco.agreement_period": 1,
                "aco.performance_years": years,
                "simulation.replicates": replicates,
                "simulation.seed": SEED + 1 + position,
                "simulation.market_seed": SEED,
                "simulation.engine": engine,
            }
        )


def settle_aco(scenario: Scenario, *, regulation: Regulation) -> Settled:
    """Simulate one ACO and add up its years."""
    study = prepare(scenario, regulation)
    replicates = scenario.simulation.replicates
    choices = study.plan.choices
    totals = np.empty((len(FLOWS), len(choices), replicates))
    people = sum(
        _settle_block(study, block.first, block.end, totals[:, :, block.first : block.end])
        for block in blocks_of(replicates, size=BLOCK)
    )
    return Settled(tuple(choice.label for choice in choices), scenario.contract.current, totals, people)


def _settle_block(study: Study, first: int, end: int, totals: Float64) -> float:
    """Write a block's totals over the years, and return its beneficiary-years."""
    (block,) = blocks_of(end, first=first, size=end - first)
    arrays = simulate_block(study, block, keep=FLOWS)
    for position, name in enumerate(FLOWS):
        np.sum(arrays[name], axis=1, out=totals[position])
    return float(arrays["assigned_beneficiaries"].sum())


def main() -> None:
    arguments = _arguments()
    started = time.perf_counter()
    set_up_process()
    os.environ.update(KEEP_MEMORY)
    results = read_public_results(arguments.file)
    first_year = max(results.performance_year + 1, FIRST_YEAR_OF_ALL_OPTIONS)
    asked = scenarios(
        results,
        replicates=arguments.replicates,
        years=arguments.years,
        first_year=first_year,
        engine=arguments.engine,
    )
    acos = min(len(results.frame), arguments.acos or len(results.frame))
    work = partial(settle_aco, regulation=read_regulation())
    program = Program()
    # Compiled code is read from the cache by all processes: this one makes it before they start.
    first = next(asked)
    work(first.with_changes({"simulation.replicates": 2}))
    with ProcessPoolExecutor(
        arguments.processes, mp_context=get_context("spawn"), initializer=set_up_process
    ) as pool:
        # In the file's order whoever is first: the sums have the same bits for any number of processes.
        # Scenarios are made while the first ACOs are already simulated.
        for aco in pool.map(work, islice(chain([first], asked), acos)):
            program.add(aco)
            if program.acos % 50 == 0:
                seconds = time.perf_counter() - started
                print(f"{program.acos} of {acos} ACOs, {seconds:.0f} s", file=sys.stderr)
    content = {
        **_measured(program, time.perf_counter() - started, arguments),
        "file": arguments.file.name,
        "performance_years": [first_year + year for year in range(arguments.years)],
        "replicates": arguments.replicates,
        "engine": arguments.engine,
        **program.described(),
    }
    text = json.dumps(content, indent=1) + "\n"
    if arguments.out is None:
        print(text, end="")
    else:
        arguments.out.write_text(text, encoding="utf-8")


def _measured(program: Program, seconds: float, arguments: argparse.Namespace) -> dict[str, object]:
    """Return time, rate and memory."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    processor = sum(usage.ru_utime + usage.ru_stime for usage in (own, children))
    return {
        "machine": machine(),
        "processes": arguments.processes,
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
        "acos": program.acos,
        "beneficiary_years": program.people,
        "beneficiary_years_per_second": round(program.people / seconds),
        # The parent's peak, and for every process that of the largest.
        "peak_memory_bytes": 1024 * (own.ru_maxrss + arguments.processes * children.ru_maxrss),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="CMS's Performance Year Financial and Quality Results")
    parser.add_argument("--replicates", type=int, default=10_000)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--engine", choices=("pooled", "beneficiary"), default="pooled")
    parser.add_argument("--processes", type=int, default=available_cores())
    parser.add_argument("--acos", type=int, default=None, help="only the first so many")
    parser.add_argument("--out", type=Path, help="JSON file to write")
    return parser.parse_args()


if __name__ == "__main__":
    main()
