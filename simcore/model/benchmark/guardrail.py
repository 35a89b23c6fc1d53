"""Keep the prospective trend from causing losses that the two-way benchmark would not show."""

from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Bool, Float64, Rate


class Guardrail(NamedTuple):
    """What the guardrail does.

    Attributes
    ----------
    benchmark
        Updated benchmark that is settled on, USD.
    applies
        Where it is the two-way benchmark.
    neither
        Where that shows savings, of which none are shared and for which no losses are owed.
    """

    benchmark: Float64
    applies: Bool
    neither: Bool


def apply_guardrail(
    benchmark: Float64, two_way_benchmark: Float64, expenditures: Float64, *, minimum_loss_rate: Rate
) -> Guardrail:
    """Return the benchmark to settle on, where expenditures exceed the three-way benchmark by the minimum.

    Parameters
    ----------
    benchmark, two_way_benchmark
        Updated benchmark with and without the prospective trend, USD, of any shape.
    expenditures
        Performance year expenditures, USD, same shape.
    minimum_loss_rate
        Size of the minimum loss rate; of the minimum savings rate in a one-sided contract.

    References
    ----------
    42 CFR 425.652(b)(5).
    """
    loses = (expenditures > benchmark) & (expenditures - benchmark >= minimum_loss_rate * benchmark)
    applies: Bool = loses & (two_way_benchmark > benchmark)
    return Guardrail(
        benchmark=np.where(applies, two_way_benchmark, benchmark),
        applies=applies,
        neither=applies & (expenditures < two_way_benchmark),
    )
