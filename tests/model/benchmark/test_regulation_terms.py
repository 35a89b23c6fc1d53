from datetime import date
from math import inf

import pytest

from simcore.errors import RegulationError
from simcore.model.benchmark.regulation_terms import benchmark_terms
from simcore.regulation.reader import read_regulation

REGULATION = read_regulation()
PROPOSED = read_regulation(proposed=True)
THIRDS = pytest.approx((1 / 3, 1 / 3, 1 / 3))


def terms(start, period=1, year=None, regulation=REGULATION, **options):
    return benchmark_terms(
        regulation,
        agreement_start=start,
        agreement_period=period,
        performance_year=year or start.year,
        **options,
    )


@pytest.mark.parametrize(
    ("start", "period", "weights", "trend", "update", "risk"),
    [
        (date(2012, 4, 1), 1, (0.1, 0.3, 0.6), "national", "flat_dollar", "newly_and_continuously_assigned"),
        (date(2016, 1, 1), 2, THIRDS, "national", "flat_dollar", "newly_and_continuously_assigned"),
        (date(2017, 1, 1), 2, THIRDS, "regional", "regional", "newly_and_continuously_assigned"),
        (date(2018, 1, 1), 1, (0.1, 0.3, 0.6), "national", "flat_dollar", "newly_and_continuously_assigned"),
        (date(2019, 1, 1), 3, THIRDS, "regional", "regional", "newly_and_continuously_assigned"),
        (
            date(2019, 7, 1),
            1,
            (0.1, 0.3, 0.6),
            "national_regional_blend",
            "national_regional_blend",
            "capped_by_type",
        ),
        (date(2023, 1, 1), 2, THIRDS, "national_regional_blend", "national_regional_blend", "capped_by_type"),
        (date(2024, 1, 1), 1, (0.1, 0.3, 0.6), "national_regional_blend", "three_way", "capped_in_aggregate"),
        (date(2025, 1, 1), 2, THIRDS, "national_regional_blend", "three_way", "capped_in_aggregate"),
    ],
)
def test_each_regime(start, period, weights, trend, update, risk):
    found = terms(start, period)
    assert found.historical.benchmark_year_weights == weights
    assert found.historical.trend == trend
    assert found.update.method == update
    assert found.risk.method == risk
    assert found.update.guardrail == (start >= date(2024, 1, 1))
    assert (found.population_adjustment is not None) == (start >= date(2025, 1, 1))


@pytest.mark.parametrize(
    ("start", "period", "lower", "higher", "upper_cap", "lower_cap"),
    [
        (date(2017, 1, 1), 2, 0.35, 0.25, inf, inf),
        (date(2018, 1, 1), 3, 0.70, 0.50, inf, inf),
        (date(2019, 1, 1), 4, 0.70, 0.70, inf, inf),
        (date(2019, 7, 1), 1, 0.35, 0.15, 0.05, 0.05),
        (date(2020, 1, 1), 2, 0.50, 0.25, 0.05, 0.05),
        (date(2024, 1, 1), 3, 0.50, 0.35, 0.05, 0.015),
        (date(2025, 1, 1), 4, 0.50, 0.50, 0.05, 0.015),
        (date(2026, 1, 1), 6, 0.50, 0.50, 0.05, 0.015),
    ],
)
def test_regional_adjustment_weights_by_the_times_an_aco_was_subject_to_it(
    start, period, lower, higher, upper_cap, lower_cap
):
    found = terms(start, period).regional_adjustment
    assert (found.lower_spending_weight, found.higher_spending_weight) == (lower, higher)
    assert (found.upper_cap, found.lower_cap) == (upper_cap, lower_cap)


@pytest.mark.parametrize(
    ("start", "period"), [(date(2012, 7, 1), 1), (date(2016, 1, 1), 2), (date(2018, 1, 1), 1)]
)
def test_no_regional_adjustment_before_2017_nor_in_a_first_agreement_before_july_2019(start, period):
    assert terms(start, period).regional_adjustment is None


def test_an_aco_that_renewed_early_may_have_been_subject_more_often():
    found = terms(date(2020, 1, 1), 3, regional_adjustments=2).regional_adjustment
    assert (found.lower_spending_weight, found.higher_spending_weight) == (0.50, 0.25)
    with pytest.raises(ValueError, match="at least 1"):
        terms(date(2020, 1, 1), 3, regional_adjustments=0)


def test_proposals_of_2027_are_law_only_when_asked_for():
    start = date(2027, 1, 1)
    law, proposal = terms(start, track="ENHANCED"), terms(start, regulation=PROPOSED, track="ENHANCED")
    assert law.prior_savings.scaling == 0.5
    assert proposal.prior_savings.scaling == 0.75
    assert proposal.prior_savings.cap_risk_adjusted
    assert (law.update.prospective_trend_below, law.update.prospective_trend_above) == (inf, inf)
    assert (proposal.update.prospective_trend_below, proposal.update.prospective_trend_above) == (
        0.010,
        0.015,
    )
    later = terms(start, 2, regulation=PROPOSED, track="ENHANCED").regional_adjustment
    assert later.lower_spending_weight == 0.35
    assert (
        terms(start, 2, regulation=PROPOSED, track="BASIC-E").regional_adjustment.lower_spending_weight == 0.5
    )


def test_the_proposed_lower_bound_reaches_back_to_2025_and_the_upper_does_not():
    found = terms(date(2024, 1, 1), year=2025, regulation=PROPOSED)
    assert found.update.prospective_trend_below == 0.010
    assert found.update.prospective_trend_above == inf


def test_terms_say_what_nobody_has_verified_and_where_a_number_stands():
    found = terms(date(2024, 1, 1))
    assert [entry.name for entry in found.unverified] == ["severity_adjustment"]
    assert found.citation("prior_savings_scaling") == "42 CFR 425.658"
    assert found.citation("no such number") == ""


def test_an_overlay_with_an_unknown_method_is_refused(tmp_path):
    (tmp_path / "what_if.toml").write_text(
        '[[number]]\nname = "benchmark_update"\nvalue = "guesswork"\nunit = "1"\n'
        'dated_by = "agreement_start"\nfrom = 2024-01-01\ncitation = "none"\n'
        'evidence = "illustrative"\nstatus = "proposed"\n'
    )
    with pytest.raises(RegulationError, match="'guesswork' is not known; allowed: flat_dollar"):
        terms(date(2024, 1, 1), regulation=read_regulation([tmp_path]))
