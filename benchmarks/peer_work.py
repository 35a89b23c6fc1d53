"""Say what all sides of a comparison draw, and what is known of it without drawing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

MEAN, SHAPE, PERCENTILE = 11_000.0, 1.5, 0.99
CELLS = 4_096
POINTS = 1 << 20
EXCEEDED = 1.3
"""The level x of P(S >= x): so many standard deviations above the mean."""

TOLERANCE = 4.0
"""Standard errors that an answer may lie off: one sound side in 16,000 is further off."""


@dataclass(frozen=True, slots=True)
class Work:
    """Sums over `people` of a lognormal amount in USD, at most `limit`, drawn `replicates` times.

    `amounts` are 4,096 equally likely ones in cents, each the mean of its cell of probability.
    """

    people: int
    replicates: int
    location: float
    shape: float
    limit: float
    amounts: NDArray[np.int64]

    @property
    def window(self) -> float:
        """USD below which all but a trifle of the sums lie."""
        return self.people * MEAN + 10.0 * math.sqrt(self.people) * self.limit / 4.0


class Exact(NamedTuple):
    """What is known of a sum: moments by closed form, the chance of `level` or more by a Fourier power; USD."""

    mean: float
    deviation: float
    level: float
    exceedance: float


def work_of(people: int, replicates: int) -> Work:
    """Return the work of a size."""
    location = math.log(MEAN) - 0.5 * SHAPE**2
    limit = math.exp(location + SHAPE * float(stats.norm.ppf(PERCENTILE)))
    edges = np.linspace(0.0, 1.0, CELLS + 1)
    inner = np.minimum(edges, PERCENTILE)
    below = MEAN * stats.norm.cdf(stats.norm.ppf(inner) - SHAPE) + limit * (edges - inner)
    amounts = np.rint(100.0 * CELLS * np.diff(below)).astype(np.int64)
    return Work(people, replicates, location, SHAPE, limit, amounts)


def exact(work: Work) -> Exact:
    """Return mean, standard deviation and an exceedance probability of the sum.

    Notes
    -----
    E min(X, T)^k = exp(k m + k² s² / 2) N((log T - m) / s - k s) + T^k N(-(log T - m) / s) for a lognormal X. The
    chance is that of the table's amounts, whose sum has a deviation smaller by a ten-thousandth.
    """
    place = (math.log(work.limit) - work.location) / work.shape
    first, second = (
        math.exp(k * work.location + 0.5 * (k * work.shape) ** 2) * stats.norm.cdf(place - k * work.shape)
        + work.limit**k * stats.norm.sf(place)
        for k in (1, 2)
    )
    mean, deviation = work.people * first, math.sqrt(work.people * (second - first**2))
    level = mean + EXCEEDED * deviation
    return Exact(float(mean), deviation, float(level), _exceedance(work, float(level)))


def _exceedance(work: Work, level: float) -> float:
    """Return P(S >= level) from a Fourier power of the amounts on a lattice, split so that means are exact."""
    step = 100.0 * work.window / POINTS
    place = work.amounts / step
    below = place.astype(np.int64)
    share = place - below
    one = np.bincount(below, 1.0 - share, POINTS) + np.bincount(below + 1, share, POINTS)
    law = np.fft.irfft(np.fft.rfft(one / CELLS) ** work.people, POINTS)
    return float(law[math.ceil(100.0 * level / step) :].sum())


def deviations(sample: NDArray[np.float64], known: Exact) -> dict[str, float]:
    """Return how far a sample's answers lie from what is known, in their standard errors."""
    size = sample.size
    chance = known.exceedance
    return {
        "mean": (sample.mean() - known.mean) / (known.deviation / math.sqrt(size)),
        "standard deviation": (sample.std(ddof=1) - known.deviation)
        / (known.deviation / math.sqrt(2.0 * size)),
        "exceedance": ((sample >= known.level).mean() - chance) / math.sqrt(chance * (1.0 - chance) / size),
    }
