"""What the rules make of an ACO's year: quality, relief, shortened years and termination.

Oracle: 42 CFR 425.512, 425.605(f), 425.609, 425.221(b) and 425.20, with the arithmetic in the comment.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from simcore.model.aco_year import ALTERNATIVE, MET, NOT_MET, AcoYear, is_low_revenue, year_rules
from simcore.regulation.reader import read_regulation

REGULATION = read_regulation()
ACO = AcoYear(performance_year=2024, agreement_start=date(2024, 1, 1), assigned_beneficiaries=10_000.0)
STANDARDS = np.array([MET, ALTERNATIVE, NOT_MET])


def in_year(year: int, start: date, **changes: object) -> AcoYear:
    return replace(ACO, performance_year=year, agreement_start=start, **changes)


@pytest.mark.parametrize(
    ("year", "start", "share", "loss_quality"),
    [
        # Until 2020 the score is the share; in 2021 and 2022 all or nothing; from 2023 the alternative.
        (2018, date(2018, 1, 1), [0.8, 0.0, 0.0], [0.8, 0.0, 0.0]),
        (2020, date(2020, 1, 1), [0.8, 0.0, 0.0], [0.8, 0.0, 0.0]),
        (2021, date(2020, 1, 1), [1.0, 0.0, 0.0], [0.8, 0.0, 0.0]),
        (2022, date(2022, 1, 1), [1.0, 0.0, 0.0], [0.8, 0.0, 0.0]),
        (2023, date(2022, 1, 1), [1.0, 0.8, 0.0], [0.8, 0.8, 0.0]),
        (2030, date(2026, 1, 1), [1.0, 0.8, 0.0], [0.8, 0.8, 0.0]),
    ],
)
def test_quality(year: int, start: date, share: list[float], loss_quality: list[float]) -> None:
    rules = year_rules(REGULATION, in_year(year, start, quality_score=0.8, quality_standard=STANDARDS))
    np.testing.assert_array_equal(rules.quality_share, share)
    np.testing.assert_array_equal(rules.loss_quality, loss_quality)


def test_a_score_counts_up_to_one() -> None:
    rules = year_rules(REGULATION, replace(ACO, quality_score=1.07, quality_standard=ALTERNATIVE))
    assert rules.quality_share == 1.0


@pytest.mark.parametrize(
    ("year", "start", "share"),
    [
        (2016, date(2016, 1, 1), 0.0),
        (2019, date(2018, 1, 1), 0.0),
        (2020, date(2020, 1, 1), 1.0),
        (2022, date(2022, 1, 1), 1.0),
        (2023, date(2023, 1, 1), 5.0 / 12.0),
        (2024, date(2024, 1, 1), 0.0),
    ],
)
def test_nationwide_relief(year: int, start: date, share: float) -> None:
    rules = year_rules(REGULATION, in_year(year, start))
    assert (rules.disaster_share, rules.disaster_relief) == (share, 0.0)


def test_relief_given_takes_the_place_of_the_nationwide_one() -> None:
    given = year_rules(REGULATION, in_year(2023, date(2023, 1, 1), disaster_relief=7.0))
    assert (given.disaster_share, given.disaster_relief) == (0.0, 7.0)
    # Three months, half of the beneficiaries: 3/12 x 0.5.
    local = year_rules(REGULATION, in_year(2023, date(2023, 1, 1), disaster_share=0.125))
    assert (local.disaster_share, local.disaster_relief) == (0.125, 0.0)
    # There was no relief of losses before 2017.
    early = year_rules(REGULATION, in_year(2016, date(2016, 1, 1), disaster_relief=7.0))
    assert (early.disaster_share, early.disaster_relief) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("year", "start", "changes", "savings", "losses"),
    [
        (2024, date(2024, 1, 1), {}, 1.0, 1.0),
        # July starters' first year has six months; so have the last ones of older agreements, if said.
        (2019, date(2019, 7, 1), {}, 0.5, 0.5),
        (2019, date(2016, 1, 1), {}, 1.0, 1.0),
        (2019, date(2016, 1, 1), {"months": 6}, 0.5, 0.5),
        # Who stays to the last day shares as if nothing were.
        (2024, date(2024, 1, 1), {"termination": date(2024, 12, 31)}, 1.0, 1.0),
        # The ACO leaves after June: no savings, losses by months, the month of leaving included.
        (2024, date(2024, 1, 1), {"termination": date(2024, 9, 15)}, 0.0, 9.0 / 12.0),
        (2024, date(2024, 1, 1), {"termination": date(2024, 12, 30)}, 0.0, 1.0),
        (2024, date(2024, 1, 1), {"termination": date(2024, 6, 30)}, 0.0, 0.0),
        (2024, date(2024, 1, 1), {"termination": date(2024, 7, 1)}, 0.0, 7.0 / 12.0),
        # CMS ends it: losses at any time.
        (
            2024,
            date(2024, 1, 1),
            {"termination": date(2024, 3, 31), "terminated_by_cms": True},
            0.0,
            3.0 / 12.0,
        ),
        # Before July 2019 nobody who left owed anything.
        (2018, date(2018, 1, 1), {"termination": date(2018, 11, 30)}, 0.0, 0.0),
        # July to September of the six months from July: 3 of 12.
        (2019, date(2019, 7, 1), {"termination": date(2019, 9, 30)}, 0.0, 3.0 / 12.0),
    ],
)
def test_part_of_the_year(
    year: int, start: date, changes: dict[str, object], savings: float, losses: float
) -> None:
    rules = year_rules(REGULATION, in_year(year, start, **changes))
    assert (rules.savings_proration, rules.loss_proration) == (savings, pytest.approx(losses))


def test_low_revenue_is_below_35_percent() -> None:
    revenue = np.array([34.99, 35.0, 60.0])
    low = is_low_revenue(REGULATION, performance_year=2024, participant_revenue=revenue, expenditures=100.0)
    np.testing.assert_array_equal(low, [True, False, False])


def test_the_entries_used_are_handed_on() -> None:
    names = [entry.name for entry in year_rules(REGULATION, ACO).entries]
    assert {"quality_rule", "sequestration", "minimum_assigned_beneficiaries"} <= set(names)
    assert len(names) == len(set(names))
    later = in_year(2025, date(2024, 1, 1))
    assert [e.name for e in year_rules(REGULATION, later).entries if e.unverified] == ["sequestration"]
