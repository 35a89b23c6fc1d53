"""Draw what a whole band spends at once, from tables of the distribution of sums.

A band of n people is the binary digits of n: a table holds the distribution of the sum of 16, 32,
64 … people, one uniform draws from each table whose digit is 1, and the people of the last four
digits are drawn one by one. The work grows with the logarithm of n.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simcore.kernels.compile import kernel
from simcore.kernels.philox import HALF, WORD, philox4x32, random_words, uniform_of
from simcore.kernels.spending import sum_of_fields
from simcore.kernels.streams import POOLED_SPENDING

SMALLEST_POOL: Final = 16
"""People of the first table; fewer than this are drawn one by one."""

_LANES: Final = 8
_FIELDS_OF_A_WORD: Final = 5
_FIELDS: Final = np.uint64(2**60 - 1)
# Two calls of the generator, ten people each, hold all who are drawn one by one.
_FIRST_POOL_POSITION: Final = 2


class SumTables(NamedTuple):
    """Distributions of one band's sums; level l is the sum of 16 · 2**l people.

    Parameters
    ----------
    amounts
        Equally likely amounts of one person, cents, shape ``(4096,)``.
    cumulative
        Probability at which the quantile passes each point of a level's grid, between a 0 and a 1,
        shape ``(level, point)``.
    guide
        Where in `cumulative` to begin to look, by equal steps of probability, shape ``(level, step)``.
    grid
        First point in cents, step in cents and number of the last point, shape ``(level, 3)``.
    """

    amounts: NDArray[np.int64]
    cumulative: NDArray[np.float64]
    guide: NDArray[np.int32]
    grid: NDArray[np.float64]


@kernel
def _add_pooled(
    first_replicate: int,
    cell: np.uint64,
    people: NDArray[np.int64],
    amounts: NDArray[np.int64],
    cumulative: NDArray[np.float64],
    guide: NDArray[np.int32],
    grid: NDArray[np.float64],
    stream: np.uint64,
    seed: np.uint64,
    total: NDArray[np.int64],
) -> None:
    """Add a draw of the sum of ``people : (block,)`` to ``total : (block,)``, in whole cents.

    Tables as in `SumTables`. More people than twice the last table's are several draws of it.
    """
    levels = cumulative.shape[0]
    steps = guide.shape[1]
    key_low = seed & WORD
    key_high = seed >> HALF
    positions = (_FIRST_POOL_POSITION + levels + _LANES - 1) // _LANES * _LANES
    words = np.empty((2, positions), dtype=np.uint64)
    uniforms = np.empty(positions)
    for r in range(total.shape[0]):
        replicate = np.uint64(first_replicate + r)
        # All that the tables and the one-by-one draws may need at once: this loop becomes vector code.
        for i in range(positions):
            a, b, c, d = philox4x32(replicate, np.uint64(i), cell, stream, key_low, key_high)
            words[0, i] = ((b << HALF) | a) & _FIELDS
            words[1, i] = ((d << HALF) | c) & _FIELDS
            uniforms[i] = uniform_of(a, b)
        cents = np.int64(0)
        left = people[r] % SMALLEST_POOL
        for field in range(4):
            some = min(left - _FIELDS_OF_A_WORD * field, _FIELDS_OF_A_WORD)
            cents += sum_of_fields(amounts, words[field % 2, field // 2], some)
        pools = people[r] // SMALLEST_POOL
        position = _FIRST_POOL_POSITION
        level = 0
        while pools > 0:
            last_level = level == levels - 1
            if last_level or pools & 1 == 1:
                if position < positions:
                    u = uniforms[position]
                else:
                    a, b, _, _ = random_words(replicate, np.uint64(position), cell, stream, key_low, key_high)
                    u = uniform_of(a, b)
                k = guide[level, int(u * steps)]
                while cumulative[level, k + 1] <= u:
                    k += 1
                below = cumulative[level, k]
                point = k - 1 + (u - below) / (cumulative[level, k + 1] - below)
                point = min(max(point, 0.0), grid[level, 2])
                cents += np.int64(math.floor(grid[level, 0] + grid[level, 1] * point + 0.5))
            position += 1
            if last_level:
                pools -= 1
            else:
                pools >>= 1
                level += 1
        total[r] += cents


def pooled_spending(
    people: NDArray[np.int64], tables: SumTables, *, first_replicate: int, cell: int, seed: int
) -> NDArray[np.int64]:
    """Draw the sum of the spending of a band's people, for each replicate.

    Parameters
    ----------
    people
        Heads of the band, by replicate, shape ``(block,)``.
    tables
        What `simcore.model.sum_tables.sum_tables` makes of the band's amounts.
    first_replicate, cell, seed
        Address of the draws, as in `simcore.kernels.spending.spending`.

    Returns
    -------
    NDArray[np.int64]
        Cents, shape ``(block,)``.
    """
    total = np.zeros(people.shape[0], dtype=np.int64)
    words = (np.uint64(POOLED_SPENDING), np.uint64(seed))
    _add_pooled(first_replicate, np.uint64(cell), people, *tables, *words, total)
    return total
