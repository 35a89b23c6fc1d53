from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcore.model.benchmark.risk_ratio import regional_risk_cap_factor, risk_ratio
from simcore.model.benchmark.terms import RiskTerms
from tests.model.benchmark.worlds import by_type

WEIGHTS = by_type(0.1, 0.1, 0.2, 0.6)
ONES = by_type(1, 1, 1, 1)
AGGREGATE = RiskTerms("capped_in_aggregate", growth_cap=0.03, regional_growth_cap=0.03)


def by_rule(hcc, demographic, terms, *, newly=0.0, weights=WEIGHTS):
    return risk_ratio(
        by_type(*hcc), by_type(*demographic), terms, weights=weights, newly_assigned_share=newly
    )


def test_from_2019_each_type_is_capped_and_decreases_count_in_full():
    result = by_rule([1.05, 0.90, 1.03, 1.0], [1] * 4, RiskTerms("capped_by_type", 0.03, inf))
    np.testing.assert_allclose(result.by_type[:, 0], [1.03, 0.90, 1.03, 1.0])


def test_from_2024_types_above_the_cap_count_while_the_aggregate_is_below():
    # .1 x 1.10 + .1 x 1.10 + .2 x 1.0 + .6 x 1.0 = 1.02; cap 1.0 + .03
    result = by_rule([1.10, 1.10, 1.0, 1.0], [1] * 4, AGGREGATE)
    assert result.aggregate[0] == pytest.approx(1.02)
    np.testing.assert_allclose(result.by_type[:, 0], [1.10, 1.10, 1.0, 1.0])


def test_from_2024_an_aggregate_above_the_cap_caps_each_type():
    # HCC .1 x 1.10 + .1 x 0.95 + .2 x 1.0 + .6 x 1.08 = 1.053
    # demographic .1 x 1.0 + .1 x 1.0 + .2 x 1.0 + .6 x 1.01 = 1.006; cap 1.036
    result = by_rule([1.10, 0.95, 1.0, 1.08], [1, 1, 1, 1.01], AGGREGATE)
    assert result.aggregate[0] == pytest.approx(1.053)
    assert result.cap[0] == pytest.approx(1.036)
    np.testing.assert_allclose(result.by_type[:, 0], [1.036, 0.95, 1.0, 1.036])


def test_before_july_2019_continuing_beneficiaries_have_the_lower_ratio():
    # 20 percent newly assigned: .2 x 1.10 + .8 x min(1.10, 1.02) = 1.036; .2 x .95 + .8 x min(.95, 1.0) = .95
    terms = RiskTerms("newly_and_continuously_assigned", inf, inf)
    result = by_rule([1.10, 0.95, 1, 1], [1.02, 1.0, 1, 1], terms, newly=0.2)
    np.testing.assert_allclose(result.by_type[:, 0], [1.036, 0.95, 1, 1])


def test_no_risk_adjustment_is_one():
    result = by_rule([1.1, 0.9, 1.2, 1], [1] * 4, RiskTerms("none", inf, inf))
    np.testing.assert_array_equal(result.by_type, 1.0)


@given(hcc=st.floats(0.7, 1.4), demographic=st.floats(0.8, 1.2))
def test_for_a_single_type_the_aggregate_cap_is_a_plain_cap(hcc, demographic):
    result = by_rule([1, 1, 1, hcc], [1, 1, 1, demographic], AGGREGATE, weights=by_type(0, 0, 0, 1))
    assert result.by_type[3, 0] == min(hcc, demographic + 0.03)


@given(hcc=st.lists(st.floats(0.5, 2.0), min_size=4, max_size=4))
def test_the_cap_never_raises_a_ratio(hcc):
    assert (by_rule(hcc, [1] * 4, AGGREGATE).by_type <= by_type(*hcc)).all()


def factor(regional, demographic, market_share, terms=AGGREGATE):
    return regional_risk_cap_factor(
        by_type(*regional), by_type(*demographic), terms, weights=WEIGHTS, market_share=market_share
    )[:, 0]


def test_hand_worked_regional_cap_factor():
    # regional .1 x 1.2 + .1 x 1.0 + .2 x 1.0 + .6 x 1.10 = 1.08; demographic 1.0, so 1.03 at least
    # cap 1.03 + .20 x (1.08 - 1.03) = 1.04; types above it are given back 1.2/1.04 and 1.1/1.04
    result = factor([1.2, 1.0, 1.0, 1.1], [1] * 4, 0.2)
    np.testing.assert_allclose(result, [1.2 / 1.04, 1.0, 1.0, 1.1 / 1.04])


def test_an_aco_that_is_its_whole_region_is_given_nothing_back():
    np.testing.assert_allclose(factor([1.1] * 4, [1.0] * 4, 1.0), 1.0)


def test_below_the_cap_and_under_rules_without_it_the_factor_is_one():
    np.testing.assert_array_equal(factor([1.03, 1.02, 1.0, 1.0], [1] * 4, 0.0), 1.0)
    uncapped = RiskTerms("capped_by_type", 0.03, inf)
    np.testing.assert_array_equal(factor([1.5] * 4, [1] * 4, 0.1, uncapped), 1.0)


def test_exactly_at_the_cap_the_ratios_count_in_full():
    # .5 x 1.0625 + .5 x 1.0 = 1.03125, the cap to the last bit: not above it
    halves = by_type(0.5, 0.5, 0, 0)
    terms = RiskTerms("capped_in_aggregate", 0.03125, 0.03125)
    result = by_rule([1.0625, 1, 1, 1], [1] * 4, terms, weights=halves)
    np.testing.assert_array_equal(result.by_type[:, 0], [1.0625, 1, 1, 1])
    regional = regional_risk_cap_factor(
        by_type(1.0625, 1, 1, 1), ONES, terms, weights=halves, market_share=0.0
    )
    np.testing.assert_array_equal(regional, 1.0)


def test_an_older_region_may_grow_more():
    # demographic 1.02: cap 1.05; regional 1.06 above it, given back 1.06/1.05
    np.testing.assert_allclose(factor([1.06] * 4, [1.02] * 4, 0.0), 1.06 / 1.05)
