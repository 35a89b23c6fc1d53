"""Presets are dated and cited, and overlays change them or are refused with all that is wrong."""

from pathlib import Path

import pytest

from simcore.errors import RegulationError
from simcore.regulation.preset_checks import EVIDENCE
from simcore.regulation.presets import read_presets
from simcore.regulation.reader import read_regulation

LABELS = {
    "PGP",
    *(f"PIONEER-{option}" for option in ("CORE", "A", "B", "C")),
    *(f"NGACO-{arrangement}" for arrangement in "AB"),
    *(f"{model}-{option}" for model in ("REACH", "LEAD") for option in ("GLOBAL", "PROFESSIONAL")),
    "COMMERCIAL",
    "MEDICARE-ADVANTAGE",
}

PAYER = """
    [preset]
    title = "A payer's contract"
    contracts = ["PAYER"]
    years = [2025, 2029]

    [[term]]
    name = "bands_savings"
    value = [[inf, 0.6]]
    evidence = "verified"
    citation = "the signed contract"
"""
NO_SEQUESTRATION = Path(__file__).parents[2] / "scenarios" / "overlays" / "no_sequestration"


def overlay(folder: Path, text: str) -> Path:
    (folder / "contracts").mkdir(exist_ok=True)
    (folder / "contracts" / "mine.toml").write_text(text, encoding="utf-8")
    return folder


def test_every_model_is_there() -> None:
    assert set(read_presets().labels) == LABELS


def test_every_value_is_cited_and_tagged() -> None:
    presets = read_presets()
    assert all(term.citation and term.evidence in EVIDENCE for term in presets.terms)
    assert all(
        election.citation for label in presets.labels for election in presets.preset(label).elections.values()
    )


def test_templates_are_illustrative_throughout() -> None:
    terms = [
        term for term in read_presets().terms if {"COMMERCIAL", "MEDICARE-ADVANTAGE"} & set(term.contracts)
    ]
    assert {term.evidence for term in terms} == {"illustrative"}


@pytest.mark.parametrize(
    ("year", "discount"),
    # contracts of CMS: GPDC 2 %, REACH 3 % until 2024, 4 % from 2025.
    [(2021, 0.02), (2022, 0.02), (2023, 0.03), (2024, 0.03), (2025, 0.04), (2026, 0.04)],
)
def test_the_discount_of_reach_by_year(year: int, discount: float) -> None:
    assert read_presets().in_force("REACH-GLOBAL", year)["discount"].value == discount
    assert "discount" not in read_presets().in_force("REACH-PROFESSIONAL", year)


def test_an_election_chooses_among_terms() -> None:
    presets = read_presets()
    assert "retention_withhold" not in presets.in_force("REACH-GLOBAL", 2023)
    assert presets.in_force("REACH-GLOBAL", 2023, {"retention": "yes"})["retention_withhold"].value == 0.02
    assert presets.in_force("LEAD-GLOBAL", 2027)["discount"].value == 0.0175
    assert presets.in_force("LEAD-GLOBAL", 2027, {"spending": "lower"})["discount"].value == 0.03


def test_an_overlay_changes_its_contracts_and_years_only(tmp_path: Path) -> None:
    text = """
        [[term]]
        name = "discount"
        value = 0.035
        years = [2025, 2026]
        contracts = ["REACH-GLOBAL"]
        evidence = "illustrative"
        citation = "the older table"
    """
    presets = read_presets([overlay(tmp_path, text)])
    assert presets.in_force("REACH-GLOBAL", 2026)["discount"].value == 0.035
    assert presets.in_force("REACH-GLOBAL", 2024)["discount"].value == 0.03
    assert presets.in_force("LEAD-GLOBAL", 2027)["discount"].value == 0.0175
    assert presets.digest != read_presets().digest


def test_an_overlay_may_bring_a_contract(tmp_path: Path) -> None:
    presets = read_presets([overlay(tmp_path, PAYER)])
    assert presets.in_force("PAYER", 2025)["bands_savings"].value == [[float("inf"), 0.6]]
    assert presets.labels[-1] == "PAYER"


def test_an_overlay_may_hold_the_law_alone_or_contracts_alone(tmp_path: Path) -> None:
    shipped = read_presets()
    assert read_presets([NO_SEQUESTRATION]) == shipped
    alone = overlay(tmp_path, PAYER)
    both = [NO_SEQUESTRATION, alone]
    assert read_presets(both).labels == (*shipped.labels, "PAYER")
    assert read_regulation([alone]) == read_regulation()
    assert read_regulation(both) == read_regulation([NO_SEQUESTRATION])


def test_an_overlay_with_neither_law_nor_contracts_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    for read in (read_presets, read_regulation):
        with pytest.raises(RegulationError, match="holds no TOML file"):
            read([tmp_path])
        with pytest.raises(RegulationError, match="is no folder"):
            read([tmp_path / "none"])


def test_all_problems_of_an_overlay_are_told_at_once(tmp_path: Path) -> None:
    text = """
        [[term]]
        name = "discont"
        value = 0.035
        years = [2026, 2025]
        contracts = ["REACH-GLOBL"]
        evidence = "sure"

        [[election]]
        name = "side"
        default = "left"
        choices = ["right"]
        evidence = "verified"
        citation = "x"
    """
    with pytest.raises(RegulationError) as error:
        read_presets([overlay(tmp_path, text)])
    told = str(error.value)
    assert len(error.value.problems) == 6
    for part in (
        "key 'citation' is missing",
        "'discont' is no term; did you mean 'discount'?",
        "'sure' is not allowed",
        "'REACH-GLOBL' is no contract; did you mean 'REACH-GLOBAL'",
        "years: [2026, 2025] is no pair",
        "election 1 (side): choices",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[term]", "cannot be read as TOML"),
        ("terms = 1", "key 'terms' is not known; did you mean 'term'"),
        ("term = 1", "'term' is no list of tables"),
        ("preset = 1", "'preset' is no table"),
        ("[preset]\ntitle = 'x'", "preset: key 'contracts' is missing"),
        (
            "[preset]\ntitle = 'x'\ncontracts = ['PGP']\nyears = [2005, 2006]",
            "'PGP' is declared already",
        ),
        ("[preset]\ntitle = 'x'\ncontracts = 'X'\nyears = 2005", "preset.years: 2005 is no pair"),
        ("[[election]]\nname = 'x'\ndefault = 1\nevidence = 'verified'\ncitation = 'x'", "exactly one of"),
        (
            "[[election]]\nname = 'x'\ndefault = 1\nevidence = 'verified'\ncitation = 'x'\nbetween = [1]",
            "no pair of numbers",
        ),
    ],
)
def test_a_malformed_file_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(RegulationError, match=problem):
        read_presets([overlay(tmp_path, text)])
