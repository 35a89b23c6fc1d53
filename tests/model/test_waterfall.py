"""The lines of a settlement add up, and each names its rule."""

from dataclasses import replace
from datetime import date

import pytest

from simcore.model.aco_year import AcoYear, year_rules
from simcore.model.settlement import settle
from simcore.model.terms import track_terms
from simcore.model.waterfall import Step, recoupment_steps, settlement_steps
from simcore.regulation.reader import read_regulation

REGULATION = read_regulation()
ACO = AcoYear(
    performance_year=2024,
    agreement_start=date(2024, 1, 1),
    assigned_beneficiaries=10_000.0,
    participant_revenue=1e6,
    low_revenue=True,
)


def lines(
    aco: AcoYear, track: str, expenditures: float, two_way_benchmark: float | None = None
) -> dict[str, Step]:
    contract = track_terms(REGULATION, aco, year_rules(REGULATION, aco), track=track)
    settlement = settle(1e8, expenditures, contract.terms, two_way_benchmark=two_way_benchmark)
    steps = settlement_steps(settlement, contract)
    assert len({step.step for step in steps}) == len(steps)
    return {step.step: step for step in steps}


def test_savings_line_by_line() -> None:
    # 8 % of 100 M saved: 8 M x .75 = 6 M, x .98 = 5.88 M.
    found = lines(ACO, "ENHANCED", 92e6)
    assert found["Gross savings"].value == pytest.approx(8e6)
    assert found["Shared savings before sequestration"].value == pytest.approx(6e6)
    assert found["Shared savings before the limit"].value == pytest.approx(5.88e6)
    assert found["Performance payment limit"].value == pytest.approx(20e6)
    assert found["Earned shared savings"].value == pytest.approx(5.88e6)
    assert found["Net settlement"].value == pytest.approx(5.88e6)
    assert found["Maximum sharing rate"].citation == "42 CFR 425.610(d)"
    assert "425.604(b)" in found["Minimum savings rate"].citation
    assert found["Savings meet the minimum savings rate"].unit == "bool"


def test_losses_line_by_line() -> None:
    # 10 M lost: 3 M at 30 %; 8 % of a revenue of 1 M is 80,000, below 4 % of the benchmark.
    found = lines(replace(ACO, disaster_share=0.25, months=None), "BASIC-E", 110e6)
    assert found["Shared losses before the limit"].value == pytest.approx(3e6)
    assert found["Loss recoupment limit"].value == pytest.approx(80_000.0)
    assert "414.1415(c)(3)(i)(A)" in found["Loss recoupment limit"].citation
    assert found["Relief for a disaster"].value == pytest.approx(20_000.0)
    assert found["Owed shared losses"].value == pytest.approx(60_000.0)
    assert found["Net settlement"].value == pytest.approx(-60_000.0)
    without_revenue = lines(replace(ACO, participant_revenue=None), "BASIC-E", 110e6)
    assert "414.1415(c)(3)(i)(B)" in without_revenue["Loss recoupment limit"].citation


def test_a_one_sided_contract_has_no_lines_of_losses() -> None:
    assert not any("loss" in step.lower() for step in lines(ACO, "BASIC-A", 110e6))


def test_special_rules_are_named_where_they_apply() -> None:
    reduced = lines(ACO, "BASIC-A", 99e6)
    assert "425.605(h)" in reduced["Final sharing rate"].citation
    assert "425.605(h)" not in lines(ACO, "BASIC-A", 90e6)["Final sharing rate"].citation
    guarded = lines(ACO, "ENHANCED", 120e6, two_way_benchmark=105e6)
    assert guarded["Guardrail: two-way benchmark used"].citation == "42 CFR 425.652(b)(5)"
    assert guarded["Updated benchmark"].value == 105e6
    left = lines(replace(ACO, termination=date(2024, 9, 30)), "ENHANCED", 120e6)
    assert left["Part of the losses owed"].value == pytest.approx(0.75)
    assert "425.221(b)" in left["Part of the losses owed"].citation


def test_what_nobody_has_read_is_marked() -> None:
    tiny = lines(replace(ACO, assigned_beneficiaries=300.0), "BASIC-A", 90e6)
    assert [step.step for step in tiny.values() if step.unverified] == ["Minimum savings rate"]
    later = lines(replace(ACO, performance_year=2026), "BASIC-A", 90e6)
    assert [step.step for step in later.values() if step.unverified] == ["Sequestration"]


def test_an_advance_is_recouped_line_by_line() -> None:
    # 2024 A5334: 2,097,108 earned, a balance of 1,630,434.
    rule = REGULATION.entry("advance_investment_recoupment_share", agreement_start=date(2024, 1, 1))
    steps = recoupment_steps(2_097_108.0, 1_630_434.0, 1_630_434.0, entry=rule)
    assert [step.value for step in steps] == [1_630_434.0, 1_630_434.0, 0.0, 466_674.0]
