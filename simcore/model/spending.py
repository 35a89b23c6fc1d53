"""Turn the nation's distribution of spending into tables of equally likely amounts by band."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

import numpy as np
from scipy import special

from simcore.model.arrays import Float64, Int32, Int64
from simcore.model.bands import BandPlan, person_year_shares, person_years, risk_of_bands
from simcore.model.correlated_score import HIGHEST_SCORE, share_below_many
from simcore.model.families import Family, limited_moment, mean, percentile_point
from simcore.model.roots import root_between

TABLE_SIZE = 4096
"""Equally likely amounts in a band's table: a power of two, so that a draw is twelve random bits."""

CENTS = 100.0
_BEYOND_MONEY = 2.0**62
SCORE_POINTS = 4097


@dataclass(frozen=True, slots=True)
class NationalSpending:
    """The nation's distribution of annualised spending of one enrollment type.

    Parameters
    ----------
    family
        Shape of the distribution, in any unit of money: it is scaled to `per_capita`.
    per_capita
        National mean, USD per person-year.
    per_capita_basis
        Whether `per_capita` is of truncated spending (CMS's own figures are) or of untruncated spending.
    truncation_percentile
        Where spending is truncated, as a fraction (42 CFR 425.601(a)(4): the 99th percentile).
    truncation_point
        Truncation point in USD if the scenario gives it; it takes the place of the percentile.

    Raises
    ------
    ValueError
        If a value lies outside of its range.
    """

    family: Family
    per_capita: float
    truncation_percentile: float
    per_capita_basis: Literal["truncated", "untruncated"] = "truncated"
    truncation_point: float | None = None

    def __post_init__(self) -> None:
        if not self.per_capita > 0.0:
            raise ValueError(f"per_capita must be positive, got {self.per_capita}")
        if not 0.0 < self.truncation_percentile <= 1.0:
            raise ValueError(f"truncation_percentile must lie in (0, 1], got {self.truncation_percentile}")
        if self.truncation_point is not None and not self.truncation_point > 0.0:
            raise ValueError(f"truncation_point must be positive, got {self.truncation_point}")


class Scale(NamedTuple):
    """Dollars of one unit of a family, the truncation point, and the mean that is left of truncation."""

    dollars: float
    truncation_point: float
    truncated_mean: float


@dataclass(frozen=True)
class AmountTables:
    """Equally likely amounts in whole cents, times the person-years of the band, shape ``(band, 4096)``.

    Parameters
    ----------
    truncated
        The table that draws are made from.
    family, scale, plan
        What it was made of.
    """

    truncated: Int32
    family: Family
    scale: Scale
    plan: BandPlan

    @cached_property
    def untruncated(self) -> Int64:
        """Return the same cells without truncation, which no draw is made from."""
        return _cells(_untruncated(self.family, self.plan), self.scale, self.plan)


@lru_cache(maxsize=8)
def national_scale(spending: NationalSpending) -> Scale:
    """Return the scale of the nation: dollars of one unit of the family, truncation point, truncated mean."""
    family = spending.family
    if spending.truncation_point is None:
        point = percentile_point(family, spending.truncation_percentile)
        limited = limited_moment(family, point, 1) if np.isfinite(point) else mean(family)
        if not limited > 0.0:
            raise ValueError(
                f"nobody below the truncation percentile {spending.truncation_percentile:g} spends anything; "
                "allowed: a smaller share_with_no_spending"
            )
        basis = limited if spending.per_capita_basis == "truncated" else mean(family)
        dollars = spending.per_capita / basis
        return Scale(dollars, point * dollars, limited * dollars)
    limit = spending.truncation_point
    if spending.per_capita_basis == "untruncated":
        dollars = spending.per_capita / mean(family)
    else:
        dollars = _dollars_for(family, spending.per_capita, limit)
    return Scale(dollars, limit, dollars * limited_moment(family, limit / dollars, 1))


def local_scale(spending: NationalSpending, relative_cost: float) -> Scale:
    """Return the scale of an ACO whose truncated spending is `relative_cost` times the nation's.

    The truncation point stays the nation's, so the untruncated level differs a little from `relative_cost`.
    """
    nation = national_scale(spending)
    if relative_cost == 1.0:
        return nation
    target = relative_cost * nation.truncated_mean
    if not 0.0 < target < nation.truncation_point:
        raise ValueError(f"relative_cost {relative_cost} puts the mean outside of (0, truncation point)")
    dollars = (
        _dollars_for(spending.family, target, nation.truncation_point)
        if np.isfinite(nation.truncation_point)
        else nation.dollars * relative_cost
    )
    return Scale(dollars, nation.truncation_point, target)


def amount_tables(family: Family, scale: Scale, plan: BandPlan) -> AmountTables:
    """Return the tables of equally likely amounts of each band.

    Parameters
    ----------
    family
        Shape of the distribution.
    scale
        Dollars of one unit, and the truncation point in USD.
    plan
        The bands. Weighted by person-years they give back the family: the marginal stays exact.

    Returns
    -------
    AmountTables
        Each amount is the conditional mean of its cell, so that means are exact, in whole cents of the
        dollars a head spends in the year: a decedent's are for the part of the year lived.

    Raises
    ------
    ValueError
        If an amount is above 21.4 million USD, which only spending that is hardly truncated reaches, or
        the family's quantiles cannot be computed.
    """
    ranks, _ = _ranks(plan)
    limit = scale.truncation_point / scale.dollars
    limit_rank = family.probability_below(limit) if np.isfinite(limit) else 1.0
    below = np.minimum(_untruncated(family, plan), family.partial_moment(np.array([limit_rank]), 1))
    above = np.maximum(ranks - limit_rank, 0.0)
    truncated = below + np.multiply(limit, above, out=np.zeros_like(above), where=above > 0.0)
    cents = _cells(truncated, scale, plan)
    if cents.max() > np.iinfo(np.int32).max:
        largest = cents.max() / CENTS
        raise ValueError(
            f"an amount of {largest:,.0f} USD is beyond what whole cents in 32 bits hold; truncate lower"
        )
    return AmountTables(cents.astype(np.int32), family, scale, plan)


def _cells(integral: Float64, scale: Scale, plan: BandPlan) -> Int64:
    """Return whole cents by band and cell from the integral of the quantile function over the ranks."""
    ranks, band_ranks = _ranks(plan)
    weights = person_years(plan) * scale.dollars * CENTS
    levels = np.diff(integral) / np.diff(ranks)
    steps = np.arange(TABLE_SIZE + 1) / TABLE_SIZE
    cents = np.empty((band_ranks.shape[0], TABLE_SIZE), np.int64)
    for band, rank in enumerate(band_ranks):
        cumulative = np.concatenate([[0.0], np.cumsum(np.diff(rank) * levels)])
        running = TABLE_SIZE * weights[band] * np.interp(steps, rank, cumulative)
        # Rounding the running sum, not the cells, keeps the table's mean within 1e-4 of a cent.
        with np.errstate(invalid="ignore"):
            amounts = np.diff(np.rint(running))
        # Where spending by rank is level, a sum may fall by its own rounding.
        if not (amounts.min() >= -1.0 and amounts.max() < _BEYOND_MONEY):
            raise ValueError(
                "the distribution's quantiles cannot be computed: they fall, or have no end; "
                "allowed: parts that are wider or less far apart, with a finite mean"
            )
        cents[band] = np.maximum(amounts, 0.0).astype(np.int64)
    return cents


# The nation's four types, and as many again: what follows is the same for all ACOs.
@lru_cache(maxsize=8)
def _untruncated(family: Family, plan: BandPlan) -> Float64:
    """Return the integral of the quantile function up to each of the fine ranks."""
    integral = family.partial_moment(_ranks(plan)[0], 1)
    integral.setflags(write=False)
    return integral


@lru_cache(maxsize=8)
def _ranks(plan: BandPlan) -> tuple[Float64, Float64]:
    """Return a fine grid of national ranks, and the ranks within each band that they stand for."""
    mixing = risk_of_bands(plan)
    # Cut by person-years, not heads: the person-year-weighted marginal is then the family, exactly.
    shares = tuple(person_year_shares(plan) @ mixing)
    equal = np.arange(1, TABLE_SIZE) / TABLE_SIZE
    scores = np.linspace(-HIGHEST_SCORE, HIGHEST_SCORE, SCORE_POINTS)
    inner = np.union1d(special.ndtr(scores), equal)
    ranks = np.concatenate([[0.0], inner, [1.0]])
    if len(shares) == 1 or plan.loading == 0.0:
        risk_ranks = np.tile(ranks, (len(shares), 1))
    else:
        below = share_below_many(shares, plan.loading, special.ndtri(inner))
        edges = np.concatenate([np.zeros((len(shares), 1)), below, np.ones((len(shares), 1))], axis=1)
        risk_ranks = np.maximum.accumulate(np.clip(edges, 0.0, 1.0), axis=1)
    band_ranks = mixing @ risk_ranks
    for array in (ranks, band_ranks):
        array.setflags(write=False)
    return ranks, band_ranks


def _dollars_for(family: Family, target: float, limit: float) -> float:
    """Return the dollars of one unit at which spending truncated at `limit` has the mean `target`."""

    def excess(log_dollars: float) -> float:
        dollars = float(np.exp(log_dollars))
        return dollars * limited_moment(family, limit / dollars, 1) / target - 1.0

    most = limit * (1.0 - family.probability_below(0.0))
    if not target < most:
        raise ValueError(
            f"spending truncated at {limit:,.0f} USD has a mean below {most:,.0f} USD, whatever its scale; "
            f"{target:,.0f} USD is asked for"
        )
    start = float(np.log(target / mean(family)))
    return float(np.exp(root_between(excess, start - 1e-9, start + 20.0, tolerance=1e-14)))
