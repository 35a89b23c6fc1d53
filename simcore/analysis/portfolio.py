"""Add up several contracts under one market: the total, what diversifies, and who makes the bad years."""

from collections.abc import Mapping
from math import ceil, sqrt
from typing import Final

import numpy as np
import xarray as xr

from simcore.analysis import estimates, risk
from simcore.analysis.estimates import Estimate, Float64
from simcore.errors import ResultError
from simcore.vocabulary import CONTRACT, MONEY, RATE, REPLICATE

OTHER: Final = "other"
"""The contract that a contract's outcome is correlated with."""


def stack_contracts(outcomes: Mapping[str, xr.DataArray]) -> xr.DataArray:
    """Return the outcomes of several contracts side by side.

    Parameters
    ----------
    outcomes
        By the name that a contract has in the portfolio, what it brings, USD, dims ``(replicate,)``. One
        number of a replicate must mean one state of the market: runs with the same market seed.

    Returns
    -------
    xr.DataArray
        Dims ``(contract, replicate)``.

    Raises
    ------
    ResultError
        If the contracts have not the same replicates; all problems at once.
    """
    arrays = list(outcomes.values())
    problems = [
        f"{name!r} has {outcome.sizes.get(REPLICATE, 0):,} replicates, {next(iter(outcomes))!r} has "
        f"{arrays[0].sizes.get(REPLICATE, 0):,}; allowed: the same ones"
        for name, outcome in outcomes.items()
        if not np.array_equal(outcome[REPLICATE].values, arrays[0][REPLICATE].values)
    ]
    if problems:
        raise ResultError("portfolio", problems)
    bare = [outcome.reset_coords(drop=True).transpose(REPLICATE).values for outcome in arrays]
    coords = {CONTRACT: list(outcomes), REPLICATE: arrays[0][REPLICATE].values}
    attrs = {"units": MONEY, "long_name": "Net settlement"}
    return xr.DataArray(np.stack(bare), dims=(CONTRACT, REPLICATE), coords=coords, attrs=attrs)


def portfolio_total(parts: xr.DataArray) -> xr.DataArray:
    """Return what all contracts bring together, USD, dims ``(replicate,)``."""
    return parts.sum(CONTRACT).assign_attrs(units=MONEY, long_name="Net settlement of the portfolio")


def portfolio_measures(parts: xr.DataArray, p: float) -> xr.Dataset:
    """Return what each contract is alone and in the whole, every figure with its standard error.

    Parameters
    ----------
    parts
        Outcomes by contract, dims ``(contract, replicate)``; see `stack_contracts`.
    p
        Level of the tail, such as 0.95.

    Returns
    -------
    xr.Dataset
        By contract ``mean``, ``standard_deviation``, ``tail_value_at_risk`` (alone) and
        ``tail_contribution``, which adds to ``total_tail_value_at_risk``; ``correlation (contract,
        other)``; of the whole ``total_mean``, ``total_standard_deviation``, ``total_tail_value_at_risk``,
        ``standard_deviation_in_quadrature`` (what it were if the contracts were independent) and
        ``diversification_benefit`` (tails alone, added, less the tail of the whole). Tails are losses.
        ``…_standard_error`` stands beside each but the correlation.
    """
    total = portfolio_total(parts)
    measured = {
        "mean": risk.mean(parts),
        "standard_deviation": risk.standard_deviation(parts),
        "tail_value_at_risk": risk.tail_value_at_risk(parts, p),
        "tail_contribution": tail_contributions(parts, p),
        "total_mean": risk.mean(total),
        "total_standard_deviation": risk.standard_deviation(total),
        "total_tail_value_at_risk": risk.tail_value_at_risk(total, p),
        "standard_deviation_in_quadrature": _in_quadrature(parts),
        "diversification_benefit": diversification_benefit(parts, p),
    }
    variables: dict[str, xr.DataArray] = {}
    for name, estimate in measured.items():
        error = estimate[risk.STANDARD_ERROR]
        variables[name] = estimate.drop_vars(risk.STANDARD_ERROR)
        variables[f"{name}_standard_error"] = error.drop_vars(risk.STANDARD_ERROR).assign_attrs(units=MONEY)
    return xr.Dataset(variables | {"correlation": correlation(parts)}, attrs={"level": p})


def tail_contributions(parts: xr.DataArray, p: float) -> xr.DataArray:
    r"""Return each contract's part of the portfolio's tail: its mean loss where the whole loses most.

    Parameters
    ----------
    parts
        Outcomes by contract, dims ``(contract, replicate)``.
    p
        In [0, 1): the share of outcomes that are not in the tail.

    Returns
    -------
    xr.DataArray
        Dims ``(contract,)``, USD, with ``standard_error``; the contributions add to the portfolio's tail
        value at risk. A negative one is a contract that pays when the others lose.

    Notes
    -----
    Euler's allocation, :math:`E[L_i \mid L \ge v]`, by the same weights as the tail value at risk of the
    whole; outcomes that tie share their weight, so that no order of replicates matters.

    References
    ----------
    Tasche, D. (2000), Risk contributions and performance measurement, Technische Universität München.
    """
    estimate = _contributions(-parts.transpose(CONTRACT, REPLICATE).values, p)
    return _labelled(estimate, parts, f"Contribution to TVaR {p:g} of the loss of the portfolio")


def diversification_benefit(parts: xr.DataArray, p: float) -> xr.DataArray:
    """Return by how much the tails of the contracts alone, added, exceed the tail of the whole.

    Parameters
    ----------
    parts
        Outcomes by contract, dims ``(contract, replicate)``.
    p
        Level of the tail value at risk.

    Returns
    -------
    xr.DataArray
        A scalar, USD, never negative, with the ``standard_error`` of paired tails.
    """
    losses = -parts.transpose(CONTRACT, REPLICATE).values
    whole = losses.sum(axis=0)
    value = estimates.upper_tail_mean(losses, p).value.sum() - estimates.upper_tail_mean(whole, p).value
    influence = _tail_influence(losses, p).sum(axis=0) - _tail_influence(whole, p)
    error = estimates.mean(influence).standard_error
    # Rounding alone can make it negative, where the contracts all but move together.
    return xr.DataArray(
        max(float(value), 0.0),
        coords={risk.STANDARD_ERROR: float(error)},
        attrs={"units": MONEY, "long_name": f"Diversification benefit at TVaR {p:g}"},
    )


def correlation(parts: xr.DataArray) -> xr.DataArray:
    """Return the correlation of every two contracts' outcomes, dims ``(contract, other)``.

    A contract whose outcome never varies has none: not-a-number beside the others, one with itself.
    """
    values = parts.transpose(CONTRACT, REPLICATE).values
    centred = values - values.mean(axis=1, keepdims=True)
    deviations = np.sqrt(np.square(centred).sum(axis=1))
    scale = np.outer(deviations, deviations)
    matrix = np.divide(centred @ centred.T, scale, out=np.full(scale.shape, np.nan), where=scale > 0.0)
    np.fill_diagonal(matrix, 1.0)
    labels = parts[CONTRACT].values
    return xr.DataArray(
        matrix,
        dims=(CONTRACT, OTHER),
        coords={CONTRACT: labels, OTHER: labels},
        attrs={"units": RATE, "long_name": "Correlation of net settlements"},
    )


def _in_quadrature(parts: xr.DataArray) -> xr.DataArray:
    """Return the standard deviation that independent contracts would have together."""
    each = estimates.standard_deviation(parts.transpose(CONTRACT, REPLICATE).values)
    value = sqrt(float(np.square(each.value).sum()))
    error = sqrt(float(np.square(each.value * each.standard_error).sum())) / value if value > 0.0 else 0.0
    return xr.DataArray(
        value,
        coords={risk.STANDARD_ERROR: error},
        attrs={"units": MONEY, "long_name": "Standard deviations of the contracts, added in quadrature"},
    )


def _contributions(losses: Float64, p: float) -> Estimate:
    """Return the mean loss of each row where their sum is in its tail, with errors."""
    whole = losses.sum(axis=0)
    replicates = whole.size
    order = np.argsort(whole, kind="stable")
    ordered_weights = np.clip(np.arange(1, replicates + 1) - replicates * p, 0.0, 1.0)
    weights = np.empty(replicates)
    weights[order] = ordered_weights
    _, ties = np.unique(whole, return_inverse=True)
    weights = (np.bincount(ties, weights) / np.bincount(ties))[ties]
    value = losses @ weights / weights.sum()
    # What each row loses where the whole stands at the tail's edge, by the ranks about it: the
    # quantile is estimated too, and moves each contribution by that much.
    rank = estimates.rank_of_quantile(replicates, p) - 1 if p > 0.0 else 0
    reach = ceil(sqrt(replicates) / 2.0)
    near = order[max(rank - reach, 0) : rank + reach + 1]
    edge = losses[:, near].mean(axis=1, keepdims=True)
    influence = (losses - edge) * weights / (1.0 - p)
    return Estimate(value, estimates.mean(influence).standard_error)


def _tail_influence(losses: Float64, p: float) -> Float64:
    """Return by how much each replicate moves the tail mean over the last axis, up to a constant."""
    rank = estimates.rank_of_quantile(losses.shape[-1], p) - 1 if p > 0.0 else 0
    edge = np.sort(losses, axis=-1)[..., rank, None]
    influence: Float64 = np.maximum(losses - edge, 0.0) / (1.0 - p)
    return influence


def _labelled(estimate: Estimate, parts: xr.DataArray, long_name: str) -> xr.DataArray:
    """Return an estimate by contract with its labels."""
    return xr.DataArray(
        estimate.value,
        dims=CONTRACT,
        coords={
            CONTRACT: parts[CONTRACT].values,
            risk.STANDARD_ERROR: (CONTRACT, estimate.standard_error),
        },
        attrs={"units": MONEY, "long_name": long_name},
    )
