"""What all benchmarks share: medians with their spread, ratios within a round, and a part's command line."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

ROOT = Path(__file__).parents[1]
DEFAULT_SCENARIO = ROOT / "scenarios" / "track_choice.toml"
"""What `simcore init` writes, under another title."""

Spread: TypeAlias = dict[str, float]
"""A median with its quartiles and the number of measurements, as it stands in the JSON."""


def spread(values: Sequence[float]) -> Spread:
    """Return the median of measurements, their quartiles, and how many there are."""
    low, _, high = statistics.quantiles(values, n=4) if len(values) > 1 else (values[0],) * 3
    # With two or three measurements the quartiles of the formula lie outside of them.
    low, high = max(low, min(values)), min(high, max(values))
    return {"median": statistics.median(values), "low": low, "high": high, "n": len(values)}


def rates(work: float, seconds: Sequence[float]) -> Spread:
    """Return work a second."""
    return spread([work / second for second in seconds])


def ratios(above: Sequence[float], below: Sequence[float]) -> Spread:
    """Return the ratio of what was measured in the same round, so that what slows both down cancels."""
    return spread([one / other for one, other in zip(above, below, strict=True)])


def run_part(name: str, measure: Callable[[bool], dict[str, Any]], description: str | None) -> None:
    """Measure one part and write it with the machine's description, to a file or standard output."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds and sizes, to see that it works")
    parser.add_argument("--out", type=Path, help="JSON file to write; absent: standard output")
    asked = parser.parse_args()
    started = time.perf_counter()
    result = measure(asked.quick)
    seconds = round(time.perf_counter() - started, 1)
    # Only now: a child process starts with its parent's peak memory, so that a part which measures
    # memory must not have loaded the libraries that a description names.
    from benchmarks.machine import machine

    content = {"part": name, "quick": asked.quick, "seconds": seconds, "machine": machine(), "result": result}
    text = json.dumps(content, indent=1) + "\n"
    if asked.out is None:
        sys.stdout.write(text)
    else:
        asked.out.parent.mkdir(parents=True, exist_ok=True)
        asked.out.write_text(text, encoding="utf-8")
