"""Compare the beneficiary kernel with the machine's own limits, all measured in turn on one thread.

    python -m benchmarks.kernels [--quick] [--out FILE]

The limits are rates of small kernels: random words without look-ups, look-ups without random words (one by one,
as the kernel makes them, and as vector gathers), and memory read in a row. Words and look-ups one
after the other are the limit of the kernel's own mix of instructions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.machine import largest_cache_bytes, memory_bytes
from benchmarks.measuring import rates, ratios, run_part
from simcore.cli.throughput import seconds_by_round
from simcore.kernels.compile import kernel
from simcore.kernels.lanes import CALLS as CALLS_AT_ONCE
from simcore.kernels.lanes import fill_words
from simcore.kernels.philox import HALF, WORD
from simcore.kernels.spending import AMOUNTS, spending

PEOPLE = 1_000_000
SMALL_BAND = 300
PEOPLE_OF_A_CALL = 10
TILE = 128
CALLS = PEOPLE // PEOPLE_OF_A_CALL // TILE * TILE
ROUNDS, QUICK_ROUNDS = 25, 3
FIELD = np.uint64(0xFFF)
END = np.uint64(2**63)
SHIFTS = tuple(np.uint64(12 * field) for field in range(5))


@kernel
def draw_words(first, calls, cell, seed, words):
    """Draw the words of `calls` calls as the beneficiary kernel does, in turn into the rows of `words`.

    Into one row alone the compiler would draw the last only, for the others are written over.
    """
    row = 0
    for start in range(0, calls, CALLS_AT_ONCE):
        fill_words(first, np.uint64(start), cell, cell, seed & WORD, seed >> HALF, words[row])
        row = (row + 1) % words.shape[0]
    return words[0, 0]


@kernel
def look_up(repeats, words, amounts):
    """Add up the amounts of a tile's fields, over and over; the mark at its end keeps the loop scalar."""
    total = np.int64(0)
    for _ in range(repeats):
        sum_0 = sum_1 = sum_2 = sum_3 = sum_4 = np.int64(0)
        i = 0
        word = words[0, 0]
        while word < END:
            sum_0 += amounts[word & FIELD]
            sum_1 += amounts[(word >> SHIFTS[1]) & FIELD]
            sum_2 += amounts[(word >> SHIFTS[2]) & FIELD]
            sum_3 += amounts[(word >> SHIFTS[3]) & FIELD]
            sum_4 += amounts[word >> SHIFTS[4]]
            word = words[1, i]
            sum_0 += amounts[word & FIELD]
            sum_1 += amounts[(word >> SHIFTS[1]) & FIELD]
            sum_2 += amounts[(word >> SHIFTS[2]) & FIELD]
            sum_3 += amounts[(word >> SHIFTS[3]) & FIELD]
            sum_4 += amounts[word >> SHIFTS[4]]
            i += 1
            word = words[0, i]
        total += sum_0 + sum_1 + sum_2 + sum_3 + sum_4
    return total


@kernel
def gather(repeats, words, amounts):
    """Add up the same amounts in loops that end at a count: vector gathers, where the machine has them."""
    total = np.int64(0)
    for _ in range(repeats):
        for half in range(2):
            for i in range(words.shape[1] - 1):
                word = words[half, i]
                total += amounts[word & FIELD]
                total += amounts[(word >> SHIFTS[1]) & FIELD]
                total += amounts[(word >> SHIFTS[2]) & FIELD]
                total += amounts[(word >> SHIFTS[3]) & FIELD]
                total += amounts[(word >> SHIFTS[4]) & FIELD]
    return total


@kernel
def read_memory(values):
    """Add up an array that no cache holds."""
    total = np.int64(0)
    for i in range(values.shape[0]):
        total += values[i]
    return total


def measure(quick: bool) -> dict[str, Any]:
    """Measure the limits and the kernel; rates are a second, on one thread."""
    values = np.ones(_words_past_the_caches(quick), np.int64)
    tasks = {**limit_tasks(), **kernel_tasks(), "memory": lambda first: read_memory(values)}
    work = {
        "random_words": CALLS * PEOPLE_OF_A_CALL,
        "look_ups": CALLS * PEOPLE_OF_A_CALL,
        "gathers": CALLS * PEOPLE_OF_A_CALL,
        "memory": values.nbytes,
        "kernel": PEOPLE,
        "kernel_in_small_bands": PEOPLE // SMALL_BAND * SMALL_BAND,
    }
    times = seconds_by_round(tasks, rounds=QUICK_ROUNDS if quick else ROUNDS)
    each = {name: [second / work[name] for second in seconds] for name, seconds in times.items()}
    own_mix = [sum(pair) for pair in zip(each["random_words"], each["look_ups"], strict=True)]
    with_gathers = [sum(pair) for pair in zip(each["random_words"], each["gathers"], strict=True)]
    # What a way that stores every amount would need at least: eight bytes read back for each.
    stored = [8.0 * second for second in each["memory"]]
    return {
        "people": PEOPLE,
        "small_band": SMALL_BAND,
        "rates": {name: rates(work[name], seconds) for name, seconds in times.items()},
        "philox_calls": rates(CALLS, times["random_words"]),
        "limit_of_its_own_mix": rates(1.0, own_mix),
        "limit_with_vector_gathers": rates(1.0, with_gathers),
        "share_of_its_own_mix": ratios(own_mix, each["kernel"]),
        "share_of_the_mix_with_vector_gathers": ratios(with_gathers, each["kernel"]),
        "times_memory_if_amounts_were_stored": ratios(stored, each["kernel"]),
        "small_bands_over_one_band": ratios(each["kernel"], each["kernel_in_small_bands"]),
    }


def limit_tasks() -> dict[str, Callable[[int], object]]:
    """Return the parts of the kernel, each by itself."""
    random = np.random.default_rng(1)
    amounts = random.integers(0, 30_000_000, AMOUNTS)
    scratch = np.zeros((4, 2 * CALLS_AT_ONCE + 1), np.uint64)
    words = random.integers(0, 2**60, (2, TILE + 1), dtype=np.uint64)
    words[0, TILE] = END
    one = np.uint64(1)
    return {
        "random_words": lambda first: draw_words(np.uint64(first), CALLS, one, one, scratch),
        "look_ups": lambda first: look_up(CALLS // TILE, words, amounts),
        "gathers": lambda first: gather(CALLS // TILE, words, amounts),
    }


def kernel_tasks() -> dict[str, Callable[[int], object]]:
    """Return the kernel's work on one band of a million, and on as many people in bands of a small ACO."""
    amounts = np.random.default_rng(1).integers(0, 30_000_000, AMOUNTS)
    one_band, small_bands = np.array([PEOPLE]), np.full(PEOPLE // SMALL_BAND, SMALL_BAND)

    def task(people):
        return lambda first: spending(people, amounts, first_replicate=first, cell=1, seed=1)

    return {"kernel": task(one_band), "kernel_in_small_bands": task(small_bands)}


def _words_past_the_caches(quick: bool) -> int:
    """Return how many 8-byte words are three times the largest cache, or an eighth of the memory."""
    size = min(max(3 * largest_cache_bytes(), 2**27), memory_bytes() // 8)
    return 2**20 if quick else size // 8


if __name__ == "__main__":
    run_part("kernels", measure, __doc__)
