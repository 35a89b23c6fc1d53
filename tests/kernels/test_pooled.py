"""The pooled engine against the engine that draws every beneficiary, and against closed forms."""

import numpy as np
import pytest
from scipy import stats

from simcore.kernels.philox import cell_of
from simcore.kernels.pooled import _add_pooled, pooled_spending
from simcore.kernels.spending import spending
from simcore.kernels.streams import POOLED_SPENDING
from simcore.model.sum_tables import sum_tables
from tests.kernels.plain import plain_python

ADDRESS = {"first_replicate": 0, "cell": cell_of(4, 3, 1), "seed": 2_024}


def skewed_amounts() -> np.ndarray:
    """Return 5 % zeros and a lognormal of coefficient of variation about 2, cut at its 99th percentile."""
    p = (np.arange(4096) + 0.5) / 4096
    body = stats.lognorm.ppf(np.clip((p - 0.05) / 0.95, 1e-9, 0.99), 1.4) * 500_000
    return np.where(p < 0.05, 0.0, body).astype(np.int32)


AMOUNTS = skewed_amounts()


@pytest.mark.compiled
@pytest.mark.parametrize("people", [1, 9, 15, 16, 31, 250, 1_023, 6_000])
def test_both_engines_draw_one_distribution(people):
    # Kolmogorov-Smirnov at fixed seeds, and mean and SD within 4 standard errors of the closed form.
    replicates = 20_000
    heads = np.full(replicates, people)
    pooled = pooled_spending(heads, sum_tables(AMOUNTS, people), **ADDRESS)
    one_by_one = spending(heads, AMOUNTS, **ADDRESS)
    assert stats.ks_2samp(pooled, one_by_one).pvalue > 0.001
    mean, sd = people * AMOUNTS.mean(), AMOUNTS.std() * np.sqrt(people)
    excess = stats.kurtosis(AMOUNTS) / people
    assert abs(pooled.mean() - mean) < 4.0 * sd / np.sqrt(replicates)
    assert abs(pooled.std() / sd - 1.0) < 4.0 * np.sqrt((2.0 + excess) / 4.0 / replicates)


@pytest.mark.compiled
def test_a_band_that_outgrows_its_tables_is_drawn_right():
    # Tables for 100 people, drawn for 1,000: mean and SD are still those of 1,000 independent people.
    replicates, people = 20_000, 1_000
    pooled = pooled_spending(np.full(replicates, people), sum_tables(AMOUNTS, 100), **ADDRESS)
    mean, sd = people * AMOUNTS.mean(), AMOUNTS.std() * np.sqrt(people)
    assert abs(pooled.mean() - mean) < 4.0 * sd / np.sqrt(replicates)
    assert abs(pooled.std() / sd - 1.0) < 4.0 * np.sqrt(0.5 / replicates)


def test_blocks_leave_every_bit_alone():
    tables = sum_tables(AMOUNTS, 2_000)
    people = np.random.default_rng(3).integers(0, 3_000, 60)
    whole = pooled_spending(people, tables, **ADDRESS)
    parts = [
        pooled_spending(people[start : start + 7], tables, **{**ADDRESS, "first_replicate": start})
        for start in range(0, 60, 7)
    ]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_compiled_and_plain_sums_have_the_same_bits():
    tables = sum_tables(AMOUNTS, 2_000)
    people = np.array([0, 5, 13, 40, 999, 2_500, 40_000])
    plain = np.zeros(people.size, dtype=np.int64)
    words = (np.uint64(POOLED_SPENDING), np.uint64(ADDRESS["seed"]))
    plain_python(_add_pooled)(0, np.uint64(ADDRESS["cell"]), people, *tables, *words, plain)
    np.testing.assert_array_equal(plain, pooled_spending(people, tables, **ADDRESS))
