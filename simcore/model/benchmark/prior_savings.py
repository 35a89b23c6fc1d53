"""Put back into a rebased benchmark part of what the ACO saved in the agreement before."""

from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Float64, Rate
from simcore.model.benchmark.inputs import PriorPerformance, ratio
from simcore.model.benchmark.terms import PriorSavingsTerms


class PriorSavings(NamedTuple):
    """Every step of the prior savings adjustment; per capita, USD, by replicate.

    Attributes
    ----------
    yearly
        Savings of each prior year, negative for losses, ``(performance_year, replicate)``.
    average
        Their mean, years without a settlement counted as zero.
    proration
        Prior person-years over those that the adjustment is for, at most one.
    share
        Share of the prorated average that is added.
    cap
        Most that is added; infinite where there is no cap.
    adjustment
        What is added for each beneficiary of every type, not below zero.
    """

    yearly: Float64
    average: Float64
    proration: Float64
    share: Rate
    cap: Rate
    adjustment: Float64


def prior_savings(
    prior: PriorPerformance, terms: PriorSavingsTerms, *, person_years: Rate, national: Rate, risk_score: Rate
) -> PriorSavings:
    """Return the prior savings adjustment, a flat amount.

    Parameters
    ----------
    prior
        Settlements of the three performance years before the agreement.
    terms
        Share and cap.
    person_years
        What the prior person-years are held against: the mean of the benchmark years, or of the
        performance year for agreements that began in 2016.
    national
        National expenditures per capita in the ACO's mix of benchmark year 3, USD, for the cap.
    risk_score
        The ACO's mean risk score of benchmark year 3, for a cap that follows it.

    References
    ----------
    42 CFR 425.658; for agreements that began in 2016, 425.603(b) as borne out by ``Prior_Sav_Adj`` of
    CMS's public results of performance year 2016.
    """
    yearly = np.where(prior.reconciled, ratio(prior.benchmark - prior.expenditures, prior.person_years), 0.0)
    yearly = np.where((yearly > 0.0) & np.logical_not(prior.eligible), 0.0, yearly)
    average = yearly.mean(axis=0)

    reconciled = np.broadcast_to(prior.reconciled, prior.person_years.shape)
    # Years without a settlement are left out of this mean, but not of the one above.
    prior_person_years = ratio((prior.person_years * reconciled).sum(axis=0), reconciled.sum(axis=0))
    proration = np.minimum(1.0, prior_person_years / person_years)

    share: Rate = terms.scaling
    if terms.method == "earned_share":
        share = np.broadcast_to(prior.final_sharing_rate, yearly.shape).mean(axis=0)
    cap = np.broadcast_to(_cap(terms, national, risk_score), average.shape)
    adjustment = np.minimum(share * average * proration, cap)
    return PriorSavings(
        yearly=yearly,
        average=average,
        proration=proration,
        share=share,
        cap=cap,
        adjustment=np.where(average > 0.0, adjustment, 0.0),
    )


def _cap(terms: PriorSavingsTerms, national: Rate, risk_score: Rate) -> Rate:
    """Return the most that is added, USD per capita."""
    return terms.cap * national * (risk_score if terms.cap_risk_adjusted else 1.0)
