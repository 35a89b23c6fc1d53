"""Grids and paired runs on a normal world."""

import numpy as np
import pytest

from simcore.analysis.runs import agreement_outcome, line, paired_effect, summarize_grid
from simcore.analysis.summary import summarize
from simcore.errors import ResultError
from tests.analysis.normal_world import NormalWorld, simulate


def test_a_grid_holds_the_summary_of_every_point():
    axes = {"beneficiaries": [5_000, 20_000], "true_savings": [0.0, 0.02, 0.04]}
    grid = summarize_grid(
        simulate, NormalWorld, axes, measures=["net_settlement mean", "probability_msr_met"]
    )
    assert grid["value"].dims == ("contract", "period", "measure", "beneficiaries", "true_savings")
    alone = summarize(simulate(NormalWorld(beneficiaries=20_000, true_savings=0.04)))
    for measure in grid.measure.values:
        point = grid.sel(beneficiaries=20_000, true_savings=0.04, measure=measure)
        np.testing.assert_array_equal(point["value"], alone["value"].sel(measure=measure))
        np.testing.assert_array_equal(point["standard_error"], alone["standard_error"].sel(measure=measure))


def test_a_measure_that_is_none_is_refused_before_anything_runs():
    with pytest.raises(ResultError, match="is no measure"):
        summarize_grid(simulate, NormalWorld, {"true_savings": [0.0]}, measures=["net"])


def test_a_change_is_measured_on_common_draws():
    # One point of true savings moves every replicate's savings rate by exactly 0.01.
    effect = paired_effect(
        simulate, NormalWorld(true_savings=0.01), {"true_savings": 0.0}, outcome="savings_rate"
    )
    np.testing.assert_allclose(effect, 0.01, atol=1e-12)
    assert (effect.standard_error < 1e-12).all()


def test_the_agreement_under_one_contract_is_a_sum_over_years():
    result = simulate(NormalWorld(years=3))
    expected = result["net_settlement"].values[2].sum(axis=0)
    np.testing.assert_allclose(agreement_outcome(result, "ENHANCED msr=0"), expected, rtol=1e-12)


def test_a_line_keeps_its_error():
    summary = summarize(simulate(NormalWorld()))
    chance = line(summary, "probability_msr_met", "all")
    assert chance.dims == ("contract",)
    assert (chance.standard_error > 0.0).all()
