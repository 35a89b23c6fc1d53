from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcore.model.benchmark.construction import establish_benchmark, update_benchmark
from simcore.model.benchmark.given import given_benchmark
from simcore.model.benchmark.regulation_terms import benchmark_terms
from simcore.model.benchmark.terms import neutral
from simcore.regulation.reader import read_regulation
from tests.model.benchmark.worlds import benchmark_years, by_type, performance_year, prior_performance

REGULATION = read_regulation()
REGIMES = [
    (date(2012, 4, 1), 1),
    (date(2014, 1, 1), 1),
    (date(2016, 1, 1), 2),
    (date(2017, 1, 1), 2),
    (date(2018, 1, 1), 1),
    (date(2019, 1, 1), 3),
    (date(2019, 7, 1), 1),
    (date(2022, 1, 1), 2),
    (date(2024, 1, 1), 1),
    (date(2025, 1, 1), 3),
    (date(2027, 1, 1), 4),
]
LEVEL = by_type(80_000, 11_000, 17_000, 10_000)


def terms(start, period, year=None):
    return benchmark_terms(
        REGULATION, agreement_start=start, agreement_period=period, performance_year=year or start.year + 1
    )


@pytest.mark.parametrize(("start", "period"), REGIMES)
def test_a_world_that_stands_still_has_its_cost_for_a_benchmark_under_every_regime(start, period):
    # nothing grows, nobody differs from the region: .01 x 80,000 + .10 x 11,000 + .09 x 17,000 + .80 x 10,000
    rules = terms(start, period)
    updated = update_benchmark(establish_benchmark(benchmark_years(), rules), performance_year(), rules)
    assert updated.per_capita[0] == pytest.approx(11_430.0, rel=1e-12)
    assert updated.total[0] == pytest.approx(11_430.0 * 10_000, rel=1e-12)


@pytest.mark.parametrize(("start", "period"), REGIMES)
@settings(max_examples=5, deadline=None)
@given(scale=st.floats(0.1, 10.0))
def test_dollars_scale_under_every_regime(start, period, scale):
    rules = terms(start, period)
    spending = np.stack([by_type(75_000, 10_500, 18_000, 9_600)] * 3)

    def total(factor):
        years = benchmark_years(
            per_capita_expenditures=spending * factor,
            national_per_capita=benchmark_years().national_per_capita * factor,
            regional_per_capita=benchmark_years().regional_per_capita * factor,
        )
        year = performance_year(
            national_per_capita=LEVEL * 1.04 * factor, regional_per_capita=LEVEL * 1.05 * factor
        )
        prior = prior_performance([200, 300, 400])
        prior = replace(prior, benchmark=prior.benchmark * factor, expenditures=prior.expenditures * factor)
        return update_benchmark(establish_benchmark(years, rules, prior), year, rules).total[0]

    assert total(scale) == pytest.approx(scale * total(1.0), rel=1e-9)


def test_hand_worked_agreement_of_2024_from_base_years_to_total():
    # aged non-dual only, 8,000 person-years. Base years 9,000 each, nothing grows: H = 9,000.
    # region 10,000: 35 percent of 1,000 = 350 < 500; adjusted 9,350.
    # risk 1.05 over demographic 1.0: cap 1.03. Growth: nation 1.06, region 1.04, w .25:
    #   two-way .25 x 1.06 + .75 x 1.04 = 1.045; projection 1.05: 1 + 10,000 x .05/9,350 = 1.0534759
    #   2/3 x 1.045 + 1/3 x 1.0534759 = 1.0478253
    # 9,350 x 1.03 x 1.0478253 = 10,091.0817; x 8,000
    only = by_type(0, 0, 0, 8_000)
    rules = terms(date(2024, 1, 1), 1)
    years = benchmark_years(
        person_years=np.stack([only] * 3), per_capita_expenditures=np.stack([by_type(0, 0, 0, 9_000)] * 3)
    )
    year = performance_year(
        person_years=only,
        risk_score=by_type(1, 1, 1, 1.05),
        national_per_capita=LEVEL * 1.06,
        regional_per_capita=LEVEL * 1.04,
        prospective_growth=1.05,
    )
    updated = update_benchmark(establish_benchmark(years, rules), year, rules)
    expected = 9_350 * 1.03 * (2 / 3 * 1.045 + 1 / 3 * (1 + 500 / 9_350))
    assert updated.per_capita[0] == pytest.approx(expected, rel=1e-9)
    assert updated.total[0] == pytest.approx(expected * 8_000, rel=1e-9)
    assert updated.two_way_total[0] == pytest.approx(9_350 * 1.03 * 1.045 * 8_000, rel=1e-9)


def test_hand_worked_first_agreement_of_2012_with_flat_dollars():
    # risk: 20 percent new at 1.05, the others at min(1.05, 1.0): 1.01; 10,000 x 1.01 + 10,000 x .04 = 10,500
    only = by_type(0, 0, 0, 8_000)
    rules = terms(date(2012, 4, 1), 1)
    years = benchmark_years(person_years=np.stack([only] * 3))
    year = performance_year(
        person_years=only, risk_score=by_type(1, 1, 1, 1.05), national_per_capita=LEVEL * 1.04
    )
    updated = update_benchmark(establish_benchmark(years, rules), year, rules)
    assert updated.per_capita[0] == pytest.approx(10_500.0)
    assert updated.two_way_total[0] == updated.total[0]


def test_prior_savings_are_flat_on_every_type():
    # half of 400 = 200 USD on each type, as the ACO costs what its region does
    rules = terms(date(2024, 1, 1), 2)
    established = establish_benchmark(benchmark_years(), rules, prior_performance([400] * 3))
    updated = update_benchmark(established, performance_year(), rules)
    np.testing.assert_allclose(updated.adjusted_historical - LEVEL, 200.0)


def test_agreements_of_2016_hold_the_add_back_to_the_performance_years_people():
    # savings 400 x rate .5 = 200; 10,000 prior person-years against 12,500 now: 160
    rules = terms(date(2016, 1, 1), 2)
    established = establish_benchmark(benchmark_years(), rules, prior_performance([400] * 3))
    year = performance_year(person_years=by_type(125, 1_250, 1_125, 10_000))
    updated = update_benchmark(established, year, rules)
    np.testing.assert_allclose(updated.adjusted_historical - LEVEL, 160.0)


def test_population_adjustment_moves_with_the_performance_years_share():
    # 5 percent of 11,430 = 571.50; x .30 and x .20; nothing at .10
    rules = terms(date(2025, 1, 1), 1)
    established = establish_benchmark(benchmark_years(), rules)
    found = [
        update_benchmark(
            established, performance_year(low_income_share=np.array([share])), rules
        ).adjusted_historical[3, 0]
        - 10_000
        for share in (0.3, 0.2, 0.1)
    ]
    assert found == pytest.approx([171.45, 114.30, 0.0])


def test_neutral_terms_give_one_less_expenditures_over_the_plain_mean():
    # S = 1 - mean(PY) / mean of three base years; whatever nation, region and risk scores do
    rng = np.random.default_rng(11)
    spending = rng.uniform(8_000, 12_000, (3, 4, 50)) * by_type(0, 0, 0, 1)
    only = by_type(0, 0, 0, 5_000)
    years = benchmark_years(
        per_capita_expenditures=spending,
        person_years=np.broadcast_to(only, (3, 4, 50)),
        risk_score=rng.uniform(0.8, 1.2, (3, 4, 50)),
        national_per_capita=rng.uniform(0.8, 1.2, (3, 4, 1)),
    )
    rules = neutral(terms(date(2024, 1, 1), 1))
    year = performance_year(person_years=only, risk_score=LEVEL, national_per_capita=LEVEL * 2)
    updated = update_benchmark(establish_benchmark(years, rules), year, rules)
    np.testing.assert_allclose(updated.per_capita, spending[:, 3].mean(axis=0), rtol=1e-14)


def test_a_given_benchmark_is_updated_and_not_adjusted_again():
    # 9,000 given, region at 10,000 and low incomes at 50 percent: no adjustment; blend of 4 and 5 percent
    rules = terms(date(2025, 1, 1), 1)
    year_3 = replace(
        benchmark_years(),
        **{
            name: getattr(benchmark_years(), name)[2:]
            for name in (
                "per_capita_expenditures",
                "person_years",
                "risk_score",
                "national_per_capita",
                "regional_per_capita",
            )
        },
    )
    established = given_benchmark(by_type(70_000, 9_000, 15_000, 9_000), year_3, rules)
    year = performance_year(
        national_per_capita=LEVEL * 1.05,
        regional_per_capita=LEVEL * 1.04,
        low_income_share=np.array([0.5]),
    )
    updated = update_benchmark(established, year, rules)
    np.testing.assert_array_equal(updated.adjusted_historical, by_type(70_000, 9_000, 15_000, 9_000))
    np.testing.assert_allclose(updated.update.two_way, 0.25 * 1.05 + 0.75 * 1.04)


def test_a_type_that_comes_and_goes_costs_nothing_it_was_not_there_for():
    people = np.stack([by_type(0, 1_000, 900, 8_000)] * 3)
    spending = np.stack([by_type(0, 11_000, 17_000, 10_000)] * 3)
    for start, period in REGIMES:
        rules = terms(start, period)
        years = benchmark_years(person_years=people, per_capita_expenditures=spending)
        updated = update_benchmark(establish_benchmark(years, rules), performance_year(), rules)
        assert updated.by_type[0, 0] == 0.0
        assert np.isfinite(updated.total).all()


def test_once_built_only_benchmark_year_3_counts():
    # all weight on year 3; years 1 and 2 are of another world, and nothing after the average sees them
    rules = terms(date(2025, 1, 1), 1)
    rules = replace(rules, historical=replace(rules.historical, benchmark_year_weights=(0.0, 0.0, 1.0)))
    quiet = benchmark_years(
        risk_score=np.full((3, 4, 1), 1.1), per_capita_expenditures=np.stack([LEVEL * 1.05] * 3)
    )
    rng = np.random.default_rng(8)

    def disturbed(values):
        return np.concatenate([values[:2] * rng.uniform(0.5, 2.0, (2, 4, 1)), values[2:]])

    loud = replace(
        quiet,
        per_capita_expenditures=disturbed(quiet.per_capita_expenditures),
        person_years=disturbed(quiet.person_years),
        risk_score=disturbed(quiet.risk_score),
        national_per_capita=disturbed(quiet.national_per_capita),
        regional_per_capita=disturbed(quiet.regional_per_capita),
    )
    year = performance_year(
        national_per_capita=LEVEL * 1.04,
        regional_per_capita=LEVEL * 1.03,
        prospective_growth=1.05,
        low_income_share=np.array([0.01]),
    )
    expected = update_benchmark(establish_benchmark(quiet, rules), year, rules)
    found = update_benchmark(establish_benchmark(loud, rules), year, rules)
    np.testing.assert_allclose(found.by_type, expected.by_type, rtol=1e-13)
    np.testing.assert_allclose(found.adjustment.regional, expected.adjustment.regional, rtol=1e-13)
    assert found.total[0] == pytest.approx(expected.total[0], rel=1e-13)


def test_negative_regional_adjustments_shrink_by_benchmark_year_3_alone():
    # the offset of 425.656(c)(4) is of benchmark year 3: aged duals at 1.3, 900 x 17,000 of 114.3 million
    risk = np.ones((3, 4, 1))
    risk[2, 2] = 1.3
    spending = np.stack([LEVEL * 3, LEVEL * 2, LEVEL])
    spending[:2, 2] /= 10
    years = benchmark_years(risk_score=risk, per_capita_expenditures=spending)
    established = establish_benchmark(years, terms(date(2024, 1, 1), 1))
    assert established.regional.offset[0] == pytest.approx(0.3 * 15.3 / 114.3)


def test_the_population_adjustment_has_the_room_that_the_highest_candidate_leaves():
    # region at cost: 0. Prior savings half of 400 = 200. (571.50 - 200) x .60 = 222.90 > 200
    rules = terms(date(2025, 1, 1), 2)
    established = establish_benchmark(benchmark_years(), rules, prior_performance([400] * 3))
    updated = update_benchmark(established, performance_year(low_income_share=np.array([0.6])), rules)
    np.testing.assert_allclose(updated.adjusted_historical - LEVEL, 222.9)


def test_a_proposed_cap_on_prior_savings_follows_the_risk_score_of_benchmark_year_3():
    # .05 x 11,430 = 571.50; scores .5, .5, 1.1: 628.65; three quarters of 1,200 = 900 is more
    rules = benchmark_terms(
        read_regulation(proposed=True),
        agreement_start=date(2027, 1, 1),
        agreement_period=2,
        performance_year=2027,
    )
    risk = np.ones((3, 4, 1)) * np.reshape([0.5, 0.5, 1.1], (3, 1, 1))
    established = establish_benchmark(benchmark_years(risk_score=risk), rules, prior_performance([1_200] * 3))
    updated = update_benchmark(established, performance_year(), rules)
    assert updated.prior_savings.adjustment[0] == pytest.approx(628.65)
