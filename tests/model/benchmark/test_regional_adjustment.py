from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcore.model.benchmark.regional_adjustment import negative_adjustment_offset, regional_adjustment
from simcore.model.benchmark.terms import RegionalAdjustmentTerms
from tests.model.benchmark.worlds import benchmark_years, by_type

TERMS_2024 = RegionalAdjustmentTerms(
    lower_spending_weight=0.35,
    higher_spending_weight=0.15,
    upper_cap=0.05,
    lower_cap=0.015,
    offset=True,
    net_negative=False,
)
UNCAPPED = replace(TERMS_2024, upper_cap=inf, lower_cap=inf, offset=False)


def adjusted(historical, terms, **changes):
    return regional_adjustment(by_type(*historical), benchmark_years(**changes), terms)


def test_hand_worked_lower_spending_aco():
    # differences to the region (80,000, 11,000, 17,000, 10,000): +2,000, +1,000, -1,000, +1,000
    # total 100 x 2,000 + 1,000 x 1,000 - 900 x 1,000 + 8,000 x 1,000 > 0: lower spending, 35 percent
    # 700, 350, -350, 350; caps +5 percent: 4,000, 550, 850, 500, -1.5 percent of 17,000: -255
    # offset 0 dual + (1.0 - 1) = 0
    # single: (100 x 700 + 1,000 x 350 - 900 x 255 + 8,000 x 350) / 10,000 = 299.05
    result = adjusted([78_000, 10_000, 18_000, 9_000], TERMS_2024)
    np.testing.assert_allclose(result.by_type[:, 0], [700, 350, -255, 350])
    assert result.single_value[0] == pytest.approx(299.05)
    assert result.lower_spending[0]


def test_a_higher_spending_aco_has_the_other_weight():
    # 15 percent of -1,000 = -150 = -1.5 percent of 10,000 for the aged non-dual; others equal the region
    result = adjusted([80_000, 11_000, 17_000, 11_000], TERMS_2024)
    assert result.by_type[3, 0] == pytest.approx(-150)
    assert result.weight[0] == 0.15
    assert not result.lower_spending[0]


def test_the_region_is_brought_to_the_acos_risk_score():
    # risk score 1.1: the region would cost 11,000; 35 percent of 1,000
    risk = np.ones((3, 4, 1))
    risk[2, 3] = 1.1
    result = adjusted([80_000, 11_000, 17_000, 10_000], UNCAPPED, risk_score=risk)
    assert result.by_type[3, 0] == pytest.approx(350)


def test_offset_is_the_dual_share_and_the_risk_above_one():
    # weights by expenditures: all 8,000,000 + 11,000,000 + 15,300,000 + 80,000,000 = 114,300,000
    # risk 1.2 for aged duals only: 1 + .2 x 15.3/114.3 = 1.0267717; plus dual share .1
    risk = np.ones((3, 4, 1))
    risk[2, 2] = 1.2
    years = benchmark_years(risk_score=risk, dual_share=np.array([0.1]))
    assert negative_adjustment_offset(years)[0] == pytest.approx(0.1 + 0.2 * 15.3 / 114.3)


@pytest.mark.parametrize(("dual_share", "offset"), [(-0.2, 0.0), (1.3, 1.0)])
def test_offset_stays_within_zero_and_one(dual_share, offset):
    assert negative_adjustment_offset(benchmark_years(dual_share=np.array([dual_share])))[0] == offset


def test_offset_shrinks_negative_types_only():
    # -150 x (1 - .4) = -90 for the aged non-dual; +350 for the disabled stays: weight is 15 percent, so 150
    result = adjusted([80_000, 10_000, 17_000, 11_000], TERMS_2024, dual_share=np.array([0.4]))
    np.testing.assert_allclose(result.by_type[:, 0], [0, 150, 0, -90])


def test_rules_without_regional_adjustment_move_nothing():
    result = adjusted([1_000, 1_000, 1_000, 1_000], None)
    np.testing.assert_array_equal(result.by_type, 0.0)
    np.testing.assert_array_equal(result.single_value, 0.0)


@given(gaps=st.lists(st.floats(-0.9, 2.0), min_size=4, max_size=4), dual=st.floats(0, 1))
def test_caps_hold_by_type(gaps, dual):
    level = benchmark_years().national_per_capita[2]
    historical = level * (1 + np.reshape(gaps, (4, 1)))
    result = regional_adjustment(historical, benchmark_years(dual_share=np.array([dual])), TERMS_2024)
    assert (result.by_type <= 0.05 * level + 1e-9).all()
    assert (result.by_type >= -0.015 * level - 1e-9).all()


@given(scale=st.floats(0.01, 100))
def test_dollars_scale(scale):
    historical = [70_000, 12_000, 17_500, 9_800]
    level = benchmark_years().national_per_capita
    scaled = adjusted(
        [h * scale for h in historical],
        TERMS_2024,
        national_per_capita=level * scale,
        regional_per_capita=level * scale,
    )
    np.testing.assert_allclose(scaled.by_type, adjusted(historical, TERMS_2024).by_type * scale, atol=1e-9)


def test_a_type_that_the_aco_never_had_is_not_moved():
    result = adjusted([0, 10_000, 17_000, 10_000], UNCAPPED)
    assert result.by_type[0, 0] == 0.0


def test_caps_are_of_the_nation_in_benchmark_year_3():
    # 5 percent of 10,000, though the nation cost half of that before
    national = benchmark_years().national_per_capita * np.reshape([0.5, 0.5, 1.0], (3, 1, 1))
    result = adjusted([80_000, 11_000, 17_000, 5_000], TERMS_2024, national_per_capita=national)
    assert result.by_type[3, 0] == pytest.approx(500)
