import numpy as np
import pytest
import xarray as xr
from scipy.stats import norm

from simcore.analysis.display import (
    bands,
    choose_contracts,
    contract_slice,
    corridor,
    curve_levels,
    histogram_apart,
    outcome_shares,
    reliability_bins,
)
from simcore.analysis.risk import agreement_total
from simcore.errors import ResultError
from tests.example_results import example_result


@pytest.fixture(scope="module")
def net() -> xr.DataArray:
    return agreement_total(example_result()["net_settlement"])


def test_bins_and_zeros_count_every_replicate_once(net):
    shape = histogram_apart(net)
    np.testing.assert_allclose(shape["probability"].sum("bin") + shape["zero_probability"], 1.0, rtol=1e-12)


def test_no_bin_straddles_zero(net):
    shape = histogram_apart(net)
    assert 0.0 in shape["left"].values
    assert float(shape["probability"].where(shape["right"] <= 0.0).sum()) == pytest.approx(
        float((net < 0).mean("replicate").sum())
    )


def test_an_outcome_that_is_always_zero_has_nothing_in_its_bins():
    zeros = xr.DataArray(np.zeros(10), dims="replicate")
    shape = histogram_apart(zeros)
    assert (float(shape["probability"].sum()), float(shape["zero_probability"])) == (0.0, 1.0)


def test_a_curve_has_zero_and_the_number_before_it_among_its_levels(net):
    levels = curve_levels(net)
    at = levels.index(0.0)
    assert levels[at - 1] == np.nextafter(0.0, -1.0)
    assert levels == sorted(levels)


def test_a_curve_of_gains_alone_needs_no_zero():
    assert min(curve_levels(xr.DataArray(np.linspace(1.0, 2.0, 500), dims="replicate"))) > 0.9


def test_wilsons_interval_of_three_in_ten():
    # Wilson at p = 0.3, n = 10, z = 1.96:
    # (0.3 + 0.19207 -+ 1.96 sqrt(0.021 + 0.0096036)) / 1.38415 = 0.1078, 0.6032
    table = reliability_bins(np.full(10, 0.35), np.arange(10) < 3)
    lower, upper = float(table["lower"][3]), float(table["upper"][3])
    assert (lower, upper) == (pytest.approx(0.1078, abs=5e-5), pytest.approx(0.6032, abs=5e-5))


def test_loss_nothing_and_savings_make_a_whole_and_carry_errors(net):
    shares = outcome_shares(net)
    np.testing.assert_allclose(shares.sum("outcome"), 1.0, rtol=1e-12)
    loss = float(shares.sel(contract="ENHANCED msr=0", outcome="loss"))
    error = float(shares.sel(contract="ENHANCED msr=0", outcome="loss")["standard_error"])
    assert error == pytest.approx(np.sqrt(loss * (1.0 - loss) / 2_000), rel=0.01)


def test_the_bands_of_a_normal_rate_are_its_quantiles():
    fan = bands(example_result(replicates=20_000)["savings_rate"])
    expected = norm.ppf(fan["quantile"].values, 0.01, 0.025)
    # The widest standard error is at 5 %: sqrt(0.05 * 0.95 / 20,000) / (density 0.1031 / 0.025) = 0.00037.
    np.testing.assert_allclose(fan["value"].mean("performance_year"), expected, atol=4 * 0.00037)


def test_the_corridor_counts_what_the_flags_say():
    result = example_result()
    seen = corridor(result, "BASIC-E msr=0.010")
    one = result.sel(contract="BASIC-E msr=0.010")
    np.testing.assert_allclose(
        seen["crossed"].sel(corridor_outcome="savings crossed"), one["msr_met"].mean("replicate")
    )
    np.testing.assert_allclose(seen["probability"].sum("bin"), seen["crossed"], rtol=1e-12)
    assert (seen.attrs["two_sided"], corridor(result, "BASIC-B").attrs["two_sided"]) == (1, 0)


def test_rates_that_are_all_alike_are_counted_too():
    result = example_result(deviation=0.0, mean=0.0)
    seen = corridor(result, "BASIC-E msr=0.010")
    # A savings rate of nought is inside the corridor in every replicate.
    np.testing.assert_array_equal(seen["probability"].sum("bin").sel(corridor_outcome="inside"), 1.0)


def test_an_outcome_that_is_always_the_same_has_a_curve():
    levels = curve_levels(xr.DataArray(np.full(9, 5e5), dims="replicate"))
    assert min(levels) < 5e5 < max(levels)


def test_chosen_contracts_are_the_best_of_each_track():
    result = example_result()
    more = xr.concat([result["net_settlement"], result["net_settlement"] - 1.0], dim="contract")
    more = more.assign_coords(contract=[f"{name} {i}" for i in (1, 2) for name in result["contract"].values])
    assert choose_contracts(more, most=3) == ["ENHANCED msr=0 1", "BASIC-E msr=0.010 1", "BASIC-B 1"]


def test_unknown_contracts_are_all_named_at_once(net):
    with pytest.raises(ResultError) as raised:
        contract_slice(net, ["BASIC-B", "X", "Y"])
    assert len(raised.value.problems) == 2


def test_reliability_groups_count_and_average():
    table = reliability_bins(np.array([0.02, 0.04, 1.0]), np.array([True, False, True]))
    assert (table["forecast"].values[0], table["observed"].values[0], table["count"].values[9]) == (
        pytest.approx(0.03),
        0.5,
        1,
    )
    assert np.isnan(table["observed"].values[5])
