"""Show which inputs move the answer most, each at its low and its high end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from simcore.plots.labels import axis_by_units, set_title
from simcore.plots.style import INK, LOSS, MUTED, SAVINGS, Drawing, axes_or_new, house_style
from simcore.plots.words import percent, quantity


@house_style()
def plot_tornado(table: xr.Dataset, *, ax: Axes | None = None, title: str | None = None) -> Drawing:
    """Draw one bar an input, from the answer at its low end to the answer at its high end.

    Parameters
    ----------
    table
        What ``one_at_a_time`` returns, for one contract and period: ``effect`` and
        ``effect_standard_error``, dims ``(input, end)``, and the scalar ``base``, whose attributes name
        units and meaning; coordinates ``low_value`` and ``high_value``, what each input was set to.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the table.

    Returns
    -------
    Drawing
        Artists ``low``, ``high`` (bars), ``errors``, ``labels`` and ``base``. The widest is on top.
    """
    effect = table["effect"].transpose("input", "end").sel(end=["low", "high"])
    swing = np.abs(np.diff(effect.values, axis=1)[:, 0])
    # An error that is the same at every end may come without the dimensions of its effect.
    error = table["effect_standard_error"].broadcast_like(effect)
    ordered = table.assign(effect_standard_error=error).isel({"input": np.argsort(swing, kind="stable")})
    centre = float(table["base"].values)
    units = str(table["base"].attrs.get("units", "USD"))
    names = [_words(name) for name in ordered["input"].values]
    rows = np.arange(len(names))
    axes = axes_or_new(ax, height=1.5 + 0.38 * len(names), left=2.1, right=0.4)
    artists = {
        end: list(axes.barh(rows, ordered["effect"].sel(end=end), left=centre, height=0.6, color=colour))
        for end, colour in (("low", LOSS), ("high", SAVINGS))
    }
    errors = _draw_errors(axes, ordered, centre=centre)
    axes.margins(x=0.14)
    labels = _label_ends(axes, ordered, centre=centre)
    base = axes.axvline(centre, color=INK, linewidth=0.9)
    axes.set_yticks(rows, names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axis_by_units(axes.xaxis, units)
    axes.grid(axis="x")
    axes.set_xlabel(str(table["base"].attrs.get("long_name", "")))
    said = percent(centre, 1) if units == "1" else quantity(centre, units)
    sentence = title or f"{names[-1]} moves the answer most; all else at its base, it is {said}"
    heading = set_title(
        axes, sentence, "Orange: input at its low end. Blue: at its high end. Whiskers: two standard errors."
    )
    return Drawing(axes, {**artists, "errors": errors, "labels": labels, "base": [base], "title": [heading]})


def _words(name: object) -> str:
    """Return an input's name as words."""
    text = str(name).replace("_", " ")
    return text[0].upper() + text[1:]


def _draw_errors(axes: Axes, table: xr.Dataset, *, centre: float) -> Sequence[Artist]:
    """Draw two standard errors at both ends."""
    drawn: list[Artist] = []
    for end in ("low", "high"):
        one = table.sel(end=end)
        reach = 2.0 * one["effect_standard_error"].values
        rows = np.arange(table.sizes["input"])
        bars = axes.errorbar(
            centre + one["effect"].values, rows, xerr=reach, fmt="none", ecolor=INK, elinewidth=0.9, capsize=2
        )
        drawn += bars.lines[2]
    return drawn


def _label_ends(axes: Axes, table: xr.Dataset, *, centre: float) -> Sequence[Artist]:
    """Write what the input was set to beyond either end of its bar."""
    written = []
    for end in ("low", "high"):
        one = table.sel(end=end)
        settings, errors = one[f"{end}_value"].values, one["effect_standard_error"].values
        for row, effect in enumerate(one["effect"].values):
            outward = 1 if effect >= 0.0 else -1
            written.append(
                axes.annotate(
                    str(settings[row]),
                    (centre + effect + 2.0 * outward * errors[row], row),
                    xytext=(5 * outward, 0),
                    textcoords="offset points",
                    va="center",
                    ha="left" if outward > 0 else "right",
                    fontsize=8,
                    color=MUTED,
                )
            )
    return written
