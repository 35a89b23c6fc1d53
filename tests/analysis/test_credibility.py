"""Luck and skill against Bühlmann's formula, the bivariate normal by simulation, and exact posteriors."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from simcore.analysis.credibility import (
    Program,
    chance_of_reward,
    luck_of_size,
    posterior,
    posterior_on_grid,
)
from simcore.errors import DataError

PLAIN = Program(
    mean=0.02,
    between_deviation=0.03,
    persistence=1.0,
    yearly_deviation=0.0,
    individual_noise=2.0,
    benchmark_noise=0.0,
)
REAL = Program(
    mean=0.03,
    between_deviation=0.035,
    persistence=0.85,
    yearly_deviation=0.008,
    individual_noise=2.0,
    benchmark_noise=1.0,
)


@pytest.mark.parametrize("years", [1, 2, 5])
def test_credibility_is_buhlmanns(years):
    # K = within / between = (2^2 / 10,000) / 0.03^2; Z = m / (m + K).
    factor = years / (years + (4.0 / 10_000) / 0.03**2)
    found = posterior(PLAIN, [0.05] * years, [10_000] * years, years=range(2020, 2020 + years))
    assert found.credibility == pytest.approx(factor, rel=1e-12)
    assert found.mean == pytest.approx(factor * 0.05 + (1 - factor) * 0.02, rel=1e-12)
    assert found.deviation == pytest.approx(0.03 * np.sqrt(1 - factor), rel=1e-12)


def test_years_of_unequal_size_weigh_as_buhlmann_straub_says():
    sizes, rates = np.array([5_000.0, 20_000.0]), np.array([0.06, 0.01])
    weight = sizes / 4.0
    factor = weight.sum() / (weight.sum() + 1 / 0.03**2)
    expected = factor * (weight @ rates) / weight.sum() + (1 - factor) * 0.02
    assert posterior(PLAIN, rates, sizes, years=[2021, 2022]).mean == pytest.approx(expected, rel=1e-12)


def test_posterior_is_the_conditional_law_of_simulated_acos():
    # ACOs drawn from the model as it is stated; a regression of true savings on the record is the posterior.
    generator, count = np.random.default_rng(5), 200_000
    sizes, years = np.array([8_000.0, 9_000.0]), [2022, 2024]
    first = generator.normal(0, 0.035, count)
    lag = 0.85**2
    last = lag * first + generator.normal(0, 0.035 * np.sqrt(1 - lag**2), count)
    luck = generator.normal(0, 1.0, count)
    noise = np.sqrt(0.008**2 + 4.0 / sizes)
    observed = 0.03 + np.stack([first, last], 1) + luck[:, None] / np.sqrt(sizes)
    observed += generator.normal(0, 1, (count, 2)) * noise
    design = np.column_stack([np.ones(count), observed])
    slopes, residual, *_ = np.linalg.lstsq(design, 0.03 + last, rcond=None)
    found = posterior(REAL, [0.05, 0.07], sizes, years=years)
    scale = np.sqrt(residual[0] / count)
    error = scale * np.sqrt(np.array([1, 0.05, 0.07]) @ np.linalg.inv(design.T @ design) @ [1, 0.05, 0.07])
    assert abs(found.mean - slopes @ [1, 0.05, 0.07]) < 4 * error
    assert found.deviation == pytest.approx(scale, rel=4 / np.sqrt(2 * count))


def test_a_forecast_of_a_later_year_is_less_sure():
    now = posterior(REAL, [0.06], [10_000], years=[2023])
    later = posterior(REAL, [0.06], [10_000], years=[2023], year=2025)
    assert later.deviation > now.deviation
    assert later.mean - 0.03 == pytest.approx(0.85**2 * (now.mean - 0.03), rel=1e-12)


def test_benchmark_luck_does_not_average_out():
    # However many years of one agreement, the benchmark's luck of SD 1/sqrt(n) stays in.
    many = posterior(
        Program(0.0, 0.03, 1.0, 0.0, 2.0, 1.0), [0.05] * 400, [10_000] * 400, years=range(1000, 1400)
    )
    limit = 0.03**2 / (0.03**2 + 1.0 / 10_000)
    assert many.credibility == pytest.approx(limit, rel=2e-3)


def test_order_of_the_record_does_not_matter():
    forth = posterior(REAL, [0.01, 0.05], [8_000, 9_000], years=[2022, 2023])
    back = posterior(REAL, [0.05, 0.01], [9_000, 8_000], years=[2023, 2022])
    assert forth == pytest.approx(back, rel=1e-12)


def test_chance_that_savings_are_real():
    found = posterior(PLAIN, [0.05], [10_000], years=[2023])
    assert found.chance_above(0.01) == pytest.approx(
        stats.norm(found.mean, found.deviation).sf(0.01), rel=1e-12
    )


def test_reward_by_luck_of_an_aco_without_savings():
    # Noise SD 2 / sqrt(10,000) = 0.02: a minimum of 0.02 is one SD away.
    chance = chance_of_reward(PLAIN, 0.0, 10_000, minimum_savings_rate=0.02)
    assert chance == pytest.approx(stats.norm.sf(1.0), rel=1e-12)


def test_luck_of_a_size_against_simulated_acos():
    generator, count = np.random.default_rng(9), 400_000
    true = generator.normal(0.02, 0.03, count)
    rewarded = true + generator.normal(0, 2 / np.sqrt(6_000), count) >= 0.03
    found = luck_of_size(PLAIN, 6_000, minimum_savings_rate=0.03, real=0.005)
    for value, event, among in (
        (found.reward, rewarded, np.ones(count, dtype=bool)),
        (found.reward_by_luck, true <= 0.005, rewarded),
        (found.savings_denied, ~rewarded, true > 0.005),
    ):
        assert abs(value - event[among].mean()) < 4 * np.sqrt(value * (1 - value) / among.sum())


GRID = np.linspace(-0.12, 0.16, 57)


def simulated(replicates, seed, years=1):
    draws = np.random.default_rng(seed).normal(0, 0.02, (years, replicates))
    return xr.DataArray(
        GRID[:, None, None] + draws,
        dims=("true_savings", "performance_year", "replicate"),
        coords={"true_savings": GRID},
    )


def test_simulated_likelihood_of_a_normal_world_gives_the_normal_posterior():
    prior = stats.norm(0.02, 0.03).pdf(GRID)
    found = posterior_on_grid(simulated(40_000, seed=1), [0.05], prior=prior, real=0.0)
    exact = posterior(PLAIN, [0.05], [10_000], years=[2023])
    # Scott's kernel widens the SD of 0.02 by 1 + h^2/2, h = 40,000^(-1/5) = 0.12: 0.7 %, 0.0001 in the mean.
    assert abs(found.mean.value - exact.mean) < 4 * found.mean.standard_error + 2e-4
    assert (
        abs(found.chance_real.value - exact.chance_above(0.0)) < 4 * found.chance_real.standard_error + 2e-3
    )
    assert float(found.weights.sum()) == pytest.approx(1.0)


def test_two_years_say_more_than_one():
    prior = stats.norm(0.02, 0.03).pdf(GRID)
    one = posterior_on_grid(simulated(4_000, seed=2), [0.05], prior=prior)
    two = posterior_on_grid(simulated(4_000, seed=2, years=2), [0.05, 0.05], prior=prior)

    def spread(found):
        return float((found.weights * (GRID - found.mean.value) ** 2).sum())

    assert spread(two) < spread(one)


def test_grid_errors_are_what_runs_differ_by():
    prior = stats.norm(0.02, 0.03).pdf(GRID)
    found = [posterior_on_grid(simulated(1_000, seed=seed), [0.05], prior=prior).mean for seed in range(200)]
    values, errors = np.array(found).T
    assert errors.mean() == pytest.approx(values.std(ddof=1), rel=0.15)


def test_a_record_beyond_the_simulation_is_said():
    with pytest.raises(DataError, match="beyond all that was simulated"):
        posterior_on_grid(simulated(100, seed=1), [9.0], prior=np.ones(57))


def test_all_faults_of_a_record_are_told_at_once():
    with pytest.raises(DataError) as caught:
        posterior(PLAIN, [3.0, 0.02], [0.0, 5_000], years=[2022, 2022])
    assert len(caught.value.problems) == 3
