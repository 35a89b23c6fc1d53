"""Bring the historical benchmark to the performance year by the growth of nation, region and projection."""

from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Float64, Rate
from simcore.model.benchmark.historical import blend
from simcore.model.benchmark.inputs import ratio
from simcore.model.benchmark.terms import UpdateTerms


class Growth(NamedTuple):
    """Levels in benchmark year 3 and in the performance year, by enrollment type and replicate.

    National and regional amounts are per capita, USD, the region's at a risk score of one.
    ``prospective`` is the projected growth factor, ``regional_risk_cap_factor`` that of 425.655.
    """

    national_before: Float64
    national: Float64
    regional_before: Float64
    regional: Float64
    national_weight: Rate
    prospective: Rate
    regional_risk_cap_factor: Rate


class UpdateFactor(NamedTuple):
    """Every part of the update, factors by enrollment type and replicate.

    ``flat_dollars`` are added after the factor, USD per capita; only rules before 2017 have them.
    ``two_way`` is the blend without the prospective trend, for the guardrail.
    """

    national: Float64
    regional: Float64
    prospective: Float64
    two_way: Float64
    factor: Float64
    flat_dollars: Float64


def update_factor(
    historical: Float64, benchmark_risk_score: Float64, growth: Growth, terms: UpdateTerms
) -> UpdateFactor:
    """Return the update from benchmark year 3 to the performance year.

    Parameters
    ----------
    historical
        Adjusted historical benchmark per capita, USD, ``(enrollment_type, replicate)``.
    benchmark_risk_score
        The ACO's risk score of benchmark year 3, same shape.
    growth
        National, regional and projected growth.
    terms
        Method, weight and bounds of the prospective trend.

    References
    ----------
    42 CFR 425.601(b), 425.602, 425.603(c)-(f), 425.652(b), 425.655, 425.660.
    """
    national = ratio(growth.national, growth.national_before)
    regional = ratio(growth.regional, growth.regional_before)
    nothing = np.zeros_like(historical)
    prospective = np.ones_like(historical)
    flat_dollars = nothing
    if terms.method == "flat_dollar":
        two_way = np.ones_like(historical)
        flat_dollars = np.where(historical > 0.0, growth.national - growth.national_before, 0.0)
    elif terms.method == "none":
        two_way = np.ones_like(historical)
    elif terms.method == "regional":
        two_way = regional + nothing
    else:
        capped_regional = regional * growth.regional_risk_cap_factor
        two_way = blend(national, capped_regional, growth.national_weight) + nothing

    factor = two_way
    if terms.method == "three_way":
        prospective = prospective_trend(historical, benchmark_risk_score, growth, terms)
        weight = terms.prospective_trend_weight
        factor = (1.0 - weight) * two_way + weight * prospective
    return UpdateFactor(
        national=national,
        regional=regional,
        prospective=prospective,
        two_way=two_way,
        factor=factor,
        flat_dollars=flat_dollars,
    )


def prospective_trend(
    historical: Float64, benchmark_risk_score: Float64, growth: Growth, terms: UpdateTerms
) -> Float64:
    """Return the accountable care prospective trend: projected national growth as a flat dollar amount.

    The dollars are the nation's, at the ACO's risk score, so an ACO that costs less than the nation
    grows by more than the projection, and one that costs more by less.

    References
    ----------
    42 CFR 425.660; mechanics as in CMS's benchmark workbook, table 6.
    """
    flat_dollars = growth.national_before * (growth.prospective - 1.0) * benchmark_risk_score
    trend = 1.0 + np.where(historical > 0.0, flat_dollars, 0.0) / np.where(historical > 0.0, historical, 1.0)
    national = ratio(growth.national, growth.national_before)
    return np.clip(trend, national - terms.prospective_trend_below, national + terms.prospective_trend_above)
