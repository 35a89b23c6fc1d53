"""Words to the user: JSON, tables and money on standard output; everything else on standard error."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TextIO

import typer
from rich.console import Console
from rich.table import Table

from simcore.errors import SimcoreError

_QUIET: ContextVar[bool] = ContextVar("quiet", default=False)


def be_quiet(quiet: bool) -> bool:
    """Say from here on whether remarks are to be kept back, and return it."""
    _QUIET.set(quiet)
    return quiet


def print_json(content: object) -> None:
    """Print one JSON object on standard output; a number that does not exist is null."""
    typer.echo(json_text(content))


def json_text(content: object, *, indent: int | None = None) -> str:
    """Return content as JSON that every reader accepts: a number that does not exist is null."""
    return json.dumps(_finite(content), ensure_ascii=False, allow_nan=False, indent=indent)


def _finite(content: object) -> object:
    """Replace what JSON has no word for (not-a-number, infinity) by null, all the way down."""
    if isinstance(content, dict):
        return {str(key): _finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    if isinstance(content, float) and not math.isfinite(content):
        return None
    return content


def console() -> Console:
    """Return the console of standard output: as wide as the terminal, or 120 columns in a file."""
    return _console(sys.stdout)


def remarks() -> Console:
    """Return the console of standard error, for notes and progress; it says nothing where quiet is asked for."""
    return Console(quiet=True) if _QUIET.get() else _console(sys.stderr)


def _console(stream: TextIO | None) -> Console:
    """Return a console that shows text as it is: rich would read ``[/x]`` in a title as its markup.

    Python has no stream where the caller closed it: what is said is then lost, as it asked for.
    """
    if stream is None:
        return Console(quiet=True)
    width = None if stream.isatty() else 120
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str = ""
) -> None:
    """Print a table whose first column is text and whose other columns are numbers."""
    table = Table(title=title, caption=caption or None, title_justify="left", caption_justify="left")
    for position, column in enumerate(columns):
        table.add_column(column, justify="left" if position == 0 else "right", no_wrap=position == 0)
    for row in rows:
        table.add_row(*row)
    console().print(table)


@contextmanager
def titled_by_file(title: str, path: Path) -> Iterator[None]:
    """Name the file in a fault that names a scenario by its title, which is what stands inside."""
    try:
        yield
    except SimcoreError as error:
        if error.source != title:
            raise
        raise type(error)(str(path), error.problems) from error


def money(value: float, error: float | None = None) -> str:
    """Return an amount in readable units, with its standard error in the same units."""
    size = max(abs(value), abs(error or 0.0))
    scale, suffix = next(((s, u) for s, u in ((1e9, "B"), (1e6, "M"), (1e3, "K")) if size >= s), (1.0, ""))
    digits = 0 if scale == 1.0 else 2
    text = (
        f"${value / scale:,.{digits}f}{suffix}" if value >= 0 else f"-${-value / scale:,.{digits}f}{suffix}"
    )
    return text if error is None else f"{text} ± {error / scale:,.{max(digits, 2)}f}"


def percent(value: float, error: float | None = None, digits: int = 1) -> str:
    """Return a fraction as a percentage, with its standard error in points."""
    text = f"{100.0 * value:.{digits}f}%"
    return text if error is None else f"{text} ± {100.0 * error:.{digits}f}"
