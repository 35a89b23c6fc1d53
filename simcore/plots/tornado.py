"""Show which inputs move the answer most, each at its low and its high end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from simcore.plots.labels import axis_by_units, percent, quantity, set_title
from simcore.plots.style import INK, LOSS, MUTED, SAVINGS, Drawing, axes_or_new, house_style


@house_style()
def plot_tornado(table: xr.Dataset, *, ax: Axes | None = None, title: str | None = None) -> Drawing:
    """Draw one bar an input, from the answer at its low end to the answer at its high end.

    Parameters
    ----------
    table
        Dim ``input`` (names): ``low`` and ``high``, the answer at either end; ``baseline``, a scalar;
        optionally ``low_standard_error`` and ``high_standard_error``, and coordinates ``low_setting`` and
        ``high_setting``, what the input was set to. Units and meaning are the attributes of ``baseline``.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the table.

    Returns
    -------
    Drawing
        Artists ``low``, ``high`` (bars), ``errors``, ``labels`` and ``baseline``. The widest is on top.
    """
    swing = np.abs(table["high"].values - table["low"].values)
    ordered = table.isel({"input": np.argsort(swing, kind="stable")})
    centre = float(table["baseline"].values)
    units = str(table["baseline"].attrs.get("units", "USD"))
    names = [_words(name) for name in ordered["input"].values]
    rows = np.arange(len(names))
    axes = axes_or_new(ax, height=1.5 + 0.38 * len(names), left=2.1, right=0.4)
    artists = {
        end: list(axes.barh(rows, ordered[end].values - centre, left=centre, height=0.6, color=colour))
        for end, colour in (("low", LOSS), ("high", SAVINGS))
    }
    errors = _draw_errors(axes, ordered)
    axes.margins(x=0.14)
    labels = _label_ends(axes, ordered, centre=centre)
    baseline = axes.axvline(centre, color=INK, linewidth=0.9)
    axes.set_yticks(rows, names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axis_by_units(axes.xaxis, units)
    axes.grid(axis="x")
    axes.set_xlabel(str(table["baseline"].attrs.get("long_name", "")))
    said = percent(centre, 1) if units == "1" else quantity(centre, units)
    sentence = title or f"{names[-1]} moves the answer most; all else at its base, it is {said}"
    heading = set_title(
        axes, sentence, "Orange: input at its low end. Blue: at its high end. Whiskers: two standard errors."
    )
    return Drawing(
        axes, {**artists, "errors": errors, "labels": labels, "baseline": [baseline], "title": [heading]}
    )


def _words(name: object) -> str:
    """Return an input's name as words."""
    text = str(name).replace("_", " ")
    return text[0].upper() + text[1:]


def _draw_errors(axes: Axes, table: xr.Dataset) -> Sequence[Artist]:
    """Draw two standard errors at both ends, where the table has them."""
    drawn = []
    for end in ("low", "high"):
        if f"{end}_standard_error" in table:
            bars = axes.errorbar(
                table[end].values,
                np.arange(table.sizes["input"]),
                xerr=2.0 * table[f"{end}_standard_error"].values,
                fmt="none",
                ecolor=INK,
                elinewidth=0.9,
                capsize=2,
            )
            drawn += list(bars.lines[2])
    return drawn


def _label_ends(axes: Axes, table: xr.Dataset, *, centre: float) -> Sequence[Artist]:
    """Write what the input was set to beyond either end of its bar."""
    written = []
    for end in ("low", "high"):
        if f"{end}_setting" not in table.coords:
            continue
        error = (
            table[f"{end}_standard_error"].values
            if f"{end}_standard_error" in table
            else np.zeros(table.sizes["input"])
        )
        for row, value in enumerate(table[end].values):
            outward = 1 if value >= centre else -1
            written.append(
                axes.annotate(
                    str(table[f"{end}_setting"].values[row]),
                    (value + 2.0 * outward * error[row], row),
                    xytext=(5 * outward, 0),
                    textcoords="offset points",
                    va="center",
                    ha="left" if outward > 0 else "right",
                    fontsize=8,
                    color=MUTED,
                )
            )
    return written
