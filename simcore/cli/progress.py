"""Show how far a run is: a bar on a terminal, a plain line now and then elsewhere, nothing when quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from simcore.cli.printing import money, remarks
from simcore.partial_result import keep_partial
from simcore.run_folder import Folder

if TYPE_CHECKING:
    from simcore.scenario.schema import Scenario

_EVERY = 10.0
"""Seconds between two lines where there is no terminal."""

Told = Callable[[int, "dict[str, Any]"], None]


@contextmanager
def watched(scenario: Scenario, folder: Path, *, quiet: bool) -> Iterator[Told]:
    """Give what a run tells its progress to; on an interruption keep what is done and say how to go on."""
    try:
        with _display(scenario.simulation.replicates, quiet=quiet) as told:
            yield told
    except KeyboardInterrupt as interruption:
        _say_what_is_left(scenario, folder)
        raise typer.Exit(130) from interruption


@contextmanager
def finishing(folder: Path) -> Iterator[None]:
    """Say what an interruption leaves of a run whose result is whole."""
    try:
        yield
    except KeyboardInterrupt as interruption:
        whole = Folder(folder).result
        typer.echo(f"interrupted: {whole} is whole; the same command with --resume writes the rest", err=True)
        raise typer.Exit(130) from interruption


def _say_what_is_left(scenario: Scenario, folder: Path) -> None:
    """Make of what is done a result to look at, and say where it is and how to go on."""
    typer.echo("interrupted: keeping what is done ...", err=True)
    kept = keep_partial(scenario, folder)
    whole = Folder(folder).result
    if kept is not None:
        path, done = kept
        typer.echo(f"interrupted: {done:,} replicates are in {path}", err=True)
    elif whole.exists():
        typer.echo(f"interrupted: {whole} is as it was", err=True)
    typer.echo("go on with the same command and --resume", err=True)


@contextmanager
def _display(replicates: int, *, quiet: bool) -> Iterator[Told]:
    """Give a function that shows replicates done, and the error of the first option's mean so far."""
    error = _RunningError()
    if quiet:
        yield lambda done, arrays: None
    elif sys.stderr.isatty():
        columns = (
            TextColumn("simulating"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[error]}"),
        )
        with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=remarks()) as bar:
            task = bar.add_task("replicates", total=replicates, error="")

            def advance(done: int, arrays: dict[str, Any]) -> None:
                bar.update(task, advance=done, error=error.told(arrays))
                if bar.finished:
                    bar.stop()  # Its thread would be in the way of a copy of this process.

            yield advance
    else:
        yield _PlainLines(replicates, error)


class _PlainLines:
    """A line of progress every few seconds."""

    def __init__(self, replicates: int, error: _RunningError) -> None:
        self.replicates, self.error = replicates, error
        self.done, self.start = 0, time.monotonic()
        self.last = self.start

    def __call__(self, done: int, arrays: dict[str, Any]) -> None:
        """Count a block, and print a line if it is time."""
        self.done += done
        error, now = self.error.told(arrays), time.monotonic()
        if now - self.last >= _EVERY:
            self.last = now
            rate = self.done / (now - self.start)
            left = (self.replicates - self.done) / rate
            typer.echo(
                f"{self.done:,} of {self.replicates:,} replicates, {rate:,.0f} a second, {left:,.0f} s left; {error}",
                err=True,
            )


class _RunningError:
    """The standard error so far of the widest option's mean net settlement over the agreement."""

    def __init__(self) -> None:
        self.count = 0
        self.mean: Any = 0.0
        self.squares: Any = 0.0

    def told(self, arrays: dict[str, Any]) -> str:
        """Take in a block, and say how large the error is now."""
        total = arrays["net_settlement"].sum(axis=1)
        count, mean = total.shape[-1], total.mean(axis=-1)
        # Means and squares of two parts make those of the whole (Chan, Golub and LeVeque, 1979).
        behind, together = mean - self.mean, self.count + count
        self.squares = (
            self.squares
            + np.square(total - mean[:, np.newaxis]).sum(axis=-1)
            + np.square(behind) * (self.count * count / together)
        )
        self.mean = self.mean + behind * (count / together)
        self.count = together
        if together < 2:
            return ""
        error = np.sqrt(self.squares / (together - 1.0) / together)
        return f"error of a mean at most {money(float(error.max()))}"
