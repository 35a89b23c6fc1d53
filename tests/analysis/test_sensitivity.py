"""One-at-a-time effects and goal seeking against the normal closed form."""

import numpy as np
import pytest
from scipy import stats

from simcore.analysis.sensitivity import InputRange, goal_seek, one_at_a_time
from simcore.errors import DataError
from tests.analysis.normal_world import NOISE, NormalWorld, simulate

BASIC_E = "BASIC-E msr=0.010"
WORLD = NormalWorld(beneficiaries=10_000, true_savings=0.01, replicates=4_000)
RANGES = [InputRange("beneficiaries", 9_000, 11_000, "size"), InputRange("true_savings", 0.0, 0.03)]


def rate(result):
    return result["savings_rate"].isel(performance_year=0)


def paid(result):
    return result["msr_met"].sel(contract=BASIC_E).isel(performance_year=0)


def test_effects_are_exact_on_common_draws():
    # The savings rate is true savings plus a common draw: its ends are 0.00 and 0.03 against 0.01.
    found = one_at_a_time(simulate, WORLD, RANGES, rate).sel(input="true_savings")
    np.testing.assert_allclose(found["effect"], [-0.01, 0.02], atol=1e-12)
    assert float(found["swing"]) == pytest.approx(0.03, abs=1e-12)
    assert float(found["swing_standard_error"]) < 1e-12


def test_the_widest_swing_comes_first():
    found = one_at_a_time(simulate, WORLD, RANGES, rate)
    assert found["input"].values.tolist() == ["true_savings", "size"]
    assert found["low_value"].values.tolist() == ["0.0", "9000"]


def test_effects_on_a_probability_are_differences_of_probabilities():
    found = one_at_a_time(simulate, WORLD, RANGES[1:], paid).sel(input="true_savings", end="high")
    deviation = NOISE / 100.0
    expected = stats.norm.sf((0.01 - 0.03) / deviation) - 0.5
    assert abs(float(found["effect"]) - expected) < 4 * float(found["effect_standard_error"])


def test_effects_of_all_contracts_at_once():
    found = one_at_a_time(simulate, WORLD, RANGES, lambda r: r["net_settlement"].isel(performance_year=0))
    assert found["effect"].dims == ("input", "end", "contract")


def test_true_savings_for_an_80_percent_chance():
    # Phi((s - 0.01) 100 / c) = 0.8.
    found = goal_seek(
        simulate, lambda s: NormalWorld(10_000, s, replicates=20_000), paid, goal=0.8, between=(0.0, 0.08)
    )
    expected = 0.01 + stats.norm.ppf(0.8) * NOISE / 100.0
    assert abs(found.value - expected) < 4 * found.standard_error
    # Error of the probability over the density: sqrt(0.16 / 20,000) / (density(z) 100 / c).
    slope = stats.norm.pdf(stats.norm.ppf(0.8)) * 100.0 / NOISE
    assert found.standard_error == pytest.approx(np.sqrt(0.16 / 20_000) / slope, rel=0.2)


def test_goal_errors_are_what_runs_differ_by():
    found = [
        goal_seek(
            simulate,
            lambda s, seed=seed: NormalWorld(10_000, s, 400, seed),
            paid,
            goal=0.7,
            between=(0.0, 0.06),
        )
        for seed in range(60)
    ]
    values, errors = np.array(found).T
    # 60 runs know their SD to 9 %, a slope from 400 replicates is noisy: 0.3 is three of both together.
    assert np.median(errors) == pytest.approx(values.std(ddof=1), rel=0.3)


def test_a_goal_out_of_reach_says_what_is_in_reach():
    with pytest.raises(DataError, match=r"the chance is .* at 0 and .* at 0\.01; allowed"):
        goal_seek(simulate, lambda s: NormalWorld(10_000, s), paid, goal=0.99, between=(0.0, 0.01))
