"""Settle a performance year: from a benchmark and its expenditures to a payment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any, Final, NamedTuple

import numpy as np

from simcore.model.arrays import Rate
from simcore.model.gates import Gates, Performance, performance_against
from simcore.model.steps import Flag, either, exceeds, limited, only_where, relieve, sequester


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
    return Settlement(
        **settled_steps(
            benchmark, expenditures, terms, names=Settlement._fields, two_way_benchmark=two_way_benchmark
        )
    )


def settled_steps(
    benchmark: Rate,
    expenditures: Rate,
    terms: SharingTerms,
    *,
    names: Iterable[str],
    two_way_benchmark: Rate | None = None,
) -> dict[str, Any]:
    """Settle as `settle` does, and return only the steps of these names of `Settlement`.

    What no minimum rate decides is computed once, on the benchmark's own shape. So an axis of elections
    in front of the minimum rates costs little; what depends on them has it in front, too.
    """
    if not np.all(exceeds(benchmark, 0.0)):
        raise ValueError("a benchmark is not positive")
    year = _year(benchmark, expenditures, terms, two_way_benchmark=two_way_benchmark)
    return {name: _STEPS[name](year) for name in names}


class _SharedSavings(NamedTuple):
    before_sequestration: Rate
    before_limit: Rate
    earned: Rate


class _SharedLosses(NamedTuple):
    before_limit: Rate
    benchmark_limit: Rate
    limit: Rate
    relief: Rate
    owed: Rate


class _Against(NamedTuple):
    """A year against one benchmark, and the losses that are shared where their gate is open."""

    performance: Performance
    losses: _SharedLosses


@dataclass(frozen=True)
class _Year:
    """A year as if every gate were open, and the gates.

    The gates are applied last: nothing is left of a closed one, whatever is sequestered, limited,
    relieved or prorated after it.
    """

    terms: SharingTerms
    updated: _Against
    guarded: _Against | None
    full_savings: _SharedSavings
    reduced_savings: _SharedSavings
    gates: Gates

    def on_its_benchmark(self, step: Callable[[_Against], Rate]) -> Rate:
        """Return a step against the benchmark that the year is settled on."""
        if self.guarded is None:
            return step(self.updated)
        return either(self.gates.guardrail_applies, step(self.guarded), step(self.updated))

    def shared(self, step: Callable[[_SharedSavings], Rate]) -> Rate:
        """Return a step of the savings."""
        below_the_minimum = only_where(self.gates.shares_reduced, step(self.reduced_savings))
        return either(self.gates.shares_fully, step(self.full_savings), below_the_minimum)

    def owed(self, step: Callable[[_SharedLosses], Rate]) -> Rate:
        """Return a step of the losses."""
        return only_where(self.gates.mlr_met, self.on_its_benchmark(lambda against: step(against.losses)))

    @cached_property
    def updated_benchmark(self) -> Rate:
        return self.on_its_benchmark(lambda against: against.performance.benchmark)

    @cached_property
    def savings_before_limit(self) -> Rate:
        return self.shared(lambda savings: savings.before_limit)

    @cached_property
    def payment_limit(self) -> Rate:
        return self.terms.performance_payment_limit * self.updated_benchmark

    @cached_property
    def earned_shared_savings(self) -> Rate:
        return self.shared(lambda savings: savings.earned)

    @cached_property
    def losses_before_limit(self) -> Rate:
        return self.owed(lambda losses: losses.before_limit)

    @cached_property
    def loss_limit(self) -> Rate:
        return self.on_its_benchmark(lambda against: against.losses.limit)

    @cached_property
    def loss_limit_binds(self) -> Flag:
        return exceeds(self.losses_before_limit, self.loss_limit)

    @cached_property
    def owed_shared_losses(self) -> Rate:
        return self.owed(lambda losses: losses.owed)

    def revenue_limit_binds(self) -> Flag:
        benchmark_limit = self.on_its_benchmark(lambda against: against.losses.benchmark_limit)
        return self.loss_limit_binds & exceeds(benchmark_limit, self.terms.revenue_loss_limit)

    def final_sharing_rate(self) -> Rate:
        return either(
            self.gates.reduced_sharing, self.terms.reduced_sharing_rate, self.terms.final_sharing_rate
        )


_STEPS: Final[Mapping[str, Callable[[_Year], Rate | Flag]]] = {
    "updated_benchmark": lambda year: year.updated_benchmark,
    "gross_savings": lambda year: year.on_its_benchmark(lambda against: against.performance.gross_savings),
    "savings_rate": lambda year: year.gates.savings_rate,
    "guardrail_applies": lambda year: year.gates.guardrail_applies,
    "minimum_savings_rate": lambda year: year.terms.minimum_savings_rate,
    "msr_met": lambda year: year.gates.msr_met,
    "mlr_met": lambda year: year.gates.mlr_met,
    "reduced_sharing": lambda year: year.gates.reduced_sharing,
    "maximum_sharing_rate": lambda year: year.terms.maximum_sharing_rate,
    "final_sharing_rate": _Year.final_sharing_rate,
    "final_loss_rate": lambda year: year.terms.final_loss_rate,
    "shared_savings_before_sequestration": lambda year: year.shared(lambda s: s.before_sequestration),
    "shared_savings_before_limit": lambda year: year.savings_before_limit,
    "performance_payment_limit": lambda year: year.payment_limit,
    "payment_limit_binds": lambda year: exceeds(year.savings_before_limit, year.payment_limit),
    "shared_losses_before_limit": lambda year: year.losses_before_limit,
    "loss_recoupment_limit": lambda year: year.loss_limit,
    "loss_limit_binds": lambda year: year.loss_limit_binds,
    "revenue_limit_binds": _Year.revenue_limit_binds,
    "disaster_relief": lambda year: year.owed(lambda losses: losses.relief),
    "earned_shared_savings": lambda year: year.earned_shared_savings,
    "owed_shared_losses": lambda year: year.owed_shared_losses,
    "net_settlement": lambda year: year.earned_shared_savings - year.owed_shared_losses,
}


def _year(
    benchmark: Rate, expenditures: Rate, terms: SharingTerms, *, two_way_benchmark: Rate | None
) -> _Year:
    """Share all savings and losses of a year, and try the gates."""
    updated = performance_against(benchmark, expenditures)
    guarded = None
    if two_way_benchmark is not None:
        # 425.652(b)(5): the two-way benchmark replaces only one that is lower.
        higher = either(exceeds(two_way_benchmark, benchmark), two_way_benchmark, benchmark)
        guarded = performance_against(higher, expenditures)
    return _Year(
        terms=terms,
        updated=_Against(updated, _share_losses(updated, terms)),
        guarded=None if guarded is None else _Against(guarded, _share_losses(guarded, terms)),
        full_savings=_share_savings(updated, terms.final_sharing_rate, terms),
        reduced_savings=_share_savings(updated, terms.reduced_sharing_rate, terms),
        gates=Gates(
            updated,
            guarded,
            minimum_savings_rate=terms.minimum_savings_rate,
            minimum_loss_rate=terms.minimum_loss_rate,
            reduced_sharing_rate=terms.reduced_sharing_rate,
        ),
    )


def _share_savings(performance: Performance, sharing_rate: Rate, terms: SharingTerms) -> _SharedSavings:
    """Take sequestration and the payment limit off the ACO's part of all savings, from the first dollar."""
    shared_savings = sharing_rate * performance.gross_savings
    # The cut comes before the limit: where the limit bound, CMS paid all of it, not 98 % of it.
    payment = sequester(shared_savings, terms.sequestration)
    limit = terms.performance_payment_limit * performance.benchmark
    return _SharedSavings(shared_savings, payment, limited(payment, limit) * terms.savings_proration)


def _share_losses(performance: Performance, terms: SharingTerms) -> _SharedLosses:
    """Limit and relieve the ACO's part of all losses, from the first dollar; no sequestration."""
    shared_losses = terms.final_loss_rate * -performance.gross_savings
    benchmark_limit = terms.benchmark_loss_limit * performance.benchmark
    limit = limited(benchmark_limit, terms.revenue_loss_limit)
    limited_losses = limited(shared_losses, limit)
    # 425.605(f): relief follows the loss rate and the limit.
    relieved_losses = relieve(limited_losses, terms.disaster_share, terms.disaster_relief)
    return _SharedLosses(
        before_limit=shared_losses,
        benchmark_limit=benchmark_limit,
        limit=limit,
        relief=limited_losses - relieved_losses,
        owed=relieved_losses * terms.loss_proration,
    )
