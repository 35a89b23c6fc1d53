"""Who runs the blocks: anything that behaves like the built-in `map` and keeps its order.

This file alone decides how many blocks run at once and where. dask is named here and nowhere
else, and is imported only when it is asked for.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from simcore.errors import SimcoreError

Item = TypeVar("Item")
Result = TypeVar("Result")


class Executor(Protocol):
    """Map a function over items: lazily, in the items' order."""

    def __call__(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """Return the results in the order of `items`."""
        ...


def available_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def serial() -> Executor:
    """Run one block after another in this thread."""

    def run(function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        return map(function, items)

    return run


def threads(number: int | None = None) -> Executor:
    """Run blocks on `number` threads (default: every core this process may use).

    The kernels release the interpreter's lock. At most two blocks a thread are under way or
    waiting to be taken, so memory does not grow with the number of blocks.
    """
    workers = available_cores() if number is None else number
    if workers < 1:
        raise SimcoreError("threads", f"{workers} is no number of threads; allowed: 1 and more")

    def run(function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        with ThreadPoolExecutor(workers) as pool:
            yield from _windowed(pool.submit, lambda future: future.result(), function, items, 2 * workers)

    return run


def dask(scheduler: str | None = None) -> Executor:
    """Run blocks on a `dask.distributed` cluster.

    Parameters
    ----------
    scheduler
        Address of the scheduler, such as ``tcp://10.0.0.5:8786``; absent, a cluster of one process
        a core is started on this machine and closed with the run. A worker that dies is replaced by
        the scheduler, which runs its blocks elsewhere: a block's draws have addresses, so it gives
        the same bits there.
    """
    try:
        import distributed
    except ModuleNotFoundError as error:
        message = "dask is not installed; install it with: pip install 'simcore[dask]'"
        raise SimcoreError("executor", message) from error

    def run(function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        client = _client(distributed, scheduler)
        try:
            client.register_plugin(_own_kernels(distributed))
            shared = client.scatter(function, broadcast=True, hash=False)
            cores = max(1, sum(client.ncores().values()))

            def submit(_: Callable[[Item], Result], item: Item) -> Any:
                return client.submit(_call, shared, item, pure=False, retries=3)

            yield from _windowed(submit, lambda future: future.result(), function, items, 4 * cores)
        finally:
            client.close()

    return run


def _client(distributed: Any, scheduler: str | None) -> Any:
    """Return a client of the cluster at `scheduler`, or of a new one on this machine."""
    if scheduler is None:
        cluster = distributed.LocalCluster(
            n_workers=available_cores(), threads_per_worker=1, processes=True, dashboard_address=None
        )
        return distributed.Client(cluster)
    try:
        return distributed.Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        message = f"no dask scheduler answers at {scheduler!r} ({error}); allowed: an address such as tcp://HOST:8786"
        raise SimcoreError("scheduler", message) from error


def _call(function: Callable[[Item], Result], item: Item) -> Result:
    """Apply a function that was sent to the worker once to one item."""
    return function(item)


def _own_kernels(distributed: Any) -> Any:
    """Return a plugin that lets every worker, those that replace a lost one too, compile for itself.

    Workers must not share numba's disk cache, which races between processes (numba #4807, #10128).
    """

    class OwnKernels(distributed.WorkerPlugin):  # type: ignore[misc]
        """Turns the disk cache of kernels off before a worker imports them."""

        name = "simcore-own-kernels"

        def setup(self, worker: object) -> None:
            """Set what `simcore.kernels.compile` reads."""
            os.environ["SIMCORE_KERNEL_CACHE"] = "off"

    return OwnKernels()


def _windowed(
    submit: Callable[[Callable[[Item], Result], Item], Any],
    wait: Callable[[Any], Result],
    function: Callable[[Item], Result],
    items: Iterable[Item],
    window: int,
) -> Iterator[Result]:
    """Yield results in order with at most `window` items under way."""
    waiting: deque[Any] = deque()
    try:
        for item in items:
            if len(waiting) >= window:
                yield wait(waiting.popleft())
            waiting.append(submit(function, item))
        while waiting:
            yield wait(waiting.popleft())
    finally:
        for future in waiting:
            future.cancel()
