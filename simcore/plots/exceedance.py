"""Show the chance that an outcome is more than each level, with its simulation error and named thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from simcore.analysis.display import choose_contracts, contract_slice, curve_levels
from simcore.analysis.exceedance import exceedance_curve
from simcore.analysis.risk import agreement_total
from simcore.plots.labels import axis_by_units, percent_axis, set_title
from simcore.plots.style import DASHES, MUTED, SERIES, Drawing, axes_or_new, house_style
from simcore.plots.words import contract_name
from simcore.vocabulary import CONTRACT, MONEY, REPLICATE


@house_style()
def plot_exceedance(
    result: xr.Dataset | xr.DataArray,
    *,
    contracts: Sequence[str] | None = None,
    thresholds: Mapping[str, float] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
) -> Drawing:
    """Draw the probability that an outcome exceeds each level, one line a contract.

    Parameters
    ----------
    result
        A result of ``simulate`` (its net settlement over the agreement is drawn), or an outcome with dims
        ``contract`` (optional) and ``replicate``; dollars with years are summed over the agreement.
    contracts
        The contracts to draw; when None, the best of each track, at most six.
    thresholds
        Levels to mark by name, in the outcome's units: ``{"MSR": 0.02}``.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the result.

    Returns
    -------
    Drawing
        Artists ``lines``, ``bands`` (95 %), ``labels`` and ``thresholds``.
    """
    outcome = result["net_settlement"] if isinstance(result, xr.Dataset) else result
    if "performance_year" in outcome.dims and outcome.attrs.get("units") == MONEY:
        outcome = agreement_total(outcome)
    outcome = outcome if CONTRACT in outcome.dims else outcome.expand_dims({CONTRACT: [""]})
    chosen = list(contracts) if contracts is not None else choose_contracts(outcome)
    outcome = contract_slice(outcome, chosen).transpose(CONTRACT, ..., REPLICATE)
    if outcome.ndim != 2:
        raise ValueError(f"an exceedance curve is of one period: choose one of {outcome.dims[1]!r}")
    curve = exceedance_curve(outcome, curve_levels(outcome))
    axes = axes_or_new(ax, left=0.7, right=1.75)
    lines, bands = _draw_curves(axes, curve)
    labels = _label_curves(axes, lines, [contract_name(str(name)) for name in curve[CONTRACT].values])
    marks = _draw_thresholds(axes, thresholds or {})
    axes.set_ylim(0.0, 1.0)
    axes.set_xlim(float(curve["level"].values[0]), float(curve["level"].values[-1]))
    axes.grid(axis="y")
    percent_axis(axes.yaxis)
    axis_by_units(axes.xaxis, str(outcome.attrs.get("units", MONEY)))
    axes.set_xlabel(str(outcome.attrs.get("long_name", "")))
    axes.set_ylabel("Chance of more than this")
    sentence = title or _sentence(curve)
    heading = set_title(
        axes, sentence, "Band: 95% simulation error. A step at zero is the chance of nothing."
    )
    artists = {"lines": lines, "bands": bands, "labels": labels, "thresholds": marks, "title": [heading]}
    return Drawing(axes, artists)


def _draw_curves(axes: Axes, curve: xr.Dataset) -> tuple[list[Line2D], Sequence[Artist]]:
    """Draw each contract's curve and band."""
    level = curve["level"].values
    lines, bands = [], []
    for i in range(curve.sizes[CONTRACT]):
        one = curve.isel({CONTRACT: i})
        colour, dash = SERIES[i % len(SERIES)], DASHES[i % len(DASHES)]
        lines += axes.plot(level, one["probability"].values, color=colour, linestyle=dash)
        bands.append(
            axes.fill_between(
                level, one["lower"].values, one["upper"].values, color=colour, alpha=0.22, linewidth=0
            )
        )
    return lines, bands


def _label_curves(axes: Axes, lines: Sequence[Line2D], names: Sequence[str]) -> Sequence[Artist]:
    """Write the contracts' names at the right in the order of the curves, with a stroke of each line."""
    order = sorted(range(len(lines)), key=lambda i: -float(np.sum(lines[i].get_ydata())))
    gap = 0.085
    heights = [0.97 - gap * place for place in range(len(order))]
    written = []
    for height, i in zip(heights, order, strict=True):
        if not names[i]:
            continue
        line = lines[i]
        axes.plot(
            [1.03, 1.1],
            [height, height],
            transform=axes.transAxes,
            clip_on=False,
            color=line.get_color(),
            linestyle=line.get_linestyle(),
        )
        written.append(
            axes.text(
                1.12,
                height,
                names[i],
                transform=axes.transAxes,
                va="center",
                fontsize=8,
                color=line.get_color(),
            )
        )
    return written


def _draw_thresholds(axes: Axes, thresholds: Mapping[str, float]) -> Sequence[Artist]:
    """Mark named levels with a dashed line and their name along it."""
    marks = []
    for name, level in thresholds.items():
        axes.axvline(level, color=MUTED, linewidth=0.9, linestyle=(0, (3, 2)))
        marks.append(
            axes.text(
                level,
                0.02,
                f"{name} ",
                rotation=90,
                va="bottom",
                ha="right",
                fontsize=8,
                color=MUTED,
                transform=axes.get_xaxis_transform(),
            )
        )
    return marks


def _sentence(curve: xr.Dataset) -> str:
    """Return what the picture shows, as a title."""
    if curve.sizes[CONTRACT] == 1:
        return "How likely is more than each amount"
    return "How likely each contract is to bring more than a given amount"
