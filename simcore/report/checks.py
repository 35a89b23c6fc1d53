"""Check that a result's accounts close: every identity that must hold, with what it misses by."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr

from simcore.vocabulary import problems

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
    earned, owed = result["earned_shared_savings"], result["owed_shared_losses"]
    gross = result["updated_benchmark"] - result["expenditures"]
    rate = result["savings_rate"] * result["updated_benchmark"] - result["gross_savings"]
    return [
        Check(
            "earned less owed is the net settlement, USD",
            _largest(earned - owed - result["net_settlement"]),
            CENT,
        ),
        Check(
            "benchmark less expenditures are the gross savings, USD",
            _largest(gross - result["gross_savings"]),
            CENT,
        ),
        Check("savings rate times benchmark are the gross savings, USD", _largest(rate), CENT),
        Check("years that earn and owe at once", _count((earned > 0.0) & (owed > 0.0)), 0.0),
        Check("negative payments or losses", _count((earned < 0.0) | (owed < 0.0)), 0.0),
        Check(
            "losses owed without losses at the minimum loss rate",
            _count((owed > 0.0) & ~_flag(result["mlr_met"])),
            0.0,
        ),
        Check("values that are no number", float(_not_finite(result)), 0.0),
        Check("variables that the vocabulary does not know", float(len(problems(result))), 0.0),
    ]


def _not_finite(result: xr.Dataset) -> int:
    """Return how many values of a result are infinite or not a number."""
    amounts = [variable.values for variable in result.data_vars.values() if variable.dtype.kind == "f"]
    return sum(int(values.size - np.isfinite(values).sum()) for values in amounts)


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
