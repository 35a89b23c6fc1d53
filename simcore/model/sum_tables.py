"""Tables of the distribution of sums of a band's spending, for the pooled engine.

The distribution of one person's amount is put on a grid, convolved with itself by Fourier transforms
for the sum of 2, 4, 8 … people, and cut to the window that holds all but 1e-14 of the probability.
The grid's step doubles when the window outgrows the table. Means and variances of the tables are then
those of the amounts, exactly.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simcore.kernels.pooled import SMALLEST_POOL, SumTables
from simcore.model.arrays import Float64, Int32, Int64

# 2,048 points a table: 16 KiB, so that the tables of one band stay in a second-level cache.
_POINTS: Final = 2048
_STEPS: Final = 1024
_CUT: Final = 1e-14


class _Lattice(NamedTuple):
    """Probabilities on a grid of equal steps."""

    probability: Float64
    origin: float
    step: float


def sum_tables(amounts: Int32 | Int64, most_people: int) -> SumTables:
    """Build a band's tables of sums.

    Parameters
    ----------
    amounts
        Equally likely amounts of one person in cents, shape ``(4096,)``.
    most_people
        About the most people that the band will hold, from which follows how many tables are built. It
        must be the same for all blocks of a run. A band that outgrows it is still drawn right, with
        more draws of the last table.

    Returns
    -------
    SumTables
        Tables of the sums of 16, 32, … people, up to the power of two at or below `most_people`.
    """
    values = np.ascontiguousarray(amounts, dtype=np.int64)
    mean, variance = float(values.mean()), float(values.astype(np.float64).var())
    levels = max(1, int(most_people).bit_length() - SMALLEST_POOL.bit_length() + 1)
    cumulative = np.ones((levels, _POINTS + 3))
    guide = np.empty((levels, _STEPS), dtype=np.uint16)
    grid = np.empty((levels, 3))
    lattice = _on_grid(values)
    people = 1
    for level in range(levels):
        while people < SMALLEST_POOL << level:
            lattice = _twofold(lattice)
            people *= 2
        points = lattice.probability.size
        # The quantile passes a point when half of the point's own probability lies below it.
        cumulative[level, 0] = 0.0
        cumulative[level, 1 : points + 1] = np.cumsum(lattice.probability) - 0.5 * lattice.probability
        guide[level] = _guide(cumulative[level])
        grid[level] = (
            *_fitted(cumulative[level, : points + 2], lattice, people * mean, people * variance),
            points - 1,
        )
    return SumTables(values, cumulative, guide, grid)


def _on_grid(values: Int64) -> _Lattice:
    """Put equally likely amounts on a grid, each split between its neighbours so that the mean stays."""
    origin = float(values.min())
    step = max((float(values.max()) - origin) / (_POINTS - 1), 1.0)
    place = (values - origin) / step
    below = np.minimum(place.astype(np.int64), _POINTS - 2)
    share = place - below
    counts = np.bincount(below, 1.0 - share, _POINTS) + np.bincount(below + 1, share, _POINTS)
    return _windowed(_Lattice(counts / values.size, origin, step))


def _twofold(lattice: _Lattice) -> _Lattice:
    """Return the distribution of the sum of two independent draws."""
    points = 2 * lattice.probability.size - 1
    size = 1 << (points - 1).bit_length()
    spectrum = np.fft.rfft(lattice.probability, size)
    probability = np.maximum(np.fft.irfft(spectrum * spectrum, size)[:points], 0.0)
    return _windowed(_Lattice(probability / probability.sum(), 2.0 * lattice.origin, lattice.step))


def _windowed(lattice: _Lattice) -> _Lattice:
    """Cut the tails that hold no probability, and double the step until the table holds the rest."""
    probability, origin, step = lattice
    first, last = _tail(probability), probability.size - _tail(probability[::-1])
    probability, origin = probability[first:last], origin + first * step
    while probability.size > _POINTS:
        probability = _coarser(probability)
        step *= 2.0
    return _Lattice(probability / probability.sum(), origin, step)


def _tail(probability: Float64) -> int:
    """Return how many of the first points hold no probability, all of them together."""
    # The tails of a sum are a third of its points: the others are added up only where that is not enough.
    near = np.cumsum(probability[: _POINTS // 2])
    upward = near if near[-1] > _CUT else np.cumsum(probability)
    return int(upward.searchsorted(_CUT))


def _coarser(probability: Float64) -> Float64:
    """Halve the points: each odd one is split between its two neighbours, so that the mean stays."""
    half = probability.size // 2
    coarse = np.zeros(half + 1)
    coarse[: (probability.size + 1) // 2] = probability[::2]
    split = 0.5 * probability[1::2]
    coarse[:half] += split
    coarse[1:] += split
    return coarse


def _guide(cumulative: Float64) -> NDArray[np.uint16]:
    """Return the last place whose probability is not above each of the equal steps."""
    # A power of two: no place is rounded.
    step_above = np.ceil(cumulative * _STEPS).astype(np.int64)
    return (np.cumsum(np.bincount(step_above, minlength=_STEPS + 1)[:_STEPS]) - 1).astype(np.uint16)


def _fitted(cumulative: Float64, lattice: _Lattice, mean: float, variance: float) -> tuple[float, float]:
    """Return the origin and step at which the table's quantile has a mean and a variance exactly.

    Notes
    -----
    The quantile is linear between the points and level beyond the first and the last, so that a piece of
    probability w from a to b adds w (a + b) / 2 to the mean and w (a² + ab + b²) / 3 to the square.
    """
    place = np.clip(np.arange(-1.0, cumulative.size - 1.0), 0.0, lattice.probability.size - 1.0)
    weight, a, b = np.diff(cumulative), place[:-1], place[1:]
    centre = float(weight @ (a + b)) / 2.0
    a, b = a - centre, b - centre
    spread = float(weight @ (a * a + a * b + b * b)) / 3.0
    step = np.sqrt(variance / spread) if spread > 0.0 else 0.0
    return mean - step * centre, step
