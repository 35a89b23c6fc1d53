"""Hold the pictures of a result, and write them to files; what draws them stands in ``figures``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from simcore.store import written_whole


class Picture(NamedTuple):
    """One picture of a result, as PNG, with the sentence that it shows."""

    name: str
    sentence: str
    caption: str
    png: bytes


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
