"""Find where a simulated curve crosses a level, with the error that the curve's own errors leave."""

import math
from typing import NamedTuple

import numpy as np
from scipy import optimize

from simcore.analysis.estimates import Float64


class Crossing(NamedTuple):
    """Where a curve crosses a level; both are not a number when it does not within the range."""

    value: float
    standard_error: float


NOWHERE = Crossing(math.nan, math.nan)


def rising_crossing(position: Float64, value: Float64, error: Float64, level: float) -> Crossing:
    r"""Return where a curve that rises by nature reaches a level.

    Parameters
    ----------
    position
        Where the curve was simulated, rising, shape ``(point,)``.
    value, error
        The curve and its standard errors there, shape ``(point,)``.
    level
        In the unit of `value`.

    Returns
    -------
    Crossing
        Linear between points. Where the curve is at the level or above from the first point on, the
        first point, without an error: the crossing lies there or before.

    Notes
    -----
    Simulation noise may bend the curve down in places: the nearest rising curve in weighted least
    squares is taken first. The error is that of the interpolated value, over the slope.

    References
    ----------
    Barlow, R. E. and Brunk, H. D. (1972), The isotonic regression problem and its dual, Journal of the
    American Statistical Association 67(337), 140-147.
    """
    # A point known exactly weighs most, not infinitely: a millionth of the range stands for its error.
    least = 1e-6 * max(float(np.ptp(value)), 1e-12)
    rising = optimize.isotonic_regression(value, weights=1.0 / np.maximum(error, least) ** 2).x
    if rising[0] >= level:
        return Crossing(float(position[0]), math.nan)
    above = np.flatnonzero(rising >= level)
    if above.size == 0:
        return NOWHERE
    return _between(position, rising, error, level=level, right=int(above[0]))


def crossings(position: Float64, value: Float64, error: Float64, level: float = 0.0) -> list[Crossing]:
    """Return every place where a curve passes a level, in either direction, linear between points."""
    side = np.sign(value - level)
    changes = np.flatnonzero(side[1:] * side[:-1] < 0.0) + 1
    found = [_between(position, value, error, level=level, right=int(right)) for right in changes]
    touched = [
        Crossing(float(position[i]), _error_over_slope(position, value, error, i))
        for i in map(int, np.flatnonzero(side == 0.0))
    ]
    return sorted([*found, *touched])


def _between(position: Float64, value: Float64, error: Float64, *, level: float, right: int) -> Crossing:
    """Interpolate between a point and the one before it."""
    left = right - 1
    share = (level - value[left]) / (value[right] - value[left])
    step = position[right] - position[left]
    # Points on common draws err together: the larger error is safer than the root of the squares.
    own = (1.0 - share) * error[left] + share * error[right]
    slope = abs(value[right] - value[left]) / step
    return Crossing(float(position[left] + share * step), float(own / slope))


def _error_over_slope(position: Float64, value: Float64, error: Float64, point: int) -> float:
    """Return the error of a crossing that falls on a point."""
    slope = abs(float(np.gradient(value, position)[point])) if value.size > 1 else 0.0
    return float(error[point] / slope) if slope > 0.0 else math.nan
