"""Distribution families that come as tables: samples of amounts, and published percentiles."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from simcore.model.arrays import Float64


@dataclass(frozen=True)
class Sample:
    """Amounts with weights: a sample of people, or a user's table of amounts and probabilities.

    Parameters
    ----------
    amounts
        Amounts of annualised spending, not negative, in any order.
    weights
        Weight of each amount (person-years, say), not negative; empty for equal weights.

    Raises
    ------
    ValueError
        If nobody of weight spends anything.
    """

    amounts: tuple[float, ...]
    weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not float(self.partial_moment(np.array([1.0]), 1)[0]) > 0.0:
            raise ValueError("nobody spends anything; allowed: an amount above 0 with a weight above 0")

    def quantile(self, probability: Float64) -> Float64:
        """Return the amount that a share `probability` of people does not exceed."""
        ordered, cumulative = self._ordered
        index = np.searchsorted(cumulative[1:], np.asarray(probability) - 1e-12, side="left")
        return ordered[np.minimum(index, ordered.size - 1)]

    def probability_below(self, amount: float) -> float:
        """Return the share of people who spend `amount` or less."""
        ordered, cumulative = self._ordered
        return float(cumulative[np.searchsorted(ordered, amount, side="right")])

    def partial_moment(self, probability: Float64, order: int) -> Float64:
        """Return the integral of ``quantile(v) ** order`` over ``v`` from 0 to `probability`."""
        ordered, cumulative = self._ordered
        integral = np.concatenate([[0.0], np.cumsum(np.diff(cumulative) * ordered**order)])
        return np.asarray(np.interp(probability, cumulative, integral), np.float64)

    @cached_property
    def _ordered(self) -> tuple[Float64, Float64]:
        """Return the amounts in rising order and their cumulative probabilities, from 0 to 1."""
        amounts = np.asarray(self.amounts, np.float64)
        weights = np.asarray(self.weights, np.float64) if self.weights else np.ones(amounts.size)
        order = np.argsort(amounts, kind="stable")
        cumulative = np.concatenate([[0.0], np.cumsum(weights[order])])
        return amounts[order], cumulative / max(cumulative[-1], np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class PercentileTable:
    r"""Published percentiles, joined by pieces of lognormals.

    Between two positive percentiles log spending is straight against the normal score, below the first
    positive one spending is straight against the rank, and above the last one the last piece goes on.

    Parameters
    ----------
    probabilities
        Ranks of the percentiles, rising, inside (0, 1).
    amounts
        Amounts at those ranks, not falling; the last two positive and different.

    Raises
    ------
    ValueError
        If the ranks do not rise, the amounts fall, or the last two do not tell how the tail goes on.

    Notes
    -----
    On a piece where :math:`\ln Q(u) = a + b\,\Phi^{-1}(u)`,
    :math:`\int_{u_1}^{u_2} Q^k\,du = e^{ka + k^2b^2/2}\,[\Phi(z_2 - kb) - \Phi(z_1 - kb)]`.
    """

    probabilities: tuple[float, ...]
    amounts: tuple[float, ...]

    def __post_init__(self) -> None:
        if np.any(np.diff(self.probabilities) <= 0.0) or np.any(np.diff(self.amounts) < 0.0):
            raise ValueError("probabilities must rise and amounts must not fall")
        if len(self.amounts) < 2 or not 0.0 < self.amounts[-2] < self.amounts[-1]:
            raise ValueError(f"the last two amounts must be positive and different, got {self.amounts[-2:]}")

    def quantile(self, probability: Float64) -> Float64:
        """Return the amount that a share `probability` of people does not exceed."""
        rank = np.asarray(probability, np.float64)
        start, first_rank, first_amount, scores, intercepts, slopes = self._pieces
        score = special.ndtri(rank)
        piece = np.clip(np.searchsorted(scores, score, side="right") - 1, 0, slopes.size - 1)
        upper = np.exp(intercepts[piece] + slopes[piece] * np.maximum(score, scores[0]))
        lower = first_amount * np.clip((rank - start) / (first_rank - start), 0.0, 1.0)
        return np.where(rank < first_rank, lower, upper)

    def probability_below(self, amount: float) -> float:
        """Return the share of people who spend `amount` or less."""
        start, first_rank, first_amount, scores, intercepts, slopes = self._pieces
        if amount < first_amount:
            return float(start + (first_rank - start) * amount / first_amount) if amount >= 0.0 else 0.0
        knots = np.append(intercepts + slopes * scores, np.inf)
        piece = int(np.clip(np.searchsorted(knots, np.log(amount), side="right") - 1, 0, slopes.size - 1))
        if slopes[piece] == 0.0:
            return float(special.ndtr(scores[piece + 1]))
        return float(special.ndtr((np.log(amount) - intercepts[piece]) / slopes[piece]))

    def partial_moment(self, probability: Float64, order: int) -> Float64:
        """Return the integral of ``quantile(v) ** order`` over ``v`` from 0 to `probability`."""
        rank = np.asarray(probability, np.float64)
        start, first_rank, first_amount, scores, intercepts, slopes = self._pieces
        width = first_rank - start
        reached = np.clip((rank - start) / width, 0.0, 1.0)
        total = width * first_amount**order * reached ** (order + 1) / (order + 1)
        score = special.ndtri(rank)
        for low, high, intercept, slope in zip(
            scores, np.append(scores[1:], np.inf), intercepts, slopes, strict=True
        ):
            shift = order * slope
            scale = np.exp(order * intercept + 0.5 * shift**2)
            total = total + scale * (
                special.ndtr(np.clip(score, low, high) - shift) - special.ndtr(low - shift)
            )
        return np.asarray(total, np.float64)

    @cached_property
    def _pieces(self) -> tuple[float, float, float, Float64, Float64, Float64]:
        """Return where spending starts, the first positive percentile, and scores, intercepts, slopes."""
        ranks, amounts = np.asarray(self.probabilities), np.asarray(self.amounts, np.float64)
        positive = amounts > 0.0
        start = float(ranks[~positive].max()) if np.any(~positive) else 0.0
        scores, logs = special.ndtri(ranks[positive]), np.log(amounts[positive])
        slopes = np.diff(logs) / np.diff(scores)
        slopes = np.append(slopes, slopes[-1])
        return (
            start,
            float(ranks[positive][0]),
            float(amounts[positive][0]),
            scores,
            logs - slopes * scores,
            slopes,
        )
