"""Comparisons on common draws, against numpy on the same arrays and closed forms of the normal law."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from simcore.analysis.comparison import difference_between, paired_differences, probability_better, regret
from simcore.errors import ResultError
from tests.example_results import example_result

BASELINE = "BASIC-B"


@pytest.fixture(scope="module")
def result():
    return example_result(replicates=3_000)


def test_paired_difference_is_the_mean_of_differences(result):
    net = result["net_settlement"]
    difference = paired_differences(net, BASELINE).sel(contract="ENHANCED msr=0")
    paired = net.sel(contract="ENHANCED msr=0").values - net.sel(contract=BASELINE).values
    np.testing.assert_allclose(difference, paired.mean(axis=-1), rtol=1e-12)
    np.testing.assert_allclose(difference.standard_error, stats.sem(paired, axis=-1), rtol=1e-12)
    assert difference.attrs["units"] == "USD"


def test_baseline_differs_from_itself_by_nothing(result):
    same = paired_differences(result["net_settlement"], BASELINE).sel(contract=BASELINE)
    assert (same == 0.0).all()
    assert (same.standard_error == 0.0).all()


def test_pairing_beats_two_separate_runs():
    # Outcomes x and x + d: Var of the difference is Var(d) alone, whatever x.
    generator = np.random.default_rng(4)
    common, extra = generator.normal(0, 100, 5_000), generator.normal(1, 1, 5_000)
    both = xr.DataArray(
        [common, common + extra], dims=("contract", "replicate"), coords={"contract": ["a", "b"]}, name="x"
    )
    difference = paired_differences(both, "a").sel(contract="b")
    assert float(difference.standard_error) == pytest.approx(1 / np.sqrt(5_000), rel=0.05)


def test_probability_that_one_beats_another(result):
    net = result["net_settlement"].sel(performance_year=2025)
    better = probability_better(net)
    expected = (net.sel(contract="ENHANCED msr=0") > net.sel(contract=BASELINE)).mean()
    assert float(better.sel(contract="ENHANCED msr=0", other=BASELINE)) == float(expected)
    # Nobody beats himself, and the two directions leave what is equal.
    assert all(float(better.sel(contract=name, other=name)) == 0.0 for name in better.contract.values)
    assert ((better + better.rename({"contract": "other", "other": "contract"})) <= 1.0).all()


def test_independent_normals_beat_one_another_as_the_normal_law_says():
    generator = np.random.default_rng(6)
    draws = np.stack([generator.normal(1, 1, 40_000), generator.normal(0, 2, 40_000)])
    both = xr.DataArray(draws, dims=("contract", "replicate"), coords={"contract": ["a", "b"]})
    better = probability_better(both).sel(contract="a", other="b")
    assert abs(float(better) - stats.norm.cdf(1 / np.sqrt(5))) < 4 * float(better.standard_error)


def test_regret_of_a_small_table_by_hand():
    # Replicates bring (3, 1), (0, 4), (2, 2): the best are 3, 4, 2, so a regrets 4 once and b 2 once.
    table = xr.DataArray(
        [[3.0, 0.0, 2.0], [1.0, 4.0, 2.0]], dims=("contract", "replicate"), coords={"contract": ["a", "b"]}
    )
    regrets = regret(table)
    np.testing.assert_allclose(regrets["mean_regret"], [4 / 3, 2 / 3])
    np.testing.assert_allclose(regrets["probability_best"], [2 / 3, 2 / 3])
    assert set(regrets.data_vars) >= {"mean_regret_standard_error", "probability_best_standard_error"}


def test_two_worlds_with_one_seed_are_paired(result):
    richer = example_result(replicates=3_000, mean=0.02)
    difference = difference_between(richer, result, ["savings_rate"])["savings_rate"]
    # The same normal draws, moved by 0.01: the difference is exact and has no error but rounding.
    np.testing.assert_allclose(difference, 0.01, atol=1e-12)
    assert (difference.standard_error < 1e-12).all()
    assert difference.attrs["pairing"] == "paired on 3000 common replicates"


def test_a_longer_run_is_paired_on_what_both_have(result):
    shorter = result.isel(replicate=slice(1_000))
    difference = difference_between(result, shorter)["net_settlement"]
    assert (difference == 0.0).all()
    assert "1000" in difference.attrs["pairing"]


def test_two_seeds_are_not_paired_and_said_so(result):
    other = example_result(replicates=2_000, seed=8)
    difference = difference_between(result, other, ["savings_rate"])["savings_rate"]
    assert difference.attrs["pairing"] == "not paired: their seeds are 7 and 8"
    # SD 0.025 in both worlds: sqrt(0.025^2 (1/3000 + 1/2000)).
    np.testing.assert_allclose(difference.standard_error, 0.025 * np.sqrt(1 / 3_000 + 1 / 2_000), rtol=0.06)
    assert (abs(difference) < 4 * difference.standard_error).all()


def test_results_without_a_common_contract_are_refused(result):
    with pytest.raises(ResultError, match="contract: none is in both"):
        difference_between(result.isel(contract=[0]), result.isel(contract=[1]))


def test_an_unknown_baseline_is_named(result):
    with pytest.raises(ResultError, match="did you mean 'ENHANCED msr=0'"):
        paired_differences(result["net_settlement"], "ENHANCED msr=1")
