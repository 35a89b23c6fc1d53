"""Check that a result's accounts close: every identity that must hold, with what it misses by."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr

from simcore.vocabulary import REPLICATE, problems

AT_ONCE = 100_000
"""Replicates that are checked together: a result on disk may be larger than memory."""

_LARGEST = (
    "earned less owed is the net settlement, USD",
    "benchmark less expenditures are the gross savings, USD",
    "savings rate times benchmark are the gross savings, USD",
)
_COUNTED = (
    "years that earn and owe at once",
    "negative payments or losses",
    "losses owed without losses at the minimum loss rate",
    "values that are no number",
)

CENT = 0.01
"""What dollars may miss by: amounts of 1e8 in 64-bit floats are exact to 1e-8."""


class Check(NamedTuple):
    """One identity: what must be nought, the largest amount it misses by, and what is allowed."""

    name: str
    missed: float
    allowed: float

    @property
    def holds(self) -> bool:
        """Whether the identity holds."""
        return self.missed <= self.allowed


def check_result(result: xr.Dataset) -> list[Check]:
    """Return every identity of a result, checked on all of its replicates.

    Parameters
    ----------
    result
        A result of ``simulate``.
    """
    size = result.sizes[REPLICATE]
    starts = range(0, size, AT_ONCE)
    missed = np.array(
        [_missed(result.isel({REPLICATE: slice(start, start + AT_ONCE)})) for start in starts]
    ).reshape(len(starts), len(_LARGEST) + len(_COUNTED))
    largest, counted = np.split(missed, [len(_LARGEST)], axis=1)
    return [
        *(Check(name, float(most), CENT) for name, most in zip(_LARGEST, largest.max(axis=0), strict=True)),
        *(Check(name, float(count), 0.0) for name, count in zip(_COUNTED, counted.sum(axis=0), strict=True)),
        Check("variables that the vocabulary does not know", float(len(problems(result))), 0.0),
    ]


def _missed(result: xr.Dataset) -> list[float]:
    """Return by how much some replicates miss every identity, in the order of the names."""
    earned, owed = result["earned_shared_savings"], result["owed_shared_losses"]
    gross = result["updated_benchmark"] - result["expenditures"]
    rate = result["savings_rate"] * result["updated_benchmark"] - result["gross_savings"]
    return [
        _largest(earned - owed - result["net_settlement"]),
        _largest(gross - result["gross_savings"]),
        _largest(rate),
        _count((earned > 0.0) & (owed > 0.0)),
        _count((earned < 0.0) | (owed < 0.0)),
        _count((owed > 0.0) & ~_flag(result["mlr_met"])),
        float(_not_finite(result)),
    ]


def _not_finite(result: xr.Dataset) -> int:
    """Return how many values of a result are infinite or not a number."""
    amounts = [variable for variable in result.data_vars.values() if variable.dtype.kind == "f"]
    return sum(int(variable.size - np.isfinite(variable.values).sum()) for variable in amounts)


def _flag(variable: xr.DataArray) -> xr.DataArray:
    """Return a flag as booleans: a stored file may hold it as bytes."""
    return variable.astype(bool)


def _largest(difference: xr.DataArray) -> float:
    """Return the largest size of a difference; not-a-number is beyond any allowance."""
    largest = float(np.max(np.abs(difference.values)))
    return largest if np.isfinite(largest) else float("inf")


def _count(events: xr.DataArray) -> float:
    """Return how many times an event happened."""
    return float(events.values.sum())
