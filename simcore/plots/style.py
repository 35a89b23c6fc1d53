"""Give every picture one look: colours, a style set for one drawing only, and the axes it stands on."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import matplotlib
from matplotlib import RcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

STYLE_FILE: Final = Path(__file__).with_name("simcore.mplstyle")

# Blue, grey and orange differ in lightness too (45, 84, 64 of 100): they stay apart in grey print
# and for every common colour vision.
SAVINGS: Final = "#1F5A96"
NOTHING: Final = "#D2D2D2"
LOSS: Final = "#E1812C"
INK: Final = "#222222"
MUTED: Final = "#6E6E6E"
ACCENT: Final = "#009E73"

SERIES: Final = ("#1F5A96", "#E1812C", "#009E73", "#B0478F", "#6E6E6E", "#8C6D00")
"""Colours of lines that stand for contracts, in order; `DASHES` tells them apart without colour."""

DASHES: Final = (
    "-",
    (0, (6, 1.5)),
    (0, (2, 1.2)),
    (0, (7, 1.5, 1.5, 1.5)),
    "-",
    (0, (4, 1.2, 1.2, 1.2, 1.2, 1.2)),
)

LIGHT_BAND: Final = "#C9DAEC"
DARK_BAND: Final = "#8FB3D9"

WIDTH: Final = 5.7
"""Width of a picture in inches: readable on a page, and still readable on a phone."""


class Drawing(NamedTuple):
    """What a plot drew: its axes, and the artists by what they show.

    In a notebook it shows itself, unless its figure belongs to pyplot, which then shows it.
    """

    axes: Axes
    artists: Mapping[str, Sequence[Artist]]

    @property
    def figure(self) -> Figure:
        """The figure that holds the axes."""
        figure = self.axes.get_figure(root=True)
        if figure is None:
            raise ValueError("the axes were taken out of their figure")
        return figure

    def png(self) -> bytes:
        """Return the picture as PNG, free of times and versions, so that it repeats byte for byte."""
        return figure_png(self.figure)

    def _repr_png_(self) -> bytes | None:
        """Show the picture where IPython would print the tuple."""
        return None if self.figure.canvas.manager is not None else self.png()


@contextmanager
def house_style() -> Iterator[None]:
    """Set the look of the house for the drawing inside, and put the old one back."""
    with matplotlib.rc_context(_look()):
        yield


@cache
def _look() -> RcParams:
    """Read the look of the house: alone, for `matplotlib.style` reads all of matplotlib's own, too."""
    return matplotlib.rc_params_from_file(STYLE_FILE, use_default_template=False)


def axes_or_new(ax: Axes | None, *, height: float = 4.0, left: float = 0.75, right: float = 0.25) -> Axes:
    """Return `ax`, or axes on a new figure that pyplot does not know.

    Parameters
    ----------
    ax
        Axes of the caller, returned untouched.
    height
        Height of the new figure, inches.
    left, right
        Margins of the new figure, inches: fixed, since fitting them would draw every picture twice.
    """
    if ax is not None:
        return ax
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)
    bottom, top = 0.62, 0.68
    return figure.add_axes(
        (left / WIDTH, bottom / height, (WIDTH - left - right) / WIDTH, (height - bottom - top) / height)
    )


def figure_png(figure: Figure) -> bytes:
    """Return `figure` as PNG in the look of the house."""
    buffer = io.BytesIO()
    with house_style():
        figure.savefig(buffer, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": 3})
    return buffer.getvalue()
