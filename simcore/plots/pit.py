"""Show whether outcomes fell where forecasts put them: a flat histogram says the spread was right."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simcore.plots.labels import percent_axis, set_title
from simcore.plots.style import DARK_BAND, MUTED, Drawing, axes_or_new, house_style


@house_style()
def plot_pit(table: xr.Dataset, *, ax: Axes | None = None, title: str | None = None) -> Drawing:
    """Draw the histogram of probability integral transforms.

    Parameters
    ----------
    table
        Dim ``bin`` with edges ``left`` and ``right``: ``share`` (of outcomes), ``lower`` and ``upper`` (95 %
        of what a right forecast would give). The attribute ``count`` is the number of outcomes.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the table.

    Returns
    -------
    Drawing
        Artists ``bars``, ``band`` (what chance allows) and ``level`` (a flat histogram).
    """
    left, right, share = table["left"].values, table["right"].values, table["share"].values
    lower, upper = table["lower"].values, table["upper"].values
    axes = axes_or_new(ax, height=3.6, left=0.75, right=1.2)
    edges = np.append(left, right[-1])
    bars = axes.bar(
        left, share, width=right - left, align="edge", color=DARK_BAND, edgecolor="white", linewidth=1.0
    )
    band = axes.stairs(upper, edges, baseline=lower, fill=True, color=MUTED, alpha=0.25)
    level = axes.axhline(1.0 / share.size, color=MUTED, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.annotate(
        "right forecast,\n95% of chance",
        (1.0, 1.0 / share.size),
        xycoords=axes.get_yaxis_transform(),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=MUTED,
    )
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.15 * float(max(share.max(), upper.max())))
    percent_axis(axes.xaxis)
    percent_axis(axes.yaxis)
    axes.set_xlabel("Where the outcome fell in its forecast (0% lowest, 100% highest)")
    axes.set_ylabel("Share of outcomes")
    inside = int(((share >= lower) & (share <= upper)).sum())
    count = f" for {int(table.attrs['count']):,} outcomes" if "count" in table.attrs else ""
    sentence = title or f"{inside} of {share.size} bars lie within what chance allows{count}"
    return Drawing(
        axes, {"bars": list(bars), "band": [band], "level": [level], "title": [set_title(axes, sentence)]}
    )
