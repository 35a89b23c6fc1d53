"""Show what each contract pays on average against what it may cost in a bad outcome."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from simcore.plots.labels import money_axis, set_title, spread
from simcore.plots.style import INK, MUTED, NOTHING, SAVINGS, Drawing, axes_or_new, house_style
from simcore.plots.words import contract_name
from simcore.vocabulary import CONTRACT


@house_style()
def plot_frontier(frontier: xr.Dataset, *, ax: Axes | None = None, title: str | None = None) -> Drawing:
    """Draw the contracts by mean and tail loss, those that none other beats joined by a line.

    Parameters
    ----------
    frontier
        Dim ``contract``: ``mean`` (USD, what the ACO receives), ``tail_value_at_risk`` (USD, a loss),
        ``on_frontier`` (bool: no other contract is better in both), as from ``mean_tail_frontier``, and
        optionally ``mean_standard_error`` and ``tail_value_at_risk_standard_error``. The attribute
        ``level`` names the tail; 0.95 when absent.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the frontier.

    Returns
    -------
    Drawing
        Artists ``others``, ``efficient`` (points), ``line``, ``errors`` and ``labels`` (of the efficient).
    """
    axes = axes_or_new(ax, height=4.4, left=0.85, right=1.6)
    chosen = frontier.sortby("tail_value_at_risk")
    loss, mean = chosen["tail_value_at_risk"].values, chosen["mean"].values
    efficient = chosen["on_frontier"].values.astype(bool)
    errors = _draw_errors(axes, chosen)
    others = axes.plot(
        loss[~efficient], mean[~efficient], "o", color=NOTHING, markeredgecolor=MUTED, markersize=5
    )
    line = axes.plot(loss[efficient], mean[efficient], color=SAVINGS, linewidth=1.2, zorder=1)
    best = axes.plot(loss[efficient], mean[efficient], "o", color=SAVINGS, markersize=6)
    labels = _label_points(axes, chosen.isel({CONTRACT: np.flatnonzero(efficient)}))
    money_axis(axes.xaxis)
    money_axis(axes.yaxis)
    axes.grid(True)
    level = frontier.attrs.get("level", 0.95)
    tail = f"{100.0 * (1.0 - float(level)):.3g}%"
    axes.set_xlabel(f"Mean loss in the worst {tail} of outcomes (right is worse)")
    axes.set_ylabel("Mean net settlement")
    count = int(efficient.sum())
    one = contract_name(str(chosen[CONTRACT].values[efficient][0])) if count == 1 else ""
    sentence = title or (
        f"{one} beats every other contract in mean and in the tail"
        if count == 1
        else f"{count} of {mean.size} contracts are worth weighing; the grey ones pay less for more risk"
    )
    heading = set_title(axes, sentence, "Bars: two standard errors of simulation.")
    return Drawing(
        axes,
        {
            "others": others,
            "efficient": best,
            "line": line,
            "errors": errors,
            "labels": labels,
            "title": [heading],
        },
    )


def _draw_errors(axes: Axes, points: xr.Dataset) -> Sequence[Artist]:
    """Draw two standard errors each way, where the frontier has them."""
    drawn: list[Artist] = []
    loss, mean = points["tail_value_at_risk"].values, points["mean"].values
    if "tail_value_at_risk_standard_error" in points:
        reach = 2.0 * points["tail_value_at_risk_standard_error"].values
        drawn += axes.errorbar(loss, mean, xerr=reach, fmt="none", ecolor=MUTED, elinewidth=0.8).lines[2]
    if "mean_standard_error" in points:
        reach = 2.0 * points["mean_standard_error"].values
        drawn += axes.errorbar(loss, mean, yerr=reach, fmt="none", ecolor=MUTED, elinewidth=0.8).lines[2]
    return drawn


def _label_points(axes: Axes, points: xr.Dataset) -> Sequence[Artist]:
    """Name the efficient contracts at the right edge, a thin line leading to each."""
    low, high = axes.get_ylim()
    mean = points["mean"].values
    places = spread([float(value) for value in mean], 0.06 * (high - low))
    written = []
    for i, place in enumerate(places):
        written.append(
            axes.annotate(
                contract_name(str(points[CONTRACT].values[i])),
                (float(points["tail_value_at_risk"].values[i]), float(mean[i])),
                xytext=(1.03, (place - low) / (high - low)),
                textcoords="axes fraction",
                va="center",
                fontsize=8,
                color=INK,
                arrowprops={"arrowstyle": "-", "color": NOTHING, "linewidth": 0.7, "shrinkB": 4},
            )
        )
    axes.set_ylim(low, high)
    return written
