"""Hold the pictures of a result, and write them to files; what draws them stands in ``figures``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from simcore.store import written_whole


class Picture(NamedTuple):
    """One picture of a result, as PNG, with the sentence that it shows."""

    name: str
    sentence: str
    caption: str
    png: bytes


CAPTIONS: Final = {
    "stoplight": "How the agreement ends under each contract: with a net loss, nothing, or a net gain.",
    "comparison": "Net settlement over the agreement by contract, best mean on top.",
    "distribution": "Net settlement over the agreement; the chance of exactly nothing stands apart.",
    "exceedance": "Read across: the chance that the agreement brings more than an amount.",
    "corridor": "Where each year's savings rate falls against the minimum savings and loss rates.",
    "fan": "The savings rate year by year: benchmark less expenditures, as a share of the benchmark.",
}
"""What a picture shows, by its name."""

PICTURES: Final = tuple(CAPTIONS)
"""Names of the pictures, in the order in which a report shows them."""


def write_pictures(pictures: Sequence[Picture], folder: str | Path) -> list[Path]:
    """Write pictures into `folder` as PNG files and return their paths.

    Parameters
    ----------
    pictures
        What ``draw_pictures`` returned.
    folder
        Made when it is not there.

    Raises
    ------
    ResultError
        If a file cannot be written; the one at fault is not left half written.
    """
    paths = []
    for picture in pictures:
        path = Path(folder) / f"{picture.name}.png"
        with written_whole(path) as temporary:
            temporary.write_bytes(picture.png)
        paths.append(path)
    return paths
