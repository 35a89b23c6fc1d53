"""Exact binomial draws whose random numbers have addresses, for many replicates at once.

Few expected successes are counted up by inversion; many are drawn by transformed rejection, where
each attempt has a position of its own in the address. Every step is a loop over replicates of its own,
so that it becomes vector code: those not yet drawn are kept in a list, and are drawn on.

References
----------
Kachitvichyanukul, Schmeiser, "Binomial random variate generation", CACM 31(2), 1988 (inversion).
Hörmann, "The generation of binomial random variates", Journal of Statistical Computation and
Simulation 46, 1993, algorithm BTRS.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcore.kernels.compile import part_of_kernel, written_out
from simcore.kernels.instructions import absolute, either, floor_of, square_root
from simcore.kernels.normal import natural_logarithm
from simcore.kernels.philox import HALF, WORD, philox4x32, uniform_of
from simcore.kernels.vectors import in_vectors

_FEWEST_FOR_REJECTION: Final = 10.0

# Finite: infinity times nought would warn, in a place whose search has ended long ago.
_ENDED: Final = 2.0

# Tail of Stirling's series of log k! for k = 0 … 9.
_STIRLING: Final = np.array(
    [
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
    ]
)


SMALLER, ODDS, LOG_FAILURE, FLIPPED = range(4)
"""Fields of `chances_of`: the smaller of the probabilities of success and of failure, its odds, the
logarithm of 1 less it, and 1 where it is the probability of failure."""

TILE: Final = 256
"""Replicates drawn together: their working space of 26 KiB stays in a first-level cache."""

SPACE: Final = 13 * TILE
"""Length of the working space of `binomials`: thirteen numbers of every replicate."""

# Where each begins. One array with steps that the compiler knows: it need not ask at run time whether
# two of them overlap, and makes vector code of all loops but those that follow a list.
_U, _V, _COUNT, _OUTCOME, _ACCEPTED = range(0, 5 * TILE, TILE)
_PROBABILITY, _MOST, _SUCCESSES = range(3 * TILE, 6 * TILE, TILE)
_LOG_0, _LOG_1, _LOG_2, _LOG_3, _TAIL_0, _TAIL_1, _TAIL_2, _TAIL_3 = range(5 * TILE, SPACE, TILE)


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
def binomials(
    first_replicate: int,
    address: tuple[np.uint64, np.uint64, np.uint64],
    chances: NDArray[np.float64],
    counts: NDArray[np.int64],
    size: int,
    space: NDArray[np.float64],
    few: NDArray[np.int64],
    many: NDArray[np.int64],
    drawn: NDArray[np.int64],
) -> None:
    """Write the successes of the smaller probability among each of the first `size` counts into `drawn`.

    ``address`` is cell, stream and seed, ``chances : (4,)`` as `chances_of` has them, ``counts`` and
    ``drawn : (TILE,)``; ``space : (SPACE,)``, ``few`` and ``many : (TILE,)`` are working space, zeros at first.
    """
    smaller = chances[SMALLER]
    least = counts[0]
    most = counts[0]
    for r in range(size):
        drawn[r] = 0
        least = min(least, counts[r])
        most = max(most, counts[r])
    if most * smaller == 0.0:
        return
    n_few = 0
    n_many = 0
    if least * smaller >= _FEWEST_FOR_REJECTION:
        n_many = _list_all(size, many)
    elif (least > 0) & (most * smaller < _FEWEST_FOR_REJECTION):
        n_few = _list_all(size, few)
    else:
        for r in range(size):
            rejection = counts[r] * smaller >= _FEWEST_FOR_REJECTION
            # Written whether it counts or not: a branch that nobody can foresee costs more.
            few[n_few] = r
            many[n_many] = r
            n_few += (not rejection) & (counts[r] > 0)
            n_many += rejection
    if n_few > 0:
        _two_uniforms(first_replicate, 0, address, few, n_few, space)
        _invert(chances, counts, few, n_few, space, drawn)
    position = 0
    while n_many > 0:
        _two_uniforms(first_replicate, position, address, many, n_many, space)
        n_many = _attempt(smaller, counts, many, n_many, space, drawn)
        _compare(smaller, chances[ODDS], n_many, space)
        n_many = _rejected(many, n_many, space)
        position += 1


@part_of_kernel
def _list_all(size: int, listed: NDArray[np.int64]) -> int:
    """List every replicate, and count them: vector code, which sorting them one by one is not."""
    for r in range(size):
        listed[r] = r
    return size


@part_of_kernel
def _gather(counts: NDArray[np.int64], listed: NDArray[np.int64], n: int, space: NDArray[np.float64]) -> None:
    """Write the counts of the first `n` replicates of a list as numbers.

    A loop of its own: one that follows a list while it writes is no vector code, nor is anything else in it.
    Past the end of the list a count is nobody.
    """
    for i in range(n):
        space[_COUNT + i] = float(counts[listed[i]])
    for i in range(n, in_vectors(n)):
        space[_COUNT + i] = 0.0


@part_of_kernel
def _two_uniforms(
    first_replicate: int,
    position: int,
    address: tuple[np.uint64, np.uint64, np.uint64],
    listed: NDArray[np.int64],
    n: int,
    space: NDArray[np.float64],
) -> None:
    """Draw the two uniforms of a position for the first `n` replicates of a list."""
    cell, stream, seed = address
    key_low = seed & WORD
    key_high = seed >> HALF
    for i in range(in_vectors(n)):
        first, second, third, fourth = philox4x32(
            np.uint64(first_replicate + listed[i]), np.uint64(position), cell, stream, key_low, key_high
        )
        space[_U + i] = uniform_of(first, second)
        space[_V + i] = uniform_of(third, fourth)


@part_of_kernel
def _invert(
    chances: NDArray[np.float64],
    counts: NDArray[np.int64],
    listed: NDArray[np.int64],
    n: int,
    space: NDArray[np.float64],
    drawn: NDArray[np.int64],
) -> None:
    """Write how many successes each uniform stands for, adding up their probabilities."""
    odds = chances[ODDS]
    log_failure = chances[LOG_FAILURE]
    _gather(counts, listed, n, space)
    lanes = in_vectors(n)
    for i in range(lanes):
        count = space[_COUNT + i]
        space[_PROBABILITY + i] = _exponential(count * log_failure)
        space[_MOST + i] = (count + 1.0) * odds
        space[_SUCCESSES + i] = 0.0
    step = 0.0
    going = n
    while going > 0:
        going = 0
        inverse = 1.0 / (step + 1.0)
        for i in range(lanes):
            # Where the search has ended the probability is above every uniform, and it ends again.
            left = space[_U + i]
            probability = space[_PROBABILITY + i]
            goes = (left > probability) & (step < space[_COUNT + i])
            next_one = probability * (space[_MOST + i] * inverse - odds)
            space[_U + i] = left - probability if goes else left
            space[_SUCCESSES + i] = step + 1.0 if goes else space[_SUCCESSES + i]
            space[_PROBABILITY + i] = next_one if goes else _ENDED
            going += goes
        step += 1.0
    for i in range(n):
        drawn[listed[i]] = np.int64(space[_SUCCESSES + i])


@written_out
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
    for _ in range(5):
        e = e * e
    return e


@written_out
def _hat(count: float, smaller: float) -> tuple[float, float, float]:
    """Return the law's standard deviation, and Hörmann's b and a of the proposal's hat."""
    spread = square_root(count * smaller * (1.0 - smaller))
    b = 1.15 + 2.53 * spread
    return spread, b, -0.0873 + 0.0248 * b + 0.01 * smaller


@written_out
def _proposed(u: float, v: float, count: float, smaller: float) -> tuple[float, float]:
    """Return the outcome that two uniforms propose, and 1 if it needs no comparison, else 0."""
    _, b, a = _hat(count, smaller)
    slope = 0.5 - absolute(u - 0.5)
    outcome = floor_of((2.0 * a / slope + b) * (u - 0.5) + (count * smaller + 0.5))
    # One quotient fewer than v <= 0.92 - 4.2 / b.
    return outcome, either((slope >= 0.07) & ((v - 0.92) * b <= -4.2), 1.0, 0.0)


@part_of_kernel
def _attempt(
    smaller: float,
    counts: NDArray[np.int64],
    listed: NDArray[np.int64],
    n: int,
    space: NDArray[np.float64],
    drawn: NDArray[np.int64],
) -> int:
    """Attempt to draw; keep those in the list that need a comparison with the law, and count them."""
    _gather(counts, listed, n, space)
    for i in range(in_vectors(n)):
        outcome, accepted = _proposed(space[_U + i], space[_V + i], space[_COUNT + i], smaller)
        space[_OUTCOME + i] = outcome
        space[_ACCEPTED + i] = accepted
    left = 0
    for i in range(n):
        # An outcome that is rejected is written over by the next one.
        drawn[listed[i]] = np.int64(space[_OUTCOME + i])
        listed[left] = listed[i]
        space[_U + left] = space[_U + i]
        space[_V + left] = space[_V + i]
        space[_COUNT + left] = space[_COUNT + i]
        space[_OUTCOME + left] = space[_OUTCOME + i]
        left += space[_ACCEPTED + i] == 0.0
    return left


@written_out
def _quotients(
    u: float, v: float, count: float, draw: float, smaller: float, odds: float
) -> tuple[float, float, float, float]:
    """Return the four numbers of whose logarithms a comparison is made: the proposal's, and the law's three."""
    spread, b, a = _hat(count, smaller)
    slope = 0.5 - absolute(u - 0.5)
    mode = _mode(count, smaller)
    above_mode = count - mode + 1.0
    above_draw = count - draw + 1.0
    return (
        v * (2.83 + 5.1 / b) * spread / (a / (slope * slope) + b),
        (mode + 1.0) / (odds * above_mode),
        above_mode / above_draw,
        odds * above_draw / (draw + 1.0),
    )


@written_out
def _mode(count: float, smaller: float) -> float:
    """Return the likeliest outcome."""
    return floor_of((count + 1.0) * smaller)


@written_out
def _without_tails(mode: float, count: float, draw: float, log_1: float, log_2: float, log_3: float) -> float:
    """Return the logarithm of an outcome's probability over the mode's, without the tails of Stirling's series."""
    return (mode + 0.5) * log_1 + (count + 1.0) * log_2 + (draw + 0.5) * log_3


@part_of_kernel
def _compare(smaller: float, odds: float, n: int, space: NDArray[np.float64]) -> None:
    """Accept an outcome where the law has more of it than the proposal, at the first `n` places."""
    lanes = in_vectors(n)
    for i in range(lanes):
        count = space[_COUNT + i]
        # Outcomes that cannot be are compared as others are, and rejected in the end.
        draw = min(max(space[_OUTCOME + i], 0.0), count)
        mode = _mode(count, smaller)
        quotients = _quotients(space[_U + i], space[_V + i], count, draw, smaller, odds)
        space[_LOG_0 + i], space[_LOG_1 + i], space[_LOG_2 + i], space[_LOG_3 + i] = quotients
        space[_TAIL_0 + i] = mode
        space[_TAIL_1 + i] = count - mode
        space[_TAIL_2 + i] = draw
        space[_TAIL_3 + i] = count - draw
    for start in range(0, 4 * TILE, TILE):
        for i in range(lanes):
            space[_LOG_0 + start + i] = natural_logarithm(space[_LOG_0 + start + i])
            k = space[_TAIL_0 + start + i]
            series = _stirling_series(max(k, 10.0))
            space[_TAIL_0 + start + i] = series if k >= 10.0 else _STIRLING[np.int64(min(k, 9.0))]
    for i in range(lanes):
        count = space[_COUNT + i]
        draw = space[_OUTCOME + i]
        log_ratio_to_mode = (
            _without_tails(
                _mode(count, smaller), count, draw, space[_LOG_1 + i], space[_LOG_2 + i], space[_LOG_3 + i]
            )
            + space[_TAIL_0 + i]
            + space[_TAIL_1 + i]
            - space[_TAIL_2 + i]
            - space[_TAIL_3 + i]
        )
        possible = (draw >= 0.0) & (draw <= count)
        space[_ACCEPTED + i] = 1.0 if possible & (space[_LOG_0 + i] <= log_ratio_to_mode) else 0.0


@part_of_kernel
def _rejected(listed: NDArray[np.int64], n: int, space: NDArray[np.float64]) -> int:
    """Keep in the list those of the first `n` whose outcome was rejected, and count them."""
    left = 0
    for i in range(n):
        listed[left] = listed[i]
        left += space[_ACCEPTED + i] == 0.0
    return left


@written_out
def _stirling_series(k: float) -> float:
    """Return log k! less (k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2, for a whole `k` from 10 on."""
    # Quotients take most of the time of a comparison: one here, and products of it.
    inverse = 1.0 / (k + 1.0)
    square = inverse * inverse
    return (1 / 12 - (1 / 360 - 1 / 1260 * square) * square) * inverse
