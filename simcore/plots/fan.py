"""Show how an outcome spreads over the performance years, as a fan of its quantiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from simcore.analysis.display import bands, choose_contracts
from simcore.plots.labels import axis_by_units, set_title, spread
from simcore.plots.style import DARK_BAND, INK, LIGHT_BAND, MUTED, SAVINGS, Drawing, axes_or_new, house_style
from simcore.plots.words import contract_name, percent, quantity
from simcore.vocabulary import CONTRACT, PERFORMANCE_YEAR


@house_style()
def plot_fan(
    result: xr.Dataset | xr.DataArray,
    *,
    contract: str | None = None,
    ax: Axes | None = None,
    title: str | None = None,
) -> Drawing:
    """Draw median, middle half and middle nine tenths of an outcome, year by year.

    Parameters
    ----------
    result
        A result of ``simulate`` (its savings rate is drawn), or a variable with dims ``performance_year``
        and ``replicate``, and ``contract`` where `contract` chooses one.
    contract
        The contract to draw, where the outcome depends on it; the one with the best mean when None.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the outcome.

    Returns
    -------
    Drawing
        Artists ``bands`` (outer, inner), ``median`` and ``labels``.
    """
    outcome = result["savings_rate"] if isinstance(result, xr.Dataset) else result
    name = ""
    if CONTRACT in outcome.dims:
        label = contract or choose_contracts(outcome)[0]
        outcome, name = outcome.sel({CONTRACT: label}), f"{contract_name(label)}: "
    fan = bands(outcome)
    axes = axes_or_new(ax, left=0.75, right=1.6)
    years = fan[PERFORMANCE_YEAR].values
    value = fan["value"].transpose("quantile", PERFORMANCE_YEAR).values
    filled = [
        axes.fill_between(years, value[0], value[4], color=LIGHT_BAND, linewidth=0),
        axes.fill_between(years, value[1], value[3], color=DARK_BAND, linewidth=0),
    ]
    median = axes.plot(years, value[2], color=SAVINGS, marker="o", markersize=4)
    units = str(outcome.attrs.get("units", "1"))
    labels = _label_ends(axes, years[-1], value[:, -1], units=units)
    axes.axhline(0.0, color=MUTED, linewidth=0.7, zorder=0)
    axes.set_xticks(years, [str(year) for year in years])
    axes.set_xlim(years[0] - 0.1, years[-1] + 0.05)
    axis_by_units(axes.yaxis, units)
    axes.set_xlabel("Performance year")
    meaning = str(outcome.attrs.get("long_name", outcome.name))
    low, high = (_say(value[i, -1], units) for i in (0, 4))
    sentence = title or f"{name}in {years[-1]}, nine outcomes in ten lie between {low} and {high}"
    heading = set_title(axes, sentence[0].upper() + sentence[1:], meaning)
    return Drawing(axes, {"bands": filled, "median": median, "labels": labels, "title": [heading]})


def _say(value: float, units: str) -> str:
    """Return a value in its units: money, or percent of a fraction."""
    return percent(value, 1) if units == "1" else quantity(value, units)


def _label_ends(axes: Axes, year: int, ends: np.ndarray, *, units: str) -> Sequence[Artist]:
    """Write what each edge of the fan is, right of its end."""
    names = ("5th percentile", "25th", "median", "75th", "95th percentile")
    low, high = axes.get_ylim()
    places = spread([float(end) for end in ends], 0.055 * (high - low))
    return [
        axes.annotate(
            f"{name} {_say(float(end), units)}",
            (1.0, place),
            xycoords=axes.get_yaxis_transform(),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=INK if i == 2 else MUTED,
            fontweight="bold" if i == 2 else "normal",
        )
        for i, (name, end, place) in enumerate(zip(names, ends, places, strict=True))
    ]
