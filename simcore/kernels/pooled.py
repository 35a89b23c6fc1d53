"""Draw what a whole band spends at once, from tables of the distribution of sums.

A band of n people is the binary digits of n: a table holds the distribution of the sum of 16, 32,
64 … people, one uniform draws from each table whose digit is 1, and the people of the last four
digits are drawn one by one. The work grows with the logarithm of n.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simcore.kernels.compile import kernel, part_of_kernel
from simcore.kernels.philox import HALF, WORD, philox4x32, uniform_of
from simcore.kernels.streams import POOLED_SPENDING
from simcore.kernels.vectors import in_vectors

SMALLEST_POOL: Final = 16
"""People of the first table; fewer than this are drawn one by one."""

_FIELDS_OF_A_WORD: Final = 5
_BITS_OF_A_FIELD: Final = np.uint64(12)
_FIELD: Final = np.uint64(0xFFF)
# Replicates drawn together: their working space of 22 KiB stays in a first-level cache.
_TILE: Final = 256
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
    guide: NDArray[np.uint16]
    grid: NDArray[np.float64]


@kernel
def _add_pooled(
    first_replicate: int,
    cell: np.uint64,
    people: NDArray[np.int64],
    amounts: NDArray[np.int64],
    cumulative: NDArray[np.float64],
    guide: NDArray[np.uint16],
    grid: NDArray[np.float64],
    stream: np.uint64,
    seed: np.uint64,
    total: NDArray[np.int64],
) -> None:
    """Add a draw of the sum of ``people : (block,)`` to ``total : (block,)``, in whole cents.

    Tables as in `SumTables`. More people than twice the last table's are several draws of it.
    """
    address = (cell, stream, seed)
    last = cumulative.shape[0] - 1
    pools = np.empty(_TILE, dtype=np.int64)
    listed = np.zeros(_TILE, dtype=np.int64)
    cents = np.empty(_TILE, dtype=np.int64)
    first_five = np.empty(_TILE, dtype=np.uint64)
    next_five = np.empty(_TILE, dtype=np.uint64)
    last_five = np.empty(_TILE, dtype=np.uint64)
    unused = np.empty(_TILE, dtype=np.uint64)
    space = np.empty(4 * _TILE)
    for start in range(0, total.shape[0], _TILE):
        size = min(_TILE, total.shape[0] - start)
        first = first_replicate + start
        for r in range(size):
            pools[r] = people[start + r] % SMALLEST_POOL
        _draw_words(first, 0, address, size, first_five, next_five)
        _draw_words(first, 1, address, size, last_five, unused)
        _draw_one_by_one(first_five, next_five, last_five, pools, amounts, size, cents)
        for r in range(size):
            pools[r] = people[start + r] // SMALLEST_POOL
        position = 0
        n = 0
        while position <= last or n > 0:
            # A digit a table; what is left at the last table are draws of it, mostly one or none.
            level = min(position, last)
            n = 0
            for r in range(size):
                pool = pools[r] >> level
                drawn = int(pool > position - last) if level == last else int(pool & 1)
                # Written whether it counts or not: a branch that nobody can foresee costs more.
                listed[n] = r
                n += drawn
            _draw_uniforms(first, _FIRST_POOL_POSITION + position, address, listed, n, space)
            _look_up(cumulative[level], guide[level], grid[level], n, space)
            for i in range(n):
                cents[listed[i]] += np.int64(space[i])
            position += 1
        for r in range(size):
            total[start + r] += cents[r]


@part_of_kernel
def _draw_words(
    first_replicate: int,
    position: int,
    address: tuple[np.uint64, np.uint64, np.uint64],
    size: int,
    low: NDArray[np.uint64],
    high: NDArray[np.uint64],
) -> None:
    """Draw the two words, five people each, of a position for the replicates of a tile."""
    cell, stream, seed = address
    for r in range(size):
        a, b, c, d = philox4x32(
            np.uint64(first_replicate + r), np.uint64(position), cell, stream, seed & WORD, seed >> HALF
        )
        low[r] = (b << HALF) | a
        high[r] = (d << HALF) | c


@part_of_kernel
def _draw_one_by_one(
    first: NDArray[np.uint64],
    second: NDArray[np.uint64],
    third: NDArray[np.uint64],
    people: NDArray[np.int64],
    amounts: NDArray[np.int64],
    size: int,
    cents: NDArray[np.int64],
) -> None:
    """Write the amounts of the people whom no table holds, from three words of five people each.

    They are all people of some words and a few of one more: only of that one each is asked for.
    """
    for r in range(size):
        word = first[r]
        if people[r] > _FIELDS_OF_A_WORD:
            word = second[r]
        if people[r] > 2 * _FIELDS_OF_A_WORD:
            word = third[r]
        whole = int(people[r] > _FIELDS_OF_A_WORD) + int(people[r] > 2 * _FIELDS_OF_A_WORD)
        rest = people[r] - _FIELDS_OF_A_WORD * whole
        # Looked up whether it counts or not, as above.
        total = _all_of_word(first[r], amounts) * int(whole > 0)
        total += _all_of_word(second[r], amounts) * int(whole > 1)
        for person in range(_FIELDS_OF_A_WORD):
            amount = int(amounts[word & _FIELD])
            word = word >> _BITS_OF_A_FIELD
            total += amount if person < rest else 0
        cents[r] = total


@part_of_kernel
def _all_of_word(word: np.uint64, amounts: NDArray[np.int64]) -> int:
    """Return the amounts of the five people of a word."""
    total = 0
    for _ in range(_FIELDS_OF_A_WORD):
        total += int(amounts[word & _FIELD])
        word = word >> _BITS_OF_A_FIELD
    return total


@part_of_kernel
def _draw_uniforms(
    first_replicate: int,
    position: int,
    address: tuple[np.uint64, np.uint64, np.uint64],
    listed: NDArray[np.int64],
    n: int,
    space: NDArray[np.float64],
) -> None:
    """Draw the uniforms of a position for the first `n` replicates of a list."""
    cell, stream, seed = address
    for i in range(in_vectors(n)):
        high, low, _, _ = philox4x32(
            np.uint64(first_replicate + listed[i]),
            np.uint64(position),
            cell,
            stream,
            seed & WORD,
            seed >> HALF,
        )
        space[i] = uniform_of(high, low)


@part_of_kernel
def _look_up(
    cumulative: NDArray[np.float64],
    guide: NDArray[np.uint16],
    grid: NDArray[np.float64],
    n: int,
    space: NDArray[np.float64],
) -> None:
    """Put the quantile of a table, in whole cents, in the place of each of the first `n` uniforms."""
    steps = float(guide.shape[0])
    for i in range(n):
        u = space[i]
        k = np.int64(guide[np.int64(u * steps)])
        # One step in four draws, more in one of thirty: the first is taken without a branch.
        k += np.int64(cumulative[k + 1] <= u)
        while cumulative[k + 1] <= u:
            k += 1
        space[_TILE + i] = float(k - 1)
        space[2 * _TILE + i] = cumulative[k]
        space[3 * _TILE + i] = cumulative[k + 1]
    for i in range(n):
        below = space[2 * _TILE + i]
        point = space[_TILE + i] + (space[i] - below) / (space[3 * _TILE + i] - below)
        point = min(max(point, 0.0), grid[2])
        space[i] = np.floor(grid[0] + grid[1] * point + 0.5)


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
