"""Set up the process of one verb, which is the program's own: a library would leave these settings alone."""

from __future__ import annotations

import atexit
import gc
import os

SELDOM = 100_000
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
