"""The steps of a risk contract beyond those of the Shared Savings Program, each a small pure function."""

from collections.abc import Sequence

import numpy as np

from simcore.model.arrays import Float64, Rate
from simcore.model.contracts.terms import Band, ContractTerms, QualityRule, StopLoss
from simcore.model.steps import either, exceeds, only_where, sequester


def target_of_premium(premium: Rate, terms: ContractTerms) -> Rate:
    """Return the benchmark of a contract on a premium, USD: the premium times the target loss ratio."""
    return premium * terms.target_loss_ratio


def truncated(amounts: Float64, threshold: float) -> Float64:
    """Return expenditures by person, USD, cut at a `threshold`, USD."""
    return np.minimum(amounts, threshold)


def stop_loss_payout(amounts: Float64, cover: StopLoss) -> Float64:
    """Return what stop-loss pays for each person, USD.

    Parameters
    ----------
    amounts
        A year's expenditures by person, USD, any shape.
    cover
        Attachment points and the shares paid above each.
    """
    uppers = (*cover.attachments[1:], np.inf)
    payout = np.zeros_like(amounts)
    for lower, upper, share in zip(cover.attachments, uppers, cover.shares, strict=True):
        payout += share * np.clip(amounts - lower, 0.0, upper - lower)
    return payout


def net_of_stop_loss(expenditures: Rate, payout: Rate, charge: Rate) -> Rate:
    """Return expenditures after stop-loss, USD: less what it pays, plus what it charges."""
    return expenditures - payout + charge


def unearned_quality(quality: Rate, terms: ContractTerms) -> Rate:
    """Return the part of the quality withhold that the score `quality`, a fraction, does not earn back."""
    if terms.quality_earned_by == "gate":
        return either(exceeds(terms.quality_gate, quality), 1.0, 0.0)
    score = terms.reporting_share + (1.0 - terms.reporting_share) * quality
    return 1.0 - score


def adjusted_benchmark(benchmark: Rate, terms: ContractTerms, quality: Rate) -> Rate:
    """Return the benchmark, USD, after discount and withholds, which add up and do not compound.

    CMS's results settle it: in performance year 2023 the benchmark of the two ACOs with a retention
    withhold is 0.91815 and 0.91227 of the unadjusted one; adding gives 0.91817 and 0.91237,
    multiplying 0.91876 and 0.91307.
    """
    return benchmark * (
        1.0
        + terms.benchmark_addition
        - terms.discount
        - terms.quality_withhold * unearned_quality(quality, terms)
        - terms.retention_withhold
    )


def above_threshold(amount: Rate, benchmark: Rate, threshold: Rate) -> Rate:
    """Return the part of a saving or a loss, USD, above a `threshold`, a fraction of the benchmark."""
    return np.maximum(amount - threshold * benchmark, 0.0)


def shared_in_bands(amount: Rate, benchmark: Rate, bands: Sequence[Band]) -> Rate:
    r"""Return the shared part of a saving or a loss, USD, band by band.

    Parameters
    ----------
    amount
        Not negative, USD.
    benchmark
        The benchmark whose fractions are the bands' ends, USD.
    bands
        The corridor; an amount beyond the last band is not shared.

    Notes
    -----
    :math:`\sum_k r_k \max(0, \min(X, u_k D) - u_{k-1} D)`.
    """
    shared = 0.0 * amount
    lower = 0.0
    for upper, rate in bands:
        inside = np.maximum(np.minimum(amount, upper * benchmark) - lower * benchmark, 0.0)
        shared = shared + rate * inside
        lower = upper
    return shared


def quality_factor(quality: Rate, rule: QualityRule) -> Rate:
    """Return what a quality score, a fraction, multiplies the share by."""
    if rule.kind == "times_q":
        return quality
    if rule.kind == "cost_quality_split":
        return rule.certain_share + (1.0 - rule.certain_share) * quality
    if rule.kind == "table":
        scores = np.array([score for score, _ in rule.steps])
        factors = np.array([0.0, *(factor for _, factor in rule.steps)])
        # At exactly the least score of a step, the step counts.
        return factors[np.searchsorted(scores, quality, side="right")][()]
    return 1.0


def shared_savings(amount: Rate, benchmark: Rate, terms: ContractTerms, *, quality: Rate) -> Rate:
    """Return the ACO's share of savings, USD: the corridor, then quality."""
    shared = shared_in_bands(amount, benchmark, terms.savings_bands)
    return shared * quality_factor(quality, terms.savings_quality)


def shared_losses(amount: Rate, benchmark: Rate, terms: ContractTerms, *, quality: Rate) -> Rate:
    """Return the ACO's share of losses, USD, a positive number."""
    if not terms.two_sided:
        return 0.0 * amount
    shared = shared_in_bands(amount, benchmark, terms.loss_bands)
    if terms.loss_quality.kind == "one_minus_rate_q":
        # In each band the loss rate is one less the sharing rate times the score.
        return amount - shared * quality
    return shared * quality_factor(quality, terms.loss_quality)


def average_rate(shared: Rate, amount: Rate, *, first: Rate) -> Rate:
    """Return the shared fraction of an amount, and the rate of the `first` dollar where there is none."""
    some = exceeds(amount, 0.0)
    return either(some, shared / either(some, amount, 1.0), first)


def sequestered_savings(shared: Rate, gross_savings: Rate, terms: ContractTerms) -> Rate:
    """Return the payment that sequestration leaves of shared savings, USD, not below zero."""
    if terms.sequestration_base == "gross":
        return np.maximum(shared - terms.sequestration * np.abs(gross_savings), 0.0)
    return sequester(shared, terms.sequestration)


def sequestered_losses(shared: Rate, gross_savings: Rate, terms: ContractTerms) -> Rate:
    """Return what is owed with sequestration, USD: more than the shared losses where it extends to them."""
    if not terms.sequestration_on_losses:
        return shared
    if terms.sequestration_base == "gross":
        return only_where(exceeds(shared, 0.0), shared + terms.sequestration * np.abs(gross_savings))
    return shared * (1.0 + terms.sequestration)


def losses_to_carry(savings: Rate, losses: Rate, carried: Rate) -> Rate:
    """Return the losses that later years inherit, USD.

    Parameters
    ----------
    savings, losses
        The year's savings and losses past gate and threshold, one of them zero.
    carried
        Losses inherited from earlier years.
    """
    return np.maximum(carried - savings, 0.0) + losses
