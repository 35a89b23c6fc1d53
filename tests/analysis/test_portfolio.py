"""A portfolio's parts add to the whole; what diversifies is what theory says."""

import numpy as np
import pytest
import xarray as xr
from scipy.stats import norm

from simcore.analysis import risk
from simcore.analysis.portfolio import (
    correlation,
    diversification_benefit,
    portfolio_measures,
    portfolio_total,
    stack_contracts,
    tail_contributions,
)
from simcore.errors import ResultError

REPLICATES = 20_000
LEVEL = 0.95
DEVIATIONS = np.array([1.0e6, 2.0e6, 0.5e6])
TAIL = norm.pdf(norm.ppf(LEVEL)) / (1.0 - LEVEL)
"""Tail value at risk of a standard normal."""


def outcomes(market: float, *, replicates: int = REPLICATES, seed: int = 11) -> xr.DataArray:
    """Return normal outcomes of three contracts that load by `market` on one factor."""
    generator = np.random.default_rng(seed)
    own = generator.standard_normal((3, replicates))
    shared = generator.standard_normal(replicates)
    values = DEVIATIONS[:, None] * (np.sqrt(1.0 - market**2) * own + market * shared)
    return stack_contracts(
        {
            name: xr.DataArray(row, dims="replicate", coords={"replicate": np.arange(replicates)})
            for name, row in zip("abc", values, strict=True)
        }
    )


def test_parts_add_to_the_whole() -> None:
    parts = outcomes(0.4)
    measures = portfolio_measures(parts, LEVEL)
    np.testing.assert_allclose(portfolio_total(parts), parts.values.sum(axis=0), rtol=1e-15)
    assert float(measures["mean"].sum()) == pytest.approx(float(measures["total_mean"]), rel=1e-9, abs=1e-3)
    whole = float(measures["total_tail_value_at_risk"])
    assert float(measures["tail_contribution"].sum()) == pytest.approx(whole, rel=1e-12)
    alone = float(measures["tail_value_at_risk"].sum())
    assert alone - float(measures["diversification_benefit"]) == pytest.approx(whole, rel=1e-12)


def test_independent_contracts_add_in_quadrature() -> None:
    measures = portfolio_measures(outcomes(0.0), LEVEL)
    gap = float(measures["total_standard_deviation"] - measures["standard_deviation_in_quadrature"])
    assert abs(gap) < 4.0 * float(measures["total_standard_deviation_standard_error"])
    assert abs(gap) < 4.0 * np.sqrt(2.0) * np.sqrt(np.square(DEVIATIONS).sum()) / np.sqrt(2.0 * REPLICATES)


def test_one_market_alone_does_not_diversify() -> None:
    parts = outcomes(1.0)
    measures = portfolio_measures(parts, LEVEL)
    assert float(measures["total_standard_deviation"]) == pytest.approx(
        float(measures["standard_deviation"].sum()), rel=1e-9
    )
    assert float(measures["diversification_benefit"]) == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize("market", [0.0, 0.5, 0.8])
def test_normal_contributions_are_the_covariances(market: float) -> None:
    # Of jointly normal losses: cov(L_i, L) / sd(L) x tail of a standard normal.
    covariance = np.outer(DEVIATIONS, DEVIATIONS) * (market**2 + (1.0 - market**2) * np.eye(3))
    whole = np.sqrt(covariance.sum())
    measures = portfolio_measures(outcomes(market), LEVEL)
    gap = np.abs(measures["tail_contribution"] - covariance.sum(axis=1) / whole * TAIL)
    assert (gap < 4.0 * measures["tail_contribution_standard_error"]).all()
    benefit = TAIL * (DEVIATIONS.sum() - whole)
    error = float(measures["diversification_benefit_standard_error"])
    assert abs(float(measures["diversification_benefit"]) - benefit) < 4.0 * error


def test_errors_are_what_repeated_runs_show() -> None:
    # 300 runs: the SD of an SD estimate is 1 / sqrt(600), 4 percent; the estimated errors vary themselves.
    runs = [portfolio_measures(outcomes(0.5, replicates=1_000, seed=seed), LEVEL) for seed in range(300)]
    for name in ("tail_contribution", "diversification_benefit", "standard_deviation_in_quadrature"):
        seen = np.std([run[name].values for run in runs], axis=0, ddof=1)
        told = np.mean([run[f"{name}_standard_error"].values for run in runs], axis=0)
        np.testing.assert_allclose(told, seen, rtol=0.16)


def test_outcomes_that_tie_share_their_weight() -> None:
    # Half of the replicates tie at the worst total; the tail is a quarter: each contract loses on average
    # what it loses in that half, whatever the order of replicates.
    a = np.array([-4.0, 0.0, -4.0, 0.0, 1.0, 1.0, 1.0, 1.0])
    b = np.array([0.0, -4.0, 0.0, -4.0, 1.0, 1.0, 1.0, 1.0])
    for order in (np.arange(8), np.arange(8)[::-1], np.array([1, 3, 0, 2, 4, 5, 6, 7])):
        parts = xr.DataArray(
            np.stack([a[order], b[order]]),
            dims=("contract", "replicate"),
            coords={"contract": ["a", "b"], "replicate": np.arange(8)},
        )
        np.testing.assert_allclose(tail_contributions(parts, 0.75), [2.0, 2.0], rtol=1e-15)


def test_a_hedge_contributes_negatively() -> None:
    parts = outcomes(0.0)
    hedged = xr.concat([parts.sel(contract=["b"]), -0.5 * parts.sel(contract=["b"])], dim="contract")
    hedged = hedged.assign_coords(contract=["b", "hedge"])
    alone = float(risk.tail_value_at_risk(parts.sel(contract="b"), LEVEL))
    np.testing.assert_allclose(tail_contributions(hedged, LEVEL), [alone, -0.5 * alone], rtol=1e-12)


def test_the_tail_of_everything_is_the_mean() -> None:
    parts = outcomes(0.5)
    np.testing.assert_allclose(tail_contributions(parts, 0.0), -parts.mean("replicate"), rtol=1e-9)


def test_correlations_are_the_factor_s() -> None:
    # 0.6 squared between any two, to 4 errors of a correlation, (1 - 0.36^2) / sqrt(n).
    matrix = correlation(outcomes(0.6)).values
    np.testing.assert_allclose(
        matrix[~np.eye(3, dtype=bool)], 0.36, atol=4 * (1 - 0.36**2) / np.sqrt(REPLICATES)
    )
    np.testing.assert_array_equal(np.diag(matrix), 1.0)


def test_a_contract_that_never_varies_has_no_correlation() -> None:
    parts = outcomes(0.5)
    parts[0] = 0.0
    matrix = correlation(parts).values
    assert np.isnan(matrix[0, 1:]).all()
    assert matrix[0, 0] == 1.0
    assert float(diversification_benefit(parts, LEVEL)) >= 0.0


def test_contracts_of_other_replicates_do_not_add() -> None:
    few, many = outcomes(0.0, replicates=100), outcomes(0.0, replicates=200)
    with pytest.raises(ResultError, match=r"'many' has 200 replicates, 'few' has 100"):
        stack_contracts({"few": few.sel(contract="a"), "many": many.sel(contract="a")})
