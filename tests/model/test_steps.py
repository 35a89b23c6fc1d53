"""The small steps that every shared-savings contract is made of."""

import numpy as np
import pytest

from simcore.model.steps import (
    clamp,
    either,
    meets_minimum,
    only_where,
    recouped,
    relieve,
    round_half_away,
)


@pytest.mark.parametrize(
    ("amount", "decimals", "rounded"),
    [
        (2.5, 0, 3.0),
        (-2.5, 0, -3.0),
        (2.4999, 0, 2.0),
        (1.005, 2, 1.01),  # stored as 1.00499999999999989, written as a half
        (-1.005, 2, -1.01),
        (0.004, 2, 0.0),
        (12_118_222.5, 0, 12_118_223.0),  # 10 % of 121,182,225, as CMS paid it
    ],
)
def test_halves_round_away_from_zero(amount: float, decimals: int, rounded: float) -> None:
    assert round_half_away(amount, decimals=decimals) == rounded


def test_nothing_is_minus_zero() -> None:
    assert not np.signbit(round_half_away(-0.001, decimals=2))


def test_a_minimum_is_met_at_the_minimum_and_never_by_nothing() -> None:
    np.testing.assert_array_equal(
        meets_minimum(np.array([0.02, 0.0199, 0.0, -0.02]), 0.02), [True, False, False, False]
    )
    assert not meets_minimum(0.0, 0.0)


def test_relief_leaves_no_negative_loss() -> None:
    np.testing.assert_array_equal(
        relieve(np.array([10.0, 10.0, 0.0]), 0.5, np.array([2.0, 9.0, 1.0])), [3.0, 0.0, 0.0]
    )


def test_an_advance_is_recouped_up_to_what_was_earned() -> None:
    # 2024 A5334: a balance of 1,630,434 out of 2,097,108 earned.
    assert recouped(2_097_108.0, 1_630_434.0) == 1_630_434.0
    assert recouped(1_000.0, 1_630_434.0) == 1_000.0


def test_clamp_keeps_within_its_bounds() -> None:
    np.testing.assert_array_equal(clamp(np.array([0.2, 0.5, 0.9]), 0.4, 0.75), [0.4, 0.5, 0.75])


def test_what_a_gate_lets_through_keeps_every_bit() -> None:
    # Oracle: numpy.where, which takes a branch an element.
    amounts = np.array([1.5, -0.0, 0.0, np.nan, np.inf, -np.inf, 5e-324, -1.5])
    for met in (np.array([True, False] * 4), np.array([False, True] * 4), np.array([[True], [False]])):
        others = amounts[::-1]
        assert only_where(met, amounts).tobytes() == np.where(met, amounts, 0.0).tobytes()
        assert either(met, amounts, others).tobytes() == np.where(met, amounts, others).tobytes()
        assert either(met, 0.25, amounts).tobytes() == np.where(met, 0.25, amounts).tobytes()
    assert (either(np.True_, 0.25, 0.5), only_where(np.False_, 0.25)) == (0.25, 0.0)
