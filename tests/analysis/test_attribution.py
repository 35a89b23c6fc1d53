"""The split by rule closes to the cent, and each rule by hand."""

import numpy as np
import pytest
import xarray as xr

from simcore.analysis.attribution import RULES, rule_amounts, unexplained, value_of_rules
from simcore.errors import ResultError
from simcore.vocabulary import VARIABLES
from tests.example_results import example_result


@pytest.fixture(scope="module")
def result():
    return example_result(replicates=2_000, deviation=0.06)


def settled_by_hand(**amounts):
    """One replicate of one contract: a savings rule that does not bite is left at its neutral value."""
    neutral = {
        "gross_savings": 0.0,
        "msr_met": False,
        "mlr_met": False,
        "maximum_sharing_rate": 0.5,
        "shared_savings_before_sequestration": 0.0,
        "shared_savings_before_limit": 0.0,
        "performance_payment_limit": 1e9,
        "earned_shared_savings": 0.0,
        "shared_losses_before_limit": 0.0,
        "loss_recoupment_limit": 1e9,
        "owed_shared_losses": 0.0,
    }
    values = neutral | amounts
    values["net_settlement"] = values["earned_shared_savings"] - values["owed_shared_losses"]
    dims = ("contract", "performance_year", "replicate")
    attrs = {
        name: {"units": VARIABLES[name].units, "long_name": VARIABLES[name].long_name} for name in values
    }
    arrays = {name: (dims, np.array([[[value]]]), attrs[name]) for name, value in values.items()}
    return xr.Dataset(arrays, coords={"contract": ["a"], "performance_year": [2024], "replicate": [0]})


def amounts_of(result):
    amounts = rule_amounts(result).isel(contract=0, performance_year=0, replicate=0)
    return {
        str(rule): float(amount)
        for rule, amount in zip(amounts.rule.values, amounts.values, strict=True)
        if amount
    }


def test_every_settlement_is_explained_to_the_cent(result):
    assert unexplained(result) < 0.005


def test_expected_values_telescope_to_the_expected_settlement(result):
    values = value_of_rules(result)
    expected = result["net_settlement"].mean("replicate")
    years = values.sel(period=[str(year) for year in result.performance_year.values]).sum("rule")
    np.testing.assert_allclose(years, expected, atol=0.005)
    agreement = values.sel(period="all").sum("rule")
    np.testing.assert_allclose(agreement, expected.sum("performance_year"), atol=0.005)
    assert values.dims == ("contract", "period", "rule")
    assert (values.standard_error >= 0.0).all()


def test_savings_with_poor_quality_and_a_limit():
    # 100 saved at 0.5 is 50 to Medicare; quality 0.8 leaves 40, so 10 lost; 2 % is 0.8; a limit of 30 is 9.2.
    settled = settled_by_hand(
        gross_savings=100.0,
        msr_met=True,
        shared_savings_before_sequestration=40.0,
        shared_savings_before_limit=39.2,
        performance_payment_limit=30.0,
        earned_shared_savings=30.0,
    )
    expected = {"gross_savings": 100.0, "sharing_rate": -50.0, "quality": -10.0, "sequestration": -0.8}
    assert amounts_of(settled) == pytest.approx({**expected, "payment_limit": -9.2})


def test_savings_below_the_minimum_shared_at_half_the_rate():
    settled = settled_by_hand(
        gross_savings=100.0,
        shared_savings_before_sequestration=25.0,
        shared_savings_before_limit=24.5,
        earned_shared_savings=24.5,
    )
    expected = {
        "gross_savings": 100.0,
        "minimum_savings_rate": -100.0,
        "reduced_sharing": 25.0,
        "sequestration": -0.5,
    }
    assert amounts_of(settled) == pytest.approx(expected)


def test_savings_that_only_the_guardrail_shows():
    settled = settled_by_hand(gross_savings=10.0, msr_met=True)
    settled["guardrail_applies"] = xr.ones_like(settled["msr_met"])
    assert amounts_of(settled) == pytest.approx({"gross_savings": 10.0, "guardrail": -10.0})


def test_losses_with_a_limit_and_disaster_relief():
    # 100 lost, 30 % owed: 70 are Medicare's; limit 20 forgives 10; half relieved: 10 forgiven, 10 owed.
    settled = settled_by_hand(
        gross_savings=-100.0,
        mlr_met=True,
        shared_losses_before_limit=30.0,
        loss_recoupment_limit=20.0,
        owed_shared_losses=10.0,
    )
    expected = {"gross_savings": -100.0, "loss_rate": 70.0, "loss_limit": 10.0, "relief": 10.0}
    assert amounts_of(settled) == pytest.approx(expected)


def test_losses_inside_the_corridor_are_forgiven():
    expected = {"gross_savings": -5.0, "minimum_loss_rate": 5.0}
    assert amounts_of(settled_by_hand(gross_savings=-5.0)) == pytest.approx(expected)


def test_every_rule_says_what_it_means(result):
    assert dict(zip(RULES, value_of_rules(result)["meaning"].values, strict=True)) == RULES


def test_a_result_without_steps_says_how_to_get_them(result):
    with pytest.raises(ResultError, match=r"simulation\.detail = true") as caught:
        rule_amounts(result.drop_vars(["shared_savings_before_limit", "loss_recoupment_limit"]))
    assert len(caught.value.problems) == 2
