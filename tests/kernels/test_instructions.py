"""What is written out in a kernel does to the last bit what it does in plain Python."""

import math

import numpy as np
import pytest

from simcore.kernels.compile import kernel, written_out
from simcore.kernels.instructions import (
    absolute,
    bits_of,
    either,
    floor_of,
    number_of,
    square_root,
    with_bits,
)

MASK = np.uint64(0xFFF)
RESULTS = 12


@written_out
def of_numbers(
    x: float, y: float
) -> tuple[float, float, float, float, float, float, float, float, float, float, float, float]:
    return (
        2.5 - x * y + x / y,
        3 / (x + 1),
        square_root(absolute(x)),
        floor_of(y),
        either(x < y, x, 7.0),
        either((x >= 1.0) & (y <= 2.0), 1.0, y),
        either((x > y) | (y > 0.5), -1.5, either(x <= 0.25, y, 2.0)),
        with_bits(bits_of(x) ^ bits_of(2.0 * x)),
        1.0 + (x - 1) * 0.1,
        either(x == y, 1.0, 2.0),
        either((x != y) & (floor_of(x) == -1.0), 1.0, 2.0),
        0.25,
    )


@written_out
def of_words(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64, np.uint64]:
    return (a + b, MASK * (a & MASK) + (b - a), (a << np.uint64(7)) | (b >> np.uint64(9)), MASK ^ a, b & a)


@written_out
def as_number(a: np.uint64) -> float:
    return either(a < np.uint64(2**63), number_of(a), 0.5 * number_of(a >> np.uint64(1)))


@kernel
def compiled_numbers(x, y, out):
    for i in range(x.shape[0]):
        for j, one in enumerate(of_numbers(x[i], y[i])):
            out[i, j] = one


@kernel
def compiled_words(a, b, out, numbers):
    for i in range(a.shape[0]):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3], out[i, 4] = of_words(a[i], b[i])
        numbers[i] = as_number(a[i])


@kernel
def with_another_type(n, out):
    for i in range(n):
        out[i] = square_root_of(i)


@written_out
def square_root_of(x: float) -> float:
    return square_root(x)


def test_numbers_to_the_last_bit():
    generator = np.random.default_rng(3)
    x, y = np.exp(generator.normal(0.0, 3.0, (2, 500))) * generator.choice([-1.0, 1.0], (2, 500))
    y[:20] = x[:20]
    out = np.empty((500, RESULTS))
    compiled_numbers(x, y, out)
    plain = np.array([of_numbers(float(a), float(b)) for a, b in zip(x, y, strict=True)])
    np.testing.assert_array_equal(out.view(np.uint64), plain.view(np.uint64))


def test_words_to_the_last_bit():
    a, b = np.random.default_rng(4).integers(0, 2**64, (2, 500), dtype=np.uint64)
    out, numbers = np.empty((500, 5), dtype=np.uint64), np.empty(500)
    with np.errstate(over="ignore"):
        compiled_words(a, b, out, numbers)
        plain = np.array([of_words(*pair) for pair in zip(a, b, strict=True)])
        as_numbers = np.array([as_number(one) for one in a])
    np.testing.assert_array_equal(out, plain)
    np.testing.assert_array_equal(numbers, as_numbers)


def test_a_whole_number_is_taken_for_a_number():
    out = np.empty(5)
    with_another_type(5, out)
    assert out.tolist() == [math.sqrt(i) for i in range(5)]


@written_out
def with_a_branch(x: float) -> float:
    return x if x > 0.0 else -1.0


@written_out
def with_a_maximum(x: float) -> float:
    return max(x, 0.0)


@pytest.mark.compiled
@pytest.mark.parametrize("function", [with_a_branch, with_a_maximum])
def test_a_branch_is_refused_when_it_is_compiled(function):
    # It would be taken once and for all, for whatever number comes.
    @kernel
    def calls(x):
        return function(x)

    with pytest.raises(Exception, match="no branch"):
        calls(2.0)


@written_out
def shifted_number(x: float) -> float:
    return x >> 2  # type: ignore[operator]


@pytest.mark.compiled
def test_an_operator_that_does_not_fit_is_refused():
    @kernel
    def calls(x):
        return shifted_number(x)

    with pytest.raises(Exception, match="has no operator"):
        calls(2.0)


def test_a_result_that_is_no_number_and_no_word_is_refused():
    with pytest.raises((KeyError, IndexError, TypeError)):

        @written_out
        def of_text(x: float) -> str:
            return str(x)
