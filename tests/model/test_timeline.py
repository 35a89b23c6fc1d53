"""Years of a simulation: which are drawn, which agreement they belong to, where growth is one."""

from datetime import date

import pytest

from simcore.errors import ScenarioError
from simcore.model.timeline import Timeline, timeline
from simcore.regulation.reader import read_regulation
from simcore.scenario.schema import parse_scenario

LAW = read_regulation()


def years(mode: str = "given", **aco: object) -> Timeline:
    content = {"performance_years": 5, "agreement_start": date(2024, 1, 1), **aco}
    content["population"] = {"AGED_NON_DUAL": {"assigned_beneficiaries": 10_000}}
    return timeline(
        parse_scenario({"title": "t", "aco": content, "benchmark": {"mode": mode}}, source="t"), LAW
    )


def test_a_given_benchmark_draws_performance_years_only() -> None:
    assert years().simulated_years == (2024, 2025, 2026, 2027, 2028)


def test_a_simulated_benchmark_draws_three_years_before() -> None:
    drawn = years("simulated")
    assert drawn.simulated_years[0] == 2021
    assert drawn.performance_positions() == slice(3, 8)


def test_growth_is_one_in_benchmark_year_3_unless_said() -> None:
    assert years().trend_years[years().anchor] == 2023
    record = years(performance_years=[2026], dollar_year=2026)
    assert record.trend_years == (2026,)
    assert record.anchor == 0


def test_an_agreement_has_five_years_and_the_next_one_follows() -> None:
    first, second = years(performance_years=10).agreements
    assert first.performance_years == (2024, 2025, 2026, 2027, 2028)
    assert (second.start, second.period) == (date(2029, 1, 1), 2)


def test_an_agreement_from_july_has_a_half_year_more() -> None:
    """42 CFR 425.200(b): a six-month performance year, then five of twelve months."""
    (agreement,) = years(agreement_start=date(2019, 7, 1), performance_years=6).agreements
    assert agreement.performance_years[-1] == 2024


def test_agreements_before_july_2019_had_three_years_and_could_go_on_for_a_fourth() -> None:
    """42 CFR 425.200(b); CMS's results of 2018-2021 have agreements in a fourth year."""
    first, second = years(
        agreement_start=date(2014, 1, 1), performance_years=[2014, 2015, 2016, 2017, 2018]
    ).agreements
    assert first.performance_years == (2014, 2015, 2016, 2017)
    assert second.start == date(2018, 1, 1)


@pytest.mark.parametrize("position", range(10))
def test_every_year_finds_its_agreement(position: int) -> None:
    drawn = years(performance_years=10)
    assert drawn.agreement_at(position).period == (1 if position < 5 else 2)


def test_a_next_agreement_needs_the_years_it_is_rebased_on() -> None:
    # The agreement from 2029 is rebased on 2026-2028, which must be simulated.
    assert years(performance_years=[2026, 2027, 2028, 2029]).simulated_years[0] == 2026
    with pytest.raises(ScenarioError, match="2026 at the latest"):
        years(performance_years=[2027, 2028, 2029])
    with pytest.raises(ScenarioError, match="2026 at the latest"):
        years("simulated", performance_years=[2027, 2028, 2029])


def test_performance_years_after_the_agreement_are_refused() -> None:
    with pytest.raises(ScenarioError, match="after the agreement from 2014-01-01"):
        years(agreement_start=date(2014, 1, 1), performance_years=[2024])


def test_a_start_inside_a_month_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"agreement_start: 2024-01-15 is no day on which .*: 2024-01-01"):
        years(agreement_start=date(2024, 1, 15))


def test_years_in_a_track_count_from_the_agreement_s_start() -> None:
    record = years(agreement_start=date(2012, 4, 1), performance_years=[2014])
    assert record.year_in_track(0) == 3
    both = years(performance_years=10)
    assert [both.year_in_track(position) for position in (0, 4, 5, 9)] == [1, 5, 6, 10]
