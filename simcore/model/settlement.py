"""Settle a performance year: from a benchmark and its expenditures to a payment."""

from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Rate
from simcore.model.steps import (
    Flag,
    either,
    exceeds,
    limited,
    meets_minimum,
    only_where,
    relieve,
    savings_rate,
    sequester,
)


@dataclass(frozen=True, slots=True)
class SharingTerms:
    """What one contract option shares in a performance year.

    Each is a number, or an array that broadcasts against the benchmark. Rates are fractions. The
    defaults are those of a contract without the rule: no losses, no relief, a full year.

    Attributes
    ----------
    minimum_savings_rate
        Savings rate that opens the gate to savings.
    maximum_sharing_rate, final_sharing_rate
        Sharing rate at full quality, and after quality.
    performance_payment_limit
        Most that is paid, as a fraction of the benchmark.
    sequestration
        Cut of Medicare payments by the sequestration order.
    reduced_sharing_rate
        Rate for savings below the minimum savings rate; zero where none are shared.
    minimum_loss_rate
        Size of the loss rate that opens the gate to losses; infinite in a one-sided contract.
    final_loss_rate
        Share of losses that is owed.
    benchmark_loss_limit
        Most that is owed, as a fraction of the benchmark.
    revenue_loss_limit
        Most that is owed by the participants' revenue, USD; infinite where there is no such limit.
    disaster_share
        Share of the losses relieved for extreme and uncontrollable circumstances.
    disaster_relief
        The same as an amount for the full year, USD.
    savings_proration, loss_proration
        Part of the savings paid and of the losses owed: of a shortened year, or after a termination.
    """

    minimum_savings_rate: Rate
    maximum_sharing_rate: Rate
    final_sharing_rate: Rate
    performance_payment_limit: Rate
    sequestration: Rate
    reduced_sharing_rate: Rate = 0.0
    minimum_loss_rate: Rate = inf
    final_loss_rate: Rate = 0.0
    benchmark_loss_limit: Rate = 0.0
    revenue_loss_limit: Rate = inf
    disaster_share: Rate = 0.0
    disaster_relief: Rate = 0.0
    savings_proration: Rate = 1.0
    loss_proration: Rate = 1.0


class Settlement(NamedTuple):
    """Every step of a settlement; money in unrounded USD, losses as positive numbers.

    Each field has the broadcast shape of what it is computed from; the terms are handed through.
    """

    updated_benchmark: Rate
    gross_savings: Rate
    savings_rate: Rate
    guardrail_applies: Flag
    minimum_savings_rate: Rate
    msr_met: Flag
    mlr_met: Flag
    reduced_sharing: Flag
    maximum_sharing_rate: Rate
    final_sharing_rate: Rate
    final_loss_rate: Rate
    shared_savings_before_sequestration: Rate
    shared_savings_before_limit: Rate
    performance_payment_limit: Rate
    payment_limit_binds: Flag
    shared_losses_before_limit: Rate
    loss_recoupment_limit: Rate
    loss_limit_binds: Flag
    revenue_limit_binds: Flag
    disaster_relief: Rate
    earned_shared_savings: Rate
    owed_shared_losses: Rate
    net_settlement: Rate


def settle(
    benchmark: Rate, expenditures: Rate, terms: SharingTerms, *, two_way_benchmark: Rate | None = None
) -> Settlement:
    """Settle under one contract option.

    Parameters
    ----------
    benchmark
        Updated benchmark expenditures of the full year, USD, a number or an array.
    expenditures
        Performance year expenditures of the full year, USD, broadcast against `benchmark`.
    terms
        Sharing terms of the option.
    two_way_benchmark
        The benchmark updated without the accountable care prospective trend, USD, where the
        guardrail is to be tried (agreements from 2024).

    Returns
    -------
    Settlement
        Every step, scalars for scalars and arrays for arrays.

    Raises
    ------
    ValueError
        If a benchmark is not positive.

    References
    ----------
    42 CFR 425.604-425.606, 425.610 (c)-(f); 425.605(h), 425.609, 425.652(b)(5).

    Examples
    --------
    Five million dollars saved of a hundred, shared at three quarters, less sequestration; and a savings
    rate below the minimum, of which nothing is shared.

    >>> terms = SharingTerms(
    ...     minimum_savings_rate=0.02,
    ...     maximum_sharing_rate=0.75,
    ...     final_sharing_rate=0.75,
    ...     performance_payment_limit=0.20,
    ...     sequestration=0.02,
    ... )
    >>> round(float(settle(100e6, 95e6, terms).earned_shared_savings), 2)
    3675000.0
    >>> float(settle(100e6, 98.5e6, terms).earned_shared_savings)
    0.0
    """
    if not np.all(exceeds(benchmark, 0.0)):
        raise ValueError("a benchmark is not positive")
    guardrail_applies: Flag = np.False_
    if two_way_benchmark is not None:
        guardrail_applies = _guardrail_applies(benchmark, expenditures, two_way_benchmark, terms=terms)
        benchmark = either(guardrail_applies, two_way_benchmark, benchmark)

    gross_savings = benchmark - expenditures
    rate = savings_rate(benchmark, expenditures)
    msr_met = meets_minimum(rate, terms.minimum_savings_rate)
    mlr_met = meets_minimum(-rate, terms.minimum_loss_rate)

    # 425.605(h): savings below the minimum savings rate may be shared at a reduced rate.
    reduced_sharing = exceeds(rate, 0.0) & ~msr_met & exceeds(terms.reduced_sharing_rate, 0.0)
    final_sharing_rate = either(reduced_sharing, terms.reduced_sharing_rate, terms.final_sharing_rate)
    # 425.652(b)(5): where the guardrail's benchmark shows savings, neither losses nor savings are shared.
    shares_savings = (msr_met | reduced_sharing) & ~guardrail_applies
    savings = _share_savings(benchmark, only_where(shares_savings, final_sharing_rate * gross_savings), terms)
    losses = _share_losses(benchmark, only_where(mlr_met, terms.final_loss_rate * -gross_savings), terms)
    return Settlement(
        updated_benchmark=benchmark,
        gross_savings=gross_savings,
        savings_rate=rate,
        guardrail_applies=guardrail_applies,
        minimum_savings_rate=terms.minimum_savings_rate,
        msr_met=msr_met,
        mlr_met=mlr_met,
        reduced_sharing=reduced_sharing,
        maximum_sharing_rate=terms.maximum_sharing_rate,
        final_sharing_rate=final_sharing_rate,
        final_loss_rate=terms.final_loss_rate,
        shared_savings_before_sequestration=savings.before_sequestration,
        shared_savings_before_limit=savings.before_limit,
        performance_payment_limit=savings.limit,
        payment_limit_binds=exceeds(savings.before_limit, savings.limit),
        shared_losses_before_limit=losses.before_limit,
        loss_recoupment_limit=losses.limit,
        loss_limit_binds=losses.limit_binds,
        revenue_limit_binds=losses.revenue_limit_binds,
        disaster_relief=losses.relief,
        earned_shared_savings=savings.earned,
        owed_shared_losses=losses.owed,
        net_settlement=savings.earned - losses.owed,
    )


class _SharedSavings(NamedTuple):
    before_sequestration: Rate
    before_limit: Rate
    limit: Rate
    earned: Rate


class _SharedLosses(NamedTuple):
    before_limit: Rate
    limit: Rate
    limit_binds: Flag
    revenue_limit_binds: Flag
    relief: Rate
    owed: Rate


def _share_savings(benchmark: Rate, shared_savings: Rate, terms: SharingTerms) -> _SharedSavings:
    """Take sequestration and the payment limit off the ACO's part of all savings, from the first dollar."""
    # The cut comes before the limit: where the limit bound, CMS paid all of it, not 98 % of it.
    payment = sequester(shared_savings, terms.sequestration)
    limit = terms.performance_payment_limit * benchmark
    return _SharedSavings(shared_savings, payment, limit, limited(payment, limit) * terms.savings_proration)


def _share_losses(benchmark: Rate, shared_losses: Rate, terms: SharingTerms) -> _SharedLosses:
    """Limit and relieve the ACO's part of all losses, from the first dollar; no sequestration."""
    benchmark_limit = terms.benchmark_loss_limit * benchmark
    limit = limited(benchmark_limit, terms.revenue_loss_limit)
    limit_binds = exceeds(shared_losses, limit)
    limited_losses = limited(shared_losses, limit)
    # 425.605(f): relief follows the loss rate and the limit.
    relieved_losses = relieve(limited_losses, terms.disaster_share, terms.disaster_relief)
    return _SharedLosses(
        before_limit=shared_losses,
        limit=limit,
        limit_binds=limit_binds,
        revenue_limit_binds=limit_binds & exceeds(benchmark_limit, terms.revenue_loss_limit),
        relief=limited_losses - relieved_losses,
        owed=relieved_losses * terms.loss_proration,
    )


def _guardrail_applies(
    benchmark: Rate, expenditures: Rate, two_way_benchmark: Rate, *, terms: SharingTerms
) -> Flag:
    """Say where losses beyond the minimum would be smaller against the two-way benchmark."""
    # The minimum savings rate is the size of the minimum loss rate too, and of the line beyond
    # which a one-sided ACO's performance is monitored.
    beyond = meets_minimum(-savings_rate(benchmark, expenditures), terms.minimum_savings_rate)
    return beyond & exceeds(two_way_benchmark, benchmark)
