"""Compare the kernels with the machine's own limits, and with NumPy on the same work.

    python benchmarks/kernels.py [--threads N] [--rounds N]

prints one JSON object: what `simcore bench --json` prints, and under "limits" the rates of the two parts
of the beneficiary kernel measured apart (random words without look-ups, look-ups without random words),
the rate of the two one after the other that follows from them, and how much of it the kernel reaches.
"""

import argparse
import json
import statistics

import numpy as np

from simcore.cli.bench import measure
from simcore.cli.throughput import ROUND_SECONDS, seconds_by_round
from simcore.kernels.compile import kernel
from simcore.kernels.philox import HALF, WORD, philox4x32
from simcore.kernels.spending import AMOUNTS, spending

PEOPLE = 1_000_000
TILE = 128
MEMORY_WORDS = 2**24
FIELD = np.uint64(0xFFF)
FIELDS = np.uint64(2**60 - 1)
END = np.uint64(2**63)
SHIFTS = tuple(np.uint64(12 * field) for field in range(5))


@kernel
def fill_words(first, calls, cell, seed, words):
    """Write the words of `calls` calls of the generator into a tile, over and over; return the last."""
    tile = words.shape[1] - 1
    for start in range(0, calls, tile):
        for i in range(tile):
            a, b, c, d = philox4x32(first, np.uint64(start + i), cell, cell, seed & WORD, seed >> HALF)
            words[0, i] = ((b << HALF) | a) & FIELDS
            words[1, i] = ((d << HALF) | c) & FIELDS
    return words[0, 0]


@kernel
def look_up(rounds, words, amounts):
    """Add up the amounts of a tile's fields, over and over; the mark at its end keeps the loop scalar."""
    total = np.int64(0)
    for _ in range(rounds):
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
def read_memory(values):
    """Add up an array that no cache holds."""
    total = np.int64(0)
    for i in range(values.shape[0]):
        total += values[i]
    return total


def limits(rounds: int) -> dict[str, float]:
    """Measure the parts of the beneficiary kernel apart, and the kernel beside them; all a second, one thread."""
    random = np.random.default_rng(1)
    amounts = random.integers(0, 30_000_000, AMOUNTS)
    scratch = np.zeros((2, TILE + 1), np.uint64)
    words = random.integers(0, 2**60, (2, TILE + 1), dtype=np.uint64)
    words[0, TILE] = END
    values = np.ones(MEMORY_WORDS, np.int64)
    calls, repeats = PEOPLE // 10, PEOPLE // (10 * TILE)
    people, heads = np.array([PEOPLE]), np.full(PEOPLE // 300, 300)
    address = {"cell": 1, "seed": 1}
    tasks = {
        "random_words": lambda first: fill_words(
            np.uint64(first), calls, np.uint64(1), np.uint64(1), scratch
        ),
        "look_ups": lambda first: look_up(repeats, words, amounts),
        "memory": lambda first: read_memory(values),
        "kernel": lambda first: spending(people, amounts, first_replicate=first, **address),
        "kernel_of_300": lambda first: spending(heads, amounts, first_replicate=first, **address),
    }
    work = {
        "random_words": float(calls * 10),
        "look_ups": float(repeats * TILE * 10),
        "memory": float(MEMORY_WORDS * 8),
        "kernel": float(PEOPLE),
        "kernel_of_300": float(heads.sum()),
    }
    seconds = seconds_by_round(tasks, rounds=rounds)
    rates = {name: work[name] / statistics.median(times) for name, times in seconds.items()}
    one_after_the_other = 1.0 / (1.0 / rates["random_words"] + 1.0 / rates["look_ups"])
    return {
        "draws_from_random_words_alone": rates["random_words"],
        "look_ups_alone": rates["look_ups"],
        "one_after_the_other": one_after_the_other,
        "kernel_at_1000000": rates["kernel"],
        "kernel_in_bands_of_300": rates["kernel_of_300"],
        "share_of_the_limit": rates["kernel"] / one_after_the_other,
        "memory_bytes": rates["memory"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=9, help=f"of {ROUND_SECONDS} seconds and task")
    arguments = parser.parse_args()
    found = measure(threads=arguments.threads, rounds=arguments.rounds)
    print(json.dumps({**found, "limits": limits(arguments.rounds)}, indent=1))


if __name__ == "__main__":
    main()
