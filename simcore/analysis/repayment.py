"""Set the repayment mechanism and the loss limits against the losses that are simulated."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from simcore.analysis import risk
from simcore.analysis.comparison import with_errors
from simcore.analysis.exceedance import return_period_loss
from simcore.errors import ResultError
from simcore.vocabulary import MONEY, RATE, REPLICATE

REVENUE_SHARE: Final = "revenue_share"

_LOSSES: Final = "owed_shared_losses"


def required_amount(
    result: xr.Dataset, *, share_of_expenditures: float, share_of_revenue: float
) -> xr.DataArray:
    """Return the amount that the rules ask an ACO to set aside: the lesser of two shares.

    Parameters
    ----------
    result
        A result that holds ``participant_revenue`` beside the required variables.
    share_of_expenditures, share_of_revenue
        The rule's shares of total expenditures and of participants' revenue, fractions.

    Returns
    -------
    xr.DataArray
        Mean over replicates by performance year, USD, with ``standard_error``; with a contract where
        expenditures have one.

    References
    ----------
    42 CFR 425.204(f)(4).
    """
    by_revenue = share_of_revenue * result["participant_revenue"]
    amount = (share_of_expenditures * result["expenditures"]).clip(max=by_revenue)
    named = amount.rename("required_amount")
    named.attrs.update(units=MONEY, long_name="Required repayment mechanism amount")
    return risk.mean(named)


def adequacy(
    losses: xr.DataArray,
    amount: float | xr.DataArray,
    *,
    return_periods: Sequence[float] = (10.0, 20.0, 100.0),
) -> xr.Dataset:
    """Say how far an amount set aside goes against simulated losses.

    Parameters
    ----------
    losses
        ``result["owed_shared_losses"]``, or its sum over the agreement; USD.
    amount
        What is set aside, USD, a number or by the dimensions of `losses`.
    return_periods
        At which the losses are shown beside it.

    Returns
    -------
    xr.Dataset
        By the dimensions of `losses` but the replicate, each with its ``…_standard_error``:
        ``probability_exhausted`` that losses exceed the amount, ``expected_shortfall`` beyond it, USD
        over all replicates, and ``loss`` by ``return_period``; ``amount`` itself.
    """
    set_aside = (
        amount.drop_vars(risk.STANDARD_ERROR, errors="ignore") if isinstance(amount, xr.DataArray) else amount
    )
    beyond = (losses - set_aside).transpose(*losses.dims)
    shortfall = beyond.clip(min=0.0).rename("expected_shortfall")
    shortfall.attrs.update(units=MONEY, long_name="Losses beyond the amount set aside")
    measured = with_errors(
        {
            "probability_exhausted": risk.probability(beyond > 0.0),
            "expected_shortfall": risk.mean(shortfall),
            "loss": return_period_loss(losses, return_periods),
        }
    )
    named = xr.ones_like(losses.isel({REPLICATE: 0}, drop=True)) * set_aside
    return measured.assign(amount=named.assign_attrs(units=MONEY, long_name="Amount set aside"))


def loss_limit_by_revenue(
    result: xr.Dataset, revenue_shares: Sequence[float], *, share_of_revenue: float, share_of_benchmark: float
) -> xr.Dataset:
    """Compare the revenue-based loss limit with the benchmark-based one, over the size of revenue.

    Parameters
    ----------
    result
        A result with the steps of settlement; one contract of the BASIC track.
    revenue_shares
        Participants' revenue as shares of the updated benchmark.
    share_of_revenue, share_of_benchmark
        The two limits of the contract's level, fractions.

    Returns
    -------
    xr.Dataset
        Dims ``(revenue_share, …)``: ``loss`` under the lesser of the two limits and
        ``loss_at_benchmark_limit`` under the second alone, expected USD before disaster relief, each
        with its ``…_standard_error``; ``revenue_limit_lower``, true where revenue sets the limit; and
        the attribute ``break_even_revenue_share``, where the two limits are the same.

    Raises
    ------
    ResultError
        If the result does not hold the losses before the limit.

    References
    ----------
    42 CFR 425.605(d)(1)(iii)-(v).
    """
    if "shared_losses_before_limit" not in result:
        how = "simulate the scenario with simulation.detail = true"
        raise ResultError("result", f"shared_losses_before_limit: not stored; {how}")
    before, benchmark = result["shared_losses_before_limit"], result["updated_benchmark"]
    shares = xr.DataArray(list(revenue_shares), dims=REVENUE_SHARE, name=REVENUE_SHARE)
    shares = shares.assign_coords({REVENUE_SHARE: shares.values})
    attrs = {"units": MONEY, "long_name": "Shared losses under the limit"}
    limit_rates = np.minimum(share_of_revenue * shares.values, share_of_benchmark)
    # One share at a time: the losses of all would be as many copies of the replicates.
    losses = [
        risk.mean(_limited(before, float(rate) * benchmark).assign_attrs(attrs)) for rate in limit_rates
    ]
    alone = risk.mean(_limited(before, share_of_benchmark * benchmark).assign_attrs(attrs))
    by_share = xr.concat(losses, dim=shares, coords="different", compat="equals", join="exact")
    compared = with_errors({"loss": by_share, "loss_at_benchmark_limit": alone})
    lower = (REVENUE_SHARE, share_of_revenue * shares.values < share_of_benchmark)
    compared[REVENUE_SHARE].attrs.update(units=RATE, long_name="Participants' revenue over the benchmark")
    return compared.assign(revenue_limit_lower=lower).assign_attrs(
        break_even_revenue_share=share_of_benchmark / share_of_revenue
    )


def _limited(losses: xr.DataArray, limit: xr.DataArray) -> xr.DataArray:
    """Return losses under a limit, dims in the order of the losses."""
    return losses.clip(max=limit).transpose(*losses.dims).rename("loss")
