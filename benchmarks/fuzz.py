"""Throw generated files at every reader and count what is refused in words, accepted, or breaks.

Run ``python benchmarks/fuzz.py --inputs 10000``; the seed is fixed, so two runs try the same files.
Each distinct failure is printed once with the first bytes of a file that shows it; exit status 1 if any.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
import warnings
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.fuzz.targets import TARGETS, Target, check


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--inputs", type=int, default=10_000, help="how many, over all readers")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", choices=sorted(TARGETS), help="one reader")
    arguments.add_argument("--keep", type=Path, help="folder for a file that shows each failure")
    asked = arguments.parse_args()
    chosen = {name: target for name, target in TARGETS.items() if asked.only in (None, name)}
    whole = sum(target.share for target in chosen.values())
    # A warning on a user's terminal is a fault too.
    warnings.simplefilter("error")
    found: dict[str, bytes] = {}
    rows = []
    for name, target in chosen.items():
        start = time.perf_counter()
        tried, accepted = _throw(name, target, round(asked.inputs * target.share / whole), asked.seed, found)
        seconds = round(time.perf_counter() - start, 1)
        rows.append({"reader": name, "inputs": tried, "accepted": accepted, "seconds": seconds})
    for number, (place, example) in enumerate(found.items(), start=1):
        print(f"{number}. {place}\n    {example[:300]!r}\n", file=sys.stderr)
        if asked.keep is not None:
            asked.keep.mkdir(parents=True, exist_ok=True)
            (asked.keep / f"failure-{number}").write_bytes(example)
    total = sum(row["inputs"] for row in rows)
    print(json.dumps({"inputs": total, "failures": len(found), "readers": rows}, indent=1))
    return 1 if found else 0


def _throw(name: str, target: Target, inputs: int, number: int, found: dict[str, bytes]) -> tuple[int, int]:
    """Try `inputs` files on one reader, noting each distinct failure; return how many were tried and accepted."""
    counts = [0, 0]

    @seed(number)
    @settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(target.inputs)
    def attempt(content: bytes) -> None:
        counts[0] += 1
        try:
            counts[1] += check(target, content)
        except Exception as error:  # Whatever escapes is what this program looks for.
            place, told = _place(error)
            if (name, place) not in seen:
                seen.add((name, place))
                found[f"{name}: {place}: {told}"] = content

    seen: set[tuple[str, str]] = set()
    attempt()
    return counts[0], counts[1]


def _place(error: Exception) -> tuple[str, str]:
    """Return the kind of an error with the last line of the project that it passed, and its message."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename][-1]
    return f"{type(error).__name__} at {Path(own.filename).name}:{own.lineno}", str(error)[:300]


if __name__ == "__main__":
    sys.exit(main())
