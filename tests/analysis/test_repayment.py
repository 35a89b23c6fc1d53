"""Repayment mechanism and loss limits by hand and against the normal law."""

import numpy as np
import pytest
from scipy import stats

from simcore.analysis.repayment import adequacy, loss_limit_by_revenue, required_amount
from simcore.analysis.risk import agreement_total
from simcore.errors import ResultError
from tests.example_results import example_result

CONTRACT = "ENHANCED msr=0"


@pytest.fixture(scope="module")
def result():
    return example_result(replicates=10_000)


def test_required_amount_is_the_lesser_of_two_shares(result):
    # Revenue is about 0.3 of expenditures: 1 % of it is less than 0.5 % of them.
    low = required_amount(result, share_of_expenditures=0.005, share_of_revenue=0.01)
    np.testing.assert_allclose(low, 0.01 * result["participant_revenue"].mean("replicate"), rtol=1e-9)
    high = required_amount(result, share_of_expenditures=0.002, share_of_revenue=0.01)
    np.testing.assert_allclose(high, 0.002 * result["expenditures"].mean("replicate"), rtol=1e-9)
    assert low.dims == ("performance_year",)


def test_chance_of_exhaustion_is_the_normal_tail(result):
    # Losses of 0.4 (-S) of 150 million exceed 1.5 million where S < -0.025.
    losses = result["owed_shared_losses"].sel(contract=CONTRACT, performance_year=2024)
    found = adequacy(losses, 1.5e6)
    expected = stats.norm.cdf((-0.025 - 0.01) / 0.025)
    error = float(found["probability_exhausted_standard_error"])
    assert abs(float(found["probability_exhausted"]) - expected) < 4 * error


def test_amounts_by_year_are_set_against_their_own_year(result):
    amount = required_amount(result, share_of_expenditures=0.005, share_of_revenue=0.01)
    found = adequacy(result["owed_shared_losses"], amount)
    year = result["owed_shared_losses"].sel(contract=CONTRACT, performance_year=2026)
    expected = (year > float(amount.sel(performance_year=2026))).mean()
    assert float(found["probability_exhausted"].sel(contract=CONTRACT, performance_year=2026)) == float(
        expected
    )
    assert found["loss"].dims == ("contract", "performance_year", "return_period")


def test_shortfall_by_hand():
    losses = example_result(replicates=4)["owed_shared_losses"].isel(performance_year=0).copy()
    losses[:] = [0.0, 10.0, 30.0, 50.0]
    found = adequacy(losses, 20.0)
    np.testing.assert_allclose(found["expected_shortfall"], (10.0 + 30.0) / 4)
    np.testing.assert_allclose(found["probability_exhausted"], 0.5)


def test_the_agreement_can_exhaust_what_a_year_does_not(result):
    total = adequacy(agreement_total(result["owed_shared_losses"]), 3e6)["probability_exhausted"]
    by_year = adequacy(result["owed_shared_losses"], 3e6)["probability_exhausted"].max("performance_year")
    assert (total.sel(contract=CONTRACT) > by_year.sel(contract=CONTRACT)).all()


def test_limits_meet_where_the_shares_say():
    # 8 % of revenue against 4 % of the benchmark: the same at revenue of half the benchmark.
    result = example_result(replicates=500, deviation=0.2)
    found = loss_limit_by_revenue(result, [0.25, 0.5, 0.75], share_of_revenue=0.08, share_of_benchmark=0.04)
    assert found.attrs["break_even_revenue_share"] == pytest.approx(0.5)
    assert found["revenue_limit_lower"].values.tolist() == [True, False, False]
    one = found.sel(contract=CONTRACT, performance_year=2025)
    np.testing.assert_array_equal(one["loss"].sel(revenue_share=[0.5, 0.75]), one["loss_at_benchmark_limit"])
    row = result.sel(contract=CONTRACT, performance_year=2025)
    expected = np.minimum(row["shared_losses_before_limit"], 0.08 * 0.25 * row["updated_benchmark"]).mean()
    assert float(one["loss"].sel(revenue_share=0.25)) == pytest.approx(float(expected), rel=1e-12)


def test_losses_before_the_limit_are_needed(result):
    with pytest.raises(ResultError, match=r"simulation\.detail"):
        loss_limit_by_revenue(
            result.drop_vars("shared_losses_before_limit"),
            [0.3],
            share_of_revenue=0.08,
            share_of_benchmark=0.04,
        )
