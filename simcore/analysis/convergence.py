"""Say how far a simulation is to be trusted: errors by number of replicates, and how many more are needed."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import xarray as xr

from simcore.analysis.risk import STANDARD_ERROR
from simcore.analysis.summary import AGREEMENT, MEASURE, PERIOD, Measure, measure_named, summarize
from simcore.errors import ResultError
from simcore.vocabulary import REPLICATE

REPLICATES: Final = "replicates"

LEAST_IN_TAIL: Final = 20
"""Replicates beyond a level below which its order statistics are too few to know their own error."""


def error_by_replicates(
    outcome: xr.DataArray,
    measure: Callable[[xr.DataArray], xr.DataArray],
    replicates: Sequence[int] | None = None,
) -> xr.DataArray:
    """Return an estimate as it would have been after fewer replicates.

    Parameters
    ----------
    outcome
        A variable of a result. Since a draw has an address, its first thousand replicates are what a
        run of a thousand gives.
    measure
        A measure of ``risk`` with its parameters bound, such as
        ``partial(tail_value_at_risk, p=0.95)``.
    replicates
        Numbers to stop at; by default doublings from 100 up to all.

    Returns
    -------
    xr.DataArray
        What `measure` returns, with the dimension ``replicates`` last; ``standard_error`` goes along.
    """
    available = outcome.sizes[REPLICATE]
    stops = list(replicates) if replicates is not None else doublings(available)
    beyond = [stop for stop in stops if not 2 <= stop <= available]
    if beyond:
        raise ValueError(f"replicates must lie between 2 and {available}, got {beyond}")
    runs = [measure(outcome.isel({REPLICATE: slice(stop)})) for stop in stops]
    values = xr.concat(runs, dim=REPLICATES, coords="different", compat="equals", join="exact")
    return values.transpose(..., REPLICATES).assign_coords({REPLICATES: stops})


def doublings(available: int, first: int = 100) -> list[int]:
    """Return `first`, twice and four times that, and so on, ending with all that are `available`."""
    stops = [first << power for power in range(64) if first << power < available]
    return [*stops, available]


def replicates_needed(estimate: xr.DataArray, tolerance: float, *, replicates: int) -> int:
    """Return how many replicates bring every error of `estimate` down to `tolerance`.

    Parameters
    ----------
    estimate
        Values with the coordinate ``standard_error``.
    tolerance
        The standard error that is wished for, in the unit of `estimate`.
    replicates
        How many the estimate rests on.

    Returns
    -------
    int
        At least 2. The error falls with the square root of the number, as for every measure of ``risk``.

    Raises
    ------
    ValueError
        If `tolerance` is not positive, or an error is not a number.
    """
    if not tolerance > 0.0:
        raise ValueError(f"a tolerance is positive, got {tolerance}")
    largest = float(np.max(estimate[STANDARD_ERROR].values))
    if math.isnan(largest):
        raise ValueError("an error is not a number: two replicates are the least that have one")
    # A relative 1e-9 is rounding, and must not ask for one replicate more than the answer.
    return max(math.ceil(replicates * (largest / tolerance) ** 2 * (1.0 - 1e-9)), 2)


def more_replicates(result: xr.Dataset, measure: str, tolerance: float, *, period: str = AGREEMENT) -> int:
    """Return how many replicates a result lacks for a named measure to be known to `tolerance`.

    Parameters
    ----------
    result
        A result of ``simulate``.
    measure
        A line of ``summarize``, such as ``"net_settlement mean"`` or ``"probability_shared_savings"``.
    tolerance
        The standard error that is wished for, for every contract, in the unit of the measure.
    period
        A performance year as text, or ``"all"`` for the agreement.

    Returns
    -------
    int
        0 when the tolerance is met.

    Raises
    ------
    ResultError
        If the measure, the period or the tolerance is none.
    """
    wanted = measure_named(measure)
    if not tolerance > 0.0:
        raise ResultError("tolerance", f"{tolerance} is not positive; allowed: a standard error above 0")
    summary = summarize(result, measures=[measure])
    if period not in summary[PERIOD].values:
        raise ResultError("period", f"{period!r} is none; allowed: {', '.join(summary[PERIOD].values)}")
    line = summary.set_coords(STANDARD_ERROR)["value"].sel({MEASURE: measure, PERIOD: period})
    replicates = result.sizes[REPLICATE]
    beyond = _least_replicates(wanted)
    return max(replicates_needed(line, tolerance, replicates=replicates) - replicates, beyond - replicates, 0)


def resolved(estimate: xr.DataArray) -> xr.DataArray:
    """Say which values are known: an error larger than the value itself resolves nothing.

    Parameters
    ----------
    estimate
        Values with the coordinate ``standard_error``.

    Returns
    -------
    xr.DataArray
        True where the error is at most the size of the value; a nought without error is known.
    """
    known = abs(estimate) >= estimate[STANDARD_ERROR]
    return known.rename("resolved").assign_attrs(long_name="The error is not larger than the value")


def warnings(summary: xr.Dataset) -> list[str]:
    """Return what a reader must know before trusting a summary, one plain sentence each.

    Parameters
    ----------
    summary
        What ``summarize`` returned.

    Returns
    -------
    list of str
        Tails with too few replicates, and figures whose error exceeds them; empty when all is well.
    """
    replicates = int(summary.attrs[REPLICATES])
    found = []
    for measure in map(measure_named, map(str, summary[MEASURE].values)):
        needed = _least_replicates(measure)
        if replicates < needed:
            found.append(
                f"{measure.name} is not resolved: fewer than {LEAST_IN_TAIL} of {replicates} replicates "
                f"lie beyond that level; simulate at least {needed}"
            )
    known = resolved(summary.set_coords(STANDARD_ERROR)["value"])
    unknown = int((~known).sum())
    if unknown:
        found.append(
            f"{unknown} of {known.size} figures are not resolved: their simulation error exceeds them; "
            "they are shown as not resolved, and more replicates would tell them from nought"
        )
    return found


def _least_replicates(measure: Measure) -> int:
    """Return how many replicates put enough outcomes beyond a measure's level; 0 where it has none."""
    if measure.level is None:
        return 0
    return math.ceil(LEAST_IN_TAIL / min(measure.level, 1.0 - measure.level) * (1.0 - 1e-9))
