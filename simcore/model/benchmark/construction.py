"""Build a benchmark, and bring it to each performance year, keeping every step."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Float64, Rate
from simcore.model.benchmark.adjustment import (
    BenchmarkAdjustment,
    choose_adjustment,
    population_adjustment,
)
from simcore.model.benchmark.historical import HistoricalBenchmark, historical_benchmark
from simcore.model.benchmark.inputs import (
    BenchmarkYears,
    PerformanceYear,
    PriorPerformance,
    ratio,
    weighted_mean,
)
from simcore.model.benchmark.prior_savings import PriorSavings, prior_savings
from simcore.model.benchmark.regional_adjustment import RegionalAdjustment, regional_adjustment
from simcore.model.benchmark.risk_ratio import RiskRatio, regional_risk_cap_factor, risk_ratio
from simcore.model.benchmark.terms import BenchmarkTerms, without_adjustments
from simcore.model.benchmark.update import Growth, UpdateFactor, update_factor


@dataclass(frozen=True, slots=True)
class EstablishedBenchmark:
    """A historical benchmark as it stands when the agreement begins.

    Attributes
    ----------
    years
        What it was built from. Of a benchmark that is given, benchmark year 3 alone.
    historical
        Its steps before adjustments.
    regional
        The regional adjustment that it could have.
    prior
        Settlements of the agreement before, or ``None`` where there was none.
    adjusted
        Whether the adjustments are in it already, as in a benchmark that is given.
    """

    years: BenchmarkYears
    historical: HistoricalBenchmark
    regional: RegionalAdjustment
    prior: PriorPerformance | None
    adjusted: bool = False


class UpdatedBenchmark(NamedTuple):
    """Every step from the historical to the updated benchmark of one performance year.

    Attributes
    ----------
    prior_savings
        Steps of the prior savings adjustment; ``None`` where the rules or the ACO have none.
    adjustment
        The candidates and the choice.
    adjusted_historical
        Historical benchmark with the adjustment, USD per capita, ``(enrollment_type, replicate)``.
    risk, update
        Steps of the risk ratio and of the update.
    regional_risk_cap_factor
        Factor on regional growth, ``(enrollment_type, replicate)``.
    by_type
        Updated benchmark, USD per capita, ``(enrollment_type, replicate)``.
    per_capita, total
        In the performance year's mix, and for all its person-years, USD, by replicate.
    two_way_total
        ``total`` without the prospective trend, for the guardrail.
    """

    prior_savings: PriorSavings | None
    adjustment: BenchmarkAdjustment
    adjusted_historical: Float64
    risk: RiskRatio
    update: UpdateFactor
    regional_risk_cap_factor: Float64
    by_type: Float64
    per_capita: Float64
    total: Float64
    two_way_total: Float64


def establish_benchmark(
    years: BenchmarkYears, terms: BenchmarkTerms, prior: PriorPerformance | None = None
) -> EstablishedBenchmark:
    """Build the historical benchmark from the benchmark years.

    Parameters
    ----------
    years
        Experience of the benchmark years.
    terms
        The rules; those of the first performance year will do.
    prior
        The three performance years before the agreement, for a renewing ACO.
    """
    historical = historical_benchmark(years, terms.historical)
    regional = regional_adjustment(historical.per_capita, years, terms.regional_adjustment)
    return EstablishedBenchmark(years=years, historical=historical, regional=regional, prior=prior)


def update_benchmark(
    established: EstablishedBenchmark, year: PerformanceYear, terms: BenchmarkTerms
) -> UpdatedBenchmark:
    """Bring an established benchmark to a performance year.

    Parameters
    ----------
    established
        The historical benchmark.
    year
        Experience of the performance year.
    terms
        The rules of that year.

    References
    ----------
    42 CFR 425.601-425.603, 425.605(a)(1), 425.610(a)(2), 425.652-425.662.
    """
    years = established.years
    if established.adjusted:
        terms = without_adjustments(terms)
    prior = _prior_savings(established, year, terms)
    adjustment = _adjustment(established, year, terms, prior)
    historical = established.historical.per_capita + adjustment.by_type

    expected = historical * year.person_years
    weights = ratio(expected, expected.sum(axis=0))
    risk = risk_ratio(
        ratio(year.risk_score, years.risk_score[-1]),
        ratio(year.demographic_risk_score, years.demographic_risk_score),
        terms.risk,
        weights=weights,
        newly_assigned_share=year.newly_assigned_share,
    )
    cap_factor = regional_risk_cap_factor(
        year.regional_risk_ratio,
        year.regional_demographic_ratio,
        terms.risk,
        weights=weights,
        market_share=year.market_share,
    )
    growth = Growth(
        national_before=years.national_per_capita[-1],
        national=year.national_per_capita,
        regional_before=years.regional_per_capita[-1],
        regional=year.regional_per_capita,
        national_weight=year.national_weight,
        prospective=year.prospective_growth,
        regional_risk_cap_factor=cap_factor,
    )
    update = update_factor(historical, years.risk_score[-1], growth, terms.update)

    at_risk_score = historical * risk.by_type
    by_type = at_risk_score * update.factor + update.flat_dollars
    two_way = at_risk_score * update.two_way + update.flat_dollars
    total = (by_type * year.person_years).sum(axis=0)
    return UpdatedBenchmark(
        prior_savings=prior,
        adjustment=adjustment,
        adjusted_historical=historical,
        risk=risk,
        update=update,
        regional_risk_cap_factor=cap_factor,
        by_type=by_type,
        per_capita=total / year.person_years.sum(axis=0),
        total=total,
        two_way_total=(two_way * year.person_years).sum(axis=0),
    )


def _prior_savings(
    established: EstablishedBenchmark, year: PerformanceYear, terms: BenchmarkTerms
) -> PriorSavings | None:
    """Return the prior savings adjustment, if the rules and the ACO's past have one."""
    if terms.prior_savings is None or established.prior is None:
        return None
    years = established.years
    person_years = years.person_years.sum(axis=1).mean(axis=0)
    if terms.prior_savings.method == "earned_share":
        person_years = year.person_years.sum(axis=0)
    return prior_savings(
        established.prior,
        terms.prior_savings,
        person_years=person_years,
        national=_national(established),
        risk_score=weighted_mean(years.risk_score[-1], years.person_years[-1]),
    )


def _adjustment(
    established: EstablishedBenchmark,
    year: PerformanceYear,
    terms: BenchmarkTerms,
    prior: PriorSavings | None,
) -> BenchmarkAdjustment:
    """Return the adjustment that the rules choose."""
    regional = established.regional
    nothing = np.zeros_like(regional.single_value)
    from_prior_savings = nothing if prior is None else prior.adjustment
    population: Rate = nothing
    if terms.population_adjustment is not None:
        population = population_adjustment(
            np.maximum(regional.single_value, from_prior_savings),
            terms.population_adjustment,
            national=_national(established),
            low_income_share=year.low_income_share,
        )
    return choose_adjustment(
        regional, terms.regional_adjustment, prior_savings=from_prior_savings, population=population
    )


def _national(established: EstablishedBenchmark) -> Float64:
    """Return national expenditures per capita in the ACO's mix of benchmark year 3, USD."""
    years = established.years
    return weighted_mean(years.national_per_capita[-1], years.person_years[-1])
