"""Write on a picture: ticks in dollars or percent, a title that is a sentence, labels that do not overlap."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from itertools import pairwise

import matplotlib
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator

from simcore.plots.style import MUTED
from simcore.plots.words import MINUS, money


def money_axis(axis: Axis) -> None:
    """Write the ticks of `axis` as dollars."""
    axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _tick_money(value)))


def _tick_money(value: float) -> str:
    """Return a tick's dollars without trailing zeros."""
    text = money(value)
    body, unit = (text[:-1], text[-1]) if text[-1].isalpha() else (text, "")
    return (body.rstrip("0").rstrip(".") if "." in body else body) + unit


def percent_axis(axis: Axis, places: int = 0, intervals: int = 6) -> None:
    """Write the ticks of `axis` as percent."""
    axis.set_major_locator(MaxNLocator(intervals, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: _tick_percent(value, places)))


def _tick_percent(value: float, places: int) -> str:
    """Return a tick's percent: exact, so never '<1%'."""
    text = f"{abs(100.0 * value):.{places}f}" if places else f"{abs(100.0 * value):.3g}"
    return f"{MINUS if value < -1e-12 else ''}{text}%"


def axis_by_units(axis: Axis, units: str) -> None:
    """Write ticks as dollars for USD, as percent for fractions."""
    if units == "USD":
        money_axis(axis)
    else:
        percent_axis(axis)


def name_rows(axes: Axes, rows: Iterable[float], names: Sequence[str]) -> list[Text]:
    """Name the rows of a picture at its left.

    As text where a tick's label would stand: a tick has three lines as well, and it takes longer to
    make and to lay out those that are not seen than to draw the name.
    """
    place, vertical, horizontal = axes.get_yaxis_text1_transform(matplotlib.rcParams["ytick.major.pad"])
    look = {
        "fontsize": matplotlib.rcParams["ytick.labelsize"],
        "color": matplotlib.rcParams["ytick.labelcolor"],
    }
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    return [
        axes.text(0.0, row, name, transform=place, va=vertical, ha=horizontal, **look)
        for row, name in zip(rows, names, strict=True)
    ]


def set_title(ax: Axes, title: str, note: str = "") -> Text:
    """Put a sentence over `ax`, wrapped to the figure's width, and a smaller note under it."""
    width = ax.get_window_extent().width / ax.figure.dpi
    left = ax.get_window_extent().x0 / ax.figure.dpi
    # The title starts at the figure's left edge: a long row label would else push it to the right.
    start = -(left - 0.12) / width
    characters = int((ax.figure.bbox.width / ax.figure.dpi - 0.2) * 10.6)
    lines = _balanced(title, characters)
    note_height = 0.0
    if note:
        ax.annotate(
            note,
            (start, 1.0),
            xycoords="axes fraction",
            xytext=(0, 7),
            textcoords="offset points",
            fontsize=8,
            color=MUTED,
            annotation_clip=False,
        )
        note_height = 13.0
    # A stated height spares matplotlib a second layout of every label: a tenth of the time of a picture.
    return ax.set_title(lines, x=start, y=1.0, loc="left", pad=8.0 + note_height)


def _balanced(text: str, width: int) -> str:
    """Break `text` into as few lines as `width` characters allow, about equally long."""
    count = len(textwrap.wrap(text, width))
    for narrower in range(max(len(text) // max(count, 1), 1), width):
        lines = textwrap.wrap(text, narrower)
        if len(lines) <= count:
            return "\n".join(lines)
    return textwrap.fill(text, width)


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Return `positions` moved apart as little as is needed for labels `gap` high not to overlap."""
    order = sorted(range(len(positions)), key=lambda i: positions[i])
    moved = list(positions)
    # A few sweeps settle the handful of labels of a picture.
    for _ in range(60):
        for below, above in pairwise(order):
            overlap = gap - (moved[above] - moved[below])
            if overlap > 1e-9:
                moved[below] -= overlap / 2.0
                moved[above] += overlap / 2.0
    return moved
