"""Every number of quality, expenditures, participation and repayment, typed from its source a second time.

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
    TWO_SIDED,
    TWO_SIDED_BASIC,
    new_year,
    old_year,
)

REGULATION = read_regulation()
WITH_PROPOSALS = read_regulation(proposed=True)

# Dated by performance year: name: [(from, until, tracks, value)].
BY_YEAR = {
    # Source: 42 CFR 425.502, 425.512
    "quality_rule": [
        (FIRST, None, (), "score"),
        (new_year(2021), None, (), "cliff"),
        (new_year(2023), None, (), "alternative"),
    ],
    "first_year_quality_score": [(FIRST, old_year(2020), (), 1.0)],
    "first_year_reporting_suffices": [(new_year(2022), None, (), True)],
    "quality_standard_percentile": [(new_year(2021), None, (), 0.30), (REDESIGN, None, (), 0.40)],
    "quality_standard_score": [
        (new_year(2021), old_year(2021), (), 0.6173),
        (new_year(2022), old_year(2022), (), 0.7063),
        (new_year(2023), old_year(2023), (), 0.6576),
        (new_year(2024), old_year(2024), (), 0.7705),
        (new_year(2026), old_year(2026), (), 0.7385),
    ],
    "incentive_measures_reported": [(new_year(2022), None, (), 3)],
    "incentive_outcome_measures": [(new_year(2022), None, (), 1)],
    "incentive_outcome_percentile": [(new_year(2022), None, (), 0.10)],
    "incentive_other_measures": [(new_year(2022), None, (), 1)],
    "incentive_other_percentile": [(new_year(2022), None, (), 0.30), (REDESIGN, None, (), 0.40)],
    "alternative_outcome_measures": [(new_year(2023), None, (), 1)],
    "alternative_outcome_percentile": [(new_year(2023), None, (), 0.10)],
    "outcome_measures": [(new_year(2022), None, (), 4)],
    "health_equity_adjustment_of_quality": [
        (FIRST, None, (), False),
        (new_year(2023), old_year(2025), (), True),
        (new_year(2026), None, (), False),
    ],
    "health_equity_bonus_most": [(new_year(2023), old_year(2025), (), 0.10)],
    "highest_quality_score": [(FIRST, None, (), 1.0)],
    "disaster_quality_floor_percentile": [(new_year(2021), None, (), 0.30), (REDESIGN, None, (), 0.40)],
    "disaster_quality_beneficiary_share": [(new_year(2021), None, (), 0.20)],
    # Source: 42 CFR 425.604(a)(4), 605(a), 611, 670
    "truncation_percentile": [(FIRST, None, (), 0.99)],
    "truncation_population": [
        (FIRST, None, (), "fee-for-service beneficiaries"),
        (new_year(2017), None, (), "assignable fee-for-service beneficiaries"),
    ],
    "claims_run_out_months": [(FIRST, None, (), 3)],
    "completion_factor": [(FIRST, None, (), 1.0)],
    "months_per_person_year": [(FIRST, None, (), 12)],
    "excluded_payments": [
        (FIRST, None, (), ("indirect medical education", "disproportionate share")),
        (
            REDESIGN,
            None,
            (),
            (
                "indirect medical education",
                "disproportionate share",
                "supplemental payment to Indian Health Service, Tribal and Puerto Rico hospitals",
            ),
        ),
    ],
    "uncompensated_care_excluded": [(FIRST, None, (), True)],
    "demonstration_payments": [
        (FIRST, old_year(2017), (), "interim and final"),
        (new_year(2018), None, (), "final"),
    ],
    "covid_episodes_excluded": [(new_year(2020), None, (), True)],
    "significant_anomalous_billing_codes": [(new_year(2023), old_year(2023), (), ("A4352", "A4353"))],
    "enrollment_type_hierarchy": [(FIRST, None, (), ("ESRD", "DISABLED", "AGED_DUAL", "AGED_NON_DUAL"))],
    # Source: 42 CFR 425.110(a), 425.20
    "minimum_assigned_beneficiaries": [(FIRST, None, (), 5000)],
    "high_revenue_share": [(PATHWAYS, None, (), 0.35)],
    "track_settles": [
        (FIRST, old_year(2021), ("TRACK-1",), True),
        (FIRST, old_year(2021), ("TRACK-2",), True),
        (TRACK_3, old_year(2021), ("TRACK-3",), True),
        (TRACK_1_PLUS, old_year(2021), ("TRACK-1+",), True),
        (PATHWAYS, old_year(2040), (*BASIC, "ENHANCED"), True),
    ],
    # Source: 42 CFR 425.204(f)(4)-(6)
    "repayment_share_of_expenditures": [
        (FIRST, None, ("TRACK-2",), 0.01),
        (PATHWAYS, old_year(2021), TWO_SIDED, 0.01),
        (new_year(2022), None, TWO_SIDED, 0.005),
    ],
    "repayment_share_of_revenue": [
        (PATHWAYS, old_year(2021), TWO_SIDED_BASIC, 0.02),
        (new_year(2022), None, TWO_SIDED, 0.01),
    ],
    "repayment_least_increase": [(PATHWAYS, None, (), 1_000_000)],
    "repayment_increase_days": [(PATHWAYS, None, (), 90)],
    "repayment_replenish_days": [(PATHWAYS, None, (), 90)],
    "repayment_months_after_two_sided_years": [(PATHWAYS, None, (), 12)],
}

# Dated by the start of the agreement: name: [(from, until, tracks, value)].
BY_START = {
    "years_at_minimum_beneficiaries": [
        (FIRST, old_year(2026), (), ("BY1", "BY2", "BY3")),
        (new_year(2027), None, (), ("BY3",)),
    ],
    # Source: 42 CFR 425.600, 425.200(b)
    "track_open": [
        (FIRST, BEFORE_PATHWAYS, ("TRACK-1",), True),
        (FIRST, BEFORE_PATHWAYS, ("TRACK-2",), True),
        (TRACK_3, BEFORE_PATHWAYS, ("TRACK-3",), True),
        (TRACK_3, BEFORE_PATHWAYS, ("TRACK-1+",), True),
        (PATHWAYS, None, (*BASIC, "ENHANCED"), True),
    ],
    "agreement_performance_years": [
        (FIRST, BEFORE_PATHWAYS, (), 3),
        (PATHWAYS, old_year(2019), (), 6),
        (new_year(2020), None, (), 5),
    ],
    "agreement_extension_years": [(FIRST, BEFORE_PATHWAYS, (), 1), (PATHWAYS, None, (), 0)],
    # Source: 42 CFR 425.200(b); every start date in CMS's results of 2013 to 2023
    "agreement_start_days": [
        (FIRST, old_year(2012), (), ("04-01", "07-01")),
        (new_year(2013), old_year(2018), (), ("01-01",)),
        (new_year(2019), old_year(2019), (), ("01-01", "07-01")),
        (new_year(2020), None, (), ("01-01",)),
    ],
    "glide_path": [(PATHWAYS, None, (), BASIC)],
    "glide_path_year_without_advance": [(PATHWAYS, old_year(2019), (), 2020)],
    "glide_path_freeze_years": [(PATHWAYS, old_year(2023), (), (2021, 2022))],
    "glide_path_stay_one_sided_from": [
        (PATHWAYS, old_year(2022), (), 2023),
        (new_year(2023), old_year(2023), (), 2024),
    ],
    "former_track_1_first_level": [(PATHWAYS, old_year(2023), (), "BASIC-B")],
    "new_legal_entity_extra_years_at_b": [(PATHWAYS, old_year(2023), (), 1)],
    "one_sided_years_first_agreement": [(REDESIGN, None, (), 5)],
    "one_sided_years_most": [(REDESIGN, old_year(2026), (), 7), (new_year(2027), None, (), 5)],
    "level_e_of_low_revenue_only": [(PATHWAYS, old_year(2023), (), True), (REDESIGN, None, (), False)],
    "experienced_participant_share": [(PATHWAYS, None, (), 0.40)],
    "experienced_years": [(PATHWAYS, None, (), 5)],
    "one_sided_agreements_most": [(FIRST, BEFORE_PATHWAYS, ("TRACK-1",), 2)],
}

PROPOSED = {
    "maximum_sharing_rate": [("performance_year", ("BASIC-E",), {}, 0.60)],
    "advance_investment_quarterly_payment": [
        ("agreement_start", (), {"rank": 1}, 45),
        ("agreement_start", (), {"rank": 2}, 25),
    ],
    "prepaid_shared_savings": [("agreement_start", (), {}, False)],
}


def entries(name, layer=0):
    return [entry for entry in WITH_PROPOSALS.entries if entry.name == name and entry.layer == layer]


@pytest.mark.parametrize("name", [*BY_YEAR, *BY_START])
def test_the_number_its_dates_and_its_tracks(name):
    found = [(entry.effective, entry.until, entry.tracks, entry.value) for entry in entries(name)]
    assert found == {**BY_YEAR, **BY_START}[name]


@pytest.mark.parametrize("name", [*BY_YEAR, *BY_START])
def test_what_dates_it_and_what_selects_it(name):
    for entry in entries(name):
        assert entry.dated_by == ("performance_year" if name in BY_YEAR else "agreement_start")
        assert dict(entry.where) == {}


@pytest.mark.parametrize("name", PROPOSED)
def test_the_proposals_of_2027(name):
    found = entries(name, layer=1)
    assert [(e.dated_by, e.tracks, dict(e.where), e.value) for e in found] == PROPOSED[name]
    assert {(e.effective, e.until, e.status) for e in found} == {(new_year(2027), None, "proposed")}


def test_what_nobody_has_read_is_marked():
    by_another = {"severity_adjustment"}  # the benchmark's own tests say so
    found = sorted(
        (entry.name, entry.effective, entry.tracks[:1])
        for entry in REGULATION.entries
        if entry.unverified and entry.name not in by_another
    )
    assert found == [
        ("advance_investment_first_payment", REDESIGN, ()),
        ("completion_factor", FIRST, ()),
        ("enrollment_type_hierarchy", FIRST, ()),
        ("first_year_quality_score", FIRST, ()),
        ("loss_limit_of_benchmark", TRACK_1_PLUS, ("TRACK-1+",)),
        ("loss_limit_of_revenue", TRACK_1_PLUS, ("TRACK-1+",)),
        ("loss_limit_rule", TRACK_1_PLUS, ("TRACK-1+",)),
        ("minimum_savings_rate_band", FIRST, ()),
        ("minimum_savings_rate_confidence", FIRST, ()),
        ("minimum_savings_rate_confidence", FIRST, ()),
        ("minimum_savings_rate_confidence", FIRST, ()),
        ("repayment_share_of_expenditures", PATHWAYS, ("BASIC-C",)),
        ("repayment_share_of_revenue", PATHWAYS, ("BASIC-C",)),
        ("sequestration", new_year(2025), ()),
        ("uncompensated_care_excluded", FIRST, ()),
    ]
    (band,) = [entry for entry in entries("minimum_savings_rate_band") if entry.unverified]
    assert band.value[:2] == (1, 499)


def test_nothing_is_proposed_in_the_law():
    assert {entry.status for entry in REGULATION.entries} == {"final"}
