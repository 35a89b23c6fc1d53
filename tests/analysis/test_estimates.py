"""Estimates against closed forms, and their error bars against 200 replicate runs."""

import math

import numpy as np
import pytest
from scipy import stats

from simcore.analysis import estimates

LEVELS = np.array([0.05, 0.5, 0.95])


def payments(runs, replicates, seed=11):
    """Normal outcomes whose small amounts are all nought, as a gate makes them: 38 % lie on the atom."""
    draws = np.random.default_rng(seed).normal(0.0, 1.0, (runs, replicates))
    return np.where(np.abs(draws) < 0.5, 0.0, draws)


@pytest.mark.parametrize(
    "measure",
    [
        estimates.mean,
        estimates.standard_deviation,
        lambda sample: estimates.probability(sample > 1.0),
        lambda sample: estimates.quantile(sample, 0.05),
        lambda sample: estimates.quantile(sample, 0.95),
        lambda sample: estimates.upper_tail_mean(-sample, 0.95),
        lambda sample: estimates.upper_tail_mean(-sample, 0.5),
    ],
    ids=["mean", "sd", "probability", "quantile 0.05", "quantile 0.95", "tail 0.95", "tail across the atom"],
)
def test_error_bars_are_what_runs_differ_by(measure):
    # 200 runs know their own SD to 1/sqrt(400) = 5 %, so 15 % is three of its standard errors.
    estimate = measure(payments(200, 4_000))
    assert estimate.standard_error.mean() == pytest.approx(estimate.value.std(ddof=1), rel=0.15)


def test_mean_and_deviation_of_a_normal_sample():
    sample = np.random.default_rng(1).normal(3.0, 2.0, 40_000)
    mean, deviation = estimates.mean(sample), estimates.standard_deviation(sample)
    assert abs(mean.value - 3.0) < 4 * mean.standard_error
    assert abs(deviation.value - 2.0) < 4 * deviation.standard_error
    # Closed forms of the normal law: sigma / sqrt(n), sigma / sqrt(2 n); fourth moments settle to 5 %.
    assert float(mean.standard_error) == pytest.approx(2.0 / 200.0, rel=0.02)
    assert float(deviation.standard_error) == pytest.approx(2.0 / math.sqrt(80_000.0), rel=0.05)


def test_quantiles_agree_with_numpy_and_the_normal_density():
    sample = np.random.default_rng(2).normal(size=50_000)
    estimate = estimates.quantiles(sample, LEVELS)
    np.testing.assert_array_equal(estimate.value, np.quantile(sample, LEVELS, method="inverted_cdf"))
    # se = sqrt(p (1 - p) / n) / density; a local density from 50,000 points is known to about a tenth.
    expected = np.sqrt(LEVELS * (1 - LEVELS) / 50_000) / stats.norm.pdf(stats.norm.ppf(LEVELS))
    np.testing.assert_allclose(estimate.standard_error, expected, rtol=0.3)


def test_quantile_is_an_outcome_that_occurred():
    # Half of the outcomes are 0 and half are 10: nothing lies between, whatever the level.
    sample = np.repeat([0.0, 10.0], 50)
    levels = np.array([0.25, 0.5, 0.51, 0.75])
    np.testing.assert_array_equal(estimates.quantiles(sample, levels).value, [0.0, 0.0, 10.0, 10.0])


def test_quantile_inside_an_atom_is_known_exactly():
    sample = np.zeros(10_000)
    sample[:100] = -1.0
    assert estimates.quantile(sample, 0.5) == (0.0, 0.0)


@pytest.mark.parametrize("replicates", [1, 2, 7, 100])
def test_quantile_ranks_do_not_suffer_from_rounding(replicates):
    # The rank of k/n among n is k for every k; 100 * 0.07 exceeds 7 in binary.
    ranks = [estimates.rank_of_quantile(replicates, k / replicates) for k in range(1, replicates + 1)]
    assert ranks == list(range(1, replicates + 1))


def test_tail_mean_of_a_normal_sample():
    # E[Z | Z > z_p] = density(z_p) / (1 - p).
    sample = np.random.default_rng(3).normal(size=100_000)
    for level in (0.5, 0.9, 0.99):
        estimate = estimates.upper_tail_mean(sample, level)
        expected = stats.norm.pdf(stats.norm.ppf(level)) / (1.0 - level)
        assert abs(estimate.value - expected) < 4 * estimate.standard_error


def test_tail_mean_shares_an_outcome_astride_the_level():
    # Losses 0, 0, 0, 8: the worst 40 % is the 8 (25 %) and 15 % of noughts: 0.25 x 8 / 0.4 = 5.
    assert estimates.upper_tail_mean(np.array([8.0, 0.0, 0.0, 0.0]), 0.6).value == pytest.approx(
        5.0, rel=1e-12
    )


def test_an_event_never_seen_is_not_sure():
    estimate = estimates.probability(np.zeros(1_000, dtype=bool))
    # Beta(1/2, 1000.5): mean 0.0005, SD sqrt(0.5 * 1000.5 / (1001^2 * 1002)).
    assert estimate.value == 0.0
    assert float(estimate.standard_error) == pytest.approx(stats.beta(0.5, 1000.5).std(), rel=1e-12)


def test_common_events_have_the_binomial_error():
    event = np.arange(10_000) < 3_000
    assert float(estimates.probability(event).standard_error) == pytest.approx(
        math.sqrt(0.3 * 0.7 / 10_000), rel=1e-3
    )
