"""A run's folder: what is where, whose blocks they are, and what of them is whole."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

import numpy as np
import xarray as xr

from simcore.dataset import Array
from simcore.errors import ResultError
from simcore.simulate import Block, Study
from simcore.store import ZARR, load, written_whole

if sys.platform != "win32":
    import fcntl

Store = Literal["netcdf", "zarr"]
"""How a result is stored: as a file that is made in memory, or as a folder that is written bit by bit."""

SUFFIXES: Mapping[Store, str] = {"netcdf": ".nc", "zarr": ZARR}
RESULT = "result.nc"
PARTIAL = "partial"
_STAMP = "stamp.json"


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a run writes: the result, and until it is there the blocks that are done."""

    path: Path

    def result_as(self, store: Store) -> Path:
        """Return the path of the finished result in a form."""
        return self.path / f"result{SUFFIXES[store]}"

    @property
    def stored(self) -> Store | None:
        """Return the form of the result that is there, if there is one."""
        return next((store for store in SUFFIXES if self.result_as(store).exists()), None)

    @property
    def result(self) -> Path:
        """Return the path of the result that is there, or that of netCDF's."""
        return self.result_as(self.stored or "netcdf")

    @property
    def partial(self) -> Path:
        """Return the folder of an unfinished run's blocks."""
        return self.path / PARTIAL

    @property
    def growing(self) -> Path:
        """Return the path of a Zarr store in the making."""
        return self.partial / f"result{ZARR}"

    @property
    def under_way(self) -> Store | None:
        """Return the form of the result that an unfinished run was making, if there is one."""
        if self.growing.exists() or self.partial_as("zarr").exists():
            return "zarr"
        # A run that was killed before its first block was making neither yet.
        return "netcdf" if any(self.partial.glob("[0-9]*.npz")) else None

    def partial_as(self, store: Store) -> Path:
        """Return the path of what an interrupted run leaves to look at."""
        return self.path / f"partial{SUFFIXES[store]}"

    def block(self, block: Block) -> Path:
        """Return the path of one block."""
        return self.partial / f"{block.first:012d}-{block.end:012d}.npz"


@contextmanager
def alone_in(place: Folder) -> Iterator[None]:
    """Make a run's folder, and keep other runs out of it: they would take each other's blocks away.

    The lock is on the folder itself and ends with the process, however that ends; a file system
    without locks has none.

    Raises
    ------
    ResultError
        If another run is at work there, or no folder can be made.
    """
    try:
        place.path.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise ResultError(str(place.path), "is a file; allowed: a folder, or a name for a new one") from error
    except OSError as error:
        raise ResultError(str(place.path), f"cannot be written: {error.strerror or error}") from error
    if sys.platform == "win32":
        yield
        return
    handle = os.open(place.path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = "another run is at work there; let it end, or choose another folder"
            raise ResultError(str(place.path), message) from error
        except OSError:
            pass  # Such as a file system of another machine that knows no locks.
        yield
    finally:
        # A copy of this process may hold the folder open: closing it here would not end the lock.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)


def what_is_there(place: Folder, study: Study, *, overwrite: bool, resume: bool) -> xr.Dataset | None:
    """Return a smaller result to go on from, and clear away what may be replaced.

    Raises
    ------
    ResultError
        If the folder holds a result and neither `overwrite` nor `resume` is set, or if what is there
        is of another scenario, law or version.
    """
    if not resume:
        if place.result.exists() and not overwrite:
            raise ResultError(
                str(place.result), "exists already; add --overwrite to replace it or --resume to add to it"
            )
        shutil.rmtree(place.partial, ignore_errors=True)
        shutil.rmtree(place.partial_as("zarr"), ignore_errors=True)
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


def make_partial(place: Folder, study: Study) -> None:
    """Make the folder of blocks, and write beside them what they belong to.

    Raises
    ------
    ResultError
        If nothing can be written there.
    """
    try:
        place.partial.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResultError(str(place.path), f"cannot be written: {error.strerror or error}") from error
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


def keep(place: Folder, waiting: dict[Block, dict[str, Array]]) -> None:
    """Write finished blocks, each whole or not at all; one that is not written still waits."""
    for block in list(waiting):
        with written_whole(place.block(block)) as temporary, temporary.open("wb") as file:
            np.savez(file, allow_pickle=False, **waiting[block])
        del waiting[block]


def read_block(path: Path) -> dict[str, Array] | None:
    """Return the arrays of a stored block, or nothing where it is absent or damaged."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None


def replicates_of(arrays: dict[str, Array]) -> int:
    """Return how many replicates a block has."""
    return int(next(iter(arrays.values())).shape[-1])


def clear(place: Folder, store: Store) -> None:
    """Remove what a finished run no longer needs, and a result in another form, which is now an old one."""
    shutil.rmtree(place.partial)
    for form in SUFFIXES:
        remove(place.partial_as(form))
        if form != store:
            remove(place.result_as(form))


def remove(path: Path) -> None:
    """Remove a file or a store, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
