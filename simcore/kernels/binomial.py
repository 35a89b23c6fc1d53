"""Exact binomial draws whose random numbers have addresses.

Few expected successes are counted up by inversion; many are drawn by transformed rejection, where
each attempt has a position of its own in the address.

References
----------
Kachitvichyanukul, Schmeiser, "Binomial random variate generation", CACM 31(2), 1988 (inversion).
Hörmann, "The generation of binomial random variates", Journal of Statistical Computation and
Simulation 46, 1993, algorithm BTRS.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcore.kernels.compile import part_of_kernel
from simcore.kernels.normal import natural_logarithm
from simcore.kernels.philox import random_words, uniform_of

_FEWEST_FOR_REJECTION: Final = 10.0

# Tail of Stirling's series of log k! for k = 0 … 9.
_STIRLING: Final = (
    0.08106146679532726,
    0.04134069595540929,
    0.02767792568499834,
    0.02079067210376509,
    0.01664469118982119,
    0.01387612882307075,
    0.01189670994589177,
    0.01041126526197209,
    0.009255462182712733,
    0.008330563433362871,
)


SMALLER, ODDS, LOG_FAILURE, FLIPPED = range(4)
"""Fields of `chances_of`: the smaller of the probabilities of success and of failure, its odds, the
logarithm of 1 less it, and 1 where it is the probability of failure."""


def chances_of(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Make probabilities of any shape ready for drawing, shape ``(…, 4)``.

    Raises
    ------
    ValueError
        If one is outside of 0 to 1, or not a number.
    """
    if not np.all((probability >= 0.0) & (probability <= 1.0)):
        raise ValueError(f"probabilities lie in [0, 1], got {probability!r}")
    smaller = np.minimum(probability, 1.0 - probability)
    return np.stack((smaller, smaller / (1.0 - smaller), np.log1p(-smaller), probability > 0.5), axis=-1)


@part_of_kernel
def binomial_smaller(
    count: int,
    smaller: float,
    odds: float,
    log_failure: float,
    u: float,
    v: float,
    address: tuple[np.uint64, np.uint64, np.uint64, np.uint64, np.uint64],
) -> int:
    """Return successes of the smaller probability among `count`.

    `u` and `v` are the uniforms of position 0 at `address`: replicate, cell, stream, and the two words
    of the key. Further attempts draw at positions 1, 2 and on.
    """
    if count * smaller < _FEWEST_FOR_REJECTION:
        return _by_inversion(count, odds, log_failure, u)
    spread = math.sqrt(count * smaller * (1.0 - smaller))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * smaller
    centre = count * smaller + 0.5
    squeeze = 0.92 - 4.2 / b
    replicate, cell, stream, key_low, key_high = address
    position = 0
    while True:
        slope = 0.5 - abs(u - 0.5)
        draw = math.floor((2.0 * a / slope + b) * (u - 0.5) + centre)
        if slope >= 0.07 and v <= squeeze:
            return draw
        if 0 <= draw <= count:
            scaled = v * (2.83 + 5.1 / b) * spread / (a / (slope * slope) + b)
            if natural_logarithm(scaled) <= _log_ratio_to_mode(draw, count, smaller, odds):
                return draw
        position += 1
        first, second, third, fourth = random_words(
            replicate, np.uint64(position), cell, stream, key_low, key_high
        )
        u = uniform_of(first, second)
        v = uniform_of(third, fourth)


@part_of_kernel
def _by_inversion(count: int, odds: float, log_failure: float, u: float) -> int:
    """Return how many successes the uniform `u` stands for, adding up their probabilities."""
    probability = _exponential(count * log_failure)
    most = (count + 1) * odds
    successes = 0
    while u > probability and successes < count:
        u -= probability
        successes += 1
        probability *= most / successes - odds
    return successes


@part_of_kernel
def _exponential(x: float) -> float:
    """Return the exponential of an `x` in [-14, 0], by its series at x / 32, five times squared."""
    y = x * 0.03125
    z = y * y
    even = 1.0 + z * (
        0.5 + z * (1 / 24 + z * (1 / 720 + z * (1 / 40320 + z * (1 / 3628800 + z * (1 / 479001600)))))
    )
    odd = 1.0 + z * (
        1 / 6 + z * (1 / 120 + z * (1 / 5040 + z * (1 / 362880 + z * (1 / 39916800 + z * (1 / 6227020800)))))
    )
    e = even + y * odd
    e *= e
    e *= e
    e *= e
    e *= e
    return e * e


@part_of_kernel
def _log_ratio_to_mode(draw: int, count: int, smaller: float, odds: float) -> float:
    """Return the logarithm of the probability of `draw` over that of the likeliest outcome."""
    mode = math.floor((count + 1) * smaller)
    above_mode = float(count - mode + 1)
    above_draw = float(count - draw + 1)
    return (
        (mode + 0.5) * natural_logarithm((mode + 1) / (odds * above_mode))
        + (count + 1) * natural_logarithm(above_mode / above_draw)
        + (draw + 0.5) * natural_logarithm(odds * above_draw / (draw + 1))
        + _stirling_tail(mode)
        + _stirling_tail(count - mode)
        - _stirling_tail(draw)
        - _stirling_tail(count - draw)
    )


@part_of_kernel
def _stirling_tail(k: int) -> float:
    """Return log k! less (k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2."""
    if k < 10:
        return _STIRLING[k]
    after = float(k + 1)
    square = after * after
    return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / after
