"""Instructions that are written out against the function that they stand for."""

from functools import partial

import numpy as np
import pytest

from simcore.kernels.compile import emitted, kernel
from simcore.kernels.philox import philox4x32
from simcore.kernels.turn import (
    AMOUNT_BITS,
    AMOUNTS,
    LANES,
    NOBODY,
    PEOPLE_PER_CALL,
    RUN_PEOPLE,
    RUNS,
    fitting_look_ups,
    turn,
    write_gathers,
    write_look_ups,
    write_turn,
)

# Small numbers, and the largest that each part of an address can be; steps of replicates and of calls.
ADDRESSES = [
    (0, 1, 0, 0, 1, 4, 7, 0),
    (12, 0, 640, 64, 3 << 20, 5, 97, 1),
    (2**32 - RUNS, 1, 2**32 - LANES, 0, *(2**32 - 1,) * 4),
]
LEFT = np.array([RUN_PEOPLE, 0, 37], np.int32)


def compiled_turn(look_ups):
    """Compile a turn whose amounts are looked up in one of the two ways."""

    def one_turn(a, b, c, d, e, f, g, h, left, amounts, places, sums):
        turn(a, b, c, d, e, f, g, h, left, amounts, places, sums)

    emitted(partial(write_turn, look_ups=look_ups))(one_turn)

    @kernel
    def one(a, b, c, d, e, f, g, h, left, amounts, places, sums):
        one_turn(a, b, c, d, e, f, g, h, left, amounts, places, sums)

    return one


WAYS = {"plain": turn, "gathers": compiled_turn(write_gathers), "one by one": compiled_turn(write_look_ups)}


def table() -> np.ndarray:
    """Return a table of amounts up to the largest, and a zero."""
    amounts = np.random.default_rng(2).integers(0, 2**AMOUNT_BITS, AMOUNTS + 1).astype(np.uint32)
    amounts[:3] = 2**AMOUNT_BITS - 1
    amounts[NOBODY] = 0
    return amounts


def fields_of(replicate: int, call: int, rest: list[np.uint64]) -> list[int]:
    """Return the ten fields of a call, person by person."""
    a, b, c, d = (int(word) for word in philox4x32(np.uint64(replicate), np.uint64(call), *rest))
    words = (b << 32 | a, d << 32 | c)
    return [words[person // 5] >> (12 * (person % 5)) & 0xFFF for person in range(PEOPLE_PER_CALL)]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("way", WAYS)
def test_a_turn_draws_those_who_are_left(way, address):
    places, sums = np.full(RUNS * RUN_PEOPLE, NOBODY, np.int32), np.zeros(RUNS * LANES, np.int64)
    WAYS[way](*(np.uint64(part) for part in address), LEFT, table(), places, sums)
    replicate, step, call, call_step = address[:4]
    rest = [np.uint64(part) for part in address[4:]]
    for run in range(RUNS):
        expected = [
            field if PEOPLE_PER_CALL * lane + person < LEFT[run] else NOBODY
            for lane in range(LANES)
            for person, field in enumerate(
                fields_of(replicate + run * step, call + run * call_step + lane, rest)
            )
        ]
        drawn = places[RUN_PEOPLE * run : RUN_PEOPLE * (run + 1)]
        np.testing.assert_array_equal(np.sort(drawn), np.sort(expected))
    assert not sums.any()


@pytest.mark.parametrize("way", WAYS)
def test_a_turn_adds_up_those_who_were_drawn_before(way):
    amounts = table()
    # The largest amounts too: five of them are added up in 32 bits.
    places = np.random.default_rng(3).integers(0, AMOUNTS + 1, RUNS * RUN_PEOPLE).astype(np.int32)
    places[:RUN_PEOPLE] = 0
    sums = np.arange(RUNS * LANES, dtype=np.int64)
    expected = sums.reshape(RUNS, LANES).sum(axis=1) + amounts[places].reshape(RUNS, -1).sum(
        axis=1, dtype=np.int64
    )
    WAYS[way](*(np.uint64(part) for part in ADDRESSES[1]), LEFT, amounts, places, sums)
    np.testing.assert_array_equal(sums.reshape(RUNS, LANES).sum(axis=1), expected)


def test_this_processor_has_one_of_the_two_ways():
    assert fitting_look_ups() in {write_gathers, write_look_ups}
