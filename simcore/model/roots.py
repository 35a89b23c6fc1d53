"""Find where a function crosses nought.

SciPy does it, too, and takes 0.2 s to import what does: a twentieth of a short run.
"""

import math
from collections.abc import Callable

MOST_STEPS = 200


def root_between(function: Callable[[float], float], low: float, high: float, *, tolerance: float) -> float:
    """Return a root of a continuous function between two places where its signs differ.

    Parameters
    ----------
    function
        The function.
    low, high
        The two places.
    tolerance
        How far the root may be off, beside the last bits of a number.

    Returns
    -------
    float
        The end of the last interval at which the function is nearer to nought.

    Raises
    ------
    ValueError
        If the signs do not differ, or the function is not a number somewhere.

    References
    ----------
    Chandrupatla, "A new hybrid quadratic/bisection algorithm for finding the zero of a nonlinear
    function without using derivatives", Advances in Engineering Software 28(3), 1997.
    """
    (a, at_a), (b, at_b) = (low, function(low)), (high, function(high))
    if not (at_a <= 0.0 <= at_b or at_b <= 0.0 <= at_a):
        raise ValueError(f"no root lies between {low:g} and {high:g}: values there are {at_a:g} and {at_b:g}")
    share = 0.5
    for _ in range(MOST_STEPS):
        x = a + share * (b - a)
        at_x = function(x)
        if math.isnan(at_x):
            break
        if (at_x > 0.0) == (at_a > 0.0):
            c, at_c = a, at_a
        else:
            (c, at_c), (b, at_b) = (b, at_b), (a, at_a)
        a, at_a = x, at_x
        best, at_best = (a, at_a) if abs(at_a) < abs(at_b) else (b, at_b)
        least = (0.5 * tolerance + 2e-16 * abs(best)) / abs(b - c) if b != c else 1.0
        if at_best == 0.0 or least > 0.5:
            return best
        share = min(max(_next_share((a, at_a), (b, at_b), (c, at_c)), least), 1.0 - least)
    raise ValueError(f"no root is found between {low:g} and {high:g}: the value at {x:g} is {at_x:g}")


def _next_share(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    """Return how far to go from a to b: by the inverse parabola through three points where it is steady, else half."""
    (x_a, at_a), (x_b, at_b), (x_c, at_c) = a, b, c
    place, height = (x_a - x_b) / (x_c - x_b), (at_a - at_b) / (at_c - at_b)
    if not (height**2 < place and (1.0 - height) ** 2 < 1.0 - place):
        return 0.5
    return (at_a / (at_b - at_a)) * (at_c / (at_b - at_c)) + (x_c - x_a) / (x_b - x_a) * (
        at_a / (at_c - at_a)
    ) * (at_b / (at_c - at_b))
