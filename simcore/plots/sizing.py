"""Show how the chance of shared savings grows with size and true savings, with real ACOs laid over it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patheffects import withStroke

from simcore.plots.labels import percent_axis, set_title
from simcore.plots.style import INK, SAVINGS, Drawing, axes_or_new, house_style
from simcore.plots.words import percent

_MAP = LinearSegmentedColormap.from_list("savings", ["#F7F7F7", "#C9DAEC", "#8FB3D9", "#4A80BD", SAVINGS])


@house_style()
def plot_size(
    grid: xr.DataArray, *, acos: xr.Dataset | None = None, ax: Axes | None = None, title: str | None = None
) -> Drawing:
    """Draw the probability of shared savings by assigned beneficiaries and true savings.

    Parameters
    ----------
    grid
        A line of a size table for one contract and period: probabilities, dims ``beneficiaries`` and
        ``true_savings`` in either order, both with increasing coordinates.
    acos
        Real ACOs to lay over, dim ``aco``: ``assigned_beneficiaries`` and ``savings_rate`` (what was
        measured, which is not the true savings), and optionally ``paid`` (bool).
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the grid.

    Returns
    -------
    Drawing
        Artists ``cells``, ``values`` (the chance in each cell), ``acos``.
    """
    table = grid.transpose("true_savings", "beneficiaries")
    sizes, savings = table["beneficiaries"].values, table["true_savings"].values
    axes = axes_or_new(ax, height=4.4, left=0.75, right=0.3)
    x_edges, y_edges = np.exp(_edges(np.log(sizes))), _edges(savings)
    cells = axes.pcolormesh(
        x_edges, y_edges, table.values, cmap=_MAP, vmin=0.0, vmax=1.0, edgecolors="white", linewidth=0.8
    )
    axes.set_xscale("log")
    axes.set_xticks(sizes, [f"{size / 1000.0:g}k" for size in sizes])
    axes.minorticks_off()
    drawn = _lay_over(axes, acos, y_edges=y_edges) if acos is not None else []
    values = [
        axes.text(
            size,
            saving,
            percent(float(table.values[row, column])),
            ha="center",
            va="center",
            fontsize=8,
            color="white" if table.values[row, column] > 0.55 else INK,
            path_effects=[withStroke(linewidth=1.6, foreground=_MAP(float(table.values[row, column])))],
        )
        for row, saving in enumerate(savings)
        for column, size in enumerate(sizes)
    ]
    percent_axis(axes.yaxis)
    axes.set_yticks(savings)
    axes.set_xlim(x_edges[0], x_edges[-1])
    axes.set_ylim(y_edges[0], y_edges[-1])
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_xlabel("Assigned beneficiaries")
    axes.set_ylabel("True savings")
    corner = percent(float(table.values[0, 0])), percent(float(table.values[-1, -1]))
    sentence = title or (
        f"Chance of shared savings: {corner[0]} for a small ACO that saves {percent(float(savings[0]), 1)}, "
        f"{corner[1]} for a large one that saves {percent(float(savings[-1]), 1)}"
    )
    note = (
        "Dots: real ACOs at their measured savings rate; filled where CMS paid." if acos is not None else ""
    )
    return Drawing(
        axes, {"cells": [cells], "values": values, "acos": drawn, "title": [set_title(axes, sentence, note)]}
    )


def _edges(centres: np.ndarray) -> np.ndarray:
    """Return cell edges half way between `centres`."""
    if centres.size == 1:
        return np.array([centres[0] - 0.5, centres[0] + 0.5])
    middles = (centres[1:] + centres[:-1]) / 2.0
    return np.concatenate([[2.0 * centres[0] - middles[0]], middles, [2.0 * centres[-1] - middles[-1]]])


def _lay_over(axes: Axes, acos: xr.Dataset, *, y_edges: np.ndarray) -> Sequence[Artist]:
    """Draw the ACOs that lie within the grid, open where CMS paid nothing."""
    rate = acos["savings_rate"].values
    inside = (rate >= y_edges[0]) & (rate <= y_edges[-1])
    paid = acos["paid"].values.astype(bool) if "paid" in acos else np.zeros(rate.size, dtype=bool)
    size = acos["assigned_beneficiaries"].values
    drawn = []
    for state, face in ((paid, INK), (~paid, "none")):
        chosen = inside & state
        drawn += axes.plot(
            size[chosen],
            rate[chosen],
            "o",
            markersize=3,
            markerfacecolor=face,
            markeredgecolor=INK,
            markeredgewidth=0.6,
            alpha=0.55,
        )
    return drawn
