"""Rankings under an appetite for risk, by hand and against the normal closed form."""

import numpy as np
import pytest
import xarray as xr

from simcore.analysis.appetite import certainty_equivalent, lowest_tail_within, mean_tail_frontier, ranking
from tests.example_results import example_result


def four_contracts():
    # By hand: means 0, 5, 6, 4; worst of two (TVaR 0.5 as a loss): 0, 0, 8, 2.
    rows = {"idle": [0, 0], "good": [0, 10], "bold": [-8, 20], "poor": [-2, 10]}
    return xr.DataArray(
        np.array(list(rows.values()), dtype=float),
        dims=("contract", "replicate"),
        coords={"contract": list(rows)},
        attrs={"units": "USD", "long_name": "Outcome"},
        name="outcome",
    )


def test_frontier_keeps_what_nobody_beats_in_both():
    frontier = mean_tail_frontier(four_contracts(), 0.5)
    np.testing.assert_array_equal(frontier["mean"], [0.0, 5.0, 6.0, 4.0])
    np.testing.assert_array_equal(frontier["tail_value_at_risk"], [0.0, 0.0, 8.0, 2.0])
    # good has idle's tail and a larger mean, poor's mean is smaller and its tail larger than good's.
    assert frontier["on_frontier"].values.tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("give_up", "ranks"),
    [(0.0, [4, 2, 1, 3]), (1.0, [4, 1, 2, 3]), (2.0, [4, 1, 3, 2]), (10.0, [2, 1, 4, 3])],
)
def test_the_tail_decides_among_those_near_the_best_mean(give_up, ranks):
    assert lowest_tail_within(four_contracts(), give_up, 0.5)["rank"].values.tolist() == ranks


def test_certainty_equivalent_of_a_normal_outcome():
    # Exponential utility of N(m, s): m - s^2 / (2 T) = 1 - 4 / 10.
    draws = np.random.default_rng(3).normal(1.0, 2.0, 100_000)
    outcome = xr.DataArray(draws, dims="replicate", name="x")
    worth = certainty_equivalent(outcome, 5.0)
    assert abs(float(worth) - 0.6) < 4 * float(worth.standard_error)


def test_error_bars_of_the_equivalent_are_what_runs_differ_by():
    draws = np.random.default_rng(12).normal(0.0, 1.0, (200, 2_000))
    worth = certainty_equivalent(xr.DataArray(draws, dims=("run", "replicate"), name="x"), 1.0)
    assert float(worth.standard_error.mean()) == pytest.approx(float(worth.std(ddof=1)), rel=0.15)


def test_tolerance_moves_from_the_worst_outcome_to_the_mean():
    net = example_result(replicates=500)["net_settlement"].isel(performance_year=0)
    assert (abs(certainty_equivalent(net, 1.0) - net.min("replicate")) < 20.0).all()
    # The second term of the expansion in 1/T is half the variance over T: 1e13 / 1e15 USD.
    assert (abs(certainty_equivalent(net, 1e15) - net.mean("replicate")) < 0.1).all()


def test_ranking_starts_with_the_highest():
    assert ranking(four_contracts().mean("replicate")).values.tolist() == [4, 2, 1, 3]


@pytest.mark.parametrize("amount", [-1.0, 0.0, float("nan")])
def test_appetites_that_are_none_are_refused(amount):
    with pytest.raises(ValueError, match="positive"):
        certainty_equivalent(four_contracts(), amount)
