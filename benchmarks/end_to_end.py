"""Measure what a user waits for: `import simcore`, `simcore --help`, the first `simcore run` and later ones.

    python -m benchmarks.end_to_end [--quick] [--out FILE]

Every measurement is a whole process, the interpreter's start included. The first run finds no compiled kernels and no
list of fonts, as on the day of installation; later runs find both.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import run_part
from benchmarks.processes import Cost, costs, run_process

REPEATS = {"interpreter": 9, "import": 9, "help": 9, "first_run": 3, "later_run": 7}
LIMITS = {"import": 0.5, "help": 0.5, "first_run": 12.0, "later_run": 4.0}
"""Seconds of wall time that are asked."""

SIMCORE = [str(Path(sys.executable).with_name("simcore"))]
"""The command beside the interpreter that runs this: what a user types."""

RUN = [*SIMCORE, "run", "scenario.toml", "--out"]
COMMANDS = {
    "interpreter": [sys.executable, "-c", "pass"],
    "import": [sys.executable, "-c", "import simcore"],
    "help": [*SIMCORE, "--help"],
}
SHOWN = {
    "interpreter": "python -c pass",
    "import": "python -c 'import simcore'",
    "help": "simcore --help",
    "first_run": "simcore run, the default scenario, for the first time",
    "later_run": "simcore run, the default scenario, later",
}


def measure(quick: bool) -> dict[str, Any]:
    """Measure each command: wall time, processor time and peak memory."""
    repeats = {name: min(number, 2) for name, number in REPEATS.items()} if quick else REPEATS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_process([*SIMCORE, "init", "scenario.toml"], folder=folder)
        measured = {
            name: [run_process(command, folder=folder) for _ in range(repeats[name])]
            for name, command in COMMANDS.items()
        }
        measured["first_run"] = [first_run(folder, f"first-{i}") for i in range(repeats["first_run"])]
        measured["later_run"] = [later_run(folder, f"later-{i}") for i in range(repeats["later_run"])]
    return {
        name: {"command": SHOWN[name], "limit_seconds": LIMITS.get(name), **costs(found)}
        for name, found in measured.items()
    }


def first_run(folder: Path, name: str) -> Cost:
    """Run the default scenario with nothing kept from before."""
    return _run(folder, name, kept=folder / f"kept-{name}")


def later_run(folder: Path, name: str) -> Cost:
    """Run the default scenario with what the first of the first runs kept."""
    return _run(folder, name, kept=folder / "kept-first-0")


def _run(folder: Path, name: str, *, kept: Path) -> Cost:
    """Run the default scenario with compiled kernels and the list of fonts in folder `kept`."""
    settings = {"SIMCORE_KERNEL_CACHE": str(kept / "kernels"), "MPLCONFIGDIR": str(kept / "matplotlib")}
    return run_process([*RUN, name], folder=folder, environment=settings)


if __name__ == "__main__":
    run_part("end_to_end", measure, __doc__)
