"""Price the elected minimum savings rate: its value by true savings, and where two elections break even."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import xarray as xr

from simcore.analysis import risk
from simcore.analysis.comparison import choose, paired_differences
from simcore.analysis.crossing import Crossing, crossings
from simcore.analysis.risk import STANDARD_ERROR
from simcore.analysis.runs import World
from simcore.vocabulary import CONTRACT, RATE

TRUE_SAVINGS: Final = "true_savings"


def value_by_true_savings(
    simulate: Callable[[World], xr.Dataset],
    scenario_at: Callable[[float], World],
    true_savings: Sequence[float],
) -> xr.DataArray:
    """Return the agreement's net settlement by contract and true savings, on common draws.

    Parameters
    ----------
    simulate
        Turns a scenario into a result.
    scenario_at
        Returns the scenario with the true savings that it is called with.
    true_savings
        Care-management effects, fractions, rising.

    Returns
    -------
    xr.DataArray
        USD, dims ``(contract, true_savings, replicate)``: draws, not yet means, so that differences of
        contracts and of points keep their pairing.
    """
    runs = [risk.agreement_total(simulate(scenario_at(share))["net_settlement"]) for share in true_savings]
    along = xr.DataArray(list(true_savings), dims=TRUE_SAVINGS, name=TRUE_SAVINGS)
    along.attrs.update(units=RATE, long_name="Care-management effect on expenditures")
    stacked = xr.concat(runs, dim=along, coords="minimal", compat="override", join="exact")
    return stacked.transpose(CONTRACT, TRUE_SAVINGS, ...)


def election_values(outcome: xr.DataArray, baseline: str) -> xr.Dataset:
    """Return what each election is expected to bring, and how much more than a baseline election.

    Parameters
    ----------
    outcome
        What `value_by_true_savings` returned, usually the contracts of one track.
    baseline
        The contract that the others are measured against.

    Returns
    -------
    xr.Dataset
        ``mean`` and ``difference``, USD, dims ``(contract, true_savings)``, with
        ``mean_standard_error`` and the paired ``difference_standard_error``; ``best``, true for the
        election of the largest mean at each true savings.
    """
    mean, difference = risk.mean(outcome), paired_differences(outcome, baseline)
    return xr.Dataset(
        {
            "mean": mean.drop_vars(STANDARD_ERROR),
            "mean_standard_error": mean[STANDARD_ERROR].drop_vars(STANDARD_ERROR),
            "difference": difference.drop_vars(STANDARD_ERROR),
            "difference_standard_error": difference[STANDARD_ERROR].drop_vars(STANDARD_ERROR),
            "best": (mean == mean.max(CONTRACT)).drop_vars(STANDARD_ERROR),
        }
    )


def break_even_elections(outcome: xr.DataArray, first: str, second: str) -> list[Crossing]:
    """Return the true savings at which two elections are worth the same.

    Parameters
    ----------
    outcome
        What `value_by_true_savings` returned.
    first, second
        Two contracts.

    Returns
    -------
    list of Crossing
        Every true savings at which the better of the two changes, with the standard error that paired
        differences leave; empty where one is better throughout the range.
    """
    difference = paired_differences(outcome, choose(outcome, second)).sel({CONTRACT: choose(outcome, first)})
    return _crossings(difference)


def break_even_true_savings(outcome: xr.DataArray, contract: str) -> list[Crossing]:
    """Return the true savings at which a contract's expected net settlement is nought."""
    return _crossings(risk.mean(outcome.sel({CONTRACT: choose(outcome, contract)})))


def _crossings(curve: xr.DataArray) -> list[Crossing]:
    """Return where a curve over true savings passes nought."""
    position = np.asarray(curve[TRUE_SAVINGS].values, dtype=np.float64)
    return crossings(position, curve.values, curve[STANDARD_ERROR].values)
