"""Show how gross savings become the net settlement, one rule at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from simcore.plots.labels import money_axis, set_title
from simcore.plots.style import INK, LOSS, MUTED, SAVINGS, Drawing, axes_or_new, house_style
from simcore.plots.words import money


@house_style()
def plot_waterfall(steps: xr.DataArray, *, ax: Axes | None = None, title: str | None = None) -> Drawing:
    """Draw what each rule adds or takes, from the first step to the total.

    Parameters
    ----------
    steps
        What ``value_of_rules`` returns for one contract and period: dim ``rule``, USD, what each adds to
        those before it, so that they add up to the net settlement. The coordinate ``standard_error`` is
        shown when there is one. A rule that changes nothing is left out.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the steps.

    Returns
    -------
    Drawing
        Artists ``bars`` (the last is the total), ``links``, ``errors`` and ``labels``.
    """
    steps = steps.isel({"rule": np.flatnonzero(steps.values != 0.0)})
    change = steps.values.astype(np.float64)
    names = [str(name).replace("_", " ") for name in steps["rule"].values]
    names = [name[0].upper() + name[1:] for name in names] + ["Net settlement"]
    end = np.cumsum(change)
    start = np.concatenate([[0.0], end[:-1]])
    rows = np.arange(len(names))
    axes = axes_or_new(ax, height=1.45 + 0.36 * len(names), left=2.1, right=0.75)
    widths, begins = np.append(change, end[-1]), np.append(start, 0.0)
    colours = [SAVINGS if width >= 0 else LOSS for width in change] + [INK]
    bars = axes.barh(rows, widths, left=begins, height=0.62, color=colours)
    links = [
        axes.plot([end[i]] * 2, [i, i + 1], color=MUTED, linewidth=0.7, zorder=0)[0]
        for i in range(change.size)
    ]
    errors = _draw_errors(axes, steps, end=end)
    reach = np.append(2.0 * steps["standard_error"].values, 0.0) if errors else np.zeros(widths.size)
    labels = _label_bars(
        axes, widths, np.maximum(np.maximum(begins, begins + widths), begins + widths + reach)
    )
    axes.axvline(0.0, color=MUTED, linewidth=0.7, zorder=0)
    axes.set_yticks(rows, names)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.12)
    money_axis(axes.xaxis)
    axes.set_xlabel(str(steps.attrs.get("long_name", "Mean over replicates")))
    takes = int(np.argmin(change[1:])) + 1 if change.size > 1 else 0
    sentence = title or (
        f"Of {money(change[0])} {names[0].lower()}, {money(end[-1])} remain; "
        f"most is taken by {names[takes].lower()}"
        if change.size > 1 and change[takes] < 0.0
        else f"The steps add up to {money(end[-1])}"
    )
    heading = set_title(axes, sentence)
    return Drawing(
        axes, {"bars": list(bars), "links": links, "errors": errors, "labels": labels, "title": [heading]}
    )


def _draw_errors(axes: Axes, steps: xr.DataArray, *, end: np.ndarray) -> Sequence[Artist]:
    """Draw two standard errors on the end of each step, where the steps carry them."""
    if "standard_error" not in steps.coords:
        return []
    drawn = axes.errorbar(
        end,
        np.arange(end.size),
        xerr=2.0 * steps["standard_error"].values,
        fmt="none",
        ecolor=INK,
        elinewidth=0.9,
        capsize=2,
    )
    return list(drawn.lines[2])


def _label_bars(axes: Axes, widths: np.ndarray, rights: np.ndarray) -> Sequence[Artist]:
    """Write each amount right of its bar and its error, with a plus where it adds."""
    last = widths.size - 1
    return [
        axes.annotate(
            money(float(width)) if row in (0, last) or width <= 0 else f"+{money(float(width))}",
            (right, row),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            fontweight="bold" if row == last else "normal",
        )
        for row, (width, right) in enumerate(zip(widths, rights, strict=True))
    ]
