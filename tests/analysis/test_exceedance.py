"""Exceedance curves and return periods against the normal law and scipy's exact intervals."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from simcore.analysis.exceedance import exceedance_curve, return_period_loss
from simcore.analysis.risk import agreement_total, value_at_risk
from tests.example_results import example_result


@pytest.fixture(scope="module")
def result():
    return example_result(replicates=5_000)


def test_curve_counts_losses_above_each_level(result):
    loss = result["owed_shared_losses"]
    curve = exceedance_curve(loss, [0.0, 1e6])
    np.testing.assert_array_equal(curve["probability"].sel(level=1e6), (loss > 1e6).mean("replicate"))
    assert curve["probability"].dims == ("contract", "performance_year", "level")
    assert curve["level"].attrs["units"] == "USD"


def test_band_is_scipys_exact_binomial_interval():
    loss = xr.DataArray(np.arange(200.0), dims="replicate", name="loss")
    curve = exceedance_curve(loss, [-1.0, 100.0, 190.0, 500.0])
    for level, count in zip(curve.level.values, [200, 99, 9, 0], strict=True):
        expected = stats.binomtest(count, 200).proportion_ci(0.95, method="exact")
        point = curve.sel(level=level)
        assert float(point["probability"]) == count / 200
        np.testing.assert_allclose([point["lower"], point["upper"]], expected, rtol=1e-9, atol=1e-12)


def test_band_covers_a_normal_tail_as_often_as_it_says():
    draws = np.random.default_rng(8).normal(size=(2_000, 400))
    loss = xr.DataArray(draws, dims=("run", "replicate"), name="loss")
    curve = exceedance_curve(loss, [1.5])
    covered = (curve["lower"] <= stats.norm.sf(1.5)) & (stats.norm.sf(1.5) <= curve["upper"])
    # At least 95 %, by construction; the count of 2,000 runs has a standard error of 0.5 points.
    assert float(covered.mean()) > 0.95 - 4 * 0.005


def test_once_in_twenty_years_is_the_value_at_risk(result):
    net = result["net_settlement"]
    loss = (0.0 - net).assign_attrs(net.attrs)
    level = return_period_loss(loss, [20.0])
    np.testing.assert_array_equal(level.sel(return_period=20.0), value_at_risk(net, 0.95))
    assert level.attrs["units"] == "USD"


def test_agreements_have_return_periods_too(result):
    total = agreement_total(result["owed_shared_losses"])
    levels = return_period_loss(total)
    assert (levels.diff("return_period") >= 0.0).all()
    assert (levels.sel(contract="BASIC-B") == 0.0).all()


def test_a_return_period_is_above_one(result):
    with pytest.raises(ValueError, match="above 1"):
        return_period_loss(result["owed_shared_losses"], [1.0])
