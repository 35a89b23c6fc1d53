"""Split a net settlement into what each rule gave and took, from gross savings down to the payment."""

from typing import Final

import numpy as np
import xarray as xr

from simcore.analysis import estimates
from simcore.analysis.estimates import Float64
from simcore.analysis.risk import STANDARD_ERROR
from simcore.analysis.summary import AGREEMENT, PERIOD
from simcore.errors import ResultError
from simcore.vocabulary import CONTRACT, MONEY, PERFORMANCE_YEAR, REPLICATE

RULE: Final = "rule"

RULES: Final = {
    "gross_savings": "Benchmark less expenditures, all of it the ACO's",
    "minimum_savings_rate": "Savings below the minimum savings rate are not shared",
    "reduced_sharing": "A part of them is shared after all (42 CFR 425.605(h))",
    "guardrail": "Savings that only the guardrail's benchmark shows are not shared",
    "sharing_rate": "Medicare's part of the savings at full quality",
    "quality": "What quality takes from the sharing rate",
    "sequestration": "What sequestration takes from the payment",
    "payment_limit": "What the performance payment limit takes",
    "savings_proration": "What a shortened year takes from the payment",
    "minimum_loss_rate": "Losses within the minimum loss rate, or of a one-sided contract, are not owed",
    "loss_rate": "Medicare's part of the losses",
    "loss_limit": "What the loss recoupment limit forgives",
    "relief": "What disaster relief and a shortened year forgive",
}
"""The rules in the order of settlement, each with what its amount means."""

NEEDED: Final = (
    "gross_savings",
    "msr_met",
    "mlr_met",
    "maximum_sharing_rate",
    "shared_savings_before_sequestration",
    "shared_savings_before_limit",
    "performance_payment_limit",
    "earned_shared_savings",
    "shared_losses_before_limit",
    "loss_recoupment_limit",
    "owed_shared_losses",
)
"""Variables that the split is made from; the last steps are kept when a scenario asks for detail."""


def rule_amounts(result: xr.Dataset) -> xr.DataArray:
    """Return what each rule gave or took, replicate by replicate.

    Parameters
    ----------
    result
        A result with the steps of settlement, or any selection of one; choose a contract first when
        memory is dear, for the answer is thirteen times as large as ``net_settlement``.

    Returns
    -------
    xr.DataArray
        USD, dims ``(rule, …)`` with those of ``net_settlement``. The sum over rules is the net
        settlement: each amount is the difference that one more rule makes to what the ACO keeps of
        the gross savings, in the order of settlement.

    Raises
    ------
    ResultError
        With every variable that the result lacks.
    """
    lacking = [name for name in NEEDED if name not in result]
    if lacking:
        how = "simulate the scenario with simulation.detail = true"
        raise ResultError("result", [f"{name}: not stored; {how}" for name in lacking])
    frame = result["net_settlement"]
    amounts = _savings_rules(result) | _loss_rules(result)
    arrays = [np.asarray(amounts[rule].broadcast_like(frame).transpose(*frame.dims).values) for rule in RULES]
    return xr.DataArray(
        np.stack(arrays),
        dims=(RULE, *frame.dims),
        coords={RULE: list(RULES), "meaning": (RULE, list(RULES.values())), **frame.coords},
        name="value_of_rule",
        attrs={"units": MONEY, "long_name": "What the rule gives the ACO"},
    )


def value_of_rules(result: xr.Dataset) -> xr.DataArray:
    """Return the expected dollars that each rule gives or takes, by contract, year and agreement.

    Parameters
    ----------
    result
        A result with the steps of settlement.

    Returns
    -------
    xr.DataArray
        USD, dims ``(contract, period, rule)``, with ``standard_error``. The sum over rules is the
        expected net settlement, to rounding; periods are the years as text, then ``"all"``.

    Raises
    ------
    ResultError
        With every variable that the result lacks.
    """
    value, error = [], []
    for contract in range(result.sizes[CONTRACT]):
        amounts = rule_amounts(result.isel({CONTRACT: contract}))
        by_year = amounts.transpose(PERFORMANCE_YEAR, RULE, REPLICATE).values
        periods = np.concatenate([by_year, by_year.sum(axis=0, keepdims=True)])
        estimate = estimates.mean(periods)
        value.append(estimate.value)
        error.append(estimate.standard_error)
    dims = (CONTRACT, PERIOD, RULE)
    years = [str(year) for year in result[PERFORMANCE_YEAR].values]
    return xr.DataArray(
        np.stack(value),
        dims=dims,
        coords={
            CONTRACT: result[CONTRACT],
            PERIOD: [*years, AGREEMENT],
            RULE: list(RULES),
            "meaning": (RULE, list(RULES.values())),
            STANDARD_ERROR: (dims, np.stack(error)),
        },
        name="value_of_rule",
        attrs={"units": MONEY, "long_name": "Expected value of the rule to the ACO"},
    )


def unexplained(result: xr.Dataset) -> Float64:
    """Return the largest amount by which the rules' sum misses a net settlement, USD: nought to a cent."""
    missed = rule_amounts(result).sum(RULE) - result["net_settlement"]
    return np.asarray(abs(missed).max().values)


def _savings_rules(result: xr.Dataset) -> dict[str, xr.DataArray]:
    """Return the steps from gross savings to earned shared savings."""
    gross = result["gross_savings"]
    saved = gross.where(gross > 0.0, 0.0)
    shared = result["shared_savings_before_sequestration"]
    payment, earned = result["shared_savings_before_limit"], result["earned_shared_savings"]
    limited = payment.clip(max=result["performance_payment_limit"])
    passed = result["msr_met"].astype(bool)
    guarded = result["guardrail_applies"].astype(bool) if "guardrail_applies" in result else ~passed & passed
    open_gate = passed & ~guarded
    at_full_quality = (result["maximum_sharing_rate"] * saved).where(open_gate, 0.0)
    return {
        "gross_savings": gross,
        "minimum_savings_rate": -saved.where(~passed, 0.0),
        "reduced_sharing": shared.where(~passed, 0.0),
        "guardrail": -saved.where(passed & guarded, 0.0),
        "sharing_rate": at_full_quality - saved.where(open_gate, 0.0),
        "quality": shared.where(passed, 0.0) - at_full_quality,
        "sequestration": payment - shared,
        "payment_limit": limited - payment,
        "savings_proration": earned - limited,
    }


def _loss_rules(result: xr.Dataset) -> dict[str, xr.DataArray]:
    """Return the steps from a gross loss to owed shared losses, as gains of the ACO."""
    gross = result["gross_savings"]
    lost = (-gross).where(gross < 0.0, 0.0)
    passed = result["mlr_met"].astype(bool)
    shared, owed = result["shared_losses_before_limit"], result["owed_shared_losses"]
    limited = shared.clip(max=result["loss_recoupment_limit"])
    return {
        "minimum_loss_rate": lost.where(~passed, 0.0),
        "loss_rate": lost.where(passed, 0.0) - shared,
        "loss_limit": shared - limited,
        "relief": limited - owed,
    }
