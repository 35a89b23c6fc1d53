"""Show how well the model's people spend like real ones: who spends how much of the total."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simcore.plots.labels import percent_axis, set_title
from simcore.plots.style import INK, LOSS, MUTED, SAVINGS, Drawing, axes_or_new, house_style
from simcore.plots.words import percent


@house_style()
def plot_spending_fit(fit: xr.Dataset, *, ax: Axes | None = None, title: str | None = None) -> Drawing:
    """Draw the share of all spending by the costliest people, published beside the model's.

    Parameters
    ----------
    fit
        Dim ``top_share`` (fraction of people, costliest first): ``published`` and ``model``, shares of
        spending. The attribute ``source`` of ``published`` is named under the title.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the fit.

    Returns
    -------
    Drawing
        Artists ``published`` and ``model`` (points), ``gaps`` (lines between them) and ``labels``.
    """
    tops = fit["top_share"].values
    published, model = fit["published"].values, fit["model"].values
    rows = np.arange(tops.size)[::-1]
    axes = axes_or_new(ax, height=1.5 + 0.42 * tops.size, left=1.35, right=1.2)
    gaps = axes.hlines(rows, published, model, color=MUTED, linewidth=1.0)
    seen = axes.plot(
        published, rows, "o", color=SAVINGS, markersize=9, markerfacecolor="white", markeredgewidth=1.8
    )
    modelled = axes.plot(model, rows, "D", color=LOSS, markersize=5)
    labels = [
        axes.annotate(
            f"{percent(float(p), 1)} / {percent(float(m), 1)}",
            (1.0, row),
            xycoords=axes.get_yaxis_transform(),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=INK,
        )
        for row, p, m in zip(rows, published, model, strict=True)
    ]
    axes.annotate(
        "published / model",
        (1.0, 0.0),
        xycoords="axes fraction",
        xytext=(6, -30),
        textcoords="offset points",
        fontsize=8,
        color=MUTED,
        annotation_clip=False,
    )
    axes.set_yticks(rows, [f"costliest {percent(float(top))}" for top in tops])
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(-0.6, tops.size - 0.4)
    axes.set_xlim(0.0, 1.0)
    axes.grid(axis="x")
    percent_axis(axes.xaxis)
    axes.set_xlabel("Share of all spending")
    worst = float(np.max(np.abs(model - published)))
    source = str(fit["published"].attrs.get("source", ""))
    sentence = title or f"The model's spending is within {100.0 * worst:.1f} points of the published shares"
    heading = set_title(
        axes, sentence, f"Circle: published{f' ({source})' if source else ''}. Diamond: model."
    )
    return Drawing(
        axes, {"published": seen, "model": modelled, "gaps": [gaps], "labels": labels, "title": [heading]}
    )
