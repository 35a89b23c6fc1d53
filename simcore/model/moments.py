"""Exact moments of an ACO's yearly sums from the chain and the amount tables: the simulation's oracle."""

from collections.abc import Sequence
from itertools import pairwise
from math import comb
from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Float64
from simcore.model.population import TypeModel

HIGHEST_ORDER = 4


class YearlyMoments(NamedTuple):
    """Moments of a sum over an ACO's heads, by year.

    `mean` and `third_central` have the shape ``(year,)``, `covariance` ``(year, year)``.
    """

    mean: Float64
    covariance: Float64
    third_central: Float64


class YearlySum(NamedTuple):
    """A sum over heads and years: a head of band b adds ``factor[t] * spending + constant[t, b]`` in year t.

    Parameters
    ----------
    factor
        Factor of truncated spending, shape ``(year,)``.
    constant
        What a head of a band adds besides, shape ``(year, band)``.
    """

    factor: Float64
    constant: Float64


def band_moments(model: TypeModel) -> Float64:
    """Return raw moments of a head's truncated spending, USD to the power of the order, ``(order, band)``."""
    dollars = model.amounts / 100.0
    return np.stack([(dollars**order).mean(axis=1) for order in range(HIGHEST_ORDER + 1)])


def slot_chain(model: TypeModel) -> Float64:
    """Return the yearly chain of a slot, shape ``(band, band)``: who goes is followed by a joiner.

    Notes
    -----
    Joiners fill the head count up to the size path, so an ACO of constant size is a set of independent
    slots, each held by one person after another.
    """
    stay = model.stay
    return np.asarray(stay[:, None] * model.moves + np.outer(1.0 - stay, model.joiners), np.float64)


def expenditure_moments(model: TypeModel, sizes: Sequence[int]) -> YearlyMoments:
    """Return the moments of truncated expenditures, USD.

    Parameters
    ----------
    model
        The people of one enrollment type.
    sizes
        Head counts, one a year. The counts must not fall faster than people go.
    """
    zeros = np.zeros((len(sizes), model.person_years.size))
    return _yearly_moments(model, sizes, YearlySum(np.ones(len(sizes)), zeros))


def person_year_moments(model: TypeModel, sizes: Sequence[int]) -> YearlyMoments:
    """Return the moments of person-years; arguments as in `expenditure_moments`."""
    each = np.tile(model.person_years, (len(sizes), 1))
    return _yearly_moments(model, sizes, YearlySum(np.zeros(len(sizes)), each))


def risk_score_moments(model: TypeModel, sizes: Sequence[int]) -> YearlyMoments:
    """Return the moments of risk scores times person-years; arguments as in `expenditure_moments`."""
    each = np.tile(model.person_years * model.risk_score, (len(sizes), 1))
    return _yearly_moments(model, sizes, YearlySum(np.zeros(len(sizes)), each))


def cumulants(model: TypeModel, sizes: Sequence[int], total: YearlySum) -> Float64:
    """Return the first four cumulants of a sum over heads and years, shape ``(4,)``.

    Parameters
    ----------
    model
        The people of one enrollment type.
    sizes
        Head counts, one a year.
    total
        What each head adds in each year.

    Notes
    -----
    Slots are independent, so cumulants add. A change of size by :math:`d` adds :math:`d` slots that begin
    with a joiner; a fall takes away the cumulants of as many (given the number that go, one multinomial
    draw of joiners is the sum of two independent ones). Moments of a slot's path follow backwards in time.
    """
    by_band = _path_moments(model, total)
    if model.head_counts is None:
        found = sizes[0] * _cumulants_of(model.initial @ by_band[0])
    else:
        found = sum(
            (count * _cumulants_of(row) for count, row in zip(model.head_counts, by_band[0], strict=True)),
            start=np.zeros(HIGHEST_ORDER),
        )
    for year, (before, after) in enumerate(pairwise(sizes), start=1):
        if after != before:
            found = found + (after - before) * _cumulants_of(model.joiners @ by_band[year])
    return np.asarray(found, np.float64)


def variance_identity(weights: Sequence[float], stay: float, correlation: Float64) -> float:
    r"""Return n Var(savings rate) / CV² for a size that does not change.

    Parameters
    ----------
    weights
        Weights of the benchmark years.
    stay
        Probability that the same person stands in two of the years.
    correlation
        Correlation of a person's spending between years, benchmark years first and the performance year
        last, shape ``(year, year)``.

    Notes
    -----
    :math:`1 + \sum w_i^2 - 2o\sum w_i\rho_{PY,i} + 2o\sum_{i<j} w_i w_j \rho_{ij}`
    """
    w = np.asarray(weights, np.float64)
    among = w @ correlation[:-1, :-1] @ w - w @ (w * np.diag(correlation)[:-1])
    return float(1.0 + w @ w - 2.0 * stay * (w @ correlation[-1, :-1]) + stay * among)


def _yearly_moments(model: TypeModel, sizes: Sequence[int], total: YearlySum) -> YearlyMoments:
    """Return means, covariances and third moments over years of what heads add."""
    years = len(sizes)
    single = np.stack([cumulants(model, sizes, _only(total, [year])) for year in range(years)])
    covariance = np.diag(single[:, 1])
    for i in range(years):
        for j in range(i + 1, years):
            both = cumulants(model, sizes, _only(total, [i, j]))[1]
            covariance[i, j] = covariance[j, i] = 0.5 * (both - single[i, 1] - single[j, 1])
    return YearlyMoments(single[:, 0], covariance, single[:, 2])


def _only(total: YearlySum, years: list[int]) -> YearlySum:
    """Return the sum over some of the years."""
    chosen = np.isin(np.arange(total.factor.size), years)
    return YearlySum(total.factor * chosen, total.constant * chosen[:, None])


def _path_moments(model: TypeModel, total: YearlySum) -> Float64:
    """Return raw moments of what a slot adds from a year on, given its band then, ``(year, band, order)``."""
    moments, chain = band_moments(model), slot_chain(model)
    years, bands = total.constant.shape
    orders = range(HIGHEST_ORDER + 1)
    found = np.empty((years, bands, HIGHEST_ORDER + 1))
    later = np.zeros((bands, HIGHEST_ORDER + 1))
    later[:, 0] = 1.0
    for year in reversed(range(years)):
        now = np.zeros((bands, HIGHEST_ORDER + 1))
        factor, constant = total.factor[year], total.constant[year]
        for n in orders:
            for k in range(n + 1):
                now[:, n] += comb(n, k) * factor**k * moments[k] * constant ** (n - k)
        for n in orders:
            found[year, :, n] = sum(comb(n, k) * now[:, k] * later[:, n - k] for k in range(n + 1))
        later = chain @ found[year]
    return found


def _cumulants_of(raw: Float64) -> Float64:
    """Return four cumulants from raw moments of order 0 to 4."""
    _, m1, m2, m3, m4 = raw
    variance = m2 - m1**2
    third = m3 - 3.0 * m1 * m2 + 2.0 * m1**3
    fourth = m4 - 4.0 * m1 * m3 + 6.0 * m1**2 * m2 - 3.0 * m1**4
    return np.array([m1, variance, third, fourth - 3.0 * variance**2])
