"""Draw a result's pictures in copies of this process, which import what draws; this file imports none of it."""

from __future__ import annotations

import base64
import json
from functools import partial
from typing import TYPE_CHECKING

from simcore.beside import Beside

if TYPE_CHECKING:
    import xarray as xr

    from simcore.report.pictures import Picture

_AS_DEAR_AS_THE_OTHERS = ("stoplight", "comparison")
"""Pictures with all options: together they take as long to draw as the others."""


class PicturesBeside:
    """The pictures of a result, drawn in two copies of this process while it goes on.

    A fault of the drawing is told when they are asked for: it stops nothing before.

    Parameters
    ----------
    result
        A result of ``simulate``.
    """

    def __init__(self, result: xr.Dataset) -> None:
        self._halves = [Beside(partial(_drawn, result, dear)) for dear in (True, False)]

    def result(self) -> tuple[Picture, ...]:
        """Return the pictures in order, when they are drawn."""
        from simcore.report.pictures import PICTURES

        drawn = [picture for half in self._halves for picture in _read(half.result())]
        return tuple(sorted(drawn, key=lambda picture: PICTURES.index(picture.name)))


def _drawn(result: xr.Dataset, dear: bool) -> bytes:
    """Draw one half of the pictures, and write them down for another process."""
    from simcore.report.figures import draw_pictures
    from simcore.report.pictures import PICTURES

    names = [name for name in PICTURES if (name in _AS_DEAR_AS_THE_OTHERS) == dear]
    drawn = [
        {**picture._asdict(), "png": base64.b64encode(picture.png).decode("ascii")}
        for picture in draw_pictures(result, names)
    ]
    return json.dumps(drawn).encode()


def _read(written: bytes) -> list[Picture]:
    """Return the pictures that another process wrote down."""
    from simcore.report.pictures import Picture

    return [Picture(**{**one, "png": base64.b64decode(one["png"])}) for one in json.loads(written)]
