"""Say how far a changed risk score moves the benchmark, under the cap of the agreement's time."""

from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Float64, Rate
from simcore.model.benchmark.inputs import ratio
from simcore.model.benchmark.terms import RiskTerms


class RiskRatio(NamedTuple):
    """The ratio of risk scores, before and after its cap.

    Attributes
    ----------
    uncapped, demographic
        Performance year over benchmark year 3, ``(enrollment_type, replicate)``.
    aggregate, aggregate_demographic
        Their means over types, by replicate.
    cap
        Highest ratio where the cap binds; infinite where there is no cap.
    by_type
        The ratio that counts, ``(enrollment_type, replicate)``.
    """

    uncapped: Float64
    demographic: Float64
    aggregate: Float64
    aggregate_demographic: Float64
    cap: Rate
    by_type: Float64


def risk_ratio(
    uncapped: Float64,
    demographic: Float64,
    terms: RiskTerms,
    *,
    weights: Float64,
    newly_assigned_share: Rate,
) -> RiskRatio:
    """Return the risk ratio of the ACO by enrollment type.

    Parameters
    ----------
    uncapped, demographic
        Ratios of the CMS-HCC and the demographic risk score, ``(enrollment_type, replicate)``.
    terms
        Method and cap.
    weights
        Of the types, adding to one: historical benchmark times person-years, same shape.
    newly_assigned_share
        Used only by rules before July 2019.

    References
    ----------
    42 CFR 425.604(a)(1)-(3), 425.605(a)(1), 425.610(a)(2).

    Notes
    -----
    Before July 2019 newly assigned beneficiaries were adjusted by their HCC scores and continuously
    assigned ones by their demographic scores, or by their HCC scores where those fell below. Both
    groups are taken to have the mean scores of all assigned beneficiaries of the type.
    """
    aggregate: Float64 = (weights * uncapped).sum(axis=0)
    aggregate_demographic: Float64 = (weights * demographic).sum(axis=0)
    cap: Rate = np.inf
    if terms.method == "none":
        by_type = np.ones_like(uncapped)
    elif terms.method == "newly_and_continuously_assigned":
        continuing = np.minimum(uncapped, demographic)
        by_type = newly_assigned_share * uncapped + (1.0 - newly_assigned_share) * continuing
    elif terms.method == "capped_by_type":
        cap = 1.0 + terms.growth_cap
        by_type = np.minimum(uncapped, cap)
    else:
        cap = aggregate_demographic + terms.growth_cap
        by_type = np.where(aggregate > cap, np.minimum(uncapped, cap), uncapped)
    return RiskRatio(
        uncapped=uncapped,
        demographic=demographic,
        aggregate=aggregate,
        aggregate_demographic=aggregate_demographic,
        cap=cap,
        by_type=by_type,
    )


def regional_risk_cap_factor(
    regional: Rate, demographic: Rate, terms: RiskTerms, *, weights: Float64, market_share: Rate
) -> Float64:
    """Return what gives back the regional growth that a rise of the region's risk scores took away.

    Parameters
    ----------
    regional, demographic
        The region's HCC and demographic risk scores over those of benchmark year 3, by enrollment type.
    terms
        Holds the cap.
    weights
        Of the types, as for `risk_ratio`.
    market_share
        The ACO's share of its region: of growth above the cap, its own part is not given back.

    References
    ----------
    42 CFR 425.655.
    """
    if np.isinf(terms.regional_growth_cap):
        return np.ones_like(weights)
    aggregate = (weights * regional).sum(axis=0)
    least_cap = (weights * demographic).sum(axis=0) + terms.regional_growth_cap
    cap = least_cap + market_share * np.maximum(aggregate - least_cap, 0.0)
    binds = (aggregate > cap) & np.greater(regional, cap)
    return np.where(binds, ratio(regional, np.broadcast_to(cap, weights.shape)), 1.0)
