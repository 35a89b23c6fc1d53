"""Stochastic dominance on distributions where it is known."""

import numpy as np
import pytest
import xarray as xr

from simcore.analysis.dominance import dominance


def outcomes(**rows):
    return xr.DataArray(
        np.array(list(rows.values()), dtype=float),
        dims=("contract", "replicate"),
        coords={"contract": list(rows)},
        attrs={"units": "USD"},
    )


def test_more_in_every_state_dominates_in_both_orders():
    found = dominance(outcomes(less=[1, 2, 3], more=[2, 2, 4]))
    assert bool(found["first_order"].sel(contract="more", other="less"))
    assert bool(found["second_order"].sel(contract="more", other="less"))
    assert not bool(found["first_order"].sel(contract="less", other="more"))


def test_order_of_the_draws_does_not_matter():
    # Dominance is of distributions: 3, 1, 2 has the quantiles of 1, 2, 3.
    found = dominance(outcomes(less=[3, 1, 2], more=[1, 2.5, 3]))
    assert bool(found["first_order"].sel(contract="more", other="less"))


def test_a_mean_preserving_spread_is_dominated_in_the_second_order_only():
    # 2, 2 against 1, 3: same mean, so no quantile order; the means of the worst are 2, 2 against 1, 2.
    found = dominance(outcomes(sure=[2, 2], spread=[1, 3]))
    assert not found["first_order"].values.any()
    assert bool(found["second_order"].sel(contract="sure", other="spread"))
    assert not bool(found["second_order"].sel(contract="spread", other="sure"))
    assert float(found["largest_shortfall"].sel(contract="sure", other="spread")) == 1.0
    assert float(found["largest_tail_shortfall"].sel(contract="sure", other="spread")) == 0.0


def test_normal_laws_of_one_spread_are_ordered_by_their_means():
    draws = np.random.default_rng(9).normal(0.0, 1e6, 5_000)
    found = dominance(outcomes(low=draws, high=draws + 1_000.0))
    assert bool(found["first_order"].sel(contract="high", other="low"))
    assert float(found["largest_shortfall"].sel(contract="low", other="high")) == pytest.approx(1_000.0)


def test_the_same_money_dominates_nothing():
    found = dominance(outcomes(a=[1.0, 2.0], b=[1.001, 2.0]))
    assert not found["first_order"].values.any()
    assert not found["second_order"].values.any()
