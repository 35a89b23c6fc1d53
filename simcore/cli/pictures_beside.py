"""Draw a result's pictures in copies of this process, which import what draws; this file imports none of it."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from simcore.beside import Beside
from simcore.report.pictures import PICTURES, Picture

if TYPE_CHECKING:
    import xarray as xr

_AS_DEAR_AS_THE_OTHERS = ("stoplight", "comparison")
"""Pictures with all options: together they take as long to draw as the others."""

_OTHERS = tuple(name for name in PICTURES if name not in _AS_DEAR_AS_THE_OTHERS)


class PicturesBeside:
    """The pictures of a result, drawn in two copies of this process while it goes on.

    A fault of the drawing is told when they are asked for: it stops nothing before.

    Parameters
    ----------
    result
        A result of ``simulate``.
    """

    def __init__(self, result: xr.Dataset) -> None:
        self._drawn = Beside(partial(_drawn_by_two, result))

    def result(self) -> tuple[Picture, ...]:
        """Return the pictures in order, when they are drawn."""
        drawn = _read(self._drawn.result())
        return tuple(sorted(drawn, key=lambda picture: PICTURES.index(picture.name)))


def _drawn_by_two(result: xr.Dataset) -> bytes:
    """Draw one half of the pictures, and the other in a copy, which has what draws imported already."""
    from simcore.report.figures import draw_pictures

    def drawn(names: Collection[str]) -> bytes:
        return _written(draw_pictures(result, names))

    with closing(Beside(partial(drawn, _OTHERS))) as others:
        dear = _read(drawn(_AS_DEAR_AS_THE_OTHERS))
        return _written([*dear, *_read(others.result())])


def _written(pictures: Sequence[Picture]) -> bytes:
    """Write pictures down for another process."""
    fields = [
        {**picture._asdict(), "png": base64.b64encode(picture.png).decode("ascii")} for picture in pictures
    ]
    return json.dumps(fields).encode()


def _read(written: bytes) -> list[Picture]:
    """Return the pictures that another process wrote down."""
    return [Picture(**{**one, "png": base64.b64decode(one["png"])}) for one in json.loads(written)]
