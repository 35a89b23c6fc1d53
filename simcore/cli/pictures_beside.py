"""Draw a result's pictures in a copy of this process, which imports what draws; this file imports none of it."""

from __future__ import annotations

import base64
import json
from functools import partial
from typing import TYPE_CHECKING

from simcore.beside import Beside
from simcore.report.pictures import Picture

if TYPE_CHECKING:
    import xarray as xr


class PicturesBeside:
    """The pictures of a result, drawn in a copy of this process while it goes on.

    In one copy: a second would share the pictures, but both cores are at work already, and a process
    that writes the result and sums it up has as much to do as one that draws.

    A fault of the drawing is told when they are asked for: it stops nothing before.

    Parameters
    ----------
    result
        A result of ``simulate``.
    """

    def __init__(self, result: xr.Dataset) -> None:
        self._drawn = Beside(partial(_drawn, result))

    def result(self) -> tuple[Picture, ...]:
        """Return the pictures in order, when they are drawn."""
        return _read(self._drawn.result())


def _drawn(result: xr.Dataset) -> bytes:
    """Draw the pictures, and write them down for another process."""
    from simcore.report.figures import draw_pictures

    drawn = [
        {**picture._asdict(), "png": base64.b64encode(picture.png).decode("ascii")}
        for picture in draw_pictures(result)
    ]
    return json.dumps(drawn).encode()


def _read(written: bytes) -> tuple[Picture, ...]:
    """Return the pictures that another process wrote down."""
    return tuple(Picture(**{**one, "png": base64.b64decode(one["png"])}) for one in json.loads(written))
