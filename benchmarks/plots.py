"""Draw how time and memory grow, from what `benchmarks.scaling` measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simcore.plots.style import DASHES, SERIES, WIDTH, figure_png, house_style

ENGINES = ("pooled", "beneficiary")
CLOCKS = {"seconds": "Seconds of wall time", "processor_seconds": "Seconds of processor time"}
AXES = {
    "beneficiaries": ("people", "Beneficiaries"),
    "replicates": ("replicates", "Replicates"),
    "threads": ("threads", "Threads"),
}


def draw_scaling(scaling: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write one picture for each of beneficiaries, replicates and threads; return their paths."""
    written = []
    for name in AXES:
        path = folder / f"scaling_{name}.png"
        path.write_bytes(scaling_png(scaling, name))
        written.append(path)
    return written


@house_style()
def scaling_png(scaling: Mapping[str, Any], name: str) -> bytes:
    """Return the picture of one kind of growth: time on the left, peak memory on the right."""
    key, label = AXES[name]
    rows = scaling[name]
    figure = Figure(figsize=(1.5 * WIDTH, 3.4), layout="constrained")
    FigureCanvasAgg(figure)
    time, memory = figure.subplots(1, 2)
    # More threads shorten the wall time alone; else processor time, which other programs lengthen the least.
    clock = "seconds" if name == "threads" else "processor_seconds"
    _lines(time, rows, key, lambda row: row[clock]["median"])
    _lines(memory, rows, key, lambda row: row["peak_memory_bytes"] / 1e6)
    for axes, title in ((time, CLOCKS[clock]), (memory, "Peak memory, MB")):
        axes.set_title(title)
        axes.set_xlabel(label)
        axes.grid(axis="y")
        if name == "threads":
            axes.set_xticks(sorted({row[key] for row in rows}))
        else:
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter(lambda x, _: f"{x:,.0f}")
    if name == "threads":
        time.set_ylim(bottom=0.0)
    else:
        time.set_yscale("log")
        time.yaxis.set_major_formatter(lambda y, _: f"{y:g}")
        time.yaxis.set_minor_formatter(lambda y, _: "")
    memory.set_ylim(bottom=0.0, top=1.15 * max(row["peak_memory_bytes"] for row in rows) / 1e6)
    time.legend()
    return figure_png(figure)


def _lines(axes: Any, rows: Sequence[Mapping[str, Any]], key: str, value: Callable[[Any], float]) -> None:
    """Draw one line an engine."""
    for engine, colour, dashes in zip(ENGINES, SERIES, DASHES, strict=False):
        own = [row for row in rows if row["engine"] == engine]
        found = [row[key] for row in own], [value(row) for row in own]
        replicates = {row["replicates"] for row in own}
        size = f", {replicates.pop():,} replicates" if len(replicates) == 1 else ""
        axes.plot(*found, color=colour, linestyle=dashes, marker="o", markersize=4, label=f"{engine}{size}")
