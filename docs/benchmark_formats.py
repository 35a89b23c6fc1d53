"""Read what `python -m benchmarks` measured, and write its figures as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parents[1] / "benchmarks" / "results"
PARTS = ("kernels", "engines", "peers", "settlement", "end_to_end", "scaling", "whole_program")


def read_results(folder: Path = RESULTS) -> dict[str, Any]:
    """Return what was measured, by part."""
    return {part: json.loads((folder / f"{part}.json").read_text(encoding="utf-8")) for part in PARTS}


def spread_text(spread: Mapping[str, float], write: Any) -> str:
    """Return a median with its quartiles in brackets; `write` makes text of a number."""
    if spread["n"] == 1:
        return str(write(spread["median"]))
    return f"{write(spread['median'])} ({write(spread['low'])}–{write(spread['high'])})"


def number(value: float) -> str:
    """Return three figures of a number, without an exponent."""
    return f"{value:,.0f}" if abs(value) >= 99.95 else f"{value:#.3g}"


def percent(value: float) -> str:
    """Return a fraction as whole percent."""
    return f"{100.0 * value:.0f}%"


def times(value: float) -> str:
    """Return a ratio."""
    return f"{value:.0f} ×" if value >= 20.0 else f"{value:.1f} ×" if value >= 2.0 else f"{value:.2f} ×"


def rounded(people: float) -> str:
    """Return a head count to three figures: heads are rounded by type and band, so a size is not met exactly."""
    return f"{float(f'{people:.3g}'):,.0f}"


def asked(limit: str, met: bool) -> str:
    """Return what is asked, and whether it was missed."""
    return limit if met else f"{limit}: missed"


def described(machine: Mapping[str, Any]) -> str:
    """Return processor, cores and versions in a line."""
    return (
        f"{machine['processor']}, {machine['cores_usable']} cores, {machine['system']}, Python {machine['python']}, "
        f"NumPy {machine['numpy']}, numba {machine['numba']}"
    )


def cached(machine: Mapping[str, Any]) -> str:
    """Return the machine with its caches, as far as they are known."""
    known = ", ".join(f"{name} {size}" for name, size in machine.get("caches", {}).items())
    return f"{described(machine)}{f'; {known}' if known else ''}"


def command(text: str) -> str:
    """Return a command as code, and what is said of it after a comma as words."""
    typed, comma, said = text.partition(",")
    return f"`{typed}`{comma}{said}"


def pooled_run_growth(scaling: Mapping[str, Any]) -> tuple[float, float, float]:
    """Return few and many people, and how a pooled run of the many compares with one of the few.

    By processor time, which other programs on the machine lengthen the least.
    """
    runs = [run for run in scaling["beneficiaries"] if run["engine"] == "pooled"]
    least, most = (pick(runs, key=lambda run: run["people"]) for pick in (min, max))
    ratio = most["processor_seconds"]["median"] / least["processor_seconds"]["median"]
    return least["people"], most["people"], ratio
