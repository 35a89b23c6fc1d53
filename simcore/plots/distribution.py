"""Show what each contract may settle to, with the chance of exactly nothing drawn apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import StepPatch

from simcore.analysis.display import contract_slice, histogram_apart
from simcore.analysis.risk import agreement_total
from simcore.plots.labels import axis_by_units, name_rows, set_title
from simcore.plots.style import INK, LOSS, MUTED, NOTHING, SAVINGS, Drawing, axes_or_new, house_style
from simcore.plots.words import contract_name, percent
from simcore.vocabulary import CONTRACT, REPLICATE


@house_style()
def plot_distribution(
    result: xr.Dataset | xr.DataArray,
    *,
    contracts: Sequence[str] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
) -> Drawing:
    """Draw the distribution of the net settlement over the agreement, one row a contract.

    Parameters
    ----------
    result
        A result of ``simulate``, or one of its variables: dims ``contract``, ``performance_year`` (summed)
        and ``replicate``, each but the last optional.
    contracts
        The contracts to draw; all when None. Rows are sorted by their mean, best on top.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the result.

    Returns
    -------
    Drawing
        Artists ``rows`` (histograms), ``means`` (ticks), ``zeros`` (bars of the chance of nothing).
    """
    outcome = result["net_settlement"] if isinstance(result, xr.Dataset) else result
    outcome = agreement_total(outcome) if "performance_year" in outcome.dims else outcome
    outcome = (
        outcome if CONTRACT in outcome.dims else outcome.expand_dims({CONTRACT: [str(outcome.name or "")]})
    )
    outcome = contract_slice(outcome, contracts).transpose(CONTRACT, REPLICATE)
    means = outcome.mean(REPLICATE)
    order = np.argsort(means.values, kind="stable")
    shape = histogram_apart(outcome.isel({CONTRACT: order}))
    labels = [str(label) for label in shape[CONTRACT].values]
    pitch = 0.42 if len(labels) <= 8 else 0.3
    axes = axes_or_new(ax, height=1.5 + pitch * len(labels), left=1.85, right=1.3)
    rows = _draw_rows(axes, shape)
    ticks = [
        axes.plot([mean] * 2, [row, row + 0.5], color=INK, linewidth=1.4, solid_capstyle="butt")[0]
        for row, mean in enumerate(means.values[order])
    ]
    axes.axvline(0.0, color=MUTED, linewidth=0.7, zorder=0)
    name_rows(axes, np.arange(len(labels)) + 0.22, [contract_name(label) for label in labels])
    axes.set_ylim(-0.25, len(labels))
    axis_by_units(axes.xaxis, str(outcome.attrs.get("units", "USD")))
    axes.set_xlabel(str(outcome.attrs.get("long_name", "")))
    zeros = _draw_zeros(axes, shape["zero_probability"].values)
    best = contract_name(labels[-1])
    sentence = (
        title or f"{best} has the highest mean of {len(labels)} contracts"
        if len(labels) > 1
        else title or best
    )
    note = "Shape: how often each amount comes, zeros apart. Black tick: mean."
    return Drawing(
        axes, {"rows": rows, "means": ticks, "zeros": zeros, "title": [set_title(axes, sentence, note)]}
    )


def _draw_rows(axes: Axes, shape: xr.Dataset) -> Sequence[Artist]:
    """Draw one histogram a row on a common scale, losses and savings in their colours."""
    left, right = shape["left"].values, shape["right"].values
    probability = shape["probability"].transpose(CONTRACT, "bin").values
    tallest = float(probability.max()) or 1.0
    edges = np.append(left, right[-1])
    drawn: list[Artist] = []
    for row, heights in enumerate(probability):
        # The square root keeps a narrow contract's peak from flattening all other rows.
        scaled = 0.86 * np.sqrt(heights / tallest)
        for colour, chosen in (
            (LOSS, right <= 0.5 * (right[0] - left[0])),
            (SAVINGS, left >= -0.5 * (right[0] - left[0])),
        ):
            if chosen.any():
                span = np.append(edges[:-1][chosen], edges[1:][chosen][-1])
                steps = StepPatch(scaled[chosen] + row, span, baseline=row, color=colour, linewidth=0)
                # `stairs` asks every step for its limits, which are the edges: at the price of drawing it.
                drawn.append(axes.add_artist(steps))
    axes.update_datalim([(edge, 0.0) for edge in edges[[0, -1]]])
    return drawn


def _draw_zeros(axes: Axes, probability: np.ndarray) -> Sequence[Artist]:
    """Draw the chance of exactly nothing in a column of its own, right of the rows."""
    column = axes.inset_axes((1.1, 0.0, 0.22, 1.0), sharey=axes)
    rows = np.arange(probability.size)
    bars = column.barh(rows + 0.22, probability, height=0.44, color=NOTHING)
    for row, value in zip(rows, probability, strict=True):
        column.annotate(
            percent(value),
            (value, row + 0.22),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )
    column.set_xlim(0.0, 1.45)
    column.axis("off")
    column.annotate(
        "exactly nothing",
        (0.0, 0.0),
        xycoords="axes fraction",
        xytext=(0, -13),
        textcoords="offset points",
        fontsize=8,
        color=MUTED,
    )
    return list(bars)
