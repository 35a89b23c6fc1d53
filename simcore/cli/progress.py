"""Show how far a run is: a bar on a terminal, a plain line now and then elsewhere, nothing when quiet."""

from __future__ import annotations

import signal
import sys
import threading
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
from simcore.runs import Folder, finished_part
from simcore.store import save

if TYPE_CHECKING:
    from simcore.scenario.schema import Scenario

_EVERY = 10.0
"""Seconds between two lines where there is no terminal."""

Told = Callable[[int, "dict[str, Any]"], None]


@contextmanager
def watched(scenario: Scenario, folder: Path, *, quiet: bool) -> Iterator[Told]:
    """Give what a run tells its progress to; on an interruption keep what is done and say how to go on."""
    with _terminated_like_interrupted():
        try:
            with _display(scenario.simulation.replicates, quiet=quiet) as told:
                yield told
        except KeyboardInterrupt as interruption:
            part = finished_part(scenario, folder)
            done = 0 if part is None else part.sizes["replicate"]
            if part is not None:
                kept = save(part, Folder(folder).partial_result)
                typer.echo(f"interrupted: {done:,} replicates are in {kept}", err=True)
            typer.echo("go on with the same command and --resume", err=True)
            raise typer.Exit(130) from interruption


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


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
        self.parts: list[np.ndarray[Any, np.dtype[np.float64]]] = []

    def told(self, arrays: dict[str, Any]) -> str:
        """Take in a block, and say how large the error is now."""
        self.parts.append(arrays["net_settlement"].sum(axis=1))
        seen = np.concatenate(self.parts, axis=-1)
        if seen.shape[-1] < 2:
            return ""
        return f"error of a mean at most {money(float((seen.std(axis=-1, ddof=1) / np.sqrt(seen.shape[-1])).max()))}"
