"""What a benchmark is made of: the ACO's, the nation's and the region's experience, as arrays."""

from dataclasses import dataclass

import numpy as np

from simcore.model.arrays import Bool, Float64, Rate


@dataclass(frozen=True, slots=True)
class BenchmarkYears:
    """Experience of benchmark years 1 to 3.

    Arrays have the shape ``(benchmark_year, enrollment_type, replicate)``; an axis along which nothing
    varies may have length one. Amounts are annualised, truncated, USD per person-year.

    Attributes
    ----------
    per_capita_expenditures, person_years, risk_score
        The ACO's assigned beneficiaries; risk scores are renormalised to a national mean of one.
    national_per_capita
        The nation's assignable beneficiaries.
    regional_per_capita
        The ACO's region, risk-adjusted: what a beneficiary with a risk score of one costs there.
    national_weight
        The ACO's share of its region's assignable beneficiaries, ``(enrollment_type, replicate)``.
    demographic_risk_score
        Of benchmark year 3, ``(enrollment_type, replicate)``.
    dual_share
        Share of the ACO's beneficiaries of benchmark year 3 who are dually eligible, by replicate.
    """

    per_capita_expenditures: Float64
    person_years: Float64
    risk_score: Float64
    national_per_capita: Float64
    regional_per_capita: Float64
    national_weight: Rate
    demographic_risk_score: Float64
    dual_share: Rate


@dataclass(frozen=True, slots=True)
class PriorPerformance:
    """Settlements of the three performance years before the agreement, ``(performance_year, replicate)``.

    Attributes
    ----------
    benchmark, expenditures
        Totals, USD.
    person_years
        Of the assigned beneficiaries.
    final_sharing_rate
        After quality, whether or not savings were shared.
    reconciled
        False for a year that was not settled: it counts as no savings.
    eligible
        False for a year whose savings were withheld for noncompliance.
    """

    benchmark: Float64
    expenditures: Float64
    person_years: Float64
    final_sharing_rate: Rate
    reconciled: Bool | bool = True
    eligible: Bool | bool = True


@dataclass(frozen=True, slots=True)
class PerformanceYear:
    """Experience of one performance year, ``(enrollment_type, replicate)`` unless said.

    Attributes
    ----------
    person_years, risk_score, demographic_risk_score
        The ACO's assigned beneficiaries.
    national_per_capita, regional_per_capita, national_weight
        As for the benchmark years.
    prospective_growth
        Growth from benchmark year 3 that was projected when the agreement began, a factor.
    regional_risk_ratio, regional_demographic_ratio
        The region's risk scores over those of benchmark year 3.
    market_share
        The ACO's share of its region's assignable beneficiaries of all types, by replicate.
    newly_assigned_share
        Share who were not assigned in the year before (agreements before July 2019).
    low_income_share
        Share with the Part D low-income subsidy or dual eligibility, by replicate.
    """

    person_years: Float64
    risk_score: Float64
    demographic_risk_score: Float64
    national_per_capita: Float64
    regional_per_capita: Float64
    national_weight: Rate
    prospective_growth: Rate
    regional_risk_ratio: Rate
    regional_demographic_ratio: Rate
    market_share: Rate
    newly_assigned_share: Rate
    low_income_share: Rate


def ratio(numerator: Rate, denominator: Rate) -> Float64:
    """Return `numerator` over `denominator`, and one where the denominator is zero.

    An enrollment type that the ACO does not have neither grows nor changes.
    """
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    # The rule for ACOs that have all types: to ask at every quotient takes four times as long.
    if np.all(denominator):
        return np.asarray(numerator / denominator, np.float64)
    result = np.ones(numerator.shape)
    np.divide(numerator, denominator, out=result, where=denominator != 0.0)
    return result


def weighted_mean(amount: Rate, weight: Float64) -> Float64:
    """Return the mean of `amount` over enrollment types, the first axis."""
    total: Float64 = (amount * weight).sum(axis=0) / weight.sum(axis=0)
    return total
