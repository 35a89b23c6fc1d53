"""Distribution families of annual spending: quantile functions with exact partial moments."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from scipy import special

from simcore.model.arrays import Float64


class Family(Hashable, Protocol):
    """What every family of annual spending answers, in its own unit of money."""

    def quantile(self, probability: Float64) -> Float64:
        """Return the amount that a share `probability` of people does not exceed."""
        ...

    def probability_below(self, amount: float) -> float:
        """Return the share of people who spend `amount` or less."""
        ...

    def partial_moment(self, probability: Float64, order: int) -> Float64:
        """Return the integral of ``quantile(v) ** order`` over ``v`` from 0 to `probability`."""
        ...


@dataclass(frozen=True, slots=True)
class LognormalMixture:
    """Some people spend nothing; the others follow a mixture of lognormals.

    Parameters
    ----------
    share_with_no_spending
        Share of people without any spending, in [0, 1).
    weights
        Weights of the lognormals among people who spend; they add up to 1.
    log_means, log_standard_deviations
        Mean and standard deviation of log spending of each lognormal.
    """

    share_with_no_spending: float
    weights: tuple[float, ...]
    log_means: tuple[float, ...]
    log_standard_deviations: tuple[float, ...]

    def quantile(self, probability: Float64) -> Float64:
        """Return the amount that a share `probability` of people does not exceed."""
        among_spenders = self._among_spenders(probability)
        return np.where(among_spenders > 0.0, np.exp(self._log_quantile(among_spenders)), 0.0)

    def probability_below(self, amount: float) -> float:
        """Return the share of people who spend `amount` or less."""
        spenders = 1.0 - self.share_with_no_spending
        if amount <= 0.0:
            return self.share_with_no_spending if amount == 0.0 else 0.0
        return self.share_with_no_spending + spenders * float(self._below(np.array([math.log(amount)]))[0])

    def partial_moment(self, probability: Float64, order: int) -> Float64:
        """Return the integral of ``quantile(v) ** order`` over ``v`` from 0 to `probability`."""
        among_spenders = self._among_spenders(probability)
        log_amount = self._log_quantile(among_spenders)
        total = np.zeros_like(log_amount)
        for weight, mean, deviation in self._components():
            shift = order * deviation
            total += (
                weight
                * math.exp(order * mean + 0.5 * shift**2)
                * special.ndtr((log_amount - mean) / deviation - shift)
            )
        # The quantile is found numerically: the term puts right what is left between it and the probability.
        inside = (among_spenders > 0.0) & (among_spenders < 1.0)
        bounded = np.where(inside, log_amount, 0.0)
        total += np.where(inside, np.exp(order * bounded) * (among_spenders - self._below(bounded)), 0.0)
        return (1.0 - self.share_with_no_spending) * total

    def _components(self) -> list[tuple[float, float, float]]:
        """Return weight, log mean and log standard deviation of each lognormal."""
        return list(zip(self.weights, self.log_means, self.log_standard_deviations, strict=True))

    def _among_spenders(self, probability: Float64) -> Float64:
        """Return the rank among people who spend."""
        spenders = 1.0 - self.share_with_no_spending
        return np.clip(
            (np.asarray(probability, np.float64) - self.share_with_no_spending) / spenders, 0.0, 1.0
        )

    def _below(self, log_amount: Float64) -> Float64:
        """Return the share of spenders below a log amount."""
        total = np.zeros_like(log_amount)
        for weight, mean, deviation in self._components():
            total += weight * special.ndtr((log_amount - mean) / deviation)
        return total

    def _log_quantile(self, among_spenders: Float64) -> Float64:
        """Return the log amount at a rank among spenders; minus and plus infinity at 0 and 1."""
        score = special.ndtri(among_spenders)
        if len(self.weights) == 1:
            return np.asarray(self.log_means[0] + self.log_standard_deviations[0] * score, np.float64)
        guess = np.interp(score, *_scores_and_logs(self))
        density = np.zeros_like(guess)
        for weight, mean, deviation in self._components():
            density += weight * np.exp(-0.5 * ((guess - mean) / deviation) ** 2) / deviation
        density /= math.sqrt(2.0 * math.pi)
        step = (among_spenders - self._below(guess)) / np.maximum(density, 1e-12)
        refined = np.where(np.abs(step) < 1e-3, guess + step, guess)
        return np.asarray(np.where(np.isfinite(score), refined, score), np.float64)


@lru_cache(maxsize=32)
def _scores_and_logs(mixture: LognormalMixture) -> tuple[Float64, Float64]:
    """Return normal scores and the log amounts at them, on a fine grid.

    Log amount against normal score is nearly straight in each part, so that linear interpolation
    starts within 1e-4 of the root; one Newton step leaves an error near 1e-8.
    """
    parts = list(zip(mixture.log_means, mixture.log_standard_deviations, strict=True))
    low = min(mean - 9.0 * deviation for mean, deviation in parts)
    high = max(mean + 9.0 * deviation for mean, deviation in parts)
    grid = np.linspace(low, high, 4_001)
    below = mixture._below(grid)
    inside = (below > 1e-15) & (below < 1.0 - 1e-15)
    return special.ndtri(below[inside]), grid[inside]


@dataclass(frozen=True, slots=True)
class GeneralizedGamma:
    """Some people spend nothing; the others spend ``G ** (1 / power)`` with ``G ~ Gamma(shape)``.

    Parameters
    ----------
    shape, power
        Shape of the gamma law and the power; both positive.
    share_with_no_spending
        Share of people without any spending, in [0, 1).

    References
    ----------
    Manning, Basu, Mullahy, Generalized modeling approaches to risk adjustment of skewed outcomes data,
    Journal of Health Economics 24, 2005.
    """

    shape: float
    power: float
    share_with_no_spending: float = 0.0

    def quantile(self, probability: Float64) -> Float64:
        """Return the amount that a share `probability` of people does not exceed."""
        return np.asarray(self._gamma_quantile(probability) ** (1.0 / self.power), np.float64)

    def probability_below(self, amount: float) -> float:
        """Return the share of people who spend `amount` or less."""
        if amount < 0.0:
            return 0.0
        spenders = 1.0 - self.share_with_no_spending
        return self.share_with_no_spending + spenders * float(
            special.gammainc(self.shape, amount**self.power)
        )

    def partial_moment(self, probability: Float64, order: int) -> Float64:
        """Return the integral of ``quantile(v) ** order`` over ``v`` from 0 to `probability`."""
        raised = self.shape + order / self.power
        whole = math.exp(math.lgamma(raised) - math.lgamma(self.shape))
        partial = whole * special.gammainc(raised, self._gamma_quantile(probability))
        return np.asarray((1.0 - self.share_with_no_spending) * partial, np.float64)

    def _gamma_quantile(self, probability: Float64) -> Float64:
        """Return the quantile of G at the rank among people who spend."""
        spenders = 1.0 - self.share_with_no_spending
        among_spenders = np.clip((np.asarray(probability) - self.share_with_no_spending) / spenders, 0.0, 1.0)
        return np.asarray(special.gammaincinv(self.shape, among_spenders), np.float64)


@dataclass(frozen=True, slots=True)
class ParetoTail:
    """A body with a Pareto tail laid on above one of its percentiles.

    Parameters
    ----------
    body
        The family below `probability`.
    probability
        Where the tail begins, in (0, 1).
    tail_index
        Pareto index, above 1 (a mean must exist); 2 or less means a variance that exists only when truncated.
    """

    body: Family
    probability: float
    tail_index: float

    def quantile(self, probability: Float64) -> Float64:
        """Return the amount that a share `probability` of people does not exceed."""
        rank = np.asarray(probability, np.float64)
        below = self.body.quantile(np.minimum(rank, self.probability))
        with np.errstate(divide="ignore"):
            lift = ((1.0 - self.probability) / (1.0 - np.maximum(rank, self.probability))) ** (
                1.0 / self.tail_index
            )
        return below * lift

    def probability_below(self, amount: float) -> float:
        """Return the share of people who spend `amount` or less."""
        start = float(self.body.quantile(np.array([self.probability]))[0])
        if amount <= start:
            return min(self.body.probability_below(amount), self.probability)
        return float(1.0 - (1.0 - self.probability) * (start / amount) ** self.tail_index)

    def partial_moment(self, probability: Float64, order: int) -> Float64:
        """Return the integral of ``quantile(v) ** order`` over ``v`` from 0 to `probability`."""
        rank = np.asarray(probability, np.float64)
        body = self.body.partial_moment(np.minimum(rank, self.probability), order)
        start = float(self.body.quantile(np.array([self.probability]))[0])
        remainder = (1.0 - np.maximum(rank, self.probability)) / (1.0 - self.probability)
        exponent = 1.0 - order / self.tail_index
        with np.errstate(divide="ignore"):
            tail = -np.log(remainder) if exponent == 0.0 else (1.0 - remainder**exponent) / exponent
        return np.asarray(body + start**order * (1.0 - self.probability) * tail, np.float64)


def mean(family: Family) -> float:
    """Return the mean of untruncated spending."""
    return float(family.partial_moment(np.array([1.0]), 1)[0])


def limited_moment(family: Family, limit: float, order: int) -> float:
    """Return the moment of spending cut off at `limit`: the mean of ``min(X, limit) ** order``."""
    rank = family.probability_below(limit)
    return float(family.partial_moment(np.array([rank]), order)[0]) + limit**order * (1.0 - rank)


def limited_coefficient_of_variation(family: Family, limit: float) -> float:
    """Return the standard deviation of ``min(X, limit)`` over its mean."""
    first = limited_moment(family, limit, 1)
    if not first > 0.0:
        raise ValueError("nobody below the truncation percentile spends anything")
    return math.sqrt(limited_moment(family, limit, 2) / first**2 - 1.0)


def coefficient_of_variation(family: Family) -> float:
    """Return the standard deviation of untruncated spending over its mean; infinite without a variance."""
    first, second = (float(family.partial_moment(np.array([1.0]), order)[0]) for order in (1, 2))
    return math.sqrt(second / first**2 - 1.0)


def percentile_point(family: Family, percentile: float) -> float:
    """Return the amount at a percentile, given as a fraction (0.99 for the 99th)."""
    return float(family.quantile(np.array([percentile]))[0])


def share_of_top(family: Family, share: float) -> float:
    """Return the share of all spending that the costliest `share` of people spend."""
    return 1.0 - float(family.partial_moment(np.array([1.0 - share]), 1)[0]) / mean(family)
