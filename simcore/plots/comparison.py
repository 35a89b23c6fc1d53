"""Set the contracts side by side: a dot for the mean, bars for where most outcomes fall."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simcore.analysis.display import bands, contract_slice
from simcore.analysis.risk import agreement_total
from simcore.plots.labels import axis_by_units, name_rows, set_title
from simcore.plots.style import (
    DARK_BAND,
    INK,
    LIGHT_BAND,
    MUTED,
    SAVINGS,
    Drawing,
    axes_or_new,
    house_style,
)
from simcore.plots.words import contract_name, money
from simcore.vocabulary import CONTRACT, MONEY, REPLICATE


@house_style()
def plot_comparison(
    result: xr.Dataset | xr.DataArray,
    *,
    contracts: Sequence[str] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
) -> Drawing:
    """Draw mean and 50 % and 90 % intervals of the net settlement over the agreement, sorted by mean.

    Parameters
    ----------
    result
        A result of ``simulate``, or an outcome with dims ``contract`` and ``replicate``; years are summed.
    contracts
        The contracts to draw; all when None.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the result.

    Returns
    -------
    Drawing
        Artists ``wide`` (90 %), ``narrow`` (50 %), ``means`` (dots with two standard errors) and ``labels``.
    """
    outcome = result["net_settlement"] if isinstance(result, xr.Dataset) else result
    outcome = agreement_total(outcome) if "performance_year" in outcome.dims else outcome
    table = bands(contract_slice(outcome, contracts).transpose(CONTRACT, REPLICATE))
    table = table.isel({CONTRACT: np.argsort(table["mean"].values, kind="stable")})
    labels = [contract_name(str(label)) for label in table[CONTRACT].values]
    rows = np.arange(len(labels))
    axes = axes_or_new(
        ax, height=1.45 + (0.34 if len(labels) <= 8 else 0.24) * len(labels), left=1.85, right=1.0
    )
    value = table["value"].transpose("quantile", CONTRACT).values
    wide = axes.hlines(rows, value[0], value[4], color=LIGHT_BAND, linewidth=6)
    narrow = axes.hlines(rows, value[1], value[3], color=DARK_BAND, linewidth=6)
    mean, error = table["mean"].values, table["standard_error"].values
    means = axes.errorbar(
        mean, rows, xerr=2.0 * error, fmt="o", color=INK, markersize=4, elinewidth=1.0, capsize=2
    )
    written = [
        axes.annotate(
            money(float(centre)),
            (1.0, row),
            xycoords=axes.get_yaxis_transform(),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=SAVINGS if centre >= 0 else "#A8550F",
        )
        for row, centre in zip(rows, mean, strict=True)
    ]
    axes.axvline(0.0, color=MUTED, linewidth=0.8, zorder=0)
    name_rows(axes, rows, labels)
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axis_by_units(axes.xaxis, str(outcome.attrs.get("units", MONEY)))
    axes.set_xlabel(str(outcome.attrs.get("long_name", "")))
    axes.annotate(
        "mean",
        (1.0, 0.0),
        xycoords="axes fraction",
        xytext=(5, -13),
        textcoords="offset points",
        fontsize=8,
        color=MUTED,
    )
    sentence = (
        title
        or f"{labels[-1]} pays most on average, {money(float(mean[-1]))}; "
        f"{labels[0]} least, {money(float(mean[0]))}"
    )
    heading = set_title(
        axes,
        sentence,
        "Dot: mean, two standard errors. Dark bar: middle half of outcomes. Light: 5th to 95th percentile.",
    )
    return Drawing(
        axes,
        {"wide": [wide], "narrow": [narrow], "means": list(means), "labels": written, "title": [heading]},
    )
