"""Build the historical benchmark: three benchmark years, brought to the last one and averaged."""

from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Float64
from simcore.model.benchmark.inputs import BenchmarkYears, ratio, weighted_mean
from simcore.model.benchmark.terms import HistoricalTerms


class HistoricalBenchmark(NamedTuple):
    """Every step from the benchmark years' expenditures to one amount per capita.

    Attributes
    ----------
    severity_ratio, trend_factor
        Factors to benchmark year 3, ``(benchmark_year, enrollment_type, replicate)``.
    trended_expenditures
        Per-capita expenditures after both, USD, same shape.
    year_weights
        Weights of the benchmark years, same shape.
    per_capita
        Historical benchmark before adjustments, USD, ``(enrollment_type, replicate)``.
    person_year_shares
        Mix of benchmark year 3, ``(enrollment_type, replicate)``.
    aggregate_per_capita
        ``per_capita`` in that mix, by replicate.
    """

    severity_ratio: Float64
    trend_factor: Float64
    trended_expenditures: Float64
    year_weights: Float64
    per_capita: Float64
    person_year_shares: Float64
    aggregate_per_capita: Float64


def historical_benchmark(years: BenchmarkYears, terms: HistoricalTerms) -> HistoricalBenchmark:
    """Return the historical benchmark by enrollment type, before any adjustment.

    Parameters
    ----------
    years
        Experience of the benchmark years.
    terms
        Weights, trend and severity adjustment.

    References
    ----------
    42 CFR 425.602, 425.603, 425.601(a), 425.652(a)(1)-(7).

    Notes
    -----
    A benchmark year in which the ACO had nobody of a type says nothing about the type: the weights of
    the other years are scaled up. The rules read do not treat the case.
    """
    severity = severity_ratio(years.risk_score, terms)
    trend = trend_factor(years, terms)
    trended = years.per_capita_expenditures * severity * trend

    weights = np.reshape(terms.benchmark_year_weights, (-1, 1, 1)) * (years.person_years > 0.0)
    total_weight = weights.sum(axis=0)
    weights = weights / np.where(total_weight > 0.0, total_weight, 1.0)
    per_capita: Float64 = (weights * trended).sum(axis=0)

    person_years = years.person_years[-1]
    return HistoricalBenchmark(
        severity_ratio=severity,
        trend_factor=trend,
        trended_expenditures=trended,
        year_weights=weights,
        per_capita=per_capita,
        person_year_shares=person_years / person_years.sum(axis=0),
        aggregate_per_capita=weighted_mean(per_capita, person_years),
    )


def severity_ratio(risk_score: Float64, terms: HistoricalTerms) -> Float64:
    """Return the risk score of benchmark year 3 over each year's, or ones where severity does not count."""
    if terms.severity == "none":
        return np.ones_like(risk_score)
    return ratio(risk_score[-1:], risk_score)


def trend_factor(years: BenchmarkYears, terms: HistoricalTerms) -> Float64:
    """Return the growth from each benchmark year to the third."""
    if terms.trend == "none":
        return np.ones_like(years.national_per_capita)
    national = ratio(years.national_per_capita[-1:], years.national_per_capita)
    regional = ratio(years.regional_per_capita[-1:], years.regional_per_capita)
    if terms.trend == "national":
        return national
    if terms.trend == "regional":
        return regional
    return blend(national, regional, years.national_weight)


def blend(national: Float64, regional: Float64, national_weight: float | Float64) -> Float64:
    """Return national and regional growth, weighted by the ACO's share of its region and the rest.

    References
    ----------
    42 CFR 425.601(a)(5)(iv)-(v), 425.652(a)(5)(iv)-(v) and (b)(2)(iii)-(iv).
    """
    return national_weight * national + (1.0 - national_weight) * regional
