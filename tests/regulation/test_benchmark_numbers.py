"""Every number of the benchmark's rules, typed from their sources a second time."""

from datetime import date

import pytest

from simcore.regulation.reader import read_regulation

FILED = date(2012, 4, 1)  # the first agreements
REBASED_2016 = date(2016, 1, 1)
REBASED_2017 = date(2017, 1, 1)  # 81 FR 38014
PATHWAYS = date(2019, 7, 1)  # 83 FR 68062
RULE_2023 = date(2024, 1, 1)  # 87 FR 70232, agreements from 2024
RULE_2025 = date(2025, 1, 1)  # 89 FR 98566
BEFORE_2017 = date(2016, 12, 31)
BEFORE_PATHWAYS = date(2019, 6, 30)
THIRD = 0.3333333333333333

# name: (from, until, agreement period, value), for entries dated by the start of the agreement
LAW = {
    "benchmark_year_weights": [
        (FILED, None, "first", (0.10, 0.30, 0.60)),
        (FILED, None, "later", (THIRD, THIRD, THIRD)),
    ],
    "benchmark_trend": [
        (FILED, BEFORE_PATHWAYS, "first", "national"),
        (FILED, BEFORE_2017, "later", "national"),
        (REBASED_2017, BEFORE_PATHWAYS, "later", "regional"),
        (PATHWAYS, None, None, "national_regional_blend"),
    ],
    "severity_adjustment": [(FILED, None, None, "risk_ratio")],
    "regional_adjustment_applies": [
        (FILED, BEFORE_PATHWAYS, "first", False),
        (FILED, BEFORE_2017, "later", False),
        (REBASED_2017, BEFORE_PATHWAYS, "later", True),
        (PATHWAYS, None, None, True),
    ],
    "regional_adjustment_first_period": [(FILED, None, None, 2), (PATHWAYS, None, None, 1)],
    "regional_adjustment_weights_lower_spending": [
        (REBASED_2017, None, None, (0.35, 0.70, 0.70)),
        (PATHWAYS, None, None, (0.35, 0.50, 0.50, 0.50)),
    ],
    "regional_adjustment_weights_higher_spending": [
        (REBASED_2017, None, None, (0.25, 0.50, 0.70)),
        (PATHWAYS, None, None, (0.15, 0.25, 0.35, 0.50)),
    ],
    "regional_adjustment_capped": [(FILED, None, None, False), (PATHWAYS, None, None, True)],
    "regional_adjustment_upper_cap": [(PATHWAYS, None, None, 0.05)],
    "regional_adjustment_lower_cap": [(PATHWAYS, None, None, 0.05), (RULE_2023, None, None, 0.015)],
    "regional_adjustment_offset": [(FILED, None, None, False), (RULE_2023, None, None, True)],
    "net_negative_regional_adjustment": [(FILED, None, None, True), (RULE_2023, None, None, False)],
    "prior_savings_adjustment": [
        (FILED, None, None, "none"),
        (REBASED_2016, BEFORE_2017, "later", "earned_share"),
        (RULE_2023, None, None, "scaled"),
    ],
    "prior_savings_scaling": [(RULE_2023, None, None, 0.5)],
    "prior_savings_cap": [(RULE_2023, None, None, 0.05)],
    "prior_savings_cap_risk_adjusted": [(RULE_2023, None, None, False)],
    "population_adjustment_applies": [(FILED, None, None, False), (RULE_2025, None, None, True)],
    "population_adjustment_cap": [(RULE_2025, None, None, 0.05)],
    "population_adjustment_minimum_share": [(RULE_2025, None, None, 0.15)],
    "risk_adjustment": [
        (FILED, None, None, "newly_and_continuously_assigned"),
        (PATHWAYS, None, None, "capped_by_type"),
        (RULE_2023, None, None, "capped_in_aggregate"),
    ],
    "risk_score_growth_cap": [(PATHWAYS, None, None, 0.03)],
    "regional_risk_score_cap_applies": [(FILED, None, None, False), (RULE_2023, None, None, True)],
    "regional_risk_score_growth_cap": [(RULE_2023, None, None, 0.03)],
    "benchmark_update": [
        (FILED, BEFORE_PATHWAYS, "first", "flat_dollar"),
        (FILED, BEFORE_2017, "later", "flat_dollar"),
        (REBASED_2017, BEFORE_PATHWAYS, "later", "regional"),
        (PATHWAYS, date(2023, 12, 31), None, "national_regional_blend"),
        (RULE_2023, None, None, "three_way"),
    ],
    "prospective_trend_weight": [(FILED, None, None, 0.0), (RULE_2023, None, None, THIRD)],
    "benchmark_guardrail": [(FILED, None, None, False), (RULE_2023, None, None, True)],
}

BY_PERFORMANCE_YEAR = {
    "prospective_trend_bounded_below": [(FILED, None, None, False)],
    "prospective_trend_bounded_above": [(FILED, None, None, False)],
}

# name: (from, tracks, dated by, value) of the proposed rule of calendar year 2027, 91 FR 43842
PROPOSED = {
    "regional_adjustment_weights_lower_spending": (
        date(2027, 1, 1),
        ("ENHANCED",),
        "agreement_start",
        (0.35, 0.35, 0.35, 0.35),
    ),
    "prior_savings_scaling": (date(2027, 1, 1), (), "agreement_start", 0.75),
    "prior_savings_cap_risk_adjusted": (date(2027, 1, 1), (), "agreement_start", True),
    "prospective_trend_bounded_below": (date(2025, 1, 1), (), "performance_year", True),
    "prospective_trend_lower_bound": (date(2025, 1, 1), (), "performance_year", 0.010),
    "prospective_trend_bounded_above": (date(2027, 1, 1), (), "performance_year", True),
    "prospective_trend_upper_bound": (date(2027, 1, 1), (), "performance_year", 0.015),
}

REGULATION = read_regulation()
WITH_PROPOSALS = read_regulation(proposed=True)


def entries(name, layer):
    return [entry for entry in WITH_PROPOSALS.entries if entry.name == name and entry.layer == layer]


@pytest.mark.parametrize("name", [*LAW, *BY_PERFORMANCE_YEAR])
def test_the_law_in_force(name):
    found = [
        (entry.effective, entry.until, entry.where.get("agreement_period"), entry.value)
        for entry in entries(name, layer=0)
    ]
    assert found == {**LAW, **BY_PERFORMANCE_YEAR}[name]
    dated_by = "agreement_start" if name in LAW else "performance_year"
    assert {entry.dated_by for entry in entries(name, layer=0)} == {dated_by}
    assert {entry.status for entry in entries(name, layer=0)} == {"final"}
    assert all(not entry.tracks for entry in entries(name, layer=0))


@pytest.mark.parametrize("name", PROPOSED)
def test_the_proposals_of_2027(name):
    (entry,) = entries(name, layer=1)
    assert (entry.effective, entry.tracks, entry.dated_by, entry.value) == PROPOSED[name]
    assert (entry.until, entry.status, dict(entry.where)) == (None, "proposed", {})


def test_fractions_are_fractions_and_flags_are_flags():
    for name in [*LAW, *BY_PERFORMANCE_YEAR, *PROPOSED]:
        for entry in WITH_PROPOSALS.entries:
            if entry.name == name and isinstance(entry.value, bool):
                assert entry.unit == "bool", name
            elif entry.name == name and name != "regional_adjustment_first_period":
                assert entry.unit == "1", name


def test_only_what_the_source_leaves_open_is_unverified():
    names = {*LAW, *BY_PERFORMANCE_YEAR}
    assert {entry.name for entry in REGULATION.entries if entry.name in names and entry.unverified} == {
        "severity_adjustment"
    }


def test_benchmark_year_weights_add_to_one():
    for entry in entries("benchmark_year_weights", layer=0):
        assert sum(entry.value) == pytest.approx(1.0, abs=1e-15)
