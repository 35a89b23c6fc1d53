"""Measure how time and memory of a simulation grow with beneficiaries, replicates and threads.

    python -m benchmarks.scaling [--quick] [--out FILE]

The default scenario (five performance years, every contract option) in a process of its own for each size: the
time is that of `simulate`, once kernels are read; the memory is the peak of the process, the result included.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.measuring import ROOT, run_part, spread

ENGINES = ("pooled", "beneficiary")
PEOPLE, REPLICATES = 15_000, 10_000
ENOUGH = {"pooled": REPLICATES, "beneficiary": 2_000}
"""Replicates of a run of each size: as many as a user takes, or as take seconds with a million people."""
"""Replicates where the number of beneficiaries grows: a million drawn one by one take their time."""

BENEFICIARIES = {
    "pooled": (10_000, 100_000, 1_000_000, 10_000_000),
    "beneficiary": (10_000, 100_000, 1_000_000),
}
REPLICATE_NUMBERS = (1_000, 10_000, 40_000, 100_000)
REPEATS = 5


def measure(quick: bool) -> dict[str, Any]:
    """Measure every size; with `quick` the smallest ones once."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        name: [simulated(asked, repeats=1 if quick else REPEATS) for asked in sizes]
        for name, sizes in grids(cores, quick=quick).items()
    }


def grids(cores: int, *, quick: bool) -> dict[str, list[dict[str, Any]]]:
    """Return what is simulated: by beneficiaries, by replicates and by threads."""
    kept = 2 if quick else None
    people = [
        _size(engine, people=number, replicates=200 if quick else ENOUGH[engine], threads=cores)
        for engine in ENGINES
        for number in BENEFICIARIES[engine][:kept]
    ]
    replicates = [_size(engine, replicates=n, threads=cores) for engine, n in _replicates(kept)]
    threads = [
        _size(engine, replicates=1_000 if quick else REPLICATES, threads=number)
        for engine in ENGINES
        for number in range(1, cores + 1)
        if number & (number - 1) == 0 or number == cores
    ]
    return {"beneficiaries": people, "replicates": replicates, "threads": threads}


def _replicates(kept: int | None) -> Iterator[tuple[str, int]]:
    """Yield engine and number of replicates."""
    for engine in ENGINES:
        for number in REPLICATE_NUMBERS[: kept and kept - 1]:
            yield engine, number


def _size(engine: str, *, replicates: int, threads: int, people: int = PEOPLE) -> dict[str, Any]:
    """Return what `benchmarks.one_run` is asked."""
    return {"engine": engine, "people": people, "replicates": replicates, "threads": threads}


def simulated(asked: dict[str, Any], *, repeats: int) -> dict[str, Any]:
    """Simulate one size in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.one_run", json.dumps({**asked, "repeats": repeats})]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{asked}: {done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    return {**found, **{name: spread(found[name]) for name in ("seconds", "processor_seconds")}}


if __name__ == "__main__":
    run_part("scaling", measure, __doc__)
