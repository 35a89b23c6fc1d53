"""Choose what the pictures of a result show, and draw each once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import xarray as xr
from matplotlib.text import Text

from simcore.analysis.display import choose_contracts
from simcore.analysis.risk import agreement_total
from simcore.plots.comparison import plot_comparison
from simcore.plots.corridor import plot_corridor
from simcore.plots.distribution import plot_distribution
from simcore.plots.exceedance import plot_exceedance
from simcore.plots.fan import plot_fan
from simcore.plots.stoplight import plot_stoplight
from simcore.plots.style import Drawing
from simcore.report.pictures import Picture

_CAPTIONS: Final = {
    "stoplight": "How the agreement ends under each contract: with a net loss, nothing, or a net gain.",
    "comparison": "Net settlement over the agreement by contract, best mean on top.",
    "distribution": "Net settlement over the agreement; the chance of exactly nothing stands apart.",
    "exceedance": "Read across: the chance that the agreement brings more than an amount.",
    "corridor": "Where each year's savings rate falls against the minimum savings and loss rates.",
    "fan": "The savings rate year by year: benchmark less expenditures, as a share of the benchmark.",
}


def draw_pictures(result: xr.Dataset) -> tuple[Picture, ...]:
    """Draw the pictures of a result.

    Parameters
    ----------
    result
        A result of ``simulate``. All contracts stand in two of the pictures; three show the best of each
        track, at most six; the corridor is that of the best mean.

    Returns
    -------
    tuple of Picture
        In the order in which a report shows them.
    """
    net_settlement = agreement_total(result["net_settlement"])
    chosen = choose_contracts(net_settlement)
    plots: dict[str, Callable[[], Drawing]] = {
        "stoplight": lambda: plot_stoplight(net_settlement),
        "comparison": lambda: plot_comparison(net_settlement),
        "distribution": lambda: plot_distribution(net_settlement, contracts=chosen),
        "exceedance": lambda: plot_exceedance(net_settlement, contracts=chosen),
        "corridor": lambda: plot_corridor(result, contract=chosen[0]),
        "fan": lambda: plot_fan(result, contract=chosen[0]),
    }
    return tuple(_picture(name, plot()) for name, plot in plots.items())


def _picture(name: str, drawing: Drawing) -> Picture:
    """Return a drawing as a picture; its title is its sentence."""
    title = drawing.artists["title"][0]
    sentence = " ".join(title.get_text().split()) if isinstance(title, Text) else name
    return Picture(name, sentence, _CAPTIONS[name], drawing.png())
