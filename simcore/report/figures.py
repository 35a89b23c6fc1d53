"""Choose the pictures that a result is told with, draw each once, and write them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final, NamedTuple

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
from simcore.store import written_whole


class Picture(NamedTuple):
    """One picture of a result, as PNG, with the sentence that it shows."""

    name: str
    sentence: str
    caption: str
    png: bytes


_CAPTIONS: Final = {
    "stoplight": "How the agreement ends under each contract: with a net loss, nothing, or a net gain.",
    "comparison": "Net settlement over the agreement by contract, best mean on top.",
    "distribution": "Net settlement over the agreement; the chance of exactly nothing stands apart.",
    "exceedance": "Read across: the chance that the agreement brings more than an amount.",
    "corridor": "Where each year's savings rate falls against the minimum savings and loss rates.",
    "fan": "The savings rate year by year: benchmark less expenditures, as a share of the benchmark.",
}


PICTURES: Final = tuple(_CAPTIONS)
"""Names of the pictures, in the order in which a report shows them."""


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
    chosen = choose_contracts(agreement_total(result["net_settlement"]))
    plots: dict[str, Callable[[], Drawing]] = {
        "stoplight": lambda: plot_stoplight(result),
        "comparison": lambda: plot_comparison(result),
        "distribution": lambda: plot_distribution(result, contracts=chosen),
        "exceedance": lambda: plot_exceedance(result, contracts=chosen),
        "corridor": lambda: plot_corridor(result, contract=chosen[0]),
        "fan": lambda: plot_fan(result, contract=chosen[0]),
    }
    return tuple(_picture(name, plot()) for name, plot in plots.items() if name in names)


def _picture(name: str, drawing: Drawing) -> Picture:
    """Return a drawing as a picture; its title is its sentence."""
    title = drawing.artists["title"][0]
    sentence = " ".join(title.get_text().split()) if isinstance(title, Text) else name
    return Picture(name, sentence, _CAPTIONS[name], drawing.png())


def write_figures(
    result: xr.Dataset, folder: str | Path, *, pictures: Sequence[Picture] | None = None
) -> list[Path]:
    """Write the pictures of `result` into `folder` as PNG files and return their paths.

    Parameters
    ----------
    result
        A result of ``simulate``.
    folder
        Made when it is not there.
    pictures
        What `draw_pictures` returned, so that a report and its files are drawn once.

    Raises
    ------
    ResultError
        If a file cannot be written; the one at fault is not left half written.
    """
    paths = []
    for picture in pictures if pictures is not None else draw_pictures(result):
        path = Path(folder) / f"{picture.name}.png"
        with written_whole(path) as temporary:
            temporary.write_bytes(picture.png)
        paths.append(path)
    return paths
