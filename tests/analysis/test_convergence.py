"""How many replicates are enough, against the square-root law and counts in the tail."""

import math
from functools import partial

import numpy as np
import pytest
import xarray as xr

from simcore.analysis import risk
from simcore.analysis.convergence import (
    doublings,
    error_by_replicates,
    more_replicates,
    replicates_needed,
    resolved,
    warnings,
)
from simcore.analysis.summary import summarize
from simcore.errors import ResultError
from tests.example_results import example_result


@pytest.fixture(scope="module")
def result():
    return example_result(replicates=4_000)


def test_a_prefix_is_the_estimate_of_a_shorter_run(result):
    net = result["net_settlement"]
    curve = error_by_replicates(net, partial(risk.tail_value_at_risk, p=0.9), [500, 4_000])
    shorter = risk.tail_value_at_risk(net.isel(replicate=slice(500)), 0.9)
    np.testing.assert_array_equal(curve.sel(replicates=500), shorter)
    np.testing.assert_array_equal(curve.standard_error.sel(replicates=500), shorter.standard_error)
    assert curve.dims == ("contract", "performance_year", "replicates")


def test_errors_fall_with_the_square_root(result):
    curve = error_by_replicates(result["savings_rate"], risk.mean, [1_000, 4_000])
    ratio = curve.standard_error.sel(replicates=1_000) / curve.standard_error.sel(replicates=4_000)
    # An SD of 1,000 normal draws is known to 1/sqrt(2000) = 2.2 %; four of those.
    np.testing.assert_allclose(ratio, 2.0, rtol=0.09)


def test_doublings_end_with_all():
    assert doublings(1_000) == [100, 200, 400, 800, 1_000]
    assert doublings(50) == [50]


def test_replicates_needed_is_the_square_root_law():
    estimate = xr.DataArray([5.0, 3.0], dims="contract").assign_coords(
        standard_error=("contract", [0.2, 0.1])
    )
    # Half the largest error of 0.2 takes four times the 1,000 replicates.
    assert replicates_needed(estimate, 0.1, replicates=1_000) == 4_000
    assert replicates_needed(estimate, 0.2, replicates=1_000) == 1_000


def test_more_replicates_reach_the_tolerance(result):
    worst = summarize(result)["standard_error"].sel(measure="net_settlement mean", period="all").max()
    assert more_replicates(result, "net_settlement mean", float(worst) * 1.01) == 0
    assert more_replicates(result, "net_settlement mean", float(worst) / 2.0) == 3 * 4_000


def test_a_tail_asks_for_replicates_beyond_it():
    # 1 % of 2,000 replicates is the least that has 20 in the tail, whatever the tolerance.
    short = example_result(replicates=400)
    assert more_replicates(short, "net_settlement quantile 0.01", 1e12) == 2_000 - 400


def test_a_value_below_its_error_is_not_resolved():
    estimate = xr.DataArray([0.5, -2.0, 0.0], dims="x").assign_coords(standard_error=("x", [1.0, 1.0, 0.0]))
    assert resolved(estimate).values.tolist() == [False, True, True]


def test_warnings_name_the_tail_and_the_replicates_it_takes():
    short = warnings(summarize(example_result(replicates=400)))
    assert any(
        "net_settlement tail_value_at_risk 0.99 is not resolved" in line and "2000" in line for line in short
    )
    assert not any("quantile 0.05" in line for line in short)
    assert not any("level" in line for line in warnings(summarize(example_result(replicates=2_000))))


@pytest.mark.parametrize(
    ("measure", "tolerance", "period", "match"),
    [
        ("net mean", 1.0, "all", "is no measure"),
        ("net_settlement mean", 0.0, "all", "not positive"),
        ("net_settlement mean", math.nan, "all", "not positive"),
        ("net_settlement mean", 1.0, "2031", "allowed: 2024"),
    ],
)
def test_what_cannot_be_asked_is_said(result, measure, tolerance, period, match):
    with pytest.raises(ResultError, match=match):
        more_replicates(result, measure, tolerance, period=period)
