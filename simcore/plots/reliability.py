"""Show whether forecast probabilities came true: what was given 30 % should happen in 30 %."""

from __future__ import annotations

import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from simcore.plots.labels import percent_axis, set_title
from simcore.plots.style import INK, LIGHT_BAND, MUTED, SAVINGS, Drawing, axes_or_new, house_style


@house_style()
def plot_reliability(table: xr.Dataset, *, ax: Axes | None = None, title: str | None = None) -> Drawing:
    """Draw how often an event came against how likely it was said to be.

    Parameters
    ----------
    table
        Dim ``bin``: ``forecast`` (mean probability), ``observed`` (share that happened), ``lower`` and
        ``upper`` (95 % interval of the share), ``count`` (forecasts in the bin). ``observed`` may carry a
        ``long_name`` for the event. Where the table has ``consistent_lower`` and ``consistent_upper``,
        between which right forecasts lie, bars about the diagonal take the place of the whiskers.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the table.

    Returns
    -------
    Drawing
        Artists ``diagonal``, ``points``, ``errors`` and ``counts``.

    References
    ----------
    Bröcker and Smith, Weather and Forecasting 22 (2007), 651-661: bars of consistency.
    """
    filled = table.isel({"bin": table["count"].values > 0})
    forecast, observed = filled["forecast"].values, filled["observed"].values
    axes = axes_or_new(ax, height=4.6, left=0.75, right=1.6)
    diagonal = axes.plot([0.0, 1.0], [0.0, 1.0], color=MUTED, linewidth=0.9, linestyle=(0, (4, 2)))
    _beside(axes, "as forecast", 1.0, va="center")
    errors, inside, explanation = _room_for_chance(axes, filled)
    points = axes.plot(forecast, observed, "o-", color=SAVINGS, markersize=5, linewidth=1.0)
    counts = [
        axes.annotate(
            f"{int(count)}",
            (x, -0.12),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=7.5,
            color=MUTED,
        )
        for x, count in zip(forecast, filled["count"].values, strict=True)
    ]
    _beside(axes, "number of\nforecasts", -0.12, va="bottom")
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.12, 1.04)
    for axis in (axes.xaxis, axes.yaxis):
        percent_axis(axis)
    axes.grid(True)
    axes.set_xlabel("Probability forecast")
    axes.set_ylabel("Share that happened", color=INK)
    event = str(table["observed"].attrs.get("long_name", "the event"))
    sentence = (
        title or f"Forecasts of {event}: {inside} of {forecast.size} groups came as often as chance allows"
    )
    heading = set_title(axes, sentence, explanation)
    return Drawing(
        axes,
        {
            "diagonal": diagonal,
            "points": points,
            "errors": errors,
            "counts": counts,
            "title": [heading],
        },
    )


def _beside(axes: Axes, words: str, height: float, *, va: str) -> None:
    """Write words right of the axes, at a height on the share's scale, where no group can lie."""
    axes.annotate(
        words,
        (1.0, height),
        xycoords=("axes fraction", "data"),
        xytext=(8, 0),
        textcoords="offset points",
        fontsize=8,
        color=MUTED,
        va=va,
        annotation_clip=False,
    )


def _room_for_chance(axes: Axes, filled: xr.Dataset) -> tuple[list[Artist], int, str]:
    """Draw what chance alone does; return the artists, how many groups agree with it, and what is drawn."""
    forecast, observed = filled["forecast"].values, filled["observed"].values
    if "consistent_lower" in filled:
        lower, upper = filled["consistent_lower"].values, filled["consistent_upper"].values
        bars = axes.vlines(forecast, lower, upper, color=LIGHT_BAND, linewidth=9.0, zorder=1.0)
        inside = int(((lower <= observed) & (observed <= upper)).sum())
        return (
            [bars],
            inside,
            "Bars: where right forecasts lie in 95% of cases, a year's common shift included.",
        )
    lower, upper = filled["lower"].values, filled["upper"].values
    whiskers = axes.errorbar(
        forecast,
        observed,
        yerr=[observed - lower, upper - observed],
        fmt="none",
        ecolor=SAVINGS,
        elinewidth=1.1,
        capsize=2,
    )
    inside = int(((lower <= forecast) & (forecast <= upper)).sum())
    explanation = (
        "Whiskers: 95% interval of the share. A group agrees where its whiskers meet the dashed line."
    )
    return list(whiskers.lines[2]), inside, explanation
