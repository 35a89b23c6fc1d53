"""Sizes against the normal closed form."""

import numpy as np
import pytest
from scipy import stats

from simcore.analysis.sizing import beneficiaries_needed, normal_chance, size_table, value_of_merging
from tests.analysis.normal_world import NOISE, NormalWorld, simulate

SIZES = [3_000, 4_000, 5_000, 7_000, 10_000, 14_000, 20_000, 28_000, 40_000]
BASIC_E = "BASIC-E msr=0.010"
MINIMUM = 0.010


@pytest.fixture(scope="module")
def table():
    return size_table(simulate, NormalWorld, sizes=SIZES, true_savings=[0.0, 0.02, 0.03])


def test_chances_follow_the_normal_law(table):
    chance = table.sel(contract=BASIC_E, period="2024", measure="probability_shared_savings")
    expected = normal_chance(
        table.true_savings.values, table.beneficiaries.values[:, None], threshold=MINIMUM, noise=NOISE
    )
    np.testing.assert_array_less(abs(chance["value"] - expected), 4 * chance["standard_error"])


def test_spread_of_the_savings_rate_falls_with_the_root_of_size(table):
    spread = table.sel(contract=BASIC_E, period="all", measure="savings_rate sd", true_savings=0.0)
    expected = NOISE / np.sqrt(table.beneficiaries)
    assert (abs(spread["value"] - expected) < 4 * spread["standard_error"]).all()


def test_beneficiaries_for_an_80_percent_chance(table):
    # (s - m) sqrt(n) / c = z(0.8): n = (z c / (s - m))^2; chords on steps of 1.4 lie within 3 % of it.
    needed = beneficiaries_needed(table, 0.8).sel(contract=BASIC_E)
    for true_savings in (0.02, 0.03):
        expected = (stats.norm.ppf(0.8) * NOISE / (true_savings - MINIMUM)) ** 2
        found = needed.sel(true_savings=true_savings)
        assert abs(float(found) - expected) < 4 * float(found.standard_error) + 0.03 * expected
    assert needed.attrs["units"] == "1"


def test_without_true_savings_no_size_is_enough(table):
    assert np.isnan(beneficiaries_needed(table, 0.8).sel(contract=BASIC_E, true_savings=0.0))


def test_a_merger_halves_the_variance_and_keeps_the_mean_of_a_linear_contract():
    # ENHANCED at a minimum of nought pays 0.98 x 0.75 of savings and owes 0.40 of losses: with true savings
    # of 10 % at 40,000 lives (SD 1.07 %) no loss is ever seen, and the payment is linear in the savings rate.
    part = NormalWorld(beneficiaries=40_000, true_savings=0.10, seed=1)
    value = value_of_merging(
        simulate, part, NormalWorld(40_000, 0.10, seed=2), NormalWorld(80_000, 0.10, seed=3)
    ).sel(contract="ENHANCED msr=0")
    # The stand-in's benchmark does not grow with size: the merged ACO earns half of what two parts do.
    expected = -0.98 * 0.75 * 0.10 * 150e6
    assert abs(float(value["net_settlement"]) - expected) < 4 * float(value["net_settlement_standard_error"])
    ratio = float(value["merged"] / value["first"])
    assert ratio == pytest.approx(1 / np.sqrt(2), rel=0.07)
