"""Set up the process of one verb, which is the program's own: a library would leave these settings alone."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 1_000_000
"""Objects between two collections of garbage: imports make many, of which none is garbage."""


def set_up_process() -> None:
    """Spare a short run what only a long-lived process needs.

    Collections while libraries are imported, and one of all that they hold at the end, took half a
    second; so did threads of linear algebra that wait for work on the cores where blocks are simulated.
    """
    gc.set_threshold(SELDOM, 10, 10)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
    # Read by the library when NumPy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Read by matplotlib: a verb draws into files, whatever windows the session that calls it draws in.
    os.environ["MPLBACKEND"] = "agg"


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM end a verb as Ctrl-C does: what it was writing is put away, and the exit status is 130."""
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
