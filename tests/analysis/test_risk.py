"""Risk measures keep labels and units, and agree with closed forms of the normal law."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from simcore.analysis import risk
from tests.example_results import example_result


@pytest.fixture(scope="module")
def result():
    return example_result(replicates=20_000)


@pytest.fixture
def normal():
    draws = np.random.default_rng(5).normal(-2.0, 3.0, (2, 50_000))
    attrs = {"units": "USD", "long_name": "Outcome"}
    return xr.DataArray(
        draws, dims=("contract", "replicate"), coords={"contract": ["a", "b"]}, name="o", attrs=attrs
    )


@pytest.mark.parametrize("p", [0.5, 0.9, 0.95, 0.99])
def test_losses_of_a_normal_outcome(normal, p):
    # The loss is N(2, 3): VaR = 2 + 3 z, TVaR = 2 + 3 density(z) / (1 - p).
    z = stats.norm.ppf(p)
    at_risk, tail = risk.value_at_risk(normal, p), risk.tail_value_at_risk(normal, p)
    assert (abs(at_risk - (2 + 3 * z)) < 4 * at_risk.standard_error).all()
    assert (abs(tail - (2 + 3 * stats.norm.pdf(z) / (1 - p))) < 4 * tail.standard_error).all()
    assert (tail >= at_risk).all()


def test_labels_and_units_are_kept(result):
    measured = risk.tail_value_at_risk(result["net_settlement"], 0.95)
    assert measured.dims == ("contract", "performance_year")
    assert measured.name == "net_settlement"
    assert measured.attrs["units"] == "USD"
    assert measured.attrs["long_name"].startswith("TVaR 0.95 of the loss in Earned shared savings")
    assert list(measured.contract.values) == list(result.contract.values)
    assert measured.standard_error.dims == measured.dims


def test_dimension_of_replicates_may_stand_anywhere(normal):
    xr.testing.assert_identical(risk.quantile(normal.T, 0.3), risk.quantile(normal, 0.3))


def test_one_sided_track_has_no_loss_at_any_level(result):
    at_risk = risk.value_at_risk(result["net_settlement"].sel(contract="BASIC-B"), 0.95)
    assert (at_risk == 0.0).all()
    assert not np.signbit(at_risk).any()


def test_chance_of_meeting_the_minimum_is_the_normal_tail(result):
    # The example's savings rates are N(0.01, 0.025); ENHANCED's elected minimum is 0.
    met = risk.probability(result["msr_met"].sel(contract="ENHANCED msr=0"))
    assert (abs(met - stats.norm.cdf(0.01 / 0.025)) < 4 * met.standard_error).all()


def test_quantile_of_the_agreement_is_of_the_sums(result):
    total = risk.agreement_total(result["net_settlement"])
    assert total.attrs["units"] == "USD"
    expected = np.quantile(result["net_settlement"].values.sum(axis=1), 0.05, axis=-1, method="inverted_cdf")
    np.testing.assert_array_equal(risk.quantile(total, 0.05).values, expected)


def test_medicare_keeps_what_the_aco_does_not_get(result):
    kept = risk.medicare_savings(result)
    assert kept.dims == result["net_settlement"].dims
    assert abs(kept + result["net_settlement"] - result["gross_savings"]).max() < 1e-6


def test_savings_against_usual_care_do_not_count_luck():
    # Spending of 99 after a true saving of 1 % would have been 100: care management avoided 1.
    result = example_result(replicates=3)
    result["expenditures"][:] = 99.0
    result["net_settlement"][:] = 0.25
    np.testing.assert_allclose(risk.medicare_savings_against_usual_care(result), 0.75, rtol=1e-12)


def test_estimates_become_a_table(result):
    table = risk.as_dataset(risk.mean(result["net_settlement"])).to_dataframe()
    assert {"value", "standard_error"} <= set(table.columns)
    assert table.index.names == ["contract", "performance_year"]


@pytest.mark.parametrize("p", [-0.1, 0.0, 1.0, 5.0])
def test_levels_without_a_quantile_are_refused(normal, p):
    with pytest.raises(ValueError, match="must lie in"):
        risk.value_at_risk(normal, p)


def test_dollars_are_no_event(normal):
    with pytest.raises(ValueError, match="true or false"):
        risk.probability(normal)
