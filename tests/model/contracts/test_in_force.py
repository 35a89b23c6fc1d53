"""A contract's terms in a year come with what must be told about them."""

import pytest

from simcore.errors import ScenarioError
from simcore.model.contracts.in_force import (
    NOT_COMPARABLE,
    OTHER_YEAR,
    OVERRIDDEN,
    contract_terms,
    contract_years,
)
from simcore.regulation.preset_checks import EVIDENCE
from tests.model.contracts.settling import PRESETS


def kinds(notes: object, kind: str) -> list[str]:
    return [note.text for note in notes if note.kind == kind]


@pytest.mark.parametrize("label", PRESETS.labels)
def test_every_preset_settles_in_every_year(label: str) -> None:
    first, last = PRESETS.preset(label).years
    terms, notes = contract_years(label, range(first, min(last, first + 20) + 1), PRESETS)
    assert len(terms) == min(last, first + 20) + 1 - first
    assert {note.kind for note in notes} <= {*EVIDENCE, NOT_COMPARABLE}
    assert kinds(notes, NOT_COMPARABLE)


def test_every_value_tells_its_evidence() -> None:
    _, notes = contract_terms("REACH-GLOBAL", 2026, PRESETS)
    assert any("discount = 0.04" in text for text in kinds(notes, "unverified"))
    assert any("quality_withhold" in text for text in kinds(notes, "secondary"))
    assert any("bands_savings = [[0.1, 1]" in text for text in kinds(notes, "derived"))
    assert any(
        "bands_losses = same" in text
        for text in kinds(contract_terms("REACH-GLOBAL", 2023, PRESETS).notes, "verified")
    )


@pytest.mark.parametrize(
    ("label", "year", "told"),
    [
        ("REACH-GLOBAL", 2027, "the terms of 2026 are taken: Global and Professional Direct Contracting"),
        ("LEAD-GLOBAL", 2024, "the terms of 2027 are taken: LEAD"),
        ("REACH-GLOBAL terms_of=2026", 2024, "the terms of 2026 are taken, as terms_of asks"),
    ],
)
def test_another_year_is_told(label: str, year: int, told: str) -> None:
    _, notes = contract_terms(label, year, PRESETS)
    assert kinds(notes, OTHER_YEAR)[0].startswith(told)


def test_the_nearest_year_has_the_same_terms() -> None:
    assert (
        contract_terms("REACH-GLOBAL", 2030, PRESETS).terms
        == contract_terms("REACH-GLOBAL", 2026, PRESETS).terms
    )


def test_a_users_value_counts_and_is_told_instead_of_the_presets() -> None:
    contract = {"preset": "REACH-GLOBAL", "discount": 0.035, "quality_withhold": {"rate": 0.01}}
    terms, notes = contract_terms(contract, 2021, PRESETS, label="MINE")
    assert (terms.discount, terms.quality_withhold) == (0.035, 0.01)
    # What the change does not name stays: four fifths of the score of 2021 are earned by reporting.
    assert terms.reporting_share == 0.8
    assert kinds(notes, OVERRIDDEN) == ["discount = 0.035", "quality_withhold = { rate = 0.01 }"]
    assert not any(note.kind in EVIDENCE and note.text.startswith("discount") for note in notes)
    assert {note.contract for note in notes} == {"MINE"}


def test_a_term_may_be_written_by_year() -> None:
    contract = {"bands_savings": 0.5, "discount": {"2027": 0.01, "2030": 0.03}}
    terms, _ = contract_years(contract, (2026, 2027, 2029, 2030, 2033), PRESETS)
    assert [year.discount for year in terms] == [0.01, 0.01, 0.01, 0.03, 0.03]


def test_a_contract_outside_its_own_years_is_told() -> None:
    _, notes = contract_terms({"bands_savings": 0.5, "years": [2027, 2029]}, 2030, PRESETS, label="MINE")
    assert str(notes[0]) == (
        "MINE 2030: other year: the contract is written for 2027 to 2029; its terms are taken as they are"
    )


def test_an_election_that_nobody_made_is_told() -> None:
    _, assumed = contract_terms("NGACO-A", 2021, PRESETS)
    _, made = contract_terms("NGACO-A cap=0.15", 2021, PRESETS)
    assert any(text.startswith("cap = 0.1 is taken") for text in kinds(assumed, "illustrative"))
    assert not kinds(made, "illustrative")


def test_notes_of_several_years_are_told_once() -> None:
    _, notes = contract_years("REACH-PROFESSIONAL", (2024, 2025, 2026), PRESETS)
    bands = [note for note in notes if note.text.startswith("bands_savings")]
    assert [note.years for note in bands] == [(2024, 2025, 2026)]
    assert str(bands[0]).startswith("REACH-PROFESSIONAL 2024-2026: derived: bands_savings = ")


@pytest.mark.parametrize(
    ("contract", "problem"),
    [
        ("NGACO-A cap=0.30", "cap: 0.3 is not allowed; a fraction from 0.05 to 0.15"),
        ("LEAD-GLOBAL spending=middle", "spending: 'middle' is not allowed; allowed: higher, lower"),
        ("REACH-GLOBAL discont=0.02", "discont: unknown key; did you mean 'discount'"),
        ({"terms_of": 2026}, "terms_of: unknown key"),
        ({"preset": "PGP", "terms_of": "soon"}, "terms_of: 'soon' is not allowed; a year"),
        ({"years": 2027}, "years: 2027 is not allowed; a pair"),
    ],
)
def test_a_contract_that_cannot_be_is_refused(contract: object, problem: str) -> None:
    with pytest.raises(ScenarioError, match=problem.replace("(", r"\(")):
        contract_terms(contract, 2026, PRESETS)
