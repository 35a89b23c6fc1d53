"""Run the whole suite, each part in a process of its own, and keep what it measures as JSON.

    python -m benchmarks [--quick] [--only PART ...] [--out FOLDER] [--cms-results PY2023.csv]

Each part writes FOLDER/PART.json, and the pictures of the scaling are drawn beside it. `python docs/generate.py`
makes the README's table and docs/benchmarks.md from benchmarks/results. The whole program needs CMS's results
file of a year; without one its last figures stay.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.measuring import ROOT

PARTS = ("end_to_end", "kernels", "engines", "peers", "settlement", "scaling")
WHOLE_PROGRAM = "whole_program"
RESULTS = ROOT / "benchmarks" / "results"
QUICK_RESULTS = ROOT / "runs" / "benchmarks"
QUICK_PROGRAM = ("--acos", "4", "--replicates", "1000")


def main() -> int:
    """Run the parts that are asked for; the exit status is 1 if one fails."""
    asked = _arguments()
    folder: Path = asked.out or (QUICK_RESULTS if asked.quick else RESULTS)
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    failed = []
    for part in asked.only or (*PARTS, WHOLE_PROGRAM):
        command = command_of(part, folder, quick=asked.quick, cms_results=asked.cms_results)
        if not command:
            print(f"{part}: left out, for no --cms-results FILE is given", file=sys.stderr)
            continue
        started = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT)
        failed += [part] if done.returncode else []
        said = "failed" if done.returncode else "done"
        print(f"{part}: {said} in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    _draw(folder / "scaling.json", folder)
    print(f"results: {folder}", file=sys.stderr)
    return 1 if failed else 0


def command_of(part: str, folder: Path, *, quick: bool, cms_results: Path | None) -> list[str]:
    """Return the command that measures a part; none for the whole program without CMS's file."""
    out = ["--out", str(folder / f"{part}.json")]
    if part != WHOLE_PROGRAM:
        return [sys.executable, "-m", f"benchmarks.{part}", *out, *(["--quick"] if quick else [])]
    if cms_results is None:
        return []
    script = str(ROOT / "benchmarks" / "whole_program.py")
    return [sys.executable, script, str(cms_results.resolve()), *out, *(QUICK_PROGRAM if quick else ())]


def _draw(file: Path, folder: Path) -> None:
    """Draw the scaling, where it was ever measured."""
    from benchmarks.plots import draw_scaling

    if file.exists():
        draw_scaling(json.loads(file.read_text(encoding="utf-8"))["result"], folder)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="small sizes, few rounds: to see that it works")
    parser.add_argument("--only", nargs="+", choices=(*PARTS, WHOLE_PROGRAM), help="these parts alone")
    parser.add_argument("--out", type=Path, help="folder; absent: benchmarks/results, quick: runs/benchmarks")
    parser.add_argument("--cms-results", type=Path, help="CMS's results file of 2022 or 2023")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
