"""Simulate the default scenario at one size in a process of its own, and print its time and peak memory.

    python -m benchmarks.one_run '{"people": 15000, "replicates": 10000, "engine": "pooled", "threads": 2}'

A small run before the clock starts reads the kernels and builds nothing that is kept, so that the time is that of
`simulate` alone. `benchmarks.scaling` calls this once for each size.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.measuring import DEFAULT_SCENARIO
from simcore.executors import threads
from simcore.scenario.files import read_scenario
from simcore.scenario.schema import Scenario
from simcore.simulate import simulate

LONGEST = 6.0
"""Seconds after which a size is not simulated again."""

STATUS = Path("/proc/self/status")


def scenario_of(people: int, replicates: int, engine: str) -> Scenario:
    """Return the default scenario with another head count, in the same mix of types."""
    asked = read_scenario(DEFAULT_SCENARIO)
    heads = {name: kind.assigned_beneficiaries for name, kind in asked.aco.population.items()}
    whole = sum(heads.values())
    return asked.with_changes(
        {
            **{
                f"aco.population.{name}.assigned_beneficiaries": round(people * number / whole)
                for name, number in heads.items()
            },
            "simulation.replicates": replicates,
            "simulation.engine": engine,
        }
    )


def timed(asked: dict[str, Any], *, repeats: int) -> dict[str, Any]:
    """Return wall and processor seconds of each simulation, and this process's peak memory.

    There are `repeats` of them, fewer where they would take longer than `LONGEST` together.
    """
    scenario = scenario_of(asked["people"], asked["replicates"], asked["engine"])
    run = threads(asked["threads"])
    simulate(scenario.with_changes({"simulation.replicates": 2}), executor=run)
    wall, processor = [], []
    while len(wall) < repeats and sum(wall) < LONGEST:
        begun, begun_processor = time.perf_counter(), time.process_time()
        result = simulate(scenario, executor=run)
        wall.append(time.perf_counter() - begun)
        processor.append(time.process_time() - begun_processor)
    return {
        **asked,
        "performance_years": result.sizes["performance_year"],
        "contracts": result.sizes["contract"],
        "result_bytes": result.nbytes,
        "seconds": wall,
        "processor_seconds": processor,
        "peak_memory_bytes": peak_memory_bytes(),
    }


def peak_memory_bytes() -> int:
    """Return this process's peak memory; the kernel's own count starts anew with the process."""
    if STATUS.exists():
        lines = STATUS.read_text().splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    print(json.dumps(timed(asked, repeats=asked.pop("repeats", 1))))
