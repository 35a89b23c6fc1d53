"""The steps of a contract obey their identities, whatever the amounts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcore.model.contracts.steps import (
    adjusted_benchmark,
    losses_to_carry,
    net_of_stop_loss,
    quality_factor,
    shared_in_bands,
    stop_loss_payout,
    target_of_premium,
    truncated,
    unearned_quality,
)
from simcore.model.contracts.terms import Band, ContractTerms, QualityRule, StopLoss

FLAT = (Band(np.inf, 0.5),)
FOUR = (Band(0.05, 0.5), Band(0.10, 0.35), Band(0.15, 0.15), Band(np.inf, 0.05))

STEADY = settings(derandomize=True, deadline=None)
"""The same examples in every run, however busy the machine."""

amounts = st.floats(0.0, 2e9)
benchmarks = st.floats(1e5, 1e10)
ROUNDING = 1e-12
"""A few operations on doubles, each to within 2^-53."""


def test_bands_share_as_tax_brackets_do() -> None:
    # REACH Professional D0006, 2021: a loss of 11.2833 % of 26,652,184.86:
    # 5 % x 0.5 + 5 % x 0.35 + 1.2833 % x 0.15 = 4.4425 %, in dollars 1,184,021.02.
    shared = shared_in_bands(29_659_424.43 - 26_652_184.86, 26_652_184.86, FOUR)
    assert shared == pytest.approx(1_184_021.02, abs=0.005)


@STEADY
@given(amounts, benchmarks)
def test_one_band_is_a_flat_rate(amount: float, benchmark: float) -> None:
    assert shared_in_bands(amount, benchmark, FLAT) == 0.5 * amount


@STEADY
@given(amounts, benchmarks)
def test_what_the_aco_and_medicare_keep_adds_to_the_whole(amount: float, benchmark: float) -> None:
    medicare = tuple(Band(band.upper, 1.0 - band.rate) for band in FOUR)
    parts = shared_in_bands(amount, benchmark, FOUR) + shared_in_bands(amount, benchmark, medicare)
    assert parts == pytest.approx(amount, rel=1e-9, abs=ROUNDING * (amount + benchmark))


@STEADY
@given(amounts, amounts, benchmarks)
def test_more_is_never_shared_for_less_nor_faster_than_the_first_rate(
    amount: float, other: float, benchmark: float
) -> None:
    low, high = sorted((amount, other))
    slack = ROUNDING * (high + benchmark)
    step = shared_in_bands(high, benchmark, FOUR) - shared_in_bands(low, benchmark, FOUR)
    assert -slack <= step <= 0.5 * (high - low) + slack


@STEADY
@given(amounts, benchmarks, st.floats(0.1, 10.0))
def test_bands_know_no_currency(amount: float, benchmark: float, factor: float) -> None:
    scaled = shared_in_bands(factor * amount, factor * benchmark, FOUR)
    expected = factor * shared_in_bands(amount, benchmark, FOUR)
    assert scaled == pytest.approx(expected, rel=1e-9, abs=ROUNDING * factor * (amount + benchmark))


def test_withholds_add_and_do_not_compound() -> None:
    # 1 - 0.03 - 0.02 x (1 - 0.8) - 0.02, not 0.97 x 0.996 x 0.98.
    terms = ContractTerms(FLAT, discount=0.03, quality_withhold=0.02, retention_withhold=0.02)
    assert adjusted_benchmark(1_000_000.0, terms, 0.8) == pytest.approx(946_000.0, abs=1e-6)


def test_a_gate_earns_the_withhold_in_full_or_not_at_all() -> None:
    terms = ContractTerms(FLAT, quality_withhold=0.02, quality_earned_by="gate", quality_gate=0.4)
    np.testing.assert_array_equal(unearned_quality(np.array([0.39, 0.4, 1.0]), terms), [1.0, 0.0, 0.0])


def test_a_certain_share_does_not_depend_on_quality() -> None:
    rule = QualityRule("cost_quality_split", certain_share=0.7)
    assert quality_factor(0.0, rule) == pytest.approx(0.7)
    assert quality_factor(1.0, rule) == pytest.approx(1.0)


def test_a_table_of_quality_holds_for_arrays_as_for_numbers() -> None:
    rule = QualityRule("table", steps=((0.2, 0.1), (0.5, 0.5), (0.8, 1.0)))
    scores = np.array([0.0, 0.2, 0.49, 0.5, 0.8, 1.0])
    expected = [0.0, 0.1, 0.1, 0.5, 1.0, 1.0]
    np.testing.assert_array_equal(quality_factor(scores, rule), expected)
    assert [quality_factor(float(score), rule) for score in scores] == expected


@STEADY
@given(st.lists(st.floats(0.0, 5e6), min_size=1, max_size=20))
def test_stop_loss_of_everything_above_a_point_is_truncation(people: list[float]) -> None:
    amounts = np.array(people)
    payout = stop_loss_payout(amounts, StopLoss((150_000.0,), (1.0,)))
    np.testing.assert_allclose(
        net_of_stop_loss(amounts, payout, 0.0), truncated(amounts, 150_000.0), rtol=1e-9
    )


def test_stop_loss_pays_each_layer_at_its_share() -> None:
    # 500,000: (200,000 - 100,000) x 0.8 + (500,000 - 200,000) x 0.9.
    cover = StopLoss((100_000.0, 200_000.0), (0.8, 0.9))
    assert stop_loss_payout(np.array([50_000.0, 500_000.0]), cover) == pytest.approx([0.0, 350_000.0])


def test_losses_are_remembered_until_savings_use_them_up() -> None:
    # A loss of 3 after 1; then savings of 2 leave 2; then savings of 5 leave none.
    carried = losses_to_carry(0.0, 3.0, 1.0)
    assert carried == 4.0
    assert losses_to_carry(2.0, 0.0, carried) == 2.0
    assert losses_to_carry(5.0, 0.0, 2.0) == 0.0


def test_a_premium_has_a_target() -> None:
    # 85 % of a premium of 100 million.
    assert target_of_premium(100e6, ContractTerms(FLAT, target_loss_ratio=0.85)) == pytest.approx(85e6)
