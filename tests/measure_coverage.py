"""Measure branch coverage of every room, the kernels counted: compiled code leaves no trace in Python.

Run it by itself: ``python tests/measure_coverage.py [PYTEST OPTION ...]``. The tests run twice: all of them
as they are, then those of the kernels with compilation off; what either reached counts. Commands
that run in a process of their own do not count: the files that coverage writes there break the tests of full disks.
It exits with status 1 below 90 %. Options go to the first run: ``-m "not slow"`` leaves out the tests that
draw for minutes and reach nothing that others do not, ``-n 2`` takes two processes.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from coverage import Coverage

ROOT = Path(__file__).parents[1]
LEAST = 0.90
# Numbers that no draw uses may be infinity times nought, of which compiled code says nothing.
UNUSED = ("-W", "ignore:invalid value encountered:RuntimeWarning")
PLAIN = ("tests/kernels", "tests/acceptance/test_plain_python.py", "-m", "not compiled", *UNUSED)
MEASURED = ("--cov", "--cov-branch", "--cov-report=", "-p", "no:cacheprovider", "-q")


def main(options: list[str]) -> int:
    with TemporaryDirectory() as folder:
        for name, words, setting in (("compiled", options, "0"), ("plain", [*PLAIN], "1")):
            settings = {"COVERAGE_FILE": str(Path(folder) / name), "NUMBA_DISABLE_JIT": setting}
            command = [sys.executable, "-m", "pytest", *MEASURED, *words]
            if subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}).returncode:
                raise SystemExit(f"the {name} tests fail: what they reach is not worth counting")
        rooms = reached(Path(folder))
    for room, numbers in sorted(rooms.items()):
        print(f"{room:<24}{told(numbers)}")
    whole = sum(rooms.values(), Counter())
    print(f"{'all':<24}{told(whole)}")
    return 0 if whole["covered_branches"] >= LEAST * whole["num_branches"] else 1


def reached(folder: Path) -> dict[str, Counter[str]]:
    """Return the counts of statements and branches by room: the folder of a file, or the file at the top."""
    both = Coverage(data_file=str(folder / "both"), config_file=str(ROOT / "pyproject.toml"))
    both.combine([str(folder / "compiled"), str(folder / "plain")], keep=True)
    both.json_report(outfile=str(folder / "report.json"))
    rooms: dict[str, Counter[str]] = {}
    for name, file in json.loads((folder / "report.json").read_text())["files"].items():
        parts = Path(name).parts
        room = parts[parts.index("simcore") + 1]
        rooms.setdefault(room.removesuffix(".py"), Counter()).update(
            {key: value for key, value in file["summary"].items() if isinstance(value, int)}
        )
        missing = [f"{start}->{end}" for start, end in file["missing_branches"]]
        if missing:
            print(f"{name}: not reached: {' '.join(missing)}")
    return rooms


def told(numbers: Counter[str]) -> str:
    """Return the shares of branches and of statements that were reached."""
    branches, statements = numbers["num_branches"], numbers["num_statements"]
    share = numbers["covered_branches"] / branches if branches else 1.0
    lines = numbers["covered_lines"] / statements if statements else 1.0
    return f"{share:7.1%} of {branches:5} branches{lines:8.1%} of {statements:6} statements"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
