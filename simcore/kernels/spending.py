"""Draw every beneficiary's spending and add it up, in whole cents.

A band's spending in a year is a table of 4,096 equally likely amounts, and a draw is 12 bits of a
random word. Ten people share one call of the generator: person p takes field p mod 10 of the call at
position p // 10, whatever the block, the tile or the width of the machine's registers.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcore.kernels.compile import kernel, part_of_kernel
from simcore.kernels.lanes import CALLS, FEW_CALLS, HIGH, fill_few_words, fill_words
from simcore.kernels.philox import HALF, WORD
from simcore.kernels.streams import SPENDING

AMOUNTS: Final = 4096
"""Entries of a table of equally likely amounts."""

_PEOPLE_PER_CALL: Final = 10
_FIELD: Final = np.uint64(0xFFF)
_END: Final = np.uint64(2**63)
_12: Final = np.uint64(12)
_24: Final = np.uint64(24)
_36: Final = np.uint64(36)
_48: Final = np.uint64(48)


@kernel
def _add_spending(
    first_replicate: int,
    cell: np.uint64,
    stream: np.uint64,
    people: NDArray[np.int64],
    amounts: NDArray[np.int64],
    seed: np.uint64,
    total: NDArray[np.int64],
) -> None:
    """Add up one band's spending, by replicate.

    ``people : (block,)`` heads, ``amounts : (4096,)`` equally likely amounts in cents, ``total :
    (block,)`` in cents, added to. Integer sums: exact in any order.

    Notes
    -----
    Look-ups end at a mark in the data and not at a count, because the compiler then leaves them
    scalar: 6.0e9 look-ups a second, where its vector gathers made 3.5e9 (see ``benchmarks/NOTES.md``).
    """
    # One more than is filled: the high word beside the mark is looked at, though not used, after a whole tile.
    words = np.empty(2 * CALLS + 2, dtype=np.uint64)
    key_low = seed & WORD
    key_high = seed >> HALF
    for r in range(total.shape[0]):
        replicate = np.uint64(first_replicate + r)
        whole = people[r] // _PEOPLE_PER_CALL
        left = people[r] - whole * _PEOPLE_PER_CALL
        # Five sums, for one would wait for the addition before it at every look-up.
        sum_0 = sum_1 = sum_2 = sum_3 = sum_4 = np.int64(0)
        last = np.uint64(0)
        end = 0
        for start in range(0, whole + (left > 0), CALLS):
            if whole - start < FEW_CALLS:
                fill_few_words(replicate, np.uint64(start), cell, stream, key_low, key_high, words)
            else:
                fill_words(replicate, np.uint64(start), cell, stream, key_low, key_high, words)
            end = min(whole - start, CALLS)
            last = words[end]
            words[end] = _END
            i = 0
            word = words[0]
            while word < _END:
                sum_0 += amounts[word & _FIELD]
                sum_1 += amounts[(word >> _12) & _FIELD]
                sum_2 += amounts[(word >> _24) & _FIELD]
                sum_3 += amounts[(word >> _36) & _FIELD]
                sum_4 += amounts[word >> _48]
                word = words[HIGH + i]
                sum_0 += amounts[word & _FIELD]
                sum_1 += amounts[(word >> _12) & _FIELD]
                sum_2 += amounts[(word >> _24) & _FIELD]
                sum_3 += amounts[(word >> _36) & _FIELD]
                sum_4 += amounts[word >> _48]
                i += 1
                word = words[i]
        cents = sum_0 + sum_1 + sum_2 + sum_3 + sum_4
        cents += sum_of_fields(amounts, last, min(left, 5)) + sum_of_fields(
            amounts, words[HIGH + end], left - 5
        )
        total[r] += cents


@part_of_kernel
def sum_of_fields(amounts: NDArray[np.int64], word: np.uint64, fields: int) -> np.int64:
    """Return the sum of the amounts that a word's first fields point to; none if `fields` < 1."""
    cents = np.int64(0)
    for _ in range(fields):
        cents += amounts[word & _FIELD]
        word = word >> _12
    return cents


def spending(
    people: NDArray[np.int64],
    amounts: NDArray[np.int32] | NDArray[np.int64],
    *,
    first_replicate: int,
    cell: int,
    seed: int,
) -> NDArray[np.int64]:
    """Draw the spending of every person of a band, and return each replicate's sum.

    Called again with another table, it gives the same people's other amounts (untruncated ones, or
    what a stop-loss pays): a person's field of bits depends on the address alone.

    Parameters
    ----------
    people
        Heads of the band, by replicate, shape ``(block,)``.
    amounts
        Equally likely amounts in cents, shape ``(4096,)``.
    first_replicate, cell, seed
        Address of the draws: number of the first replicate, year, type and band as
        `simcore.kernels.philox.cell_of` packs them, and the scenario's seed.

    Returns
    -------
    NDArray[np.int64]
        Cents, shape ``(block,)``.

    Raises
    ------
    ValueError
        If the table does not hold 4,096 amounts.
    """
    if amounts.shape != (AMOUNTS,):
        raise ValueError(f"a table of amounts has shape ({AMOUNTS},), got {amounts.shape}")
    total = np.zeros(people.shape[0], dtype=np.int64)
    # Eight bytes an amount: the look-up and the addition are then one instruction.
    table = np.ascontiguousarray(amounts, dtype=np.int64)
    words = (np.uint64(cell), np.uint64(SPENDING))
    _add_spending(first_replicate, *words, people, table, np.uint64(seed), total)
    return total
