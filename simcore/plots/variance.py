"""Show which layer of chance the spread of the outcome comes from."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simcore.plots.labels import percent_axis, set_title
from simcore.plots.style import INK, SERIES, Drawing, axes_or_new, house_style
from simcore.plots.words import percent
from simcore.vocabulary import PERFORMANCE_YEAR

_COLOURS = (*SERIES[:1], "#8FB3D9", "#E1812C", "#D2D2D2", "#009E73", "#B0478F", "#8C6D00")

LAYERS = {
    "individuals": "individual luck",
    "aco": "the ACO's own course",
    "market": "nation and region",
    "quality": "the quality score",
    "beliefs": "beliefs about savings",
}
"""The layers of a scenario in words."""


@house_style()
def plot_variance_layers(
    shares: xr.DataArray, *, ax: Axes | None = None, title: str | None = None
) -> Drawing:
    """Draw the share of the variance that each layer brings, one bar a year.

    Parameters
    ----------
    shares
        Dims ``layer`` (names) and optionally ``performance_year``: shares of the variance, such as ``alone``
        of what ``variance_by_layer`` returns.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the shares.

    Returns
    -------
    Drawing
        Artists ``bars`` and ``labels``; each layer is named beside the last bar.
    """
    table = shares if PERFORMANCE_YEAR in shares.dims else shares.expand_dims({PERFORMANCE_YEAR: ["all"]})
    table = table.transpose("layer", PERFORMANCE_YEAR)
    names = [LAYERS.get(str(name), str(name).replace("_", " ")) for name in table["layer"].values]
    columns = np.arange(table.sizes[PERFORMANCE_YEAR])
    axes = axes_or_new(ax, height=3.8, left=0.7, right=2.0)
    base, bars, labels = np.zeros(columns.size), [], []
    for i, (name, share) in enumerate(zip(names, table.values, strict=True)):
        colour = _COLOURS[i % len(_COLOURS)]
        bars += list(
            axes.bar(columns, share, bottom=base, width=0.72, color=colour, edgecolor="white", linewidth=0.8)
        )
        middle = base + share / 2.0
        labels += [
            axes.text(
                x,
                y,
                percent(float(value)),
                ha="center",
                va="center",
                fontsize=8,
                color="white" if i == 0 else INK,
            )
            for x, (y, value) in enumerate(zip(middle, share, strict=True))
            if value >= 0.05
        ]
        if share[-1] >= 0.015:
            labels.append(
                axes.annotate(
                    name,
                    (columns[-1] + 0.36, middle[-1]),
                    xytext=(6, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=8.5,
                    annotation_clip=False,
                )
            )
        base = base + share
    axes.set_xticks(columns, [str(year) for year in table[PERFORMANCE_YEAR].values])
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.45, columns[-1] + 0.45)
    axes.set_ylim(0.0, max(1.0, float(base.max())))
    percent_axis(axes.yaxis)
    axes.set_ylabel("Share of the variance")
    axes.set_xlabel("Performance year")
    largest = int(np.argmax(table.values[:, -1]))
    when = f" in {table[PERFORMANCE_YEAR].values[-1]}" if columns.size > 1 else ""
    share = percent(float(table.values[largest, -1]))
    sentence = title or f"{share} of the spread{when} comes from {names[largest]}"
    return Drawing(axes, {"bars": bars, "labels": labels, "title": [set_title(axes, sentence)]})
