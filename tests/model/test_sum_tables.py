"""Tables of sums against the exact moments and against sums that are known."""

import numpy as np
import pytest
from scipy import stats

from simcore.kernels.pooled import SumTables
from simcore.model.sum_tables import sum_tables

RANDOM = np.random.default_rng(12)
SKEWED = np.minimum(RANDOM.lognormal(12.0, 1.6, 4096), 2e7).astype(np.int32)
MANY = 10_000_000


def quantile(tables: SumTables, level: int, u: np.ndarray) -> np.ndarray:
    """Return quantiles in cents of a level's sum, as the kernel draws them."""
    cumulative, (origin, step, last) = tables.cumulative[level], tables.grid[level]
    k = np.searchsorted(cumulative, u, side="right") - 1
    place = k - 1 + (u - cumulative[k]) / (cumulative[k + 1] - cumulative[k])
    return origin + step * np.clip(place, 0.0, last)


def moments(tables: SumTables, level: int) -> tuple[float, float]:
    """Return the mean and SD of a level's quantile function by the midpoint rule on its own pieces."""
    edges = np.unique(np.concatenate((tables.cumulative[level], np.linspace(0.0, 1.0, 2_001))))
    edges = edges[edges <= 1.0]
    low, high = edges[:-1], edges[1:]
    # Simpson's rule is exact for the squares of linear pieces.
    below_one = np.nextafter(1.0, 0.0)
    places = [np.minimum(low + share * (high - low), below_one) for share in (1e-9, 0.5, 1.0 - 1e-9)]
    inside = [quantile(tables, level, u) for u in places]
    weight = (high - low) / 6.0
    mean = float(weight @ (inside[0] + 4.0 * inside[1] + inside[2]))
    parts = [(x - mean) ** 2 for x in inside]
    return mean, float(np.sqrt(weight @ (parts[0] + 4.0 * parts[1] + parts[2])))


def test_every_level_has_the_exact_mean_and_spread():
    # Asked: mean within 4e-7 and SD within 8e-5 at every size up to ten million people.
    tables = sum_tables(SKEWED, MANY)
    assert 16 << (len(tables.grid) - 1) == 2**23
    for level in range(len(tables.grid)):
        people = 16 << level
        mean, sd = moments(tables, level)
        assert mean == pytest.approx(people * SKEWED.mean(), rel=4e-7)
        assert sd == pytest.approx(SKEWED.std() * np.sqrt(people), rel=1e-6)


def test_the_skewness_and_the_tails_are_those_of_the_sum():
    # Against the sum of 64 by a fine direct convolution in steps of 1/8 of the table's.
    tables = sum_tables(SKEWED, 64)
    fine = 20_000.0
    p = np.bincount((SKEWED / fine).round().astype(int)).astype(float) / SKEWED.size
    size = 1 << int(64 * p.size).bit_length()
    exact = np.maximum(np.fft.irfft(np.fft.rfft(p, size) ** 64, size), 0.0).cumsum()
    for u in (1e-6, 1e-3, 0.05, 0.5, 0.95, 0.999, 1.0 - 1e-6):
        expected = np.searchsorted(exact, u) * fine
        # Within a hundredth of the sum's SD: the fine grid's own rounding and the table's step.
        assert abs(quantile(tables, 2, np.array([u]))[0] - expected) < 0.01 * SKEWED.std() * 8.0


def test_a_sum_of_many_is_nearly_normal():
    # At n people the third cumulant shifts normal quantiles by skewness (z² - 1) / 6 / sqrt(n) SDs.
    tables = sum_tables(SKEWED, MANY)
    level, people = len(tables.grid) - 1, 2**23
    u = np.array([0.001, 0.1, 0.5, 0.9, 0.999])
    z = stats.norm.ppf(u)
    score = (quantile(tables, level, u) - people * SKEWED.mean()) / (SKEWED.std() * np.sqrt(people))
    shift = stats.skew(SKEWED) * (z * z - 1.0) / 6.0 / np.sqrt(people)
    np.testing.assert_allclose(score, z + shift, atol=2e-4)


@pytest.mark.parametrize("amount", [0, 12_345])
def test_people_who_all_spend_alike_add_up_exactly(amount):
    tables = sum_tables(np.full(4096, amount, dtype=np.int32), 100)
    np.testing.assert_allclose(quantile(tables, 1, np.array([0.01, 0.5, 0.99])), 32 * amount, atol=1e-6)


def test_the_number_of_tables_follows_the_people():
    assert [len(sum_tables(SKEWED, n).grid) for n in (0, 15, 31, 32, 63, 64)] == [1, 1, 1, 2, 2, 3]
