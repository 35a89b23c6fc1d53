"""The settlement's gates and limits, and what must hold for any input.

Oracle: the text of 42 CFR 425.604 to 425.610 with the arithmetic in the comment, and identities.
"""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcore.model.settlement import Settlement, SharingTerms, settle, settled_steps

ENHANCED = SharingTerms(
    minimum_savings_rate=0.02,
    maximum_sharing_rate=0.75,
    final_sharing_rate=0.75,
    performance_payment_limit=0.20,
    sequestration=0.02,
    minimum_loss_rate=0.02,
    final_loss_rate=0.40,
    benchmark_loss_limit=0.15,
)
BASIC_C = replace(
    ENHANCED,
    maximum_sharing_rate=0.50,
    final_sharing_rate=0.50,
    performance_payment_limit=0.10,
    final_loss_rate=0.30,
    benchmark_loss_limit=0.01,
)
BASIC_A = SharingTerms(
    minimum_savings_rate=0.03,
    maximum_sharing_rate=0.40,
    final_sharing_rate=0.40,
    performance_payment_limit=0.10,
    sequestration=0.02,
    reduced_sharing_rate=0.20,
)
BENCHMARK = 1_000.0


def test_at_exactly_the_minimum_the_gate_is_open() -> None:
    # 2 % of 1,000 saved: 20 x .75 x .98 = 14.70; a cent less saved pays nothing.
    assert settle(BENCHMARK, 980.0, ENHANCED).earned_shared_savings == pytest.approx(14.70)
    assert settle(BENCHMARK, 980.01, ENHANCED).earned_shared_savings == 0.0
    # 2 % of losses: 20 x .40 = 8; a cent less owes nothing.
    assert settle(BENCHMARK, 1_020.0, ENHANCED).owed_shared_losses == pytest.approx(8.0)
    assert settle(BENCHMARK, 1_019.99, ENHANCED).owed_shared_losses == 0.0


def test_a_minimum_of_zero_shares_the_least_loss_and_nothing_of_nothing() -> None:
    terms = replace(ENHANCED, minimum_savings_rate=0.0, minimum_loss_rate=0.0)
    assert settle(BENCHMARK, 1_000.01, terms).owed_shared_losses == pytest.approx(0.004)
    nothing = settle(BENCHMARK, BENCHMARK, terms)
    assert (nothing.msr_met, nothing.mlr_met, nothing.net_settlement) == (False, False, 0.0)


def test_between_the_gates_nothing_is_shared() -> None:
    result = settle(BENCHMARK, np.linspace(981.0, 1_019.0, 39), ENHANCED)
    np.testing.assert_array_equal(result.net_settlement, 0.0)


def test_sequestration_stands_before_the_limit() -> None:
    # 300 saved: 300 x .75 x .98 = 220.50 is above 20 % of 1,000; 200 are paid, not 98 % of 200.
    result = settle(BENCHMARK, 700.0, ENHANCED)
    assert result.shared_savings_before_sequestration == pytest.approx(225.0)
    assert result.shared_savings_before_limit == pytest.approx(220.5)
    assert result.earned_shared_savings == 200.0
    assert result.payment_limit_binds
    # 270 saved: 202.50 before sequestration is above the limit, 198.45 after it is not.
    assert not settle(BENCHMARK, 730.0, ENHANCED).payment_limit_binds


def test_which_loss_limit_binds() -> None:
    # 100 lost: 30 at the loss rate; 1 % of the benchmark is 10, and 2 % of revenue more or less.
    much, little = (replace(BASIC_C, revenue_loss_limit=0.02 * revenue) for revenue in (1e9, 300.0))
    by_benchmark, by_revenue = settle(BENCHMARK, 1_100.0, much), settle(BENCHMARK, 1_100.0, little)
    assert (by_benchmark.owed_shared_losses, by_revenue.owed_shared_losses) == (10.0, 6.0)
    assert (by_benchmark.loss_limit_binds, by_revenue.loss_limit_binds) == (True, True)
    assert (by_benchmark.revenue_limit_binds, by_revenue.revenue_limit_binds) == (False, True)
    # 25 lost: 7.50 at the loss rate is within the benchmark's limit.
    assert not settle(BENCHMARK, 1_025.0, much).loss_limit_binds


def test_reduced_rate_below_the_minimum() -> None:
    # 10 saved of 1,000 is below 3 %: 10 x .20 x .98 = 1.96; at 3 % the full rate: 30 x .40 x .98 = 11.76.
    assert settle(BENCHMARK, 990.0, BASIC_A).earned_shared_savings == pytest.approx(1.96)
    assert settle(BENCHMARK, 990.0, BASIC_A).final_sharing_rate == 0.20
    assert settle(BENCHMARK, 970.0, BASIC_A).earned_shared_savings == pytest.approx(11.76)
    assert settle(BENCHMARK, 1_000.0, BASIC_A).earned_shared_savings == 0.0
    assert settle(BENCHMARK, 1_001.0, BASIC_A).earned_shared_savings == 0.0


def test_relief_follows_the_limit_and_proration_follows_relief() -> None:
    # 200 lost: 60 at 30 %, limited to 10; 5/12 relieved leaves 5.8333; half a year leaves 2.9167.
    terms = replace(BASIC_C, disaster_share=5.0 / 12.0, loss_proration=0.5, savings_proration=0.5)
    result = settle(BENCHMARK, 1_200.0, terms)
    assert result.disaster_relief == pytest.approx(50.0 / 12.0)
    assert result.owed_shared_losses == pytest.approx(35.0 / 12.0)
    # 100 saved: 100 x .50 x .98 = 49, half of it for half a year.
    assert settle(BENCHMARK, 900.0, terms).earned_shared_savings == pytest.approx(24.5)
    # Relief above the loss leaves no loss, and gives no gain.
    assert settle(BENCHMARK, 1_200.0, replace(BASIC_C, disaster_relief=11.0)).owed_shared_losses == 0.0
    assert settle(BENCHMARK, 1_200.0, replace(BASIC_C, disaster_share=1.0)).owed_shared_losses == 0.0


def test_guardrail_lessens_losses_and_gives_no_savings() -> None:
    # 100 lost against 1,000; against 1,050 only 50: 50 x .40 = 20.
    assert settle(
        BENCHMARK, 1_100.0, ENHANCED, two_way_benchmark=1_050.0
    ).owed_shared_losses == pytest.approx(20.0)
    # A lower two-way benchmark changes nothing: 100 x .40 = 40.
    worse = settle(BENCHMARK, 1_100.0, ENHANCED, two_way_benchmark=950.0)
    assert (worse.owed_shared_losses, worse.guardrail_applies) == (pytest.approx(40.0), False)
    # Losses within the minimum leave the benchmark alone.
    assert not settle(BENCHMARK, 1_010.0, ENHANCED, two_way_benchmark=1_050.0).guardrail_applies
    # 5 % saved against the two-way benchmark are neither shared nor owed; 425.605(h) does not help.
    for terms in (ENHANCED, BASIC_A):
        saved = settle(BENCHMARK, 1_100.0, terms, two_way_benchmark=1_158.0)
        assert (saved.guardrail_applies, saved.net_settlement) == (True, 0.0)


@pytest.mark.parametrize(
    ("two_way", "expenditures", "settled_on", "applies"),
    [
        # 30 lost of 1,000; against 1,020 it is 10: judged again on the two-way benchmark
        (1_020.0, 1_030.0, 1_020.0, True),
        # exactly the minimum loss rate of 2 percent opens the guardrail
        (1_010.0, 1_020.0, 1_010.0, True),
        (1_050.0, 1_019.0, 1_000.0, False),
        # a two-way benchmark that is lower, or the same, replaces nothing
        (990.0, 1_030.0, 1_000.0, False),
        (1_000.0, 1_030.0, 1_000.0, False),
        # savings are settled on the three-way benchmark
        (1_050.0, 950.0, 1_000.0, False),
        (1_030.0, 1_030.0, 1_030.0, True),
    ],
)
def test_the_guardrail_replaces_the_benchmark_of_losses_beyond_the_minimum(
    two_way: float, expenditures: float, settled_on: float, applies: bool
) -> None:
    result = settle(BENCHMARK, expenditures, ENHANCED, two_way_benchmark=two_way)
    assert (result.updated_benchmark, result.guardrail_applies) == (settled_on, applies)


def test_no_loss_is_guarded_at_a_minimum_of_zero() -> None:
    terms = replace(ENHANCED, minimum_savings_rate=0.0, minimum_loss_rate=0.0)
    assert not settle(BENCHMARK, BENCHMARK, terms, two_way_benchmark=1_050.0).guardrail_applies


def test_a_benchmark_must_be_positive() -> None:
    for benchmark in (0.0, -1.0, np.nan):
        with pytest.raises(ValueError, match="not positive"):
            settle(benchmark, 1.0, ENHANCED)


# Amounts in cents, so that a scale by a power of two is exact.
amounts = st.integers(1, 10**11).map(lambda cents: cents / 100.0)
fractions = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000.0)


@st.composite
def any_terms(draw: st.DrawFn, *, two_sided: bool | None = None) -> SharingTerms:
    minimum, maximum = draw(fractions), draw(fractions)
    share = draw(fractions) * maximum
    terms = SharingTerms(
        minimum_savings_rate=minimum / 5.0,
        maximum_sharing_rate=maximum,
        final_sharing_rate=share,
        performance_payment_limit=draw(fractions),
        sequestration=draw(fractions),
        reduced_sharing_rate=share / 2.0 * draw(st.booleans()),
    )
    if two_sided is False or (two_sided is None and draw(st.booleans())):
        return terms
    return replace(
        terms,
        minimum_loss_rate=terms.minimum_savings_rate,
        final_loss_rate=draw(fractions),
        benchmark_loss_limit=draw(fractions),
        revenue_loss_limit=draw(st.one_of(st.just(inf), amounts)),
        disaster_share=draw(fractions),
        disaster_relief=draw(st.one_of(st.just(0.0), amounts)),
        savings_proration=draw(st.sampled_from([0.0, 0.5, 1.0])),
        loss_proration=draw(fractions),
    )


@settings(max_examples=300, deadline=None)
@given(benchmark=amounts, expenditures=amounts, terms=any_terms())
def test_identities_of_any_settlement(benchmark: float, expenditures: float, terms: SharingTerms) -> None:
    result = settle(benchmark, expenditures, terms)
    earned, owed = result.earned_shared_savings, result.owed_shared_losses
    assert min(earned, owed) == 0.0
    assert earned >= 0.0
    assert owed >= 0.0
    assert result.net_settlement == earned - owed
    assert earned <= result.performance_payment_limit
    assert owed <= result.loss_recoupment_limit or owed == 0.0
    assert result.loss_recoupment_limit <= terms.benchmark_loss_limit * benchmark
    assert not (result.msr_met and result.mlr_met)
    # The ACO's part and Medicare's are all of the gross savings.
    medicare = result.gross_savings - result.net_settlement
    assert medicare + result.net_settlement == pytest.approx(benchmark - expenditures, abs=1e-9 * benchmark)
    assert abs(result.net_settlement) <= abs(result.gross_savings) + 1e-9 * abs(result.gross_savings)


@settings(max_examples=200, deadline=None)
@given(benchmark=amounts, expenditures=amounts, terms=any_terms(two_sided=False))
def test_a_one_sided_contract_never_owes(benchmark: float, expenditures: float, terms: SharingTerms) -> None:
    result = settle(benchmark, expenditures, terms)
    assert result.owed_shared_losses == 0.0
    assert not result.mlr_met
    assert result.net_settlement >= 0.0


@settings(max_examples=200, deadline=None)
@given(benchmark=amounts, terms=any_terms(), first=amounts, second=amounts)
def test_spending_more_never_pays_more(
    benchmark: float, terms: SharingTerms, first: float, second: float
) -> None:
    less, more = sorted((first, second))
    cheaper, dearer = settle(benchmark, less, terms), settle(benchmark, more, terms)
    # Rounding of the last bits: also where both owe, so that the greater size is the smaller number.
    assert dearer.net_settlement <= cheaper.net_settlement + 1e-12 * abs(cheaper.net_settlement) + 1e-9


@settings(max_examples=200, deadline=None)
@given(benchmark=amounts, expenditures=amounts, terms=any_terms(), power=st.integers(-6, 6))
def test_twice_the_money_settles_to_twice_the_money(
    benchmark: float, expenditures: float, terms: SharingTerms, power: int
) -> None:
    # A power of two changes no bit of a mantissa: equal to the last bit.
    scale = 2.0**power
    scaled_terms = replace(
        terms,
        revenue_loss_limit=terms.revenue_loss_limit * scale,
        disaster_relief=terms.disaster_relief * scale,
    )
    scaled = settle(benchmark * scale, expenditures * scale, scaled_terms)
    assert scaled.net_settlement == settle(benchmark, expenditures, terms).net_settlement * scale


def test_arrays_settle_as_their_numbers_do() -> None:
    generator = np.random.default_rng(7)
    benchmark = generator.uniform(800.0, 1_200.0, (5, 40))
    expenditures = generator.uniform(700.0, 1_300.0, (5, 40))
    terms = replace(
        BASIC_C,
        minimum_savings_rate=generator.uniform(0.0, 0.05, (5, 1)),
        reduced_sharing_rate=generator.choice([0.0, 0.25], (5, 40)),
        revenue_loss_limit=generator.uniform(1.0, 20.0, (1, 40)),
    )
    arrays = settle(benchmark, expenditures, terms, two_way_benchmark=1_000.0)
    for row, column in np.ndindex(5, 40):
        single = replace(
            terms,
            minimum_savings_rate=float(terms.minimum_savings_rate[row, 0]),
            reduced_sharing_rate=float(terms.reduced_sharing_rate[row, column]),
            revenue_loss_limit=float(terms.revenue_loss_limit[0, column]),
        )
        numbers = settle(
            float(benchmark[row, column]), float(expenditures[row, column]), single, two_way_benchmark=1_000.0
        )
        for name in Settlement._fields:
            whole = np.broadcast_to(getattr(arrays, name), (5, 40))
            assert whole[row, column] == getattr(numbers, name), name
            assert np.ndim(getattr(numbers, name)) == 0


@pytest.mark.parametrize("two_way", [None, 1_020.0])
def test_elections_settle_together_as_each_does_alone(two_way: float | None) -> None:
    generator = np.random.default_rng(8)
    benchmark, expenditures = generator.uniform(800.0, 1_200.0, (2, 400))
    # a saving at exactly a minimum, none at all, and losses within the guardrail's reach
    benchmark[:3], expenditures[:3] = 1_000.0, (980.0, 1_000.0, 1_015.0)
    minima = np.array([[0.0], [0.01], [0.02], [0.05]]) * np.ones(400)
    terms = replace(
        BASIC_C,
        reduced_sharing_rate=generator.choice([0.0, 0.25], 400),
        revenue_loss_limit=generator.uniform(1.0, 20.0, 400),
        disaster_share=0.1,
        loss_proration=0.5,
    )
    together = settled_steps(
        benchmark,
        expenditures,
        replace(terms, minimum_savings_rate=minima, minimum_loss_rate=minima),
        names=Settlement._fields,
        two_way_benchmark=two_way,
    )
    for minimum, rates in enumerate(minima):
        own = replace(terms, minimum_savings_rate=rates, minimum_loss_rate=rates)
        alone = settle(benchmark, expenditures, own, two_way_benchmark=two_way)
        for name, step in alone._asdict().items():
            whole = np.broadcast_to(together[name], (4, 400))
            assert whole[minimum].tobytes() == np.broadcast_to(step, 400).tobytes(), name
    assert {"earned_shared_savings"} == set(
        settled_steps(benchmark, expenditures, terms, names=["earned_shared_savings"])
    )
