"""Make a distribution family from an actuary's units or from a published concentration."""

import math
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
import scipy

from simcore.model.families import (
    Family,
    GeneralizedGamma,
    LognormalMixture,
    ParetoTail,
    coefficient_of_variation,
    limited_coefficient_of_variation,
    percentile_point,
    share_of_top,
)
from simcore.model.roots import root_between

Basis = Literal["truncated", "untruncated"]

CONCENTRATION_TOLERANCE = 0.01
"""A fitted curve may miss a published share of spending by one point."""


def lognormal(
    coefficient: float,
    *,
    basis: Basis,
    truncation_percentile: float,
    share_with_no_spending: float = 0.0,
    tail: tuple[float, float] | None = None,
) -> Family:
    """Return a lognormal in an actuary's units, with a Pareto tail if one is asked for.

    Parameters
    ----------
    coefficient
        Coefficient of variation of all people, those without spending counted.
    basis
        Whether `coefficient` is of spending truncated at `truncation_percentile` or of untruncated spending.
    truncation_percentile
        The percentile, as a fraction.
    share_with_no_spending
        Share of people without any spending.
    tail
        Percentile at which a Pareto tail begins and its index.

    Raises
    ------
    ValueError
        If no lognormal has that coefficient.
    """

    def family(deviation: float) -> Family:
        body = LognormalMixture(share_with_no_spending, (1.0,), (0.0,), (deviation,))
        return body if tail is None else ParetoTail(body, *tail)

    return _solve(family, coefficient, basis, truncation_percentile, lowest=0.01, highest=4.0)


def generalized_gamma(
    coefficient: float,
    *,
    power: float,
    basis: Basis,
    truncation_percentile: float,
    share_with_no_spending: float = 0.0,
) -> Family:
    """Return a generalised gamma with a power and a coefficient of variation; arguments as in `lognormal`."""

    def family(deviation: float) -> Family:
        # The coefficient falls as the shape rises: the root is sought in the shape's inverse.
        return GeneralizedGamma(1.0 / deviation, power, share_with_no_spending)

    return _solve(family, coefficient, basis, truncation_percentile, lowest=1e-4, highest=50.0)


def from_concentration(
    top_shares: Sequence[float], spending_shares: Sequence[float], *, share_with_no_spending: float
) -> LognormalMixture:
    """Return the mixture of two lognormals that has a published concentration of spending.

    Parameters
    ----------
    top_shares
        Shares of people, costliest first: 0.01 for the top 1 percent.
    spending_shares
        Share of all spending that each of them spends.
    share_with_no_spending
        Share of people without any spending.

    Raises
    ------
    ValueError
        If the best mixture misses a share by more than a point.
    """
    published = np.asarray(spending_shares, np.float64)

    def miss(parameters: np.ndarray) -> np.ndarray:
        fitted = mixture_of_two(parameters, share_with_no_spending)
        return np.array([share_of_top(fitted, share) for share in top_shares]) - published

    found = scipy.optimize.least_squares(miss, MIXTURE_START, xtol=1e-12, ftol=1e-12)
    if np.abs(found.fun).max() > CONCENTRATION_TOLERANCE:
        raise ValueError(
            f"no mixture of two lognormals has that concentration; the nearest misses by {found.fun}"
        )
    return mixture_of_two(found.x, share_with_no_spending)


MIXTURE_START = np.array([-1.84, 2.8, 0.34, -0.34])
"""Where fits begin: log odds of the upper lognormal, its log mean, and both logs of log deviations."""


def mixture_of_two(parameters: np.ndarray, share_with_no_spending: float) -> LognormalMixture:
    """Return a mixture from unbounded parameters: log odds, upper log mean, logs of both log deviations."""
    upper = 1.0 / (1.0 + math.exp(-parameters[0]))
    return LognormalMixture(
        share_with_no_spending,
        (1.0 - upper, upper),
        (0.0, float(parameters[1])),
        (math.exp(parameters[2]), math.exp(parameters[3])),
    )


def _solve(
    family: Callable[[float], Family],
    target: float,
    basis: Basis,
    percentile: float,
    *,
    lowest: float,
    highest: float,
) -> Family:
    """Return the member of a one-parameter family, rising in its coefficient, that has the wanted one."""

    def coefficient(parameter: float) -> float:
        member = family(parameter)
        if basis == "untruncated":
            return coefficient_of_variation(member)
        return limited_coefficient_of_variation(member, percentile_point(member, percentile))

    least, most = coefficient(lowest), coefficient(highest)
    if not (least < target < most and math.isfinite(most)):
        raise ValueError(
            f"a {basis} coefficient of variation of {target} is outside of ({least:.3g}, {most:.3g})"
        )
    return family(root_between(lambda x: coefficient(x) - target, lowest, highest, tolerance=1e-12))
