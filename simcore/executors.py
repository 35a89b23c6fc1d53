"""Who runs the blocks: anything that behaves like the built-in `map` and keeps its order.

This file alone decides how many blocks run at once and where. dask is named here and nowhere
else, and is imported only when it is asked for.
"""

from __future__ import annotations

import logging
import os
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from simcore.errors import SimcoreError

FIRST_WORKER = 30.0
LOOK_EVERY = 5.0
WITHOUT_WORKERS = 120.0
"""Seconds: for a first worker to join, between looks at a cluster, and for lost workers to come back."""

_GO_ON = "blocks that are done are kept: go on with the same command and --resume"

MOST_THREADS = 1_024
"""Two blocks a thread are held at once: more threads than any machine has cores only fill its memory."""

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
    if not 1 <= workers <= MOST_THREADS:
        raise SimcoreError("threads", f"{workers} is no number of threads; allowed: 1 to {MOST_THREADS:,}")

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
    _unhide("dask")
    try:
        import distributed
    except ModuleNotFoundError as error:
        message = "dask is not installed; install it with: pip install 'simcore[dask]'"
        raise SimcoreError("executor", message) from error

    def run(function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        client = _client(distributed, scheduler)
        # It logs the traceback of a lost scheduler, which is told in words here.
        log = logging.getLogger("distributed.client")
        level = log.level
        log.setLevel(logging.CRITICAL)
        try:
            _check_workers(client, scheduler)
            client.register_plugin(_own_kernels(distributed))
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", message="Sending large graph")
                # A task, not scattered data: it is made again when the workers that have it are lost.
                shared = client.submit(_same, function, pure=False)
            cores = max(1, sum(client.ncores().values()))

            def submit(_: Callable[[Item], Result], item: Item) -> Any:
                return client.submit(_call, shared, item, pure=False, retries=3)

            def wait(future: Any) -> Any:
                return _result(distributed, client, future)

            yield from _windowed(submit, wait, function, items, 4 * cores)
        finally:
            client.close()
            log.setLevel(level)

    return run


@contextmanager
def dask_hidden() -> Iterator[None]:
    """Let libraries find no dask, unless `dask` asks for it.

    Where dask is installed, xarray imports all of it at its first array, to see whether that is one
    of dask's: a tenth of a short run, and simcore hands it none. A program may hide it, a library may
    not; it does nothing where xarray is imported already, which then may have seen dask.
    """
    hidden = "xarray" not in sys.modules and sys.modules.setdefault("dask", _ABSENT) is _ABSENT
    try:
        yield
    finally:
        if hidden:
            _unhide("dask")


_ABSENT: Any = None
"""What Python takes, in the place of a module, for the word that there is none."""


def _unhide(name: str) -> None:
    """Let the module `name` be found again."""
    if sys.modules.get(name) is _ABSENT:
        sys.modules.pop(name, None)


def _client(distributed: Any, scheduler: str | None) -> Any:
    """Return a client of the cluster at `scheduler`, or of a new one on this machine."""
    if scheduler is None:
        # Any free port of the loopback: without an address, 8787 on every network of this machine is taken.
        cluster = distributed.LocalCluster(
            n_workers=available_cores(),
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        )
        return distributed.Client(cluster)
    try:
        return distributed.Client(scheduler, timeout=10)
    except (OSError, ValueError) as error:
        message = f"no dask scheduler answers at {scheduler!r} ({error}); allowed: an address such as tcp://HOST:8786"
        raise SimcoreError("scheduler", message) from error


def _check_workers(client: Any, scheduler: str | None) -> None:
    """Wait for a first worker, and refuse any that would draw with other code."""
    here = scheduler or "this machine"
    try:
        client.wait_for_workers(1, timeout=FIRST_WORKER)
    except TimeoutError as error:
        message = f"no worker has joined {here}; start one on each machine with: dask worker {here}"
        raise SimcoreError("scheduler", message) from error
    own = _installed()
    faults = []
    for worker, found in client.run(_installed_there()).items():
        if found is None:
            faults.append(f"worker {worker} has no simcore; install {own[0]} there")
        elif found != own:
            faults.append(
                f"worker {worker} has another simcore ({found[0]}); install this one ({own[0]}) there"
            )
    if faults:
        raise SimcoreError("scheduler", faults)


def _installed() -> tuple[str, str]:
    """Return the version of this package, and a digest of its sources."""
    found: tuple[str, str] = _installed_there()()
    return found


def _installed_there() -> Callable[[], Any]:
    """Return a function that a worker without this package can run too: it travels by value."""

    def installed() -> tuple[str, str] | None:
        """Return version and digest of the sources, or nothing where the package is absent."""
        import hashlib
        import importlib.metadata
        import importlib.util
        import pathlib

        spec = importlib.util.find_spec("simcore")
        if spec is None or spec.origin is None:
            return None
        digest, folder = hashlib.sha256(), pathlib.Path(spec.origin).parent
        for source in sorted(folder.rglob("*.py")):
            digest.update(str(source.relative_to(folder)).encode() + source.read_bytes())
        return importlib.metadata.version("simcore"), digest.hexdigest()

    return installed


def _result(distributed: Any, client: Any, future: Any) -> Any:
    """Wait for a block, and say in words what a cluster that does not give it has lost."""
    alone_since = None
    while True:
        try:
            return future.result(timeout=LOOK_EVERY)
        except distributed.scheduler.KilledWorker as error:
            message = (
                "a block ended every worker that tried it, most likely for want of memory; "
                "allowed: workers with more"
            )
            raise SimcoreError("cluster", message) from error
        except (CancelledError, distributed.client.FutureCancelledError, OSError) as error:
            if not isinstance(error, TimeoutError) or client.status != "running":
                raise SimcoreError("cluster", f"the scheduler was lost; {_GO_ON}") from error
        if client.scheduler_info()["workers"]:
            alone_since = None
        elif alone_since is None:
            alone_since = time.monotonic()
        elif time.monotonic() - alone_since > WITHOUT_WORKERS:
            raise SimcoreError("cluster", f"all workers were lost, and none has come back; {_GO_ON}")


def _same(function: Callable[[Item], Result]) -> Callable[[Item], Result]:
    """Return a function that is sent to the cluster once."""
    return function


def _call(function: Callable[[Item], Result], item: Item) -> Result:
    """Apply a function that is on the worker already to one item."""
    return function(item)


def _own_kernels(distributed: Any) -> Any:
    """Return a plugin that lets every worker, those that replace a lost one too, compile for itself.

    Workers must not share numba's disk cache, which races between processes (numba #4807, #10128).
    """

    class OwnKernels(distributed.WorkerPlugin):  # type: ignore[misc]
        """Turns the disk cache of kernels off, before a worker imports them or after."""

        name = "simcore-own-kernels"

        def setup(self, worker: object) -> None:
            """Set what `simcore.kernels.compile` reads, and tell it if it has read it already."""
            os.environ["SIMCORE_KERNEL_CACHE"] = "off"
            imported: Any = sys.modules.get("simcore.kernels.compile")
            if imported is not None:
                imported.stop_keeping()

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
