import numpy as np
import pytest

from simcore.model.benchmark.adjustment import ADJUSTMENTS, choose_adjustment, population_adjustment
from simcore.model.benchmark.regional_adjustment import RegionalAdjustment
from simcore.model.benchmark.terms import PopulationAdjustmentTerms, RegionalAdjustmentTerms
from tests.model.benchmark.worlds import by_type

FLOORED = RegionalAdjustmentTerms(0.35, 0.15, 0.05, 0.015, offset=True, net_negative=False)
SIGNED = RegionalAdjustmentTerms(0.35, 0.15, 0.05, 0.05, offset=False, net_negative=True)
HEBA = PopulationAdjustmentTerms(cap=0.05, minimum_share=0.15)


def regional(single, types=(40.0, -10.0, 5.0, 30.0)):
    """A regional adjustment with this single value."""
    one = np.ones(1)
    return RegionalAdjustment(
        regional_expenditures=by_type(1, 1, 1, 1),
        lower_spending=one > 0,
        weight=one,
        offset=one,
        by_type=by_type(*types),
        single_value=np.array([single], dtype=np.float64),
    )


def choose(single, prior, population=0.0, terms=FLOORED):
    result = choose_adjustment(
        regional(single), terms, prior_savings=np.array([prior]), population=np.array([population])
    )
    return ADJUSTMENTS[int(result.chosen[0])], list(result.by_type[:, 0])


def test_regional_wins_and_goes_by_type_even_where_a_type_is_negative():
    assert choose(26.0, 20.0) == ("regional", [40.0, -10.0, 5.0, 30.0])


def test_prior_savings_win_flat_though_types_differ_in_sign():
    # edge case: the regional adjustment is +40, -10, +5, +30 by type, single value 20; 25 > 20 for every type
    assert choose(20.0, 25.0) == ("prior_savings", [25.0] * 4)


def test_a_tie_goes_to_the_regional_adjustment():
    assert choose(25.0, 25.0)[0] == "regional"


@pytest.mark.parametrize("single", [-30.0, 0.0])
def test_since_2024_no_net_negative_adjustment(single):
    assert choose(single, 0.0) == ("none", [0.0] * 4)


def test_before_2024_a_negative_adjustment_applies():
    assert choose(-30.0, 0.0, terms=SIGNED) == ("regional", [40.0, -10.0, 5.0, 30.0])


def test_prior_savings_help_an_aco_with_a_negative_regional_adjustment():
    assert choose(-30.0, 5.0) == ("prior_savings", [5.0] * 4)


def test_population_adjustment_competes():
    assert choose(20.0, 25.0, 26.0) == ("population", [26.0] * 4)
    assert choose(20.0, 25.0, 25.0)[0] == "prior_savings"


@pytest.mark.parametrize(
    ("other", "share", "expected"),
    [
        (0.0, 0.20, 100.0),  # (.05 x 10,000 - 0) x .20
        (300.0, 0.20, 40.0),  # (500 - 300) x .20
        (-300.0, 0.20, 100.0),  # a negative candidate leaves the whole room
        (0.0, 0.15, 75.0),  # at the least share it is open
        (0.0, 0.1499, 0.0),
        (600.0, 0.50, 0.0),  # no room
    ],
)
def test_hand_worked_population_adjustment(other, share, expected):
    value = population_adjustment(np.array([other]), HEBA, national=10_000.0, low_income_share=share)
    assert value[0] == pytest.approx(expected)
