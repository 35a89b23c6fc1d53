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

_AFTER_STANDARD_ERROR = 3


class Beside:
    """Something computed in a copy of this process while this one goes on.

    A copy sees the memory of this process as it stands, so nothing is sent to it; it sends back bytes.
    Where none can be made the work is done here, when it is asked for; so it is where the copy fails,
    and its fault is told as any other.

    Parameters
    ----------
    work
        Computes the bytes, and changes nothing outside of its process.
    """

    def __init__(self, work: Callable[[], bytes]) -> None:
        self._work = work
        self._copy = _start_copy(work) if _may_copy() else None
        if self._copy is not None:
            # A run that fails, or is interrupted, leaves no copy at work behind.
            self._given_up = weakref.finalize(self, _give_up_copy, *self._copy)

    def result(self) -> bytes:
        """Return what the work computed, when it has."""
        if self._copy is None:
            return self._work()
        self._given_up.detach()
        copy, self._copy = self._copy, None
        sent = _received(*copy)
        return self._work() if sent is None else sent


def _may_copy() -> bool:
    """Say whether a copy of this process is safe, and of use.

    A copy has one thread and the locks of all: one that another thread held would never open.
    """
    return sys.platform == "linux" and available_cores() > 1 and threading.active_count() == 1


def _start_copy(work: Callable[[], bytes]) -> tuple[int, int] | None:
    """Start a copy that does `work`; return its number and the pipe through which it sends its bytes, if one can be."""
    try:
        hear, tell = os.pipe()
    except OSError:
        return None
    number = 0
    try:
        # Python drops an interruption that comes while it makes a copy, which takes longer the more memory it has.
        with interrupted_later(), warnings.catch_warnings():
            # Of threads that are not Python's: those of linear algebra, whose library minds copies itself.
            warnings.simplefilter("ignore", DeprecationWarning)
            number = os.fork()
            if number == 0:
                _be_copy(work, tell)
    except OSError:
        os.close(hear)
        return None
    except KeyboardInterrupt:
        if number:
            _give_up_copy(number, hear)
        raise
    finally:
        os.close(tell)
    return number, hear


def _be_copy(work: Callable[[], bytes], tell: int) -> NoReturn:
    """Do the work, send it, and end: without what this process has still to do at its end."""
    status = 1
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        sys.unraisablehook = _end_if_interrupted
        # A file that stays open here would outlive the first process: the lock of a run's folder, or the
        # reading end of another copy's pipe, which could not hear that nobody reads it any more.
        os.closerange(_AFTER_STANDARD_ERROR, tell)
        os.closerange(tell + 1, os.sysconf("SC_OPEN_MAX"))
        # Nobody hears where the first process has ended: then this one ends, too.
        with os.fdopen(tell, "wb") as pipe:
            pipe.write(work())
        status = 0
    finally:
        os._exit(status)


def _end_if_interrupted(fault: sys.UnraisableHookArgs) -> None:
    """End where Python would drop an interruption and say so: in a function that it calls itself."""
    if issubclass(fault.exc_type, KeyboardInterrupt):
        os._exit(1)
    sys.__unraisablehook__(fault)


def _received(number: int, hear: int) -> bytes | None:
    """Return what a copy sends, when it has ended; None if it failed."""
    try:
        with os.fdopen(hear, "rb") as pipe:
            sent = pipe.read()
        return sent if os.waitpid(number, 0)[1] == 0 else None
    except ChildProcessError:
        return None  # Whoever started this process wants to hear of no child's end.
    except KeyboardInterrupt:
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGINT)
        raise


def _give_up_copy(number: int, hear: int) -> None:
    """Let a copy end: nobody will hear it, and it hears what Ctrl-C would say, so that it cleans up behind it."""
    os.close(hear)
    with suppress(ProcessLookupError):
        os.kill(number, signal.SIGINT)
