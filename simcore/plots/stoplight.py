"""Show at a glance how often each contract ends in a loss, in nothing, or in savings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from simcore.analysis.display import OUTCOMES, contract_slice, outcome_shares
from simcore.analysis.risk import agreement_total
from simcore.plots.labels import name_rows, percent_axis, set_title
from simcore.plots.style import INK, LOSS, NOTHING, SAVINGS, Drawing, axes_or_new, house_style
from simcore.plots.words import contract_name, percent
from simcore.vocabulary import CONTRACT

_COLOURS = {"loss": LOSS, "nothing": NOTHING, "savings": SAVINGS}
_INKS = {"loss": INK, "nothing": INK, "savings": "white"}


@house_style()
def plot_stoplight(
    result: xr.Dataset | xr.DataArray,
    *,
    contracts: Sequence[str] | None = None,
    ax: Axes | None = None,
    title: str | None = None,
) -> Drawing:
    """Draw the chances of a loss, of nothing and of savings over the agreement, one bar a contract.

    Parameters
    ----------
    result
        A result of ``simulate``, or a net settlement with dims ``contract`` and ``replicate``; years are
        summed.
    contracts
        The contracts to draw; all when None. Bars are sorted by the chance of savings, least loss first.
    ax
        Where to draw; a new figure when None.
    title
        A sentence in place of the one made from the result.

    Returns
    -------
    Drawing
        Artists ``loss``, ``nothing``, ``savings`` (bars) and ``labels``.
    """
    outcome = result["net_settlement"] if isinstance(result, xr.Dataset) else result
    outcome = agreement_total(outcome) if "performance_year" in outcome.dims else outcome
    shares = outcome_shares(contract_slice(outcome, contracts)).transpose(CONTRACT, "outcome")
    loss, _, savings = shares.values.T
    shares = shares.isel({CONTRACT: np.lexsort((-loss, savings))})
    labels = [contract_name(str(label)) for label in shares[CONTRACT].values]
    axes = axes_or_new(
        ax, height=1.45 + (0.36 if len(labels) <= 8 else 0.25) * len(labels), left=1.85, right=0.3
    )
    artists, written, start = {}, [], np.zeros(len(labels))
    for name, share in zip(OUTCOMES, shares.values.T, strict=True):
        # Limits are set below: `barh` asks every bar for its own, which takes longer than to draw it.
        artists[name] = [
            axes.add_artist(
                Rectangle((begin, row - 0.39), value, 0.78, fc=_COLOURS[name], ec="white", linewidth=0.8)
            )
            for row, (begin, value) in enumerate(zip(start, share, strict=True))
        ]
        written += [
            axes.text(
                begin + value / 2.0,
                row,
                percent(value),
                ha="center",
                va="center",
                fontsize=8,
                color=_INKS[name],
            )
            for row, (begin, value) in enumerate(zip(start, share, strict=True))
            if value >= 0.055
        ]
        start = start + share
    _name_colours(axes)
    name_rows(axes, range(len(labels)), labels)
    axes.set_ylim(-0.6, len(labels) - 0.4)
    axes.set_xlim(0.0, 1.0)
    percent_axis(axes.xaxis)
    axes.set_xlabel("Share of replicates, agreement as a whole")
    top = shares.isel({CONTRACT: -1}).values
    loses = f"in a loss in {percent(top[0])}" if top[0] > 0.0 else "never in a loss"
    sentence = title or f"{labels[-1]} ends in savings in {percent(top[2])} of futures and {loses}"
    return Drawing(axes, {**artists, "labels": written, "title": [set_title(axes, sentence, " ")]})


def _name_colours(axes: Axes) -> None:
    """Write what the three colours mean over the bars."""
    for x, name, words in (
        (0.0, "loss", "owes losses"),
        (0.5, "nothing", "nothing"),
        (1.0, "savings", "earns savings"),
    ):
        align = {0.0: "left", 0.5: "center", 1.0: "right"}[x]
        axes.annotate(
            f"\N{BLACK SQUARE} {words}",
            (x, 1.0),
            xycoords="axes fraction",
            xytext=(0, 5),
            textcoords="offset points",
            ha=align,
            fontsize=8.5,
            color={"loss": "#A8550F", "nothing": "#7A7A7A", "savings": SAVINGS}[name],
        )
