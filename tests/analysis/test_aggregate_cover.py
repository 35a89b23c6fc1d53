"""Aggregate cover against the normal law's stop-loss premium, and by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from simcore.analysis import risk
from simcore.analysis.aggregate_cover import AggregateCover, covered_settlement, price, recoveries
from simcore.errors import DataError
from tests.example_results import example_result

CONTRACT = "ENHANCED msr=0"


@pytest.fixture(scope="module")
def result():
    return example_result(replicates=20_000)


def test_expected_recovery_is_the_normal_stop_loss_premium(result):
    # Losses per dollar of benchmark are 0.4 (-S)+, S ~ N(0.01, 0.025): E(L - a)+ with L ~ N(-0.004, 0.01).
    cover = AggregateCover(attachment=0.01, loading=0.3)
    mean, deviation = -0.4 * 0.01, 0.4 * 0.025
    distance = (cover.attachment - mean) / deviation
    expected = deviation * stats.norm.pdf(distance) - (cover.attachment - mean) * stats.norm.sf(distance)
    priced = price(result, cover).sel(contract=CONTRACT, performance_year=2024)
    error = float(priced["expected_recovery_standard_error"])
    assert abs(float(priced["expected_recovery"]) - 150e6 * expected) < 4 * error
    assert float(priced["premium"]) == pytest.approx(1.3 * float(priced["expected_recovery"]))
    assert float(priced["premium_standard_error"]) == pytest.approx(1.3 * error)
    chance = stats.norm.sf(distance)
    assert abs(float(priced["probability_of_recovery"]) - chance) < 4 * math.sqrt(
        chance * (1 - chance) / 20_000
    )


def test_layer_by_hand():
    result = example_result(replicates=3)
    result["updated_benchmark"][:] = 1_000.0
    result["owed_shared_losses"][:] = [0.0, 30.0, 100.0]
    # Half of what exceeds 20, at most 25: 0, 5, 25 (of 40).
    paid = recoveries(result, AggregateCover(attachment=0.02, maximum=0.025, coinsurance=0.5))
    np.testing.assert_allclose(paid.isel(contract=0, performance_year=0), [0.0, 5.0, 25.0])


def test_a_fair_cover_leaves_the_mean_and_cuts_the_tail(result):
    net, covered = result["net_settlement"], covered_settlement(result, AggregateCover(attachment=0.005))
    assert covered.dims == net.dims
    assert (abs(covered.mean("replicate") - net.mean("replicate")) < 1e-4).all()
    tails = [risk.tail_value_at_risk(outcome.sel(contract=CONTRACT), 0.95) for outcome in (covered, net)]
    assert (tails[0] < tails[1]).all()


def test_a_loaded_cover_costs_its_loading(result):
    cover = AggregateCover(attachment=0.005, loading=0.4)
    cost = result["net_settlement"].mean("replicate") - covered_settlement(result, cover).mean("replicate")
    np.testing.assert_allclose(cost, 0.4 * price(result, cover)["expected_recovery"], atol=1e-3)


def test_a_one_sided_contract_has_nothing_to_cover(result):
    assert (price(result, AggregateCover(attachment=0.0))["premium"].sel(contract="BASIC-B") == 0.0).all()


@pytest.mark.parametrize("faulty", [{"attachment": -0.1}, {"attachment": 0.0, "loading": -1.0}])
def test_covers_that_are_none_are_refused(faulty):
    with pytest.raises(DataError, match="allowed"):
        AggregateCover(**faulty)
