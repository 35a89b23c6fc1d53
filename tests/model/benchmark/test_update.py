from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcore.model.benchmark.terms import UpdateTerms
from simcore.model.benchmark.update import Growth, prospective_trend, update_factor
from tests.model.benchmark.worlds import by_type

THREE_WAY = UpdateTerms("three_way", 1 / 3, inf, inf, guardrail=True)
ONE = by_type(1, 1, 1, 1)
NATION = by_type(80_000, 11_000, 17_000, 10_000)
GROWTH = Growth(
    national_before=NATION,
    national=NATION * 1.09,
    regional_before=NATION,
    regional=NATION * 1.05,
    national_weight=0.25,
    prospective=1.049,
    regional_risk_cap_factor=1.0,
)


def updated(terms, historical=NATION, growth=GROWTH, risk_score=ONE):
    return update_factor(historical, risk_score, growth, terms)


def test_hand_worked_three_way_update():
    # two-way .25 x 1.09 + .75 x 1.05 = 1.06; at national cost and a risk score of one the projection is 1.049
    # 2/3 x 1.06 + 1/3 x 1.049 = 1.0563333
    result = updated(THREE_WAY)
    np.testing.assert_allclose(result.two_way, 1.06)
    np.testing.assert_allclose(result.factor, 1.0563333333, rtol=1e-9)


def test_the_projection_is_a_flat_dollar_amount_at_the_acos_risk_score():
    # 10,000 x .049 = 490 USD x 1.1 = 539; on a benchmark of 9,000: 1 + 539/9,000 = 1.0598889
    trend = prospective_trend(by_type(80_000, 11_000, 17_000, 9_000), 1.1 * ONE, GROWTH, THREE_WAY)
    assert trend[3, 0] == pytest.approx(1.0598888889)


def test_performance_year_2024_projection_against_what_came():
    # 4.9 percent projected, 9.0 realized: 1/3 x (4.9 - 9.0) = -1.367 points, -1.254 percent of 1.09
    # (Milliman 2025: about -1.25 percent of the benchmark for every ACO)
    growth = GROWTH._replace(regional=NATION * 1.09)
    result = updated(THREE_WAY, growth=growth)
    np.testing.assert_allclose(result.factor / result.two_way - 1.0, -0.01254, atol=5e-6)


@pytest.mark.parametrize(
    ("below", "above", "expected"),
    [(0.01, inf, 1.08), (inf, inf, 1.049), (0.05, 0.015, 1.049)],
)
def test_proposed_bounds_hold_the_projection_near_national_growth(below, above, expected):
    # national growth 1.09: no more than .01 below is 1.08
    terms = replace(THREE_WAY, prospective_trend_below=below, prospective_trend_above=above)
    np.testing.assert_allclose(updated(terms).prospective, expected)


def test_the_upper_bound_binds_when_the_nation_shrinks():
    # national growth .98, projection 1.049: no more than .015 above is .995
    terms = replace(THREE_WAY, prospective_trend_above=0.015)
    growth = GROWTH._replace(national=NATION * 0.98)
    np.testing.assert_allclose(updated(terms, growth=growth).prospective, 0.995)


@pytest.mark.parametrize(
    ("method", "expected"),
    [("regional", 1.05), ("national_regional_blend", 1.06), ("none", 1.0)],
)
def test_each_method(method, expected):
    result = updated(replace(THREE_WAY, method=method))
    np.testing.assert_allclose(result.factor, expected)
    np.testing.assert_array_equal(result.flat_dollars, 0.0)


def test_flat_dollars_are_the_nations_absolute_growth():
    # 9 percent of 80,000, 11,000, 17,000, 10,000; nothing for a type without a benchmark
    result = updated(replace(THREE_WAY, method="flat_dollar"), historical=by_type(0, 11_000, 17_000, 5_000))
    np.testing.assert_allclose(result.flat_dollars[:, 0], [0, 990, 1_530, 900])
    np.testing.assert_array_equal(result.factor, 1.0)


def test_capped_risk_scores_lift_regional_growth_only():
    # .25 x 1.09 + .75 x 1.05 x 1.02 = 1.07575
    result = updated(
        replace(THREE_WAY, method="national_regional_blend"),
        growth=GROWTH._replace(regional_risk_cap_factor=1.02),
    )
    np.testing.assert_allclose(result.two_way, 1.07575)


@given(weight=st.floats(0, 1), projected=st.floats(0.9, 1.3))
def test_the_three_way_update_lies_between_its_parts(weight, projected):
    result = updated(
        replace(THREE_WAY, prospective_trend_weight=weight), growth=GROWTH._replace(prospective=projected)
    )
    low = np.minimum(result.two_way, result.prospective)
    high = np.maximum(result.two_way, result.prospective)
    assert ((low - 1e-12 <= result.factor) & (result.factor <= high + 1e-12)).all()
