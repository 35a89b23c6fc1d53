"""Rank contracts under a stated appetite for risk."""

import numpy as np
import xarray as xr

from simcore.analysis import estimates, risk
from simcore.analysis.comparison import with_errors
from simcore.analysis.estimates import Bool, Estimate, Float64
from simcore.analysis.risk import STANDARD_ERROR
from simcore.vocabulary import CONTRACT, REPLICATE


def mean_tail_frontier(outcome: xr.DataArray, p: float) -> xr.Dataset:
    """Set the mean of each contract against its tail, and mark those that no other beats in both.

    Parameters
    ----------
    outcome
        What the ACO receives, dims ``(contract, replicate)``, USD.
    p
        Level of the tail value at risk.

    Returns
    -------
    xr.Dataset
        ``mean`` and ``tail_value_at_risk`` (a loss, positive where the ACO pays), each with its
        ``…_standard_error``, and ``on_frontier``: no contract has at least this mean and at most this
        tail, and one of them strictly. Dims ``(contract,)``.
    """
    measured = with_errors(
        {"mean": risk.mean(outcome), "tail_value_at_risk": risk.tail_value_at_risk(outcome, p)}
    )
    on_frontier = _undominated(measured["mean"].values, measured["tail_value_at_risk"].values)
    attrs = {"units": "bool", "long_name": "No contract is better in mean and tail together"}
    return measured.assign(on_frontier=(CONTRACT, on_frontier, attrs))


def lowest_tail_within(outcome: xr.DataArray, give_up: float, p: float) -> xr.Dataset:
    """Rank contracts by their tail among those whose mean is within `give_up` of the best mean.

    Parameters
    ----------
    outcome
        What the ACO receives, dims ``(contract, replicate)``, USD.
    give_up
        How much of the best mean may be given up for a smaller tail, USD, not negative.
    p
        Level of the tail value at risk.

    Returns
    -------
    xr.Dataset
        What `mean_tail_frontier` returns, ``eligible``, and ``rank`` from 1: the eligible by their tail,
        the smallest loss first, then the others by their mean.

    Raises
    ------
    ValueError
        If `give_up` is negative or not a number.
    """
    if not give_up >= 0.0:
        raise ValueError(f"what is given up is not negative, got {give_up}")
    measured = mean_tail_frontier(outcome, p)
    means, tails = measured["mean"].values, measured["tail_value_at_risk"].values
    eligible = means >= means.max() - give_up
    order = np.lexsort((-means, np.where(eligible, tails, 0.0), ~eligible))
    return measured.assign(
        eligible=(CONTRACT, eligible, {"units": "bool", "long_name": "The mean is near enough to the best"}),
        rank=(CONTRACT, _places(order), {"units": "1", "long_name": "Rank, 1 is the best"}),
    )


def certainty_equivalent(outcome: xr.DataArray, risk_tolerance: float) -> xr.DataArray:
    r"""Return the sure amount that is worth as much as the outcome to someone of constant risk aversion.

    Parameters
    ----------
    outcome
        What the ACO receives, USD.
    risk_tolerance
        USD, above nought. Roughly the amount x for which an even chance to win x or lose x/2 is just
        acceptable; a common start is the reserve that the ACO could lose without harm.

    Returns
    -------
    xr.DataArray
        USD, without the dimension ``replicate``, with ``standard_error``: near the mean when the
        tolerance is large, near the worst outcome when it is small.

    Raises
    ------
    ValueError
        If the tolerance is not positive.

    Notes
    -----
    Exponential utility: :math:`-T \log E\,e^{-X/T}`, error by the delta method.

    References
    ----------
    Pratt, J. W. (1964), Risk aversion in the small and in the large, Econometrica 32(1/2), 122-136.
    """
    if not risk_tolerance > 0.0:
        raise ValueError(f"a risk tolerance is positive, got {risk_tolerance}")
    value, error = xr.apply_ufunc(
        _exponential_equivalent,
        outcome,
        kwargs={"tolerance": risk_tolerance},
        input_core_dims=[[REPLICATE]],
        output_core_dims=[[], []],
    )
    labelled: xr.DataArray = value.assign_coords({STANDARD_ERROR: (value.dims, error.data)})
    name = outcome.attrs.get("long_name", outcome.name)
    return labelled.rename(outcome.name).assign_attrs(
        {
            **outcome.attrs,
            "long_name": f"Certainty equivalent of {name}, risk tolerance {risk_tolerance:,.0f}",
        }
    )


def ranking(score: xr.DataArray) -> xr.DataArray:
    """Return the place of every contract by a score, 1 for the highest."""
    order = np.argsort(-score.values, kind="stable")
    return xr.DataArray(
        _places(order),
        coords={CONTRACT: score[CONTRACT]},
        attrs={"units": "1", "long_name": "Rank, 1 is the best"},
    )


def _exponential_equivalent(outcome: Float64, tolerance: float) -> Estimate:
    """Return the certainty equivalent over the last axis."""
    # Against the worst outcome: every exponent is at most nought, so nothing overflows.
    worst = outcome.min(axis=-1)
    weight = estimates.mean(np.exp((worst[..., None] - outcome) / tolerance))
    return Estimate(
        worst - tolerance * np.log(weight.value), tolerance * weight.standard_error / weight.value
    )


def _undominated(means: Float64, tails: Float64) -> Bool:
    """Say which pairs of a mean and a tail no other pair beats."""
    no_worse = (means[:, None] >= means) & (tails[:, None] <= tails)
    better = (means[:, None] > means) | (tails[:, None] < tails)
    beaten: Bool = np.asarray((no_worse & better).any(axis=0))
    return ~beaten


def _places(
    order: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Turn an order into places from 1."""
    places = np.empty(order.size, dtype=np.int64)
    places[order] = np.arange(1, order.size + 1)
    return places
