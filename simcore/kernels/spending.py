"""Draw every beneficiary's spending and add it up, in whole cents.

A band's spending in a year is a table of 4,096 equally likely amounts, and a draw is 12 bits of a
random word. Ten people share one call of the generator: person p takes field p mod 10 of the call at
position p // 10, whatever the block, the turn or the width of the machine's registers.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcore.kernels.compile import kernel, part_of_kernel
from simcore.kernels.philox import HALF, WORD
from simcore.kernels.streams import SPENDING
from simcore.kernels.turn import (
    AMOUNT_BITS,
    AMOUNTS,
    LANES,
    NOBODY,
    PEOPLE_PER_CALL,
    RUN_PEOPLE,
    RUNS,
    turn,
)

_PART: Final = 2**AMOUNT_BITS - 1


@kernel
def _add_spending(
    first_replicate: int,
    cell: np.uint64,
    stream: np.uint64,
    seed: np.uint64,
    people: NDArray[np.int64],
    amounts: NDArray[np.int64],
    first_bit: int,
    total: NDArray[np.int64],
) -> np.int64:
    """Add up one band's spending, by replicate, and return all bits that any amount has.

    ``people : (block,)`` heads, ``amounts : (4096,)`` equally likely amounts in cents, of which 29 bits
    count, from ``first_bit`` on, ``total : (block,)``, added to. Integer sums: exact in any order.

    Notes
    -----
    Three replicates go side by side; one that is left over goes side by side with itself, a third of its
    people each. A turn adds what the turn before has drawn, so that a sum is whole one turn later.
    """
    table = np.empty(AMOUNTS + 1, dtype=np.uint32)
    bits = np.int64(0)
    for i in range(AMOUNTS):
        table[i] = (amounts[i] >> first_bit) & _PART
        bits |= amounts[i]
    table[NOBODY] = 0
    left = np.zeros(RUNS, dtype=np.int32)
    places = np.empty(RUNS * RUN_PEOPLE, dtype=np.int32)
    sums = np.zeros(RUNS * LANES, dtype=np.int64)
    for i in range(places.shape[0]):
        places[i] = NOBODY
    block = total.shape[0]
    if block == 0:
        return bits
    key_low, key_high = seed & WORD, seed >> HALF
    waiting, waiting_step = 0, 0
    r = 0
    while r <= block:
        # Past the last replicate nobody is drawn, in one turn more.
        step, share, most = 0, 0, RUN_PEOPLE
        if r + RUNS <= block:
            step, most = 1, 0
            for run in range(RUNS):
                most = max(most, people[r + run])
        elif r < block:
            share = most = -(-people[r] // (RUNS * RUN_PEOPLE)) * RUN_PEOPLE
        for start in range(0, most, RUN_PEOPLE):
            for run in range(RUNS):
                heads = people[r + run * step] if r < block else 0
                left[run] = min(max(heads - run * share - start, 0), RUN_PEOPLE)
            turn(
                np.uint64(first_replicate + r),
                np.uint64(step),
                np.uint64(start // PEOPLE_PER_CALL),
                np.uint64(share // PEOPLE_PER_CALL),
                cell,
                stream,
                key_low,
                key_high,
                left,
                table,
                places,
                sums,
            )
            if start == 0:
                _hand_over(sums, total, waiting, waiting_step)
                waiting, waiting_step = r, step
        r += RUNS if step else 1
    return bits


@part_of_kernel
def _hand_over(sums: NDArray[np.int64], total: NDArray[np.int64], first: int, step: int) -> None:
    """Add the runs' sums to the replicates ``first, first + step, …``, and begin them anew."""
    for run in range(RUNS):
        cents = np.int64(0)
        for lane in range(LANES * run, LANES * (run + 1)):
            cents += sums[lane]
            sums[lane] = 0
        total[first + run * step] += cents


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
        Equally likely amounts in cents, shape ``(4096,)``, none negative.
    first_replicate, cell, seed
        Address of the draws: number of the first replicate, all below 2³², year, type and band as
        `simcore.kernels.philox.cell_of` packs them, and the scenario's seed.

    Returns
    -------
    NDArray[np.int64]
        Cents, shape ``(block,)``.

    Raises
    ------
    ValueError
        If the table does not hold 4,096 amounts, or one is negative.
    """
    if amounts.shape != (AMOUNTS,):
        raise ValueError(f"a table of amounts has shape ({AMOUNTS},), got {amounts.shape}")
    total = np.zeros(people.shape[0], dtype=np.int64)
    table = np.ascontiguousarray(amounts, dtype=np.int64)
    address = (first_replicate, np.uint64(cell), np.uint64(SPENDING), np.uint64(seed), people)
    bits = int(_add_spending(*address, table, 0, total))
    if bits < 0:
        raise ValueError(f"amounts must not be negative, got {amounts.min()}")
    # The same draws meet what is left of amounts that have more bits than a look-up takes.
    for first_bit in range(AMOUNT_BITS, bits.bit_length(), AMOUNT_BITS):
        part = np.zeros_like(total)
        _add_spending(*address, table, first_bit, part)
        total += part << first_bit
    return total
