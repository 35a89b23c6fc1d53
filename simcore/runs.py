"""Run a scenario in its folder: blocks as they are made, so that an interrupted run goes on where it stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import chain
from pathlib import Path

import xarray as xr

from simcore.dataset import Array
from simcore.errors import ResultError
from simcore.executors import Executor
from simcore.memory import machine_memory
from simcore.run_folder import (
    Folder,
    Store,
    alone_in,
    clear,
    keep,
    make_partial,
    read_block,
    replicates_of,
    what_is_there,
)
from simcore.scenario.schema import Scenario
from simcore.simulate import Block, Study, blocks_of, gather, label, prepare, simulate_block
from simcore.store import read, save
from simcore.vocabulary import REPLICATE, VARIABLES
from simcore.zarr_store import MOST_REPLICATES, ZarrWriter, opened, put_in_place, zarr_library

KEEP_EVERY = 5.0
"""Seconds of work that a killed process may lose: writing every block of a short run would double its time."""

MOST_WAITING_BYTES = 150_000_000
"""Memory of blocks that wait to be kept: more than a short run has."""

IN_MEMORY = 2.5
"""Memory that a result takes while it is made and written as a netCDF file, in its own size."""

FEW = 100_000
"""Replicates of which nobody asks whether memory holds them."""

Progress = Callable[[int, "dict[str, Array]"], None]
"""Told how many replicates more are done, and their net settlements at least, which lie in a block or on disk."""


def run_in_folder(
    scenario: Scenario,
    folder: Path,
    *,
    executor: Executor,
    study: Study | None = None,
    store: Store = "netcdf",
    overwrite: bool = False,
    resume: bool = False,
    progress: Progress | None = None,
    ready: Callable[[xr.Dataset], None] | None = None,
) -> xr.Dataset:
    """Simulate `scenario`, keep every finished block on disk, and write the result whole.

    Parameters
    ----------
    scenario
        What to simulate.
    folder
        Folder of the run; made if absent.
    executor
        Who runs the blocks.
    study
        The scenario made ready, where the caller has it.
    store
        ``netcdf``: the result is made in memory and written as ``result.nc``. ``zarr``: it is written
        to ``result.zarr`` as it is made, so that memory does not grow with the replicates.
    overwrite
        Replace a result that is there.
    resume
        Go on from the blocks, or from the smaller result, that are there: the same bits as an
        undisturbed run, because a draw has an address.
    progress
        Told of every finished block, and first of what is there already.
    ready
        Told of a result that is made in memory, before it is written.

    Returns
    -------
    xr.Dataset
        The result. In a Zarr store it stays on disk, and a variable is read each time it is used.

    Raises
    ------
    ResultError
        If the folder holds a result and neither `overwrite` nor `resume` is set, if what is there is
        of another scenario, law or version, if another run is at work there, or if nothing can be
        written.
    """
    place = Folder(folder)
    study = study or prepare(scenario)
    with alone_in(place):
        done = what_is_there(place, study, overwrite=overwrite, resume=resume)
        make_partial(place, study)
        if store == "zarr":
            result = _made_on_disk(place, study, done, executor, progress)
        else:
            result = _made_in_memory(place, study, done, executor, progress)
            with _kept_for_another_try(place, result, done):
                if ready is not None:
                    ready(result)
                save(result, place.result_as("netcdf"))
        clear(place, store)
    result.attrs.pop("content_digest", None)
    return result


def choose_store(
    scenario: Scenario, folder: Path, *, asked: Store | None = None, resume: bool = False
) -> tuple[Store, str]:
    """Choose how a run is stored: as it is asked, as what is there is, else by this machine's memory.

    What is there as netCDF goes on as Zarr where memory does not suffice: blocks serve either form.

    Returns
    -------
    store, reason
        The reason is empty unless memory decided.

    Raises
    ------
    ResultError
        If what is there to go on from has another form than is asked, or zarr is needed and absent.
    """
    place = Folder(folder)
    under_way = place.under_way if resume else None
    if asked == "netcdf" and under_way == "zarr":
        message = "holds blocks of a run with --store zarr; go on with that, or run without --resume"
        raise ResultError(str(place.partial), message)
    found = asked or under_way or (place.stored if resume else None)
    if found == "zarr":
        zarr_library("--store zarr")
        return found, ""
    reason = "" if asked is not None else _beyond_memory(scenario)
    if not reason:
        return "netcdf", ""
    zarr_library(f"{reason} It must be written as it is made, with --store zarr")
    return "zarr", f"{reason} It is written to {place.result_as('zarr')} as it is made, as with --store zarr."


def _beyond_memory(scenario: Scenario) -> str:
    """Return a sentence if a result cannot be made in memory."""
    replicates, memory = scenario.simulation.replicates, machine_memory()
    if replicates < FEW or memory is None:
        return ""
    one = simulate_block(prepare(scenario), Block(0, 1))
    size = replicates * sum(array.nbytes for array in one.values())
    if IN_MEMORY * size <= memory:
        return ""
    return (
        f"The result of {replicates:,} replicates has {size / 1e9:,.0f} GB, too much to be made "
        f"in the {memory / 1e9:,.0f} GB of memory of this machine."
    )


def _made_in_memory(
    place: Folder, study: Study, done: xr.Dataset | None, executor: Executor, progress: Progress | None
) -> xr.Dataset:
    """Make a result in memory."""
    replicates = study.scenario.simulation.replicates
    wanted = blocks_of(replicates, first=done.sizes[REPLICATE] if done is not None else 0)
    if done is not None and progress is not None:
        progress(done.sizes[REPLICATE], _arrays(done))
    with closing(_finish(place, study, wanted, executor, progress)) as made:
        parts = made if done is None else chain([_arrays(done)], made)
        return label(study, gather(parts, replicates))


@contextmanager
def _kept_for_another_try(place: Folder, result: xr.Dataset, done: xr.Dataset | None) -> Iterator[None]:
    """Keep the blocks of a result if its writing is interrupted, or fails for another reason than its place."""
    try:
        yield
    except ResultError:
        raise
    except BaseException:
        arrays, first = _arrays(result), 0 if done is None else done.sizes[REPLICATE]
        with suppress(ResultError):
            for block in blocks_of(result.sizes[REPLICATE], first=first):
                part = {name: array[..., block.first : block.end] for name, array in arrays.items()}
                keep(place, {block: part})
        raise


def _made_on_disk(
    place: Folder, study: Study, done: xr.Dataset | None, executor: Executor, progress: Progress | None
) -> xr.Dataset:
    """Write a result as it is made, and give it its name when it is whole."""
    replicates = study.scenario.simulation.replicates
    target = place.result_as("zarr")
    if done is not None and place.stored == "zarr" and done.sizes[REPLICATE] == replicates:
        return done
    try:
        writer = _writer(place, replicates)
        _tell_what_is_there(writer, done, progress)
        _copy(done, writer)
        at = writer.put_so_far
        wanted = blocks_of(replicates, first=at)
        with closing(
            _finish(place, study, wanted, executor, progress, written=lambda: writer.written)
        ) as made:
            for arrays in made:
                writer.put(label(study, arrays, first_replicate=at))
                at += replicates_of(arrays)
        writer.finish(study.attributes)
        put_in_place(writer.path, target)
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}; what is done is kept for --resume"
        raise ResultError(str(target), message) from error
    return read(target, lazy=True)


def _writer(place: Folder, replicates: int) -> ZarrWriter:
    """Take up the store that an interrupted run was making, or begin one."""
    left = place.partial_as("zarr")
    if left.exists() and not place.growing.exists():
        left.rename(place.growing)
    return ZarrWriter(place.growing, replicates)


def _tell_what_is_there(writer: ZarrWriter, done: xr.Dataset | None, progress: Progress | None) -> None:
    """Tell of the replicates of a store in the making, or of the smaller result that is copied to it."""
    there, end = done, 0 if done is None else done.sizes[REPLICATE]
    if writer.written > end:
        there, end = opened(writer.path), writer.written
    if there is None or progress is None:
        return
    for start in range(0, end, MOST_REPLICATES):
        part = there.isel({REPLICATE: slice(start, min(start + MOST_REPLICATES, end))})
        progress(part.sizes[REPLICATE], {"net_settlement": part["net_settlement"].values})


def _copy(done: xr.Dataset | None, writer: ZarrWriter) -> None:
    """Put what a smaller result has and the store does not."""
    end = 0 if done is None else done.sizes[REPLICATE]
    for start in range(writer.written, end, MOST_REPLICATES):
        assert done is not None
        writer.put(done.isel({REPLICATE: slice(start, start + MOST_REPLICATES)}))


def _finish(
    place: Folder,
    study: Study,
    wanted: list[Block],
    executor: Executor,
    progress: Progress | None,
    *,
    written: Callable[[], int] = lambda: 0,
) -> Generator[dict[str, Array], None, None]:
    """Yield every block in order: from disk if it is there, else simulated, and kept on disk now and then.

    `written` tells up to which replicate the taker has stored them for good: they need not be kept.
    """
    stored = {block for block in wanted if read_block(place.block(block)) is not None}
    made = iter(executor(partial(simulate_block, study), [block for block in wanted if block not in stored]))
    waiting: dict[Block, dict[str, Array]] = {}
    safe, last = 0, time.monotonic()
    try:
        for block in wanted:
            # A block that was whole a moment ago and is no more is drawn here.
            arrays = (
                (read_block(place.block(block)) or simulate_block(study, block)) if block in stored else None
            )
            if arrays is None:
                arrays = waiting[block] = next(made)
            if progress is not None:
                progress(block.end - block.first, arrays)
            yield arrays
            if written() > safe:
                before, safe = safe, written()
                _forget(place, waiting, [one for one in wanted if before < one.end <= safe])
            if time.monotonic() - last > KEEP_EVERY or _bytes(waiting) > MOST_WAITING_BYTES:
                keep(place, waiting)
                last = time.monotonic()
    except BaseException:
        keep(place, waiting)
        raise


def _forget(place: Folder, waiting: dict[Block, dict[str, Array]], blocks: list[Block]) -> None:
    """Drop blocks that are stored for good, from memory and from disk."""
    for block in blocks:
        waiting.pop(block, None)
        place.block(block).unlink(missing_ok=True)


def _bytes(waiting: dict[Block, dict[str, Array]]) -> int:
    """Return the memory that blocks take while they wait to be kept."""
    return sum(array.nbytes for arrays in waiting.values() for array in arrays.values())


def _arrays(result: xr.Dataset) -> dict[str, Array]:
    """Return the arrays of a stored result as a block has them."""
    return {
        str(name): variable.values for name, variable in result.data_vars.items() if str(name) in VARIABLES
    }
