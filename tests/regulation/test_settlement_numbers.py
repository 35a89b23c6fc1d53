"""Every number of sharing, limits, the minimum savings rate and payment, typed from its source a second time.

Oracle: 42 CFR Part 425 and the other sources that the tables name; a slip in either place shows.
"""

import pytest

from simcore.regulation.reader import read_regulation
from tests.regulation.rule_dates import (
    BASIC,
    BEFORE_PATHWAYS,
    FIRST,
    PATHWAYS,
    REDESIGN,
    TRACK_1_PLUS,
    TRACK_3,
    TWO_SIDED_BASIC,
    new_year,
    old_year,
)

REGULATION = read_regulation()

# Dated by performance year: name: [(from, until, tracks, value)].
BY_YEAR = {
    # Source: 42 CFR 425.604(d), 606(d), 610(d), 605(d)(1)(i)-(v)
    "maximum_sharing_rate": [
        (FIRST, None, ("TRACK-1",), 0.50),
        (FIRST, None, ("TRACK-2",), 0.60),
        (TRACK_3, None, ("TRACK-3",), 0.75),
        (TRACK_1_PLUS, None, ("TRACK-1+",), 0.50),
        (PATHWAYS, None, ("BASIC-A",), 0.40),
        (PATHWAYS, None, ("BASIC-B",), 0.40),
        (PATHWAYS, None, ("BASIC-C",), 0.50),
        (PATHWAYS, None, ("BASIC-D",), 0.50),
        (PATHWAYS, None, ("BASIC-E",), 0.50),
        (PATHWAYS, None, ("ENHANCED",), 0.75),
    ],
    "settlement_section": [
        (FIRST, None, ("TRACK-1",), "42 CFR 425.604"),
        (FIRST, None, ("TRACK-2",), "42 CFR 425.606"),
        (TRACK_3, None, ("TRACK-3",), "42 CFR 425.610"),
        (TRACK_1_PLUS, None, ("TRACK-1+",), "Track 1+ Model participation agreement"),
        (PATHWAYS, None, BASIC, "42 CFR 425.605"),
        (PATHWAYS, None, ("ENHANCED",), "42 CFR 425.610"),
    ],
    "loss_rule": [
        (FIRST, None, ("TRACK-1",), "none"),
        (FIRST, None, ("TRACK-2",), "quality"),
        (TRACK_3, None, ("TRACK-3",), "quality"),
        (TRACK_1_PLUS, None, ("TRACK-1+",), "fixed"),
        (PATHWAYS, None, ("BASIC-A", "BASIC-B"), "none"),
        (PATHWAYS, None, TWO_SIDED_BASIC, "fixed"),
        (PATHWAYS, None, ("ENHANCED",), "quality"),
    ],
    "fixed_loss_rate": [
        (TRACK_1_PLUS, None, ("TRACK-1+",), 0.30),
        (PATHWAYS, None, TWO_SIDED_BASIC, 0.30),
    ],
    "lowest_final_loss_rate": [
        (FIRST, None, ("TRACK-2",), 0.40),
        (TRACK_3, None, ("TRACK-3",), 0.40),
        (PATHWAYS, None, ("ENHANCED",), 0.40),
    ],
    "highest_final_loss_rate": [
        (FIRST, None, ("TRACK-2",), 0.60),
        (TRACK_3, None, ("TRACK-3",), 0.75),
        (PATHWAYS, None, ("ENHANCED",), 0.75),
    ],
    # Source: 42 CFR 425.604(e), 606(e), 610(e), 605(d)(1)
    "performance_payment_limit": [
        (FIRST, None, ("TRACK-1",), 0.10),
        (FIRST, None, ("TRACK-2",), 0.15),
        (TRACK_3, None, ("TRACK-3",), 0.20),
        (TRACK_1_PLUS, None, ("TRACK-1+",), 0.10),
        (PATHWAYS, None, BASIC, 0.10),
        (PATHWAYS, None, ("ENHANCED",), 0.20),
    ],
    "loss_limit_rule": [
        (FIRST, None, ("TRACK-2",), "benchmark"),
        (TRACK_3, None, ("TRACK-3",), "benchmark"),
        (TRACK_1_PLUS, None, ("TRACK-1+",), "lesser of revenue and benchmark"),
        (PATHWAYS, None, TWO_SIDED_BASIC, "lesser of revenue and benchmark"),
        (PATHWAYS, None, ("ENHANCED",), "benchmark"),
    ],
    # 425.606(g), 610(g), 605(d)(1)(iii)-(v)(D); Track 2 by the year in the track
    "loss_limit_of_benchmark": [
        (FIRST, None, ("TRACK-2",), 0.05),
        (FIRST, None, ("TRACK-2",), 0.075),
        (FIRST, None, ("TRACK-2",), 0.10),
        (TRACK_3, None, ("TRACK-3",), 0.15),
        (TRACK_1_PLUS, None, ("TRACK-1+",), 0.04),
        (PATHWAYS, None, ("BASIC-C",), 0.01),
        (PATHWAYS, None, ("BASIC-D",), 0.02),
        (PATHWAYS, None, ("BASIC-E",), 0.04),
        (PATHWAYS, None, ("ENHANCED",), 0.15),
    ],
    "loss_limit_of_revenue": [
        (TRACK_1_PLUS, None, ("TRACK-1+",), 0.08),
        (PATHWAYS, None, ("BASIC-C",), 0.02),
        (PATHWAYS, None, ("BASIC-D",), 0.04),
        (PATHWAYS, None, ("BASIC-E",), 0.08),
    ],
    "elected_rate_below_minimum_beneficiaries": [
        (FIRST, BEFORE_PATHWAYS, (), "kept"),
        (PATHWAYS, None, (), "table"),
    ],
    "minimum_savings_rate_confidence": [
        (FIRST, None, (), 0.90),
        (FIRST, None, (), 0.95),
        (FIRST, None, (), 0.99),
    ],
    "savings_rate_deviation_of_one_beneficiary": [(FIRST, None, (), 2.15)],
    # Sequestration: what CMS paid over rate times savings, 2013-2024
    "sequestration": [
        (FIRST, old_year(2018), (), 0.02),
        (new_year(2019), old_year(2020), (), 0.0),
        (new_year(2021), old_year(2024), (), 0.02),
        (new_year(2025), None, (), 0.02),
    ],
    # Source: 42 CFR 425.605(f), 609, 221
    "disaster_relief_of_losses": [(FIRST, old_year(2016), (), False), (new_year(2017), None, (), True)],
    "nationwide_disaster_months": [
        (FIRST, None, (), 0),
        (new_year(2020), old_year(2022), (), 12),
        (new_year(2023), old_year(2023), (), 5),
    ],
    "months_in_year": [(FIRST, None, (), 12)],
    "performance_year_months": [(FIRST, None, (), 12), (PATHWAYS, old_year(2019), (), 6)],
    "shortened_performance_year_months": [(new_year(2019), old_year(2019), (), 6)],
    "termination_losses_owed": [(FIRST, BEFORE_PATHWAYS, (), False), (PATHWAYS, None, (), True)],
    "termination_month_without_losses": [(PATHWAYS, None, (), 6)],
    "termination_day_with_savings": [(FIRST, None, (), "12-31")],
    "loss_payment_days": [(FIRST, None, (), 90)],
}

MENU = ("0", "0.005", "0.01", "0.015", "0.02", "variable")

# Dated by the start of the agreement: name: [(from, until, tracks, value)].
BY_START = {
    "reduced_sharing_factor": [(FIRST, None, (), 0.0), (REDESIGN, None, BASIC, 0.5)],
    # Source: 42 CFR 425.604(b), 606(b)(1), 610(b)(1), 605(b)
    "minimum_savings_rate_elections": [
        (FIRST, None, ("TRACK-1",), ("variable",)),
        (FIRST, old_year(2015), ("TRACK-2",), ("0.02",)),
        (TRACK_3, None, ("TRACK-2",), MENU),
        (TRACK_3, None, ("TRACK-3",), MENU),
        (TRACK_3, None, ("TRACK-1+",), MENU),
        (PATHWAYS, None, ("BASIC-A", "BASIC-B"), ("variable",)),
        (PATHWAYS, None, TWO_SIDED_BASIC, MENU),
        (PATHWAYS, None, ("ENHANCED",), MENU),
    ],
    "advance_investment_first_payment": [(REDESIGN, None, (), 250_000)],
    "advance_investment_recoupment_share": [(REDESIGN, None, (), 1.0)],
}

# 42 CFR 425.604(b) from 5,000; below it CMS's results and 83 FR 68075: first, last, percent at each.
BANDS = [
    (1, 499, 12.2, 12.2),
    (500, 999, 12.2, 8.7),
    (1_000, 2_999, 8.7, 5.0),
    (3_000, 4_999, 5.0, 3.9),
    (5_000, 5_999, 3.9, 3.6),
    (6_000, 6_999, 3.6, 3.4),
    (7_000, 7_999, 3.4, 3.2),
    (8_000, 8_999, 3.2, 3.1),
    (9_000, 9_999, 3.1, 3.0),
    (10_000, 14_999, 3.0, 2.7),
    (15_000, 19_999, 2.7, 2.5),
    (20_000, 49_999, 2.5, 2.2),
    (50_000, 59_999, 2.2, 2.0),
    (60_000, 60_000, 2.0, 2.0),
]

WHERE = {
    ("loss_limit_of_benchmark", 0.05): {"year_in_track": 1},
    ("loss_limit_of_benchmark", 0.075): {"year_in_track": 2},
    ("minimum_savings_rate_confidence", 0.90): {"assigned_beneficiaries": 5_000},
    ("minimum_savings_rate_confidence", 0.95): {"assigned_beneficiaries": 20_000},
    ("minimum_savings_rate_confidence", 0.99): {"assigned_beneficiaries": 50_000},
}


def entries(name):
    return [entry for entry in REGULATION.entries if entry.name == name]


@pytest.mark.parametrize("name", [*BY_YEAR, *BY_START])
def test_the_number_its_dates_and_its_tracks(name):
    found = [(entry.effective, entry.until, entry.tracks, entry.value) for entry in entries(name)]
    assert found == {**BY_YEAR, **BY_START}[name]


@pytest.mark.parametrize("name", [*BY_YEAR, *BY_START])
def test_what_dates_it_and_what_selects_it(name):
    for entry in entries(name):
        assert entry.dated_by == ("performance_year" if name in BY_YEAR else "agreement_start")
        selectors = () if isinstance(entry.value, tuple) else (name, entry.value)
        assert dict(entry.where) == WHERE.get(selectors, {})


def test_the_table_of_the_minimum_savings_rate():
    found = entries("minimum_savings_rate_band")
    assert [entry.where["band"] for entry in found] == list(range(1, 15))
    assert {(entry.effective, entry.until, entry.dated_by) for entry in found} == {
        (FIRST, None, "performance_year")
    }
    for entry, (first, last, at_first, at_last) in zip(found, BANDS, strict=True):
        # A percent typed here against a fraction there: equal but for the division's last bit.
        assert entry.value == pytest.approx((first, last, at_first / 100.0, at_last / 100.0), abs=1e-15)
