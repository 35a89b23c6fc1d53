"""Exact binomial draws against the binomial law itself."""

import numpy as np
import pytest
from scipy import stats

from simcore.kernels.binomial import chances_of
from simcore.kernels.counts import initial_counts

REPLICATES = 40_000


def draw(count: int, probability: float, replicates: int = REPLICATES) -> np.ndarray:
    """Draw successes as the first of two bands, the second being failure."""
    shares = np.array([probability, 1.0 - probability])
    address = {"first_replicate": 0, "year": 2, "enrollment_type": 1, "seed": 314}
    return initial_counts(count, shares, block=replicates, **address)[0]


# Both algorithms, both sides of the step between them (10 expected successes), both halves, a rare
# event, and as many people as a state has.
@pytest.mark.compiled
@pytest.mark.parametrize(
    ("count", "probability"),
    [
        (1, 0.3),
        (7, 0.5),
        (15, 0.02),
        (40, 0.24),
        (40, 0.26),
        (40, 0.75),
        (200, 0.04),
        (200, 0.06),
        (1_000, 0.5),
        (3_000, 0.9),
        (100_000, 0.001),
        (10_000_000, 4e-7),
        (10_000_000, 2e-6),
        (10_000_000, 0.3),
    ],
)
def test_draws_follow_the_binomial_law(count, probability):
    # Chi-square over cells that each expect 200 or more; false alarm once in 10,000 seeds.
    law = stats.binom(count, probability)
    edges = np.unique(law.ppf(np.linspace(0.0, 1.0, 101)[1:-1]))
    cumulative = np.concatenate(([0.0], law.cdf(edges), [1.0]))
    observed = np.bincount(np.searchsorted(edges, draw(count, probability)), minlength=edges.size + 1)
    expected = np.diff(cumulative) * REPLICATES
    kept = expected > 0.0
    assert observed[~kept].sum() == 0
    statistic = np.sum((observed[kept] - expected[kept]) ** 2 / expected[kept])
    assert stats.chi2.sf(statistic, kept.sum() - 1) > 1e-4


@pytest.mark.parametrize(("count", "probability", "expected"), [(0, 0.4, 0), (50, 0.0, 0), (50, 1.0, 50)])
def test_certain_outcomes_are_certain(count, probability, expected):
    np.testing.assert_array_equal(draw(count, probability, 100), expected)


@pytest.mark.parametrize("probability", [-0.1, 1.1, np.nan])
def test_what_is_no_probability_is_refused(probability):
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        chances_of(np.array([probability]))
