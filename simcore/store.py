"""Write a result to a file and read it back, whole or not at all."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import h5py  # type: ignore[import-untyped]
import xarray as xr

from simcore.dataset import content_digest
from simcore.errors import ResultError, near_matches
from simcore.interruption import interrupted_later
from simcore.memory import machine_memory
from simcore.vocabulary import REPLICATE, problems
from simcore.zarr_store import MOST_REPLICATES, ZarrWriter, opened, put_in_place, zarr_library

ZARR = ".zarr"
"""How the name of a Zarr store ends."""

LAZY_SHARE = 0.25
"""Share of this machine's memory up to which a result is read whole."""

_DAMAGE = (OSError, ValueError, LookupError, RuntimeError, TypeError, AttributeError, EOFError, MemoryError)
"""What the netCDF and HDF5 libraries raise on a damaged file."""
_PLAIN = {
    "file signature not found": "it is no netCDF-4 file",
    "No group found in store": "it is no Zarr store",
    "truncated file": "the file breaks off; copy it again, or run its scenario again",
}
"""What HDF5 says most often, and what it means."""


@contextmanager
def written_whole(path: Path, *, overwrite: bool = True) -> Iterator[Path]:
    """Give a temporary name beside `path`, and put it in place only when all went well.

    Raises
    ------
    ResultError
        If `path` cannot be written, or exists and may not be overwritten.
    """
    if path.exists() and not overwrite:
        raise ResultError(str(path), "exists already; choose another name, or allow it to be overwritten")
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    except FileExistsError as error:
        raise ResultError(
            str(path), f"cannot be written: {error.filename} is a file, not a folder"
        ) from error
    except OSError as error:
        raise ResultError(
            str(path), f"cannot be written: {error.strerror or error}; nothing was left behind"
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def save(result: xr.Dataset, path: str | Path) -> Path:
    """Write `result` as netCDF-4, or as a Zarr store if the name ends in ``.zarr``, and return the path.

    The file carries a digest of its content, which `load` checks, and no time, host or user, so
    that the same scenario gives the same file. The digest is the same in either form.

    Raises
    ------
    ResultError
        If the file cannot be written; nothing is left behind.
    """
    target = Path(path)
    if target.suffix == ZARR:
        return _save_zarr(result, target)
    signed = result.assign_attrs(content_digest=content_digest(result))
    # HDF5 that cannot write its last bytes, on a full disk, ends the process with a segmentation
    # fault when it tries again at exit: it writes to memory, and the bytes go to the file from there.
    content = io.BytesIO()
    # No compression: it took 1.9 s of a 3 s run for a fifth of the size.
    # It writes through Python: interrupted between two writes it crashes at its close, or drops the word.
    with interrupted_later():
        signed.to_netcdf(content, engine="h5netcdf", encoding=_plain_encoding(signed))
    with written_whole(target) as temporary:
        temporary.write_bytes(content.getbuffer())
    return target


def _save_zarr(result: xr.Dataset, target: Path) -> Path:
    """Write a store beside its name, and give it the name when it is whole."""
    zarr_library(str(target))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
            replicates = result.sizes[REPLICATE]
            writer = ZarrWriter(Path(folder) / target.name, replicates)
            for start in range(0, replicates, MOST_REPLICATES):
                writer.put(result.isel({REPLICATE: slice(start, start + MOST_REPLICATES)}))
            writer.finish(result.attrs)
            put_in_place(writer.path, target)
    except OSError as error:
        raise ResultError(
            str(target), f"cannot be written: {error.strerror or error}; nothing was left behind"
        ) from error
    return target


def _plain_encoding(result: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Return an encoding without fill values, which no variable needs."""
    return {
        str(name): {"_FillValue": None}
        for name, variable in result.variables.items()
        if variable.dtype.kind == "f"
    }


def load(path: str | Path, *, lazy: bool | None = None) -> xr.Dataset:
    """Read a result and check that it is whole.

    Parameters
    ----------
    path
        A netCDF file, a Zarr store, or the folder of a run.
    lazy
        Read a variable each time it is used, and keep none, for a result that memory does not hold.
        Absent: if it would take more than a quarter of this machine's memory. The digest is checked
        either way, piece by piece.

    Raises
    ------
    ResultError
        If the file is absent, unreadable, damaged, or no result of this project.
    """
    source = _source(Path(path))
    try:
        dataset = read(source, lazy=lazy)
        found_problems = problems(dataset)
        digest = None if found_problems else content_digest(dataset)
    except _DAMAGE as error:
        raise ResultError(str(path), f"cannot be read as a result: {_in_words(error)}") from error
    if found_problems:
        raise ResultError(str(path), [*_other_version(dataset), *found_problems])
    if dataset.attrs.get("content_digest") != digest:
        raise ResultError(
            str(path), "its content does not match the digest it carries: the file is damaged or was edited"
        )
    return dataset


def _source(path: Path) -> Path:
    """Return the file or store that holds a result."""
    if not path.exists():
        near = [*path.parent.glob("*.nc"), *path.parent.glob(f"*{ZARR}")] if path.parent.is_dir() else []
        found = [entry.name for entry in near]
        raise ResultError(str(path), f"there is no such file{near_matches(path.name, found)}")
    if not path.is_file() and not path.is_dir():
        raise ResultError(str(path), "is no ordinary file; allowed: a result file such as DIR/result.nc")
    if path.suffix == ZARR or not path.is_dir():
        return path
    for inside in (path / "result.nc", path / f"result{ZARR}"):
        if inside.exists():
            return inside
    raise ResultError(str(path), "is a folder; allowed: a result file such as DIR/result.nc")


def _in_words(error: BaseException) -> str:
    """Return what HDF5 found in words that a user knows, with its own words where there are none."""
    for technical, plain in _PLAIN.items():
        if technical in str(error):
            return plain
    return f"{type(error).__name__}: {error}"


def _other_version(dataset: xr.Dataset) -> list[str]:
    """Return a sentence when a file that is at fault was written by another version, else nothing."""
    written, installed = dataset.attrs.get("simcore_version"), version("simcore")
    if written in (None, installed):
        return []
    return [
        f"was written by simcore {written}, this is {installed}: read it there, or run its scenario again"
    ]


def read(source: Path, *, lazy: bool | None = None) -> xr.Dataset:
    """Return the dataset of a netCDF file or a Zarr store, as `load` does, without checking it."""
    if source.suffix == ZARR:
        dataset = opened(source)
    else:
        # h5netcdf leaves a traceback of its own on standard error when the root's attributes are damaged.
        with h5py.File(source, "r") as file:
            dict(file.attrs)
        dataset = xr.open_dataset(source, engine="h5netcdf", cache=False)
    if lazy is None:
        lazy = dataset.nbytes > LAZY_SHARE * (machine_memory() or dataset.nbytes)
    if lazy:
        return dataset
    with dataset:
        return dataset.load()
