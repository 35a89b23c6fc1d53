"""Choose what the pictures of a result show, and draw each once."""

from __future__ import annotations

from collections.abc import Callable, Collection

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
from simcore.report.pictures import CAPTIONS, PICTURES, Picture


def draw_pictures(result: xr.Dataset, names: Collection[str] = PICTURES) -> tuple[Picture, ...]:
    """Draw the pictures of a result.

    Parameters
    ----------
    result
        A result of ``simulate``. All contracts stand in two of the pictures; three show the best of each
        track, at most six; the corridor is that of the best mean.
    names
        Which of them to draw; absent, all six.

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
    return tuple(_picture(name, plot()) for name, plot in plots.items() if name in names)


def _picture(name: str, drawing: Drawing) -> Picture:
    """Return a drawing as a picture; its title is its sentence."""
    title = drawing.artists["title"][0]
    sentence = " ".join(title.get_text().split()) if isinstance(title, Text) else name
    return Picture(name, sentence, CAPTIONS[name], drawing.png())
