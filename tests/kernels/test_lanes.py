"""Instructions that are written out against the function that they stand for."""

import numpy as np
import pytest

from simcore.kernels.compile import kernel
from simcore.kernels.lanes import CALLS, FEW_CALLS, FIELDS, HIGH, fill_few_words, fill_words
from simcore.kernels.philox import philox4x32

UNTOUCHED = np.uint64(2**64 - 1)
# Small numbers, and the largest that each part of an address can be.
ADDRESSES = [(0, 0, 1, 4, 7, 0), (12, 640, 3 << 20, 5, 97, 1), (2**32 - 1, 2**32 - CALLS, *(2**32 - 1,) * 4)]


@kernel
def all_words(replicate, call, cell, stream, key_low, key_high, words):
    fill_words(replicate, call, cell, stream, key_low, key_high, words)


@kernel
def few_words(replicate, call, cell, stream, key_low, key_high, words):
    fill_few_words(replicate, call, cell, stream, key_low, key_high, words)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("calls", "plain", "compiled"), [(CALLS, fill_words, all_words), (FEW_CALLS, fill_few_words, few_words)]
)
def test_words_are_those_of_the_generator_and_nothing_else_is_written(calls, plain, compiled, address):
    replicate, first_call, *rest = (np.uint64(part) for part in address)
    expected = np.full(2 * CALLS + 1, UNTOUCHED)
    for i in range(calls):
        a, b, c, d = (int(w) for w in philox4x32(replicate, first_call + np.uint64(i), *rest))
        expected[i] = (b << 32 | a) & int(FIELDS)
        expected[HIGH + i] = (d << 32 | c) & int(FIELDS)
    for fill in (plain, compiled):
        words = np.full(2 * CALLS + 1, UNTOUCHED)
        fill(replicate, first_call, *rest, words)
        np.testing.assert_array_equal(words, expected)
