"""Choose the adjustment of the historical benchmark: regional, prior savings or population, the highest."""

from typing import Final, NamedTuple

import numpy as np

from simcore.model.arrays import Float64, Rate
from simcore.model.benchmark.regional_adjustment import RegionalAdjustment
from simcore.model.benchmark.terms import PopulationAdjustmentTerms, RegionalAdjustmentTerms

ADJUSTMENTS: Final = ("none", "regional", "prior_savings", "population")
"""What `BenchmarkAdjustment.chosen` counts."""


class BenchmarkAdjustment(NamedTuple):
    """The adjustment that is made; per capita, USD.

    Attributes
    ----------
    regional, prior_savings, population
        The candidates, each as a single value by replicate.
    chosen
        Position in `ADJUSTMENTS`, by replicate.
    by_type
        What is added, ``(enrollment_type, replicate)``.
    """

    regional: Float64
    prior_savings: Rate
    population: Rate
    chosen: Float64
    by_type: Float64


def population_adjustment(
    other: Rate, terms: PopulationAdjustmentTerms, *, national: Rate, low_income_share: Rate
) -> Rate:
    """Return the population adjustment (until 2025 the health equity benchmark adjustment), a flat amount.

    Parameters
    ----------
    other
        The highest of regional and prior savings adjustment, USD per capita, by replicate.
    terms
        Cap and least share.
    national
        National expenditures per capita in the ACO's mix of benchmark year 3, USD.
    low_income_share
        Share of the performance year's beneficiaries with low-income subsidy or dual eligibility.

    References
    ----------
    42 CFR 425.662.
    """
    room = np.maximum(terms.cap * national - np.maximum(other, 0.0), 0.0)
    return np.where(np.greater_equal(low_income_share, terms.minimum_share), room * low_income_share, 0.0)


def choose_adjustment(
    regional: RegionalAdjustment,
    terms: RegionalAdjustmentTerms | None,
    *,
    prior_savings: Rate,
    population: Rate,
) -> BenchmarkAdjustment:
    """Return the highest of the three; the regional one by enrollment type, the others flat.

    A regional adjustment that is negative over all types applies only where the rules before 2024
    made it. Where it ties with another, it is the one that is made.

    References
    ----------
    42 CFR 425.652(a)(8), 425.662(c). The rule gives the ``FinalAdjCat`` that CMS published for all 140
    ACOs whose agreements began in 2024.
    """
    single = regional.single_value
    flat = np.maximum(prior_savings, population)
    applies_below_zero = terms is not None and terms.net_negative
    regional_wins = (single >= flat) & (single > 0.0)
    if applies_below_zero:
        regional_wins |= np.less_equal(flat, 0.0)
    prior_savings_win = np.greater_equal(prior_savings, population)
    chosen = np.where(regional_wins, 1, np.where(flat <= 0.0, 0, np.where(prior_savings_win, 2, 3)))
    return BenchmarkAdjustment(
        regional=single,
        prior_savings=prior_savings,
        population=population,
        chosen=chosen.astype(np.float64),
        by_type=np.where(regional_wins, regional.by_type, np.maximum(flat, 0.0)),
    )
