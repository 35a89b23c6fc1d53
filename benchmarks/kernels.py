"""Compare the beneficiary kernel with the machine's own limits, all measured in turn on one thread.

    python -m benchmarks.kernels [--quick] [--out FILE]

The limits are rates of small kernels: random words without look-ups, look-ups without random words (as
vector gathers and one by one; the kernel makes those that suit the processor), and memory read in a row. Words and
look-ups one after the other are the limit of the kernel's own mix of instructions, which it passes where it does
both at the same time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.machine import largest_cache_bytes, memory_bytes
from benchmarks.measuring import rates, ratios, run_part
from simcore.cli.throughput import seconds_by_round
from simcore.kernels.compile import emitted, kernel
from simcore.kernels.philox import HALF, WORD
from simcore.kernels.spending import spending
from simcore.kernels.turn import (
    AMOUNTS,
    LANES,
    PEOPLE_PER_CALL,
    RUN_PEOPLE,
    RUNS,
    fitting_look_ups,
    write_draws,
    write_gathers,
    write_look_ups,
)

PEOPLE = 999_840
SMALL_BAND = 300
TURN_PEOPLE = RUNS * RUN_PEOPLE
TURNS = PEOPLE // TURN_PEOPLE
ROUNDS, QUICK_ROUNDS = 25, 3
OWN = "gathers" if fitting_look_ups() is write_gathers else "single_look_ups"
OTHER = "single_look_ups" if OWN == "gathers" else "gathers"


def all_of(write: Callable[..., Any]) -> Callable[..., None]:
    """Return what emits a part of a turn by itself."""

    def emit(builder, numbers, addresses):
        for _ in write(builder, *([numbers] if numbers else []), *addresses):
            pass

    return emit


@emitted(all_of(write_draws))
def draw(replicate, replicate_step, call, call_step, cell, stream, key_low, key_high, left, places):
    """Stand for the drawing of a turn."""


@emitted(all_of(write_gathers))
def gather(amounts, places, sums):
    """Stand for the look-ups of a turn, as vectors."""


@emitted(all_of(write_look_ups))
def look_up(amounts, places, sums):
    """Stand for the look-ups of a turn, one by one."""


@kernel
def draw_words(first, turns, cell, seed, left, places):
    """Draw the people of `turns` turns as the beneficiary kernel does, in turn into the rows of `places`.

    Into one row alone the compiler would draw the last only, for the others are written over.
    """
    none, row = np.uint64(0), 0
    for turn in range(turns):
        call = np.uint64(turn * RUNS * LANES)
        step = np.uint64(LANES)
        draw(np.uint64(first), none, call, step, cell, cell, seed & WORD, seed >> HALF, left, places[row])
        row = (row + 1) % places.shape[0]
    return places[0, 0]


@kernel
def gathers(repeats, amounts, places, sums):
    """Add up the amounts of a turn's people, over and over."""
    for _ in range(repeats):
        gather(amounts, places, sums)


@kernel
def single_look_ups(repeats, amounts, places, sums):
    """Add up the same amounts one by one."""
    for _ in range(repeats):
        look_up(amounts, places, sums)


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
        "random_words": PEOPLE,
        "gathers": PEOPLE,
        "single_look_ups": PEOPLE,
        "memory": values.nbytes,
        "kernel": PEOPLE,
        "kernel_in_small_bands": PEOPLE // SMALL_BAND * SMALL_BAND,
    }
    times = seconds_by_round(tasks, rounds=QUICK_ROUNDS if quick else ROUNDS)
    each = {name: [second / work[name] for second in seconds] for name, seconds in times.items()}
    own_mix, other_mix = (
        [sum(pair) for pair in zip(each["random_words"], each[look_ups], strict=True)]
        for look_ups in (OWN, OTHER)
    )
    # What a way that stores every amount would need at least: eight bytes read back for each.
    stored = [8.0 * second for second in each["memory"]]
    return {
        "people": PEOPLE,
        "small_band": SMALL_BAND,
        "rates": {name: rates(work[name], seconds) for name, seconds in times.items()},
        "philox_calls": rates(PEOPLE // PEOPLE_PER_CALL, times["random_words"]),
        "own_look_ups": OWN,
        "limit_of_its_own_mix": rates(1.0, own_mix),
        "limit_of_the_other_mix": rates(1.0, other_mix),
        "share_of_its_own_mix": ratios(own_mix, each["kernel"]),
        "share_of_the_other_mix": ratios(other_mix, each["kernel"]),
        "times_memory_if_amounts_were_stored": ratios(stored, each["kernel"]),
        "small_bands_over_one_band": ratios(each["kernel"], each["kernel_in_small_bands"]),
    }


def limit_tasks() -> dict[str, Callable[[int], object]]:
    """Return the parts of the kernel, each by itself."""
    random = np.random.default_rng(1)
    amounts = random.integers(0, 30_000_000, AMOUNTS + 1).astype(np.uint32)
    places = random.integers(0, AMOUNTS, RUNS * RUN_PEOPLE).astype(np.int32)
    left, scratch = np.full(RUNS, RUN_PEOPLE, np.int32), np.zeros((4, RUNS * RUN_PEOPLE), np.int32)
    sums = np.zeros(RUNS * LANES, np.int64)
    one = np.uint64(1)
    return {
        "random_words": lambda first: draw_words(first, TURNS, one, one, left, scratch),
        "gathers": lambda first: gathers(TURNS, amounts, places, sums),
        "single_look_ups": lambda first: single_look_ups(TURNS, amounts, places, sums),
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
