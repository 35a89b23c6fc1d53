"""A run's folder: blocks as they are made, so that an interrupted run goes on where it stopped."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import xarray as xr

from simcore.dataset import Array
from simcore.errors import ResultError
from simcore.executors import Executor
from simcore.scenario.schema import Scenario
from simcore.simulate import Block, Study, blocks_of, gather, label, prepare, simulate_block
from simcore.store import load, save, written_whole
from simcore.vocabulary import VARIABLES

RESULT = "result.nc"
PARTIAL = "partial"
_STAMP = "stamp.json"

KEEP_EVERY = 5.0
"""Seconds of work that a killed process may lose: writing every block of a short run would double its time."""

MOST_WAITING_BYTES = 150_000_000
"""Memory of blocks that wait to be kept: more than a short run has."""

Progress = Callable[[int, "dict[str, Array]"], None]
"""Told how many replicates are done, and the arrays of the newest block."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a run writes: the result, and until it is there the blocks that are done."""

    path: Path

    @property
    def result(self) -> Path:
        """Return the path of the finished result."""
        return self.path / RESULT

    @property
    def partial(self) -> Path:
        """Return the folder of an unfinished run's blocks."""
        return self.path / PARTIAL

    @property
    def partial_result(self) -> Path:
        """Return the path of what an interrupted run leaves to look at."""
        return self.path / "partial.nc"

    def block(self, block: Block) -> Path:
        """Return the path of one block."""
        return self.partial / f"{block.first:012d}-{block.end:012d}.npz"


def run_in_folder(
    scenario: Scenario,
    folder: Path,
    *,
    executor: Executor,
    overwrite: bool = False,
    resume: bool = False,
    progress: Progress | None = None,
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
    overwrite
        Replace a result that is there.
    resume
        Go on from the blocks, or from the smaller result, that are there: the same bits as an
        undisturbed run, because a draw has an address.
    progress
        Told of every finished block.

    Raises
    ------
    ResultError
        If the folder holds a result and neither `overwrite` nor `resume` is set, if what is there is
        of another scenario, law or version, or if nothing can be written.
    """
    place = Folder(folder)
    study = prepare(scenario)
    done = _what_is_there(place, study, overwrite=overwrite, resume=resume)
    try:
        place.partial.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultError(str(folder), f"cannot be written: {error.strerror or error}") from error
    _stamp(place, study)
    wanted = blocks_of(
        scenario.simulation.replicates, first=done.sizes["replicate"] if done is not None else 0
    )
    made = _finish(place, study, wanted, executor, progress)
    parts = made if done is None else chain([_arrays(done)], made)
    result = label(study, gather(parts, scenario.simulation.replicates))
    save(result, place.result)
    shutil.rmtree(place.partial)
    place.partial_result.unlink(missing_ok=True)
    return result


def finished_part(scenario: Scenario, folder: Path) -> xr.Dataset | None:
    """Return the replicates of an interrupted run that are done without a gap, if there are any."""
    place = Folder(folder)
    study = prepare(scenario)
    parts = []
    for block in blocks_of(scenario.simulation.replicates):
        stored = _read_block(place.block(block))
        if stored is None:
            break
        parts.append(stored)
    replicates = sum(next(iter(part.values())).shape[-1] for part in parts)
    return label(study, gather(parts, replicates)) if parts else None


def _what_is_there(place: Folder, study: Study, *, overwrite: bool, resume: bool) -> xr.Dataset | None:
    """Return a smaller result to go on from, and clear away what may be replaced."""
    if not resume:
        if place.result.exists() and not overwrite:
            raise ResultError(
                str(place.result), "exists already; add --overwrite to replace it or --resume to add to it"
            )
        shutil.rmtree(place.partial, ignore_errors=True)
        return None
    _check_stamp(place, study)
    if not place.result.exists():
        return None
    stored = load(place.result)
    expected = {**study.attributes, "scenario": None, "scenario_digest": None}
    differing = [
        key for key, value in expected.items() if value is not None and stored.attrs.get(key) != value
    ]
    if _without_replicates(json.loads(stored.attrs["scenario"])) != _without_replicates(
        study.scenario.model_dump(mode="json")
    ):
        differing.append("scenario")
    if differing:
        raise ResultError(
            str(place.result), f"was made with another {', '.join(differing)}: it cannot be added to"
        )
    if stored.sizes["replicate"] > study.scenario.simulation.replicates:
        message = (
            f"has {stored.sizes['replicate']:,} replicates already; allowed with --resume: as many or more"
        )
        raise ResultError(str(place.result), message)
    return stored


def _without_replicates(content: dict[str, object]) -> dict[str, object]:
    """Return a scenario's content without the number of replicates, which may grow."""
    simulation = content["simulation"]
    assert isinstance(simulation, dict)
    return {**content, "simulation": {key: value for key, value in simulation.items() if key != "replicates"}}


def _identity(study: Study) -> dict[str, object]:
    """Return what two runs must share so that blocks of one serve the other."""
    content = _without_replicates(study.scenario.model_dump(mode="json"))
    attributes = {key: value for key, value in study.attributes.items() if not key.startswith("scenario")}
    return {"scenario": content, **attributes}


def _stamp(place: Folder, study: Study) -> None:
    """Write beside the blocks what they belong to."""
    with written_whole(place.partial / _STAMP) as temporary:
        temporary.write_text(json.dumps(_identity(study), sort_keys=True), encoding="utf-8")


def _check_stamp(place: Folder, study: Study) -> None:
    """Refuse blocks of another run."""
    stamp = place.partial / _STAMP
    if not stamp.exists():
        return
    try:
        found = json.loads(stamp.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ResultError(str(stamp), "is damaged; run again without --resume") from error
    identity = json.loads(json.dumps(_identity(study), sort_keys=True))
    differing = [key for key, value in identity.items() if found.get(key) != value]
    if differing:
        raise ResultError(
            str(place.partial), f"holds blocks of another {', '.join(differing)}; run again without --resume"
        )


def _finish(
    place: Folder, study: Study, wanted: list[Block], executor: Executor, progress: Progress | None
) -> Iterator[dict[str, Array]]:
    """Yield every block in order: from disk if it is there, else simulated, and kept on disk now and then."""
    stored = {block: _read_block(place.block(block)) for block in wanted if place.block(block).exists()}
    missing = [block for block in wanted if stored.get(block) is None]
    made = iter(executor(partial(simulate_block, study), missing))
    waiting: dict[Block, dict[str, Array]] = {}
    last = time.monotonic()
    try:
        for block in wanted:
            arrays = stored.get(block)
            if arrays is None:
                arrays = waiting[block] = next(made)
            if progress is not None:
                progress(block.end - block.first, arrays)
            yield arrays
            if time.monotonic() - last > KEEP_EVERY or _bytes(waiting) > MOST_WAITING_BYTES:
                _keep(place, waiting)
                last = time.monotonic()
    except BaseException:
        _keep(place, waiting)
        raise


def _bytes(waiting: dict[Block, dict[str, Array]]) -> int:
    """Return the memory that blocks take while they wait to be kept."""
    return sum(array.nbytes for arrays in waiting.values() for array in arrays.values())


def _keep(place: Folder, waiting: dict[Block, dict[str, Array]]) -> None:
    """Write finished blocks, each whole or not at all."""
    for block in list(waiting):
        with written_whole(place.block(block)) as temporary, temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **waiting.pop(block))


def _read_block(path: Path) -> dict[str, Array] | None:
    """Return the arrays of a stored block, or nothing where it is absent or damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def _arrays(result: xr.Dataset) -> dict[str, Array]:
    """Return the arrays of a stored result as a block has them."""
    return {
        str(name): variable.values for name, variable in result.data_vars.items() if str(name) in VARIABLES
    }
