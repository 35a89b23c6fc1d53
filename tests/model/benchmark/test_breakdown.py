from datetime import date

import numpy as np
import pytest

from simcore.model.benchmark.breakdown import benchmark_steps
from simcore.model.benchmark.construction import establish_benchmark, update_benchmark
from simcore.model.benchmark.regulation_terms import benchmark_terms
from simcore.regulation.reader import read_regulation
from tests.model.benchmark.worlds import benchmark_years, by_type, performance_year, prior_performance


@pytest.fixture(name="account")
def _account():
    rules = benchmark_terms(
        read_regulation(), agreement_start=date(2025, 1, 1), agreement_period=2, performance_year=2026
    )
    rng = np.random.default_rng(3)
    years = benchmark_years(per_capita_expenditures=rng.uniform(9_000, 12_000, (3, 4, 5)))
    established = establish_benchmark(years, rules, prior_performance([400, 300, 500]))
    updated = update_benchmark(established, performance_year(risk_score=by_type(1, 1, 1, 1.1)), rules)
    return established, updated, benchmark_steps(established, updated, rules, replicate=3)


def test_a_reader_with_a_calculator_gets_the_historical_benchmark(account):
    established, _, steps = account
    value = {step.step: step.value for step in steps}
    by_hand = sum(
        value[f"AGED_DUAL BY{year} weight"]
        * value[f"AGED_DUAL BY{year} expenditures per capita"]
        * value[f"AGED_DUAL BY{year} severity ratio"]
        * value[f"AGED_DUAL BY{year} trend factor"]
        for year in (1, 2, 3)
    )
    assert by_hand == pytest.approx(value["AGED_DUAL historical benchmark"], rel=1e-12)
    assert by_hand == pytest.approx(established.historical.per_capita[2, 3], rel=1e-12)


def test_a_reader_with_a_calculator_gets_the_updated_benchmark(account):
    _, updated, steps = account
    value = {step.step: step.value for step in steps}
    by_hand = (
        value["AGED_NON_DUAL adjusted historical benchmark"]
        * value["AGED_NON_DUAL risk ratio"]
        * value["AGED_NON_DUAL update factor"]
        + value["AGED_NON_DUAL flat dollar update"]
    )
    assert by_hand == pytest.approx(value["AGED_NON_DUAL updated benchmark"], rel=1e-12)
    assert value["updated benchmark"] == updated.total[3]


def test_every_rule_that_was_applied_is_cited(account):
    steps = account[2]
    uncited = {step.step for step in steps if not step.citation}
    expected = ("expenditures per capita", "historical benchmark", "updated benchmark", "per capita")
    assert all(name.endswith(expected) for name in uncited)
    assert {step.unit for step in steps} == {"1", "USD", "USD per person-year"}


def test_a_replicate_that_is_not_there_is_refused(account):
    established, updated, _ = account
    rules = benchmark_terms(
        read_regulation(), agreement_start=date(2025, 1, 1), agreement_period=2, performance_year=2026
    )
    with pytest.raises(IndexError):
        benchmark_steps(established, updated, rules, replicate=5)
