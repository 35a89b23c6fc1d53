"""Do a piece of work in a copy of this process, while this one goes on."""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from simcore.executors import available_cores
from simcore.interruption import interrupted_later

Write = Callable[[], None]


class Beside:
    """Work done in a copy of this process while this one goes on: it computes, waits for a word, and writes files.

    A copy sees the memory of this process as it stands, so nothing is sent to it, and it sends back
    nothing. Where none can be made the work is done here, by `finish`; so it is where the copy fails,
    and its fault is told as any other.

    Parameters
    ----------
    work
        Computes, and returns what writes its files: that is called when `finish` is, or never.
    """

    def __init__(self, work: Callable[[], Write]) -> None:
        self._work = work
        self._copy = _start_copy(work) if _may_copy() else None
        if self._copy is not None:
            # A run that fails, or is interrupted, leaves no copy at work behind.
            self._given_up = weakref.finalize(self, _give_up_copy, *self._copy)

    def finish(self) -> None:
        """Let the files be written, and return when they are."""
        if self._copy is not None:
            self._given_up.detach()
        if self._copy is None or not _finish_copy(*self._copy):
            self._work()()


def _may_copy() -> bool:
    """Say whether a copy of this process is safe, and of use.

    A copy has one thread and the locks of all: one that another thread held would never open.
    """
    return sys.platform == "linux" and available_cores() > 1 and threading.active_count() == 1


def _start_copy(work: Callable[[], Write]) -> tuple[int, int]:
    """Start a copy that does `work`; return its number, and the pipe through which it hears that it may write."""
    hear, tell = os.pipe()
    number = 0
    try:
        # Python drops an interruption that comes while it makes a copy, which takes longer the more memory it has.
        with interrupted_later(), warnings.catch_warnings():
            # Of threads that are not Python's: those of linear algebra, whose library minds copies itself.
            warnings.simplefilter("ignore", DeprecationWarning)
            number = os.fork()
            if number == 0:
                _be_copy(work, hear, tell)
    except KeyboardInterrupt:
        if number:
            _give_up_copy(number, tell)
        raise
    os.close(hear)
    return number, tell


def _be_copy(work: Callable[[], Write], hear: int, tell: int) -> NoReturn:
    """Do the work, write if there is a word, and end: without what this process has still to do at its end."""
    status = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        os.close(tell)
        write = work()
        # Nothing comes where the first process has ended: then nothing is written.
        if os.read(hear, 1):
            write()
            status = 0
    finally:
        os._exit(status)


def _finish_copy(number: int, tell: int) -> bool:
    """Let a copy write its files, wait for it, and say whether all went well."""
    try:
        os.write(tell, b"!")
    except BrokenPipeError:
        pass  # It has failed already, which its status says.
    finally:
        os.close(tell)
    try:
        return os.waitpid(number, 0)[1] == 0
    except KeyboardInterrupt:
        os.kill(number, signal.SIGINT)
        raise


def _give_up_copy(number: int, tell: int) -> None:
    """Let a copy end: it gets no word, and hears what Ctrl-C would say, so that it cleans up behind it."""
    os.close(tell)
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGINT)
