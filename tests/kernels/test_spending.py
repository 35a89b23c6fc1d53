"""The sum of every beneficiary's spending: which draws, their bits, their distribution."""

import numpy as np
import pytest

from simcore.kernels.philox import cell_of, philox4x32
from simcore.kernels.spending import _add_spending, spending
from simcore.kernels.streams import SPENDING
from tests.kernels.plain import plain_python

SEED = 97
CELL = cell_of(3, 2, 1)
AMOUNTS = np.random.default_rng(5).integers(0, 30_000_000, 4096).astype(np.int32)


def person_by_person(replicate: int, people: int, amounts: np.ndarray = AMOUNTS) -> int:
    """Add up amounts by the address's definition: person p is field p mod 10 of call p // 10."""
    cents = 0
    for person in range(people):
        counter = (replicate, person // 10, CELL, SPENDING, SEED, 0)
        a, b, c, d = (int(word) for word in philox4x32(*(np.uint64(word) for word in counter)))
        low, high = (b << 32) | a, (d << 32) | c
        field = person % 10
        draw = low >> (12 * field) if field < 5 else high >> (12 * (field - 5))
        cents += int(amounts[draw & 0xFFF])
    return cents


# About the edges of a call of ten, of eight calls, and of three times as many.
@pytest.mark.parametrize("people", [0, 1, 4, 5, 6, 9, 10, 11, 79, 80, 81, 239, 240, 241, 479, 480, 481, 2567])
def test_the_sum_is_that_of_each_persons_address(people):
    drawn = spending(np.array([people]), AMOUNTS, first_replicate=13, cell=CELL, seed=SEED)
    assert drawn[0] == person_by_person(13, people)


# Replicates go by three; one or two are left over, and some have nobody.
@pytest.mark.parametrize("block", [2, 3, 4, 5, 6])
def test_replicates_side_by_side_keep_their_own_people(block):
    people = np.array([37, 0, 401, 80, 0, 1])[:block]
    drawn = spending(people, AMOUNTS, first_replicate=13, cell=CELL, seed=SEED)
    assert list(drawn) == [person_by_person(13 + r, int(heads)) for r, heads in enumerate(people)]


def test_a_block_of_nothing_has_no_sums():
    assert spending(np.zeros(0, int), AMOUNTS, first_replicate=0, cell=CELL, seed=SEED).shape == (0,)


def test_blocks_leave_every_bit_alone():
    people = np.random.default_rng(1).integers(0, 3_000, 60)
    whole = spending(people, AMOUNTS, first_replicate=0, cell=CELL, seed=SEED)
    parts = [
        spending(people[start : start + 7], AMOUNTS, first_replicate=start, cell=CELL, seed=SEED)
        for start in range(0, 60, 7)
    ]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_compiled_and_plain_sums_have_the_same_bits():
    people = np.array([0, 3, 27, 1_295])
    plain = np.zeros(4, dtype=np.int64)
    cell, stream, seed = (np.uint64(word) for word in (CELL, SPENDING, SEED))
    plain_python(_add_spending)(8, cell, stream, seed, people, AMOUNTS.astype(np.int64), 0, plain)
    np.testing.assert_array_equal(plain, spending(people, AMOUNTS, first_replicate=8, cell=CELL, seed=SEED))


def test_another_table_meets_the_same_draws():
    # A table of what passes a threshold, and one of what does not, add up to the whole.
    people = np.full(20, 1_234)
    over = np.maximum(AMOUNTS.astype(np.int64) - 20_000_000, 0)
    tables = (AMOUNTS, over, AMOUNTS - over)
    whole, above, below = (spending(people, t, first_replicate=0, cell=CELL, seed=SEED) for t in tables)
    np.testing.assert_array_equal(above + below, whole)


def test_amounts_of_many_bits_are_drawn_in_parts():
    large = AMOUNTS.astype(np.int64)
    large[:300] = np.geomspace(2**29 - 1, 2**45, 300)
    drawn = spending(np.full(4, 555), large, first_replicate=0, cell=CELL, seed=SEED)
    assert list(drawn) == [person_by_person(replicate, 555, large) for replicate in range(4)]


def test_a_negative_amount_is_refused():
    with pytest.raises(ValueError, match="must not be negative, got -3"):
        spending(np.array([1]), np.full(4096, -3), first_replicate=0, cell=CELL, seed=SEED)


@pytest.mark.compiled
def test_mean_and_variance_are_those_of_the_table():
    people, replicates = 400, 5_000
    drawn = spending(np.full(replicates, people), AMOUNTS, first_replicate=0, cell=CELL, seed=SEED)
    mean, variance = people * AMOUNTS.mean(), people * AMOUNTS.astype(float).var()
    assert abs(drawn.mean() - mean) < 4.0 * np.sqrt(variance / replicates)
    # Of a nearly normal sum the sample variance has standard error sqrt(2/R) of itself.
    assert abs(drawn.var() / variance - 1.0) < 4.0 * np.sqrt(2.0 / replicates)


def test_a_table_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"\(4096,\)"):
        spending(np.array([1]), AMOUNTS[:100], first_replicate=0, cell=CELL, seed=SEED)
