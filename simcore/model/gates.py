"""Hold a year's expenditures against its benchmark, and say which gates to savings and losses are open."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Rate
from simcore.model.steps import Flag, either, exceeds, meets_minimum, savings_rate


class Performance(NamedTuple):
    """A year against one benchmark, in USD; the rate is a fraction of the benchmark."""

    benchmark: Rate
    gross_savings: Rate
    savings_rate: Rate


def performance_against(benchmark: Rate, expenditures: Rate) -> Performance:
    """Hold expenditures against a benchmark, both in USD."""
    return Performance(benchmark, benchmark - expenditures, savings_rate(benchmark, expenditures))


@dataclass(frozen=True)
class Gates:
    """The gates to shared savings and losses, each tried when it is asked for.

    Each has the broadcast shape of the rates and the minima: an axis of elections that the minima
    have in front is there, too.

    Attributes
    ----------
    updated
        The year against its updated benchmark.
    guarded
        The year against the two-way benchmark where that is higher, elsewhere the same as `updated`;
        ``None`` where the guardrail is not to be tried.
    minimum_savings_rate, minimum_loss_rate, reduced_sharing_rate
        See `SharingTerms`.

    References
    ----------
    42 CFR 425.605(b)-(h), 425.610(b)-(f), 425.652(b)(5).
    """

    updated: Performance
    guarded: Performance | None
    minimum_savings_rate: Rate
    minimum_loss_rate: Rate
    reduced_sharing_rate: Rate

    @cached_property
    def guardrail_applies(self) -> Flag:
        """Where losses beyond the minimum would be smaller against the two-way benchmark, which replaces the other."""
        if self.guarded is None:
            return np.False_
        # The minimum savings rate is the size of the minimum loss rate too, and of the line beyond
        # which a one-sided ACO's performance is monitored.
        beyond = meets_minimum(-self.updated.savings_rate, self.minimum_savings_rate)
        return beyond & exceeds(self.guarded.benchmark, self.updated.benchmark)

    @cached_property
    def savings_rate(self) -> Rate:
        """The savings rate against the benchmark that the year is settled on."""
        if self.guarded is None:
            return self.updated.savings_rate
        return either(self.guardrail_applies, self.guarded.savings_rate, self.updated.savings_rate)

    @cached_property
    def msr_met(self) -> Flag:
        """Where the minimum savings rate is met."""
        if self.guarded is None:
            return self.shares_fully
        # Losses against the updated benchmark meet it nowhere: there, the two-way one alone may.
        met = meets_minimum(self.guarded.savings_rate, self.minimum_savings_rate)
        return self.shares_fully | (self.guardrail_applies & met)

    @cached_property
    def mlr_met(self) -> Flag:
        """Where the minimum loss rate is met."""
        met = meets_minimum(-self.updated.savings_rate, self.minimum_loss_rate)
        if self.guarded is None:
            return met
        guarded_met = meets_minimum(-self.guarded.savings_rate, self.minimum_loss_rate)
        return (self.guardrail_applies & guarded_met) | (~self.guardrail_applies & met)

    @cached_property
    def reduced_sharing(self) -> Flag:
        """Where savings below the minimum savings rate have the reduced rate: 425.605(h)."""
        return exceeds(self.savings_rate, 0.0) & ~self.msr_met & exceeds(self.reduced_sharing_rate, 0.0)

    @cached_property
    def shares_fully(self) -> Flag:
        """Where savings are shared at the full rate.

        425.652(b)(5): savings against the two-way benchmark are not shared, those against the updated one alone.
        """
        return meets_minimum(self.updated.savings_rate, self.minimum_savings_rate)

    @cached_property
    def shares_reduced(self) -> Flag:
        """Where savings that are not shared fully are shared at the reduced rate, whatever the minimum."""
        return exceeds(self.updated.savings_rate, 0.0) & exceeds(self.reduced_sharing_rate, 0.0)
