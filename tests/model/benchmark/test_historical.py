import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcore.model.benchmark.historical import historical_benchmark
from simcore.model.benchmark.terms import HistoricalTerms
from tests.model.benchmark.worlds import benchmark_years, by_type

FIRST = HistoricalTerms((0.1, 0.3, 0.6), trend="national_regional_blend", severity="risk_ratio")
PLAIN = HistoricalTerms((0.1, 0.3, 0.6), trend="none", severity="none")


def aged_non_dual_only(spending, *, national, regional, risk, weight=0.25):
    """A world of one type whose three benchmark years are given as lists."""
    years = lambda values: np.reshape(values, (3, 1, 1)) * by_type(1, 1, 1, 1)  # noqa: E731
    people = np.stack([by_type(0, 0, 0, 8_000)] * 3)
    return benchmark_years(
        per_capita_expenditures=years(spending),
        person_years=people,
        risk_score=years(risk),
        national_per_capita=years(national),
        regional_per_capita=years(regional),
        national_weight=weight,
    )


def test_hand_worked_blend_of_three_years():
    # severity: 1.05/1.00 = 1.05, 1.05/1.05 = 1, 1
    # national growth 11,000/10,000 = 1.10 and 11,000/10,500; regional 9,450/9,000 = 1.05 and 9,450/9,450 = 1
    # trend BY1 .25 x 1.10 + .75 x 1.05 = 1.0625; BY2 .25 x 1.047619 + .75 x 1 = 1.0119048
    # BY1 9,000 x 1.05 x 1.0625 = 10,040.625; BY2 9,600 x 1 x 1.0119048 = 9,714.2857; BY3 10,000
    # .1 x 10,040.625 + .3 x 9,714.2857 + .6 x 10,000 = 9,918.3482
    years = aged_non_dual_only(
        [9_000, 9_600, 10_000],
        national=[10_000, 10_500, 11_000],
        regional=[9_000, 9_450, 9_450],
        risk=[1.00, 1.05, 1.05],
    )
    built = historical_benchmark(years, FIRST)
    assert built.per_capita[3, 0] == pytest.approx(9_918.348214, abs=1e-6)
    assert built.aggregate_per_capita[0] == pytest.approx(9_918.348214, abs=1e-6)
    assert built.trend_factor[0, 3, 0] == pytest.approx(1.0625, rel=1e-12)


@pytest.mark.parametrize(
    ("trend", "expected"),
    [
        # equal weights; BY1 and BY2 9,000 USD: national x 1.2 and x 1.1, regional x 1.5 and x 1.25
        ("national", (9_000 * 1.2 + 9_000 * 1.1 + 9_000) / 3),
        ("regional", (9_000 * 1.5 + 9_000 * 1.25 + 9_000) / 3),
        ("none", 9_000),
    ],
)
def test_each_trend_brings_the_earlier_years_to_the_third(trend, expected):
    years = aged_non_dual_only(
        [9_000] * 3, national=[100, 1_200 / 11, 120], regional=[100, 120, 150], risk=[1, 1, 1]
    )
    terms = HistoricalTerms((1 / 3, 1 / 3, 1 / 3), trend=trend, severity="none")
    assert historical_benchmark(years, terms).per_capita[3, 0] == pytest.approx(expected, rel=1e-12)


def test_types_are_restated_to_the_mix_of_benchmark_year_3():
    # 1,000 disabled at 11,000 and 1,000 aged non-dual at 10,000 in BY3: 10,500, whatever the mix was before
    people = np.stack([by_type(0, 9_000, 0, 1), by_type(0, 5_000, 0, 50), by_type(0, 1_000, 0, 1_000)])
    built = historical_benchmark(benchmark_years(person_years=people), FIRST)
    assert built.aggregate_per_capita[0] == pytest.approx(10_500, rel=1e-12)
    np.testing.assert_allclose(built.person_year_shares[:, 0], [0, 0.5, 0, 0.5])


def test_a_year_without_anyone_of_a_type_gives_its_weight_to_the_others():
    # nobody in BY1: .3 and .6 become 1/3 and 2/3; 9,000/3 + 12,000 x 2/3 = 11,000
    people = np.stack([by_type(0, 1, 1, 0), by_type(0, 1, 1, 10), by_type(0, 1, 1, 10)])
    spending = np.stack([by_type(0, 0, 0, 0), by_type(0, 0, 0, 9_000), by_type(0, 0, 0, 12_000)])
    built = historical_benchmark(
        benchmark_years(person_years=people, per_capita_expenditures=spending), PLAIN
    )
    assert built.per_capita[3, 0] == pytest.approx(11_000, rel=1e-12)
    assert built.per_capita[0, 0] == 0.0, "a type the ACO never had has no benchmark"


@given(
    w=st.floats(0.0, 1.0),
    national=st.floats(0.9, 1.2),
    regional=st.floats(0.9, 1.2),
)
def test_the_blend_lies_between_its_ends(w, national, regional):
    years = aged_non_dual_only(
        [9_000] * 3,
        national=[1, national, national],
        regional=[1, regional, regional],
        risk=[1] * 3,
        weight=w,
    )
    factor = historical_benchmark(years, FIRST).trend_factor[0, 3, 0]
    assert min(national, regional) - 1e-12 <= factor <= max(national, regional) + 1e-12


@given(scale=st.floats(0.01, 100.0))
def test_dollars_scale(scale):
    years = benchmark_years()
    scaled = benchmark_years(
        per_capita_expenditures=years.per_capita_expenditures * scale,
        national_per_capita=years.national_per_capita * scale,
        regional_per_capita=years.regional_per_capita * scale,
    )
    np.testing.assert_allclose(
        historical_benchmark(scaled, FIRST).per_capita, historical_benchmark(years, FIRST).per_capita * scale
    )


def test_replicates_do_not_touch_each_other():
    rng = np.random.default_rng(5)
    spending = rng.uniform(5_000, 90_000, (3, 4, 7))
    people = rng.uniform(100, 5_000, (3, 4, 7))
    risk = rng.uniform(0.8, 1.2, (3, 4, 7))
    whole = historical_benchmark(
        benchmark_years(per_capita_expenditures=spending, person_years=people, risk_score=risk), FIRST
    )
    third = historical_benchmark(
        benchmark_years(
            per_capita_expenditures=spending[..., 2:3],
            person_years=people[..., 2:3],
            risk_score=risk[..., 2:3],
        ),
        FIRST,
    )
    np.testing.assert_array_equal(whole.per_capita[:, 2:3], third.per_capita)
