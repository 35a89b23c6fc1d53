"""Measure the risk of an outcome: means, probabilities, quantiles and tails, each with its error."""

from collections.abc import Callable

import numpy as np
import xarray as xr

from simcore.analysis import estimates
from simcore.analysis.estimates import Estimate
from simcore.vocabulary import CONTRACT, MONEY, PERFORMANCE_YEAR, RATE, REPLICATE

STANDARD_ERROR = "standard_error"

AT_ONCE_BYTES = 200_000_000
"""Size up to which all contracts of an outcome are taken at once."""


def mean(outcome: xr.DataArray, *, dim: str = REPLICATE) -> xr.DataArray:
    """Return the mean over replicates.

    Parameters
    ----------
    outcome
        Any variable of a result.
    dim
        The dimension that is averaged.

    Returns
    -------
    xr.DataArray
        The other dimensions, in the unit of `outcome`; the coordinate ``standard_error`` goes with it.
    """
    return _lift(outcome, estimates.mean, what="Mean", dim=dim)


def standard_deviation(outcome: xr.DataArray, *, dim: str = REPLICATE) -> xr.DataArray:
    """Return the standard deviation over replicates, in the unit of `outcome`, with ``standard_error``."""
    return _lift(outcome, estimates.standard_deviation, what="Standard deviation", dim=dim)


def probability(event: xr.DataArray, *, dim: str = REPLICATE) -> xr.DataArray:
    """Return how likely an event is.

    Parameters
    ----------
    event
        True where it happened: ``result["msr_met"]``, or ``result["net_settlement"] < 0``.
    dim
        The dimension that is counted over.

    Returns
    -------
    xr.DataArray
        The other dimensions, unit ``"1"``, with the coordinate ``standard_error``.

    Raises
    ------
    ValueError
        If `event` is not boolean: a share of dollars is no probability.
    """
    if event.dtype != np.bool_:
        raise ValueError(f"an event is true or false, got dtype {event.dtype}")
    return _lift(event, estimates.probability, what="Probability", dim=dim).assign_attrs(units=RATE)


def quantile(outcome: xr.DataArray, level: float, *, dim: str = REPLICATE) -> xr.DataArray:
    """Return the least outcome that is reached or undercut with probability `level`.

    Parameters
    ----------
    outcome
        Any variable of a result; atoms (a payment of nought) are handled exactly.
    level
        In (0, 1).
    dim
        The dimension of the replicates.

    Returns
    -------
    xr.DataArray
        The other dimensions, in the unit of `outcome`, with the coordinate ``standard_error``.

    Raises
    ------
    ValueError
        If `level` is not strictly between 0 and 1.
    """
    _check_level(level, inclusive=False)
    return _lift(outcome, estimates.quantile, what=f"Quantile {level:g}", dim=dim, level=level)


def value_at_risk(outcome: xr.DataArray, p: float, *, dim: str = REPLICATE) -> xr.DataArray:
    r"""Return the loss that is not exceeded with probability `p`.

    Parameters
    ----------
    outcome
        What the ACO receives, so that low is bad: ``result["net_settlement"]``, USD.
    p
        In (0, 1), for example 0.95.
    dim
        The dimension of the replicates.

    Returns
    -------
    xr.DataArray
        A loss: positive where the ACO pays, negative where even this bad an outcome is a gain; the
        other dimensions and the unit of `outcome`, with the coordinate ``standard_error``.

    Raises
    ------
    ValueError
        If `p` is not strictly between 0 and 1.

    Notes
    -----
    :math:`\inf\{x : P(-\mathrm{outcome} \le x) \ge p\}`, an order statistic of the losses.

    Examples
    --------
    Of a hundred equally likely settlements from -10 to 89 million dollars, all but
    the worst five lose at most 5 million.

    >>> settlement = xr.DataArray([1e6 * x for x in range(-10, 90)], dims="replicate", attrs={"units": "USD"})
    >>> float(value_at_risk(settlement, 0.95))
    5000000.0
    """
    _check_level(p, inclusive=False)
    return _lift(_loss(outcome), estimates.quantile, what=f"VaR {p:g} of the loss in", dim=dim, level=p)


def tail_value_at_risk(outcome: xr.DataArray, p: float, *, dim: str = REPLICATE) -> xr.DataArray:
    """Return the mean loss in the worst ``1 - p`` of outcomes (also called CTE or expected shortfall).

    Parameters
    ----------
    outcome
        What the ACO receives, so that low is bad: ``result["net_settlement"]``, USD.
    p
        In [0, 1); at 0 it is the mean loss.
    dim
        The dimension of the replicates.

    Returns
    -------
    xr.DataArray
        A loss, positive where the ACO pays on average in that tail; never below `value_at_risk`. The
        other dimensions and the unit of `outcome`, with the coordinate ``standard_error``.

    Raises
    ------
    ValueError
        If `p` is not in [0, 1).
    """
    _check_level(p, inclusive=True)
    return _lift(
        _loss(outcome), estimates.upper_tail_mean, what=f"TVaR {p:g} of the loss in", dim=dim, level=p
    )


def agreement_total(outcome: xr.DataArray, *, dim: str = PERFORMANCE_YEAR) -> xr.DataArray:
    """Return the sum over the agreement's performance years, keeping name, unit and meaning."""
    name = outcome.attrs.get("long_name", outcome.name)
    if CONTRACT in outcome.dims and outcome.nbytes > AT_ONCE_BYTES:
        # A result on disk need not fit in memory: one contract's years are read at a time.
        ones = [outcome.isel({CONTRACT: [i]}).sum(dim) for i in range(outcome.sizes[CONTRACT])]
        total = xr.concat(ones, dim=CONTRACT).transpose(*(one for one in outcome.dims if one != dim))
    else:
        total = outcome.sum(dim)
    return total.assign_attrs({**outcome.attrs, "long_name": f"{name}, over the agreement"})


def medicare_savings(result: xr.Dataset) -> xr.DataArray:
    """Return what Medicare keeps against the benchmark: gross savings less what it pays the ACO.

    Parameters
    ----------
    result
        A result of ``simulate``.

    Returns
    -------
    xr.DataArray
        USD, dims of ``net_settlement``; negative where Medicare is worse off than at the benchmark.
    """
    kept = result["gross_savings"] - result["net_settlement"]
    kept = kept.transpose(*result["net_settlement"].dims).rename("medicare_savings")
    return kept.assign_attrs(units=MONEY, long_name="Gross savings less the settlement: what Medicare keeps")


def medicare_savings_against_usual_care(result: xr.Dataset) -> xr.DataArray:
    """Return what Medicare keeps against the spending that there would have been without the ACO's effect.

    Parameters
    ----------
    result
        A result that holds ``true_savings``, a share of the spending without them.

    Returns
    -------
    xr.DataArray
        USD, dims of ``net_settlement``. Unlike `medicare_savings` no luck counts as a saving.
    """
    share = result["true_savings"]
    avoided = result["expenditures"] * share / (1.0 - share)
    kept = (avoided - result["net_settlement"]).transpose(*result["net_settlement"].dims)
    kept = kept.rename("medicare_savings_against_usual_care")
    return kept.assign_attrs(
        units=MONEY, long_name="Spending avoided by care management, less the settlement"
    )


def as_dataset(estimate: xr.DataArray) -> xr.Dataset:
    """Return an estimate as two variables, ``value`` and ``standard_error``, ready for ``to_dataframe``."""
    return estimate.rename("value").to_dataset().reset_coords(STANDARD_ERROR)


def _lift(
    outcome: xr.DataArray, measure: Callable[..., Estimate], *, what: str, dim: str, **parameters: float
) -> xr.DataArray:
    """Apply an array measure over `dim`; the error goes along as the coordinate ``standard_error``."""
    value, error = xr.apply_ufunc(
        measure, outcome, kwargs=parameters, input_core_dims=[[dim]], output_core_dims=[[], []]
    )
    labelled: xr.DataArray = value.assign_coords({STANDARD_ERROR: (value.dims, error.data)})
    name = outcome.attrs.get("long_name", outcome.name)
    units = {"units": outcome.attrs["units"]} if "units" in outcome.attrs else {}
    return labelled.rename(outcome.name).assign_attrs(long_name=f"{what} {name}", **units)


def _loss(outcome: xr.DataArray) -> xr.DataArray:
    """Turn what is received into what is lost; a nought stays a nought without a sign."""
    return (0.0 - outcome).assign_attrs(outcome.attrs)


def _check_level(level: float, *, inclusive: bool) -> None:
    """Refuse a probability at which no quantile is defined."""
    if not (0.0 < level < 1.0 or (inclusive and level == 0.0)):
        raise ValueError(f"p must lie in {'[' if inclusive else '('}0, 1), got {level}")
