"""Elections as options: break-even true savings against the normal closed form."""

import numpy as np
import pytest
from scipy import optimize, stats

from simcore.analysis.election import (
    break_even_elections,
    break_even_true_savings,
    election_values,
    value_by_true_savings,
)
from simcore.errors import ResultError
from tests.analysis.normal_world import NOISE, NormalWorld, simulate

BENEFICIARIES = 10_000
GRID = np.arange(-0.02, 0.0301, 0.0025)
DEVIATION = NOISE / np.sqrt(BENEFICIARIES)


@pytest.fixture(scope="module")
def outcome():
    def scenario_at(true_savings):
        return NormalWorld(BENEFICIARIES, true_savings, replicates=20_000)

    return value_by_true_savings(simulate, scenario_at, GRID)


def expected_net(mean, *, minimum, share, loss):
    """Mean net per dollar of benchmark: E[S; S >= m] and E[-S; S <= -m] of the normal law."""
    upper, lower = (minimum - mean) / DEVIATION, (-minimum - mean) / DEVIATION
    savings = mean * stats.norm.sf(upper) + DEVIATION * stats.norm.pdf(upper)
    losses = -mean * stats.norm.cdf(lower) + DEVIATION * stats.norm.pdf(lower)
    return 0.98 * share * savings - loss * losses


ENHANCED = {"minimum": 0.0, "share": 0.75, "loss": 0.40}
BASIC_E = {"minimum": 0.01, "share": 0.50, "loss": 0.30}


def test_values_follow_the_normal_law(outcome):
    values = election_values(outcome, "BASIC-E msr=0.010").sel(contract="ENHANCED msr=0")
    expected = np.array([150e6 * expected_net(mean, **ENHANCED) for mean in GRID])
    assert (abs(values["mean"] - expected) < 4 * values["mean_standard_error"]).all()


def test_break_even_of_a_contract(outcome):
    (found,) = break_even_true_savings(outcome, "ENHANCED msr=0")
    expected = optimize.brentq(lambda mean: expected_net(mean, **ENHANCED), -0.03, 0.03)
    assert abs(found.value - expected) < 4 * found.standard_error


def test_break_even_between_two_contracts(outcome):
    found = break_even_elections(outcome, "ENHANCED msr=0", "BASIC-E msr=0.010")
    expected = optimize.brentq(
        lambda m: expected_net(m, **ENHANCED) - expected_net(m, **BASIC_E), -0.03, 0.03
    )
    assert any(abs(one.value - expected) < 4 * one.standard_error for one in found)


def test_exactly_one_election_is_best_where_they_differ(outcome):
    best = election_values(outcome, "BASIC-B")["best"]
    assert (best.sum("contract") == 1).all()


def test_an_unknown_election_is_refused(outcome):
    with pytest.raises(ResultError, match="is not in the result"):
        break_even_elections(outcome, "ENHANCED msr=0", "BASIC-E msr=0.020")
