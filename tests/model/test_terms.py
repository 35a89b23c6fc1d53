"""The terms of every contract option, year by year.

Oracle: 42 CFR 425.604-425.606, 425.610, 425.605(h), 425.110(b)(3), with the arithmetic in the comment.
"""

from dataclasses import fields, replace
from datetime import date
from math import inf

import numpy as np
import pytest

from simcore.errors import RegulationError
from simcore.model.aco_year import ALTERNATIVE, MET, NOT_MET, AcoYear, year_rules
from simcore.model.settlement import SharingTerms
from simcore.model.terms import TrackTerms, elected_rates, terms_of_elections, track_terms
from simcore.regulation.participation import contract_options
from simcore.regulation.reader import read_regulation

REGULATION = read_regulation()
ACO = AcoYear(performance_year=2024, agreement_start=date(2024, 1, 1), assigned_beneficiaries=10_000.0)
OLD = replace(ACO, performance_year=2018, agreement_start=date(2018, 1, 1))


def contract_of(aco: AcoYear, track: str, election: str = "variable") -> TrackTerms:
    return track_terms(REGULATION, aco, year_rules(REGULATION, aco), track=track, msr_election=election)


def terms_of(aco: AcoYear, track: str, election: str = "variable") -> SharingTerms:
    return contract_of(aco, track, election).terms


@pytest.mark.parametrize(
    ("aco", "track", "share", "payment_limit", "loss_rate", "loss_limit"),
    [
        (ACO, "BASIC-A", 0.40, 0.10, 0.0, 0.0),
        (ACO, "BASIC-B", 0.40, 0.10, 0.0, 0.0),
        (ACO, "BASIC-C", 0.50, 0.10, 0.30, 0.01),
        (ACO, "BASIC-D", 0.50, 0.10, 0.30, 0.02),
        (ACO, "BASIC-E", 0.50, 0.10, 0.30, 0.04),
        # At full quality 1 - .75 = .25 is raised to .40.
        (ACO, "ENHANCED", 0.75, 0.20, 0.40, 0.15),
        (OLD, "TRACK-1", 0.50, 0.10, 0.0, 0.0),
        (OLD, "TRACK-1+", 0.50, 0.10, 0.30, 0.04),
        (OLD, "TRACK-2", 0.60, 0.15, 0.40, 0.05),
        (OLD, "TRACK-3", 0.75, 0.20, 0.40, 0.15),
    ],
)
def test_what_each_track_shares(
    aco: AcoYear, track: str, share: float, payment_limit: float, loss_rate: float, loss_limit: float
) -> None:
    terms = terms_of(aco, track)
    assert terms.final_sharing_rate == share
    assert terms.performance_payment_limit == payment_limit
    assert (terms.final_loss_rate, terms.benchmark_loss_limit) == (pytest.approx(loss_rate), loss_limit)
    # 10,000 beneficiaries: 3.0 %, and the loss rate's minimum mirrors it.
    assert terms.minimum_savings_rate == pytest.approx(0.03)
    assert terms.minimum_loss_rate == (inf if loss_rate == 0.0 else terms.minimum_savings_rate)


@pytest.mark.parametrize(
    ("score", "standard", "loss_rate"),
    [
        (0.80, MET, 0.40),  # 1 - .75 x .80 = .40
        (1.0 / 3.0, MET, 0.75),  # 1 - .25 = .75
        (0.7705, MET, 0.422125),  # 1 - .577875
        (0.10, MET, 0.75),  # 1 - .075 = .925, lowered to .75
        (0.60, ALTERNATIVE, 0.55),  # 1 - .45
        (0.60, NOT_MET, 0.75),
    ],
)
def test_quality_lowers_the_loss_rate_of_enhanced(score: float, standard: int, loss_rate: float) -> None:
    aco = replace(ACO, quality_score=score, quality_standard=standard)
    assert terms_of(aco, "ENHANCED").final_loss_rate == pytest.approx(loss_rate)
    # The loss rate of BASIC never depends on quality.
    assert terms_of(aco, "BASIC-E").final_loss_rate == 0.30


def test_track_2_shares_no_more_than_60_percent_of_losses() -> None:
    assert terms_of(replace(OLD, quality_standard=NOT_MET), "TRACK-2").final_loss_rate == 0.60
    assert terms_of(replace(OLD, quality_score=0.9), "TRACK-2").final_loss_rate == pytest.approx(0.46)


@pytest.mark.parametrize(("year_in_track", "limit"), [(1, 0.05), (2, 0.075), (3, 0.10), (6, 0.10)])
def test_track_2_limits_losses_by_the_year(year_in_track: int, limit: float) -> None:
    assert terms_of(replace(OLD, year_in_track=year_in_track), "TRACK-2").benchmark_loss_limit == limit


@pytest.mark.parametrize(("track", "share"), [("BASIC-C", 0.02), ("BASIC-D", 0.04), ("BASIC-E", 0.08)])
def test_revenue_limits_losses_of_basic_alone(track: str, share: float) -> None:
    known = replace(ACO, participant_revenue=1_000.0)
    assert terms_of(known, track).revenue_loss_limit == pytest.approx(1_000.0 * share)
    assert terms_of(ACO, track).revenue_loss_limit == inf
    assert terms_of(known, "ENHANCED").revenue_loss_limit == inf


@pytest.mark.parametrize(
    ("change", "track", "rate"),
    [
        ({}, "BASIC-A", 0.20),
        ({}, "BASIC-E", 0.25),
        ({"quality_standard": ALTERNATIVE, "quality_score": 0.8}, "BASIC-E", 0.20),
        # Each condition of 425.605(h) on its own closes it.
        ({}, "ENHANCED", 0.0),
        ({"low_revenue": False}, "BASIC-A", 0.0),
        ({"agreement_start": date(2023, 1, 1)}, "BASIC-A", 0.0),
        ({"assigned_beneficiaries": 4_999.0}, "BASIC-A", 0.0),
        ({"quality_standard": NOT_MET}, "BASIC-A", 0.0),
    ],
)
def test_reduced_rate_of_low_revenue_acos(change: dict[str, object], track: str, rate: float) -> None:
    aco = replace(ACO, **{"low_revenue": True, **change})
    assert terms_of(aco, track).reduced_sharing_rate == pytest.approx(rate)


def test_too_few_beneficiaries_take_the_table_from_july_2019() -> None:
    few = replace(ACO, assigned_beneficiaries=np.array([4_690.0, 5_000.0]))
    # 4,690: 5.0 - 1,690/1,999 x 1.1 = 4.07 %; at 5,000 the elected rate is back.
    np.testing.assert_allclose(
        terms_of(few, "BASIC-E", "0.015").minimum_savings_rate, [0.0407, 0.015], atol=5e-6
    )
    before = replace(OLD, assigned_beneficiaries=np.array([4_690.0, 5_000.0]))
    assert terms_of(before, "TRACK-3", "0.015").minimum_savings_rate == 0.015
    # The July starters' first year begins on 1 July 2019, others' 2019 on 1 January.
    first, kept = (
        replace(few, performance_year=2019, agreement_start=start)
        for start in (date(2019, 7, 1), date(2018, 1, 1))
    )
    np.testing.assert_allclose(
        terms_of(first, "BASIC-E", "0.02").minimum_savings_rate, [0.0407, 0.02], atol=5e-6
    )
    assert terms_of(kept, "TRACK-3", "0.02").minimum_savings_rate == 0.02


def test_what_may_not_be_elected_is_refused() -> None:
    for aco, track, election in (
        (ACO, "BASIC-A", "0.01"),
        (ACO, "ENHANCED", "0.03"),
        (replace(OLD, performance_year=2014, agreement_start=date(2013, 1, 1)), "TRACK-2", "variable"),
    ):
        with pytest.raises(RegulationError, match="not open"):
            contract_of(aco, track, election)
    early = replace(OLD, performance_year=2014, agreement_start=date(2013, 1, 1))
    assert terms_of(early, "TRACK-2", "0.02").minimum_savings_rate == 0.02


def test_only_what_was_used_is_reported_unverified() -> None:
    def unverified(contract: TrackTerms) -> set[str]:
        return {entry.name for entry in contract.entries if entry.unverified}

    assert unverified(contract_of(ACO, "ENHANCED", "0.01")) == set()
    tiny = replace(ACO, assigned_beneficiaries=400.0)
    assert unverified(contract_of(tiny, "ENHANCED")) == {"minimum_savings_rate_band"}
    # The elected rate gives way to the table, whose first row nobody has read.
    assert unverified(contract_of(tiny, "ENHANCED", "0.01")) == {"minimum_savings_rate_band"}
    known = replace(OLD, participant_revenue=1e6)
    assert unverified(contract_of(known, "TRACK-1+")) == {
        "loss_limit_of_benchmark",
        "loss_limit_rule",
        "loss_limit_of_revenue",
    }


def test_every_option_of_every_start_has_terms() -> None:
    for year in range(2013, 2031):
        start = date(min(year, 2019), 1, 1) if year < 2020 else date(year, 1, 1)
        aco = replace(ACO, performance_year=year, agreement_start=start)
        for option in contract_options(REGULATION, start, (year,)):
            terms = terms_of(aco, option.track, option.msr_election)
            assert 0.0 < terms.final_sharing_rate <= 0.75


def test_elections_of_a_track_differ_in_their_minimum_alone() -> None:
    few = replace(ACO, assigned_beneficiaries=np.array([4_690.0, 5_000.0]), participant_revenue=1e6)
    rules = year_rules(REGULATION, few)
    elected = elected_rates(rules, ["0.010", "variable"])
    together = terms_of_elections(REGULATION, few, rules, track="BASIC-E", elected=elected)
    for position, election in enumerate(elected.elections):
        alone = contract_of(few, "BASIC-E", election)
        own = np.asarray(together.terms.minimum_savings_rate)[position]
        np.testing.assert_array_equal(own, alone.terms.minimum_savings_rate)
        for changed in fields(SharingTerms):
            if not changed.name.startswith("minimum"):
                np.testing.assert_array_equal(
                    getattr(together.terms, changed.name), getattr(alone.terms, changed.name)
                )
        assert together.entries == alone.entries
    with pytest.raises(RegulationError, match="not open"):
        terms_of_elections(
            REGULATION, few, rules, track="BASIC-A", elected=elected_rates(rules, ["0.010", "variable"])
        )
