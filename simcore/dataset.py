"""Label the arrays of a simulation: from numbers to an xarray Dataset with names, units and provenance."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simcore.vocabulary import (
    CONTRACT,
    ENROLLMENT_TYPE,
    ENROLLMENT_TYPES,
    PERFORMANCE_YEAR,
    REPLICATE,
    VARIABLES,
)

Array = NDArray[np.float64] | NDArray[np.bool_]

PIECE_BYTES = 32_000_000
"""Memory that a digest takes at a time."""


def build_dataset(
    arrays: Mapping[str, Array],
    *,
    contracts: Sequence[tuple[str, str, str]],
    performance_years: Sequence[int],
    first_replicate: int,
    attributes: Mapping[str, str],
) -> xr.Dataset:
    """Label `arrays` with the vocabulary's dimensions, units and long names.

    Parameters
    ----------
    arrays
        By variable name; the last axis is the replicate. A variable that may lack the contract
        dimension has it if its array has as many axes as all its dimensions.
    contracts
        Label, track and MSR election of every contract option, in the arrays' order.
    performance_years
        Calendar years, in the arrays' order.
    first_replicate
        Number of the first replicate.
    attributes
        Provenance; see ``vocabulary.PROVENANCE``.
    """
    variables = {name: _variable(name, arrays[name]) for name in VARIABLES if name in arrays}
    replicates = next(iter(arrays.values())).shape[-1]
    labels, tracks, elections = (list(column) for column in zip(*contracts, strict=True))
    coords: dict[str, object] = {
        CONTRACT: (CONTRACT, labels, {"long_name": "Contract option"}),
        "track": (CONTRACT, tracks, {"long_name": "Track"}),
        "msr_election": (CONTRACT, elections, {"long_name": "Elected minimum savings rate"}),
        PERFORMANCE_YEAR: (
            PERFORMANCE_YEAR,
            np.asarray(performance_years, dtype=np.int32),
            {"long_name": "Performance year"},
        ),
        REPLICATE: (
            REPLICATE,
            np.arange(first_replicate, first_replicate + replicates, dtype=np.int64),
            {"long_name": "Replicate"},
        ),
    }
    if any(ENROLLMENT_TYPE in variable[0] for variable in variables.values()):
        coords[ENROLLMENT_TYPE] = (ENROLLMENT_TYPE, list(ENROLLMENT_TYPES), {"long_name": "Enrollment type"})
    return xr.Dataset(variables, coords=coords, attrs=dict(attributes))


def _variable(name: str, array: Array) -> tuple[tuple[str, ...], Array, dict[str, str]]:
    """Return dims, values and attributes of the variable `name`."""
    word = VARIABLES[name]
    dims = word.dims
    if array.ndim == len(dims) - len(word.optional_dims):
        dims = tuple(dim for dim in dims if dim not in word.optional_dims)
    return dims, array, {"units": word.units, "long_name": word.long_name}


def content_digest(dataset: xr.Dataset) -> str:
    """Return the SHA-256 of every variable, coordinate and attribute but the digest itself.

    A variable is read piece by piece, so that a result on disk need not fit in memory.
    """
    digest = hashlib.sha256()
    for name in sorted(map(str, dataset.variables)):
        variable = dataset[name].variable
        digest.update(f"{name}|{variable.dims}|{variable.shape}".encode())
        # Text has another width in memory before and after it is stored.
        if variable.dtype.kind in "OUT":
            digest.update("\x1f".join(map(str, variable.values.ravel())).encode())
        else:
            for piece in _pieces(variable):
                digest.update(np.ascontiguousarray(piece).data)
    for key in sorted(dataset.attrs):
        if key != "content_digest":
            digest.update(f"{key}={dataset.attrs[key]}".encode())
    return digest.hexdigest()


def _pieces(variable: xr.Variable) -> Iterator[Array]:
    """Yield the values of a variable in their order, a piece of memory at a time."""
    if variable.nbytes <= PIECE_BYTES:
        yield variable.values
    elif variable.ndim > 1:
        for row in range(variable.shape[0]):
            yield from _pieces(variable[row])
    else:
        step = PIECE_BYTES // variable.dtype.itemsize
        for start in range(0, variable.size, step):
            yield variable[start : start + step].values
