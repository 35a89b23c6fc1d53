"""Write a result as a Zarr store, one slab of replicates after another, so that it need not fit in memory."""

from __future__ import annotations

import hashlib
import json
import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from simcore.dataset import content_digest
from simcore.errors import ResultError
from simcore.vocabulary import CONTRACT, ENROLLMENT_TYPE, PERFORMANCE_YEAR, REPLICATE, VARIABLES

MOST_REPLICATES = 25_000
MOST_BYTES = 100_000_000
"""The largest slab: few files for a large result, and little memory while it is made."""
_STEP = 2_500

_ORDER = (CONTRACT, "track", "msr_election", PERFORMANCE_YEAR, REPLICATE, ENROLLMENT_TYPE, *VARIABLES)

NEEDED = "Zarr needs zarr; install it with: pip install 'simcore[zarr]'"


def zarr_library(source: str) -> Any:
    """Return the library, which is an extra and takes a second to import.

    Raises
    ------
    ResultError
        If it is not installed.
    """
    try:
        import zarr
    except ImportError as error:
        raise ResultError(source, NEEDED) from error
    return zarr


class ZarrWriter:
    """A store in the making, which takes replicates in order.

    A slab is one file a variable and holds the same replicates of every contract and year, row by
    row, so that one row can be read without the others. A record beside the store has the digest of
    every slab: what a killed process has left is checked against it, and goes on from there.

    Parameters
    ----------
    path
        The store. What lies there and agrees with its record is kept, all else is replaced.
    replicates
        How many the whole store will hold.
    trusted
        Take what is recorded without reading it again.
    """

    def __init__(self, path: Path, replicates: int, *, trusted: bool = False) -> None:
        self.path, self.replicates = path, replicates
        self._zarr = zarr_library(str(path))
        self._record = path.with_name("slabs.json")
        self._most, self._slab = 0, 0
        self._digests: list[str] = []
        self._arrays: dict[str, Any] = {}
        self._waiting: list[xr.Dataset] = []
        self._go_on(trusted)

    @property
    def written(self) -> int:
        """Return how many replicates are in the store for good."""
        return min(len(self._digests) * self._slab, self.replicates)

    @property
    def put_so_far(self) -> int:
        """Return how many replicates it has taken."""
        return self.written + self._held()

    def put(self, part: xr.Dataset) -> None:
        """Take the next replicates: a labelled result of any number of them."""
        if not self._arrays:
            self._lay_out(part)
        while part.sizes[REPLICATE] > 0:
            full = min(self._slab, self.replicates - self.written)
            room = full - self._held()
            self._waiting.append(part.isel({REPLICATE: slice(0, room)}))
            part = part.isel({REPLICATE: slice(room, None)})
            if self._held() == full:
                self._digests.append(self._write())
                self._waiting.clear()
                self._write_record()

    def finish(self, attributes: Mapping[str, Any]) -> None:
        """Sign what was put, and make it a store that any reader of Zarr opens at once."""
        end = self.put_so_far
        if self._waiting:
            self._write()
        self._resize(end)
        self._group().attrs.update(dict(attributes))
        digest = content_digest(opened(self.path))
        self._group().attrs.update({"content_digest": digest})
        with warnings.catch_warnings():
            # The second and the third form of Zarr have it, the text of the third has not yet.
            warnings.filterwarnings("ignore", message="Consolidated metadata")
            self._zarr.consolidate_metadata(str(self.path))

    def _group(self) -> Any:
        """Return the root of the store, without what an earlier finish gathered there."""
        return self._zarr.open_group(str(self.path), mode="r+", use_consolidated=False)

    def _held(self) -> int:
        """Return how many replicates wait for their slab to be full."""
        return sum(part.sizes[REPLICATE] for part in self._waiting)

    def _write(self) -> str:
        """Write the replicates that wait, and return their digest."""
        start, digest = self.written, hashlib.sha256()
        end = start + self._held()
        for name, array in self._arrays.items():
            values = np.concatenate([part[name].values for part in self._waiting], axis=-1)
            array[..., start:end] = values
            digest.update(np.ascontiguousarray(values).data)
        return digest.hexdigest()

    def _lay_out(self, sample: xr.Dataset) -> None:
        """Make the arrays of a store whose variables are those of `sample`."""
        shutil.rmtree(self.path, ignore_errors=True)
        along = {
            str(name): variable for name, variable in sample.variables.items() if REPLICATE in variable.dims
        }
        self._most = _most_replicates(sum(one.nbytes for one in along.values()) / sample.sizes[REPLICATE])
        self._slab = min(self._most, self.replicates)
        group = self._zarr.open_group(str(self.path), mode="w", zarr_format=3)
        for name, variable in sorted(along.items()):
            others = variable.shape[:-1]
            group.create_array(
                name,
                shape=(*others, self.replicates),
                chunks=(*(1 for _ in others), self._slab),
                shards=(*others, self._slab),
                dtype=variable.dtype,
                compressors=None,
                fill_value=0,
                dimension_names=list(map(str, variable.dims)),
                attributes=dict(variable.attrs),
                # An empty chunk that is left out would turn a minus nought into a plain one.
                config={"write_empty_chunks": True},
            )
        frame = sample.drop_vars(list(along)).drop_attrs(deep=False).assign_attrs(_unsigned(sample.attrs))
        _text_as(np.object_, frame).to_zarr(str(self.path), mode="a", consolidated=False, zarr_format=3)
        self._arrays = {name: group[name] for name in sorted(along)}
        self._digests = []
        self._write_record()

    def _resize(self, replicates: int) -> None:
        """Give every array room for `replicates`."""
        for array in self._arrays.values():
            if array.shape[-1] != replicates:
                array.resize((*array.shape[:-1], replicates))

    def _write_record(self) -> None:
        """Write which slabs are whole, itself whole or not at all."""
        temporary = self._record.with_suffix(".new")
        temporary.write_text(json.dumps({"most": self._most, "digests": self._digests}), encoding="utf-8")
        temporary.replace(self._record)

    def _go_on(self, trusted: bool) -> None:
        """Take up the slabs that are there, as far as they are what their record says."""
        try:
            record = json.loads(self._record.read_text(encoding="utf-8"))
            slab = min(int(record["most"]), self.replicates)
            group = self._group()
            arrays = {
                str(name): array for name, array in sorted(group.arrays()) if _is_along_replicates(array)
            }
            if not arrays or {array.chunks[-1] for array in arrays.values()} != {slab}:
                return
            self._arrays = arrays
            for number, digest in enumerate(record["digests"]):
                end = (number + 1) * slab
                if end > self.replicates or not (
                    trusted or self._digest_of(slice(number * slab, end)) == digest
                ):
                    break
                self._digests.append(digest)
        except (OSError, ValueError, LookupError, RuntimeError, TypeError):
            # Whatever is wrong with the next slab, its replicates are drawn again.
            pass
        if not self._digests:
            self._arrays = {}
            return
        self._most, self._slab = int(record["most"]), slab
        # A store that is cut loses what lies behind: to write over a damaged slab would read it first.
        self._resize(self.written)
        self._resize(self.replicates)

    def _digest_of(self, replicates: slice) -> str:
        """Return the digest of replicates as they lie in the store."""
        digest = hashlib.sha256()
        for array in self._arrays.values():
            digest.update(np.ascontiguousarray(array[..., replicates]).data)
        return digest.hexdigest()


def opened(path: Path) -> xr.Dataset:
    """Open a store: the coordinates are read, a variable each time it is used, and never kept."""
    zarr_library(str(path))
    # The second form may name a codec that unpickles: it is not opened.
    options: dict[str, Any] = {"chunks": None, "cache": False, "consolidated": False, "zarr_format": 3}
    dataset = xr.open_dataset(path, engine="zarr", **options)
    return _in_order(_text_as(np.str_, dataset.drop_encoding()))


def _in_order(dataset: xr.Dataset) -> xr.Dataset:
    """Return variables and coordinates in the order of a new result: a folder has none."""

    def rank(name: object) -> tuple[int, str]:
        text = str(name)
        return (_ORDER.index(text) if text in _ORDER else len(_ORDER), text)

    return xr.Dataset(
        {name: dataset[name].variable for name in sorted(dataset.data_vars, key=rank)},
        coords={name: dataset.coords[name].variable for name in sorted(dataset.coords, key=rank)},
        attrs=dataset.attrs,
    )


def put_in_place(store: Path, target: Path) -> None:
    """Give a finished store its name, and remove what had it before."""
    before = store.with_name(f"{store.name}.before")
    if target.exists():
        target.rename(before)
    store.rename(target)
    if before.is_dir():
        shutil.rmtree(before)
    else:
        before.unlink(missing_ok=True)


def _most_replicates(bytes_each: float) -> int:
    """Return how many replicates a slab has at the most."""
    fitting = int(MOST_BYTES / bytes_each) // _STEP * _STEP
    return max(_STEP, min(fitting, MOST_REPLICATES))


def _is_along_replicates(array: Any) -> bool:
    """Say whether an array of a store has one value a replicate."""
    return REPLICATE in (array.metadata.dimension_names or ())


def _unsigned(attributes: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return attributes without the digest, which belongs to other content."""
    return {key: value for key, value in attributes.items() if key != "content_digest"}


def _text_as(kind: type, dataset: xr.Dataset) -> xr.Dataset:
    """Return a dataset with its texts as NumPy's, or as the objects that Zarr's third form has a word for."""
    texts = {
        name: (coord.dims, coord.values.astype(np.object_).astype(kind), coord.attrs)
        for name, coord in dataset.coords.items()
        if coord.dtype.kind in "OUT"
    }
    return dataset.assign_coords(texts)
