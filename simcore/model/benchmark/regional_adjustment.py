"""Move the benchmark part of the way toward what the ACO's region costs."""

from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Bool, Float64
from simcore.model.benchmark.inputs import BenchmarkYears, weighted_mean
from simcore.model.benchmark.terms import RegionalAdjustmentTerms


class RegionalAdjustment(NamedTuple):
    """Every step of the regional adjustment; per capita, USD.

    Attributes
    ----------
    regional_expenditures
        The region at the ACO's risk score, ``(enrollment_type, replicate)``.
    lower_spending
        Whether the ACO costs less than that over all types, by replicate.
    weight
        Share of the difference that counts, by replicate.
    offset
        Share of a negative adjustment that is forgiven, by replicate.
    by_type
        Adjustment after caps and offset, ``(enrollment_type, replicate)``.
    single_value
        Its mean in the mix of benchmark year 3, by replicate.
    """

    regional_expenditures: Float64
    lower_spending: Bool
    weight: Float64
    offset: Float64
    by_type: Float64
    single_value: Float64


def regional_adjustment(
    historical: Float64, years: BenchmarkYears, terms: RegionalAdjustmentTerms | None
) -> RegionalAdjustment:
    """Return the regional adjustment by enrollment type and as a single value.

    Parameters
    ----------
    historical
        Historical benchmark per capita, USD, ``(enrollment_type, replicate)``.
    years
        Experience of the benchmark years; only the third counts.
    terms
        Weights, caps and offset; ``None`` where the rules have no regional adjustment.

    References
    ----------
    42 CFR 425.603(c)-(f), 425.601(a)(8) and (f), 425.656.
    """
    person_years, risk_score = years.person_years[-1], years.risk_score[-1]
    replicates = historical.shape[-1]
    regional = np.broadcast_to(years.regional_per_capita[-1] * risk_score, historical.shape)
    # An enrollment type that the ACO never had has no benchmark to move.
    difference = np.where(historical > 0.0, regional - historical, 0.0)
    lower_spending: Bool = (difference * person_years).sum(axis=0) > 0.0
    if terms is None:
        nothing = np.zeros(replicates)
        return RegionalAdjustment(
            regional, lower_spending, nothing, nothing, np.zeros_like(historical), nothing
        )

    weight = np.where(lower_spending, terms.lower_spending_weight, terms.higher_spending_weight)
    national = years.national_per_capita[-1]
    by_type = np.clip(weight * difference, -terms.lower_cap * national, terms.upper_cap * national)
    forgiven = negative_adjustment_offset(years) if terms.offset else np.zeros(replicates)
    by_type = np.where(by_type < 0.0, by_type * (1.0 - forgiven), by_type)
    return RegionalAdjustment(
        regional_expenditures=regional,
        lower_spending=lower_spending,
        weight=weight,
        offset=np.broadcast_to(forgiven, (replicates,)),
        by_type=by_type,
        single_value=weighted_mean(by_type, person_years),
    )


def negative_adjustment_offset(years: BenchmarkYears) -> Float64:
    """Return the share of a negative adjustment that is forgiven, by replicate.

    The share of dually eligible beneficiaries plus how far the risk score lies above one, within zero
    and one; the risk score of a type weighs by the type's expenditures.

    References
    ----------
    42 CFR 425.656(c)(4)-(5).
    """
    expenditures = years.per_capita_expenditures[-1] * years.person_years[-1]
    risk_score = weighted_mean(years.risk_score[-1], expenditures)
    return np.clip(years.dual_share + (risk_score - 1.0), 0.0, 1.0)
