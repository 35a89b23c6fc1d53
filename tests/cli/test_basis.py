"""What a run tells of the law's numbers and of the contracts' terms that it rests on."""

import json
from datetime import date
from pathlib import Path

from simcore.cli.basis import Basis, basis_of, basis_of_plan, remarks_on
from simcore.cli.run_files import write_run_files
from simcore.model.contracts.in_force import Note
from simcore.regulation.reader import Entry
from simcore.report.figures import draw_pictures
from simcore.scenario.schema import parse_scenario
from simcore.simulate import prepare, simulate
from simcore.store import save

SCENARIO = {
    "title": "Return or LEAD",
    "aco": {
        "agreement_start": date(2027, 1, 1),
        "performance_years": [2027, 2028],
        "population": {"AGED_NON_DUAL": {"assigned_beneficiaries": 6_000}},
    },
    "benchmark": {"mode": "given"},
    "contract": {"options": ["ENHANCED msr=variable", "LEAD-GLOBAL", "REACH-GLOBAL"]},
    "simulation": {"replicates": 20, "seed": 1, "engine": "pooled"},
}


def number(evidence: str) -> Entry:
    return Entry(
        "sequestration", 0.02, "1", "performance_year", date(2025, 1, 1), None, "law", evidence, "final", "",
        (), {}, 0,
    )  # fmt: skip


def note(contract: str, kind: str, text: str, term: str = "") -> Note:
    return Note(contract, kind, text, (2027,), term)


def test_doubts_are_told_in_few_lines() -> None:
    notes = (
        note("LEAD-GLOBAL", "secondary", "discount = 0.0175 (Benesch).", "discount"),
        note("LEAD-GLOBAL", "secondary", "sequestration = 0.02 (Benesch).", "sequestration"),
        note("LEAD-GLOBAL", "illustrative", "spending = higher is taken (CMS)."),
        note("LEAD-GLOBAL", "verified", "retention_withhold = 0.02 (CMS).", "retention_withhold"),
        note("LEAD-GLOBAL", "not comparable", "no result exists"),
        note("PGP", "not comparable", "no result exists"),
    )
    law = (number("unverified"), number("cfr"))
    assert remarks_on(Basis(law, notes)) == [
        "1 number of the law is unverified; manifest.json or `simcore rules --unverified` lists them",
        "LEAD-GLOBAL: secondary: discount, sequestration; illustrative: spending",
        "LEAD-GLOBAL, PGP: not comparable: no result exists",
    ]
    assert remarks_on(Basis((number("cfr"),), ())) == []


def test_a_run_leaves_its_doubts_in_manifest_and_report(tmp_path: Path) -> None:
    result = simulate(parse_scenario(SCENARIO, source="test"))
    basis = basis_of(result)
    save(result, tmp_path / "result.nc")
    write_run_files(result, lambda: draw_pictures(result), basis, tmp_path)
    lines = remarks_on(basis)
    assert any(line.startswith("REACH-GLOBAL: other year: the terms of 2026 are taken") for line in lines)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert len(manifest["contract_notes"]) == len(basis.notes)
    assert manifest["contract_notes"][0]["contract"] == "LEAD-GLOBAL"
    # Sequestration from 2025 on is assumed.
    assert any(line.startswith("sequestration ") for line in manifest["unverified"])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Contracts outside the program" in page


def test_a_proposal_that_makes_the_benchmark_depend_on_the_track_is_told() -> None:
    # 91 FR 43842 would weigh the regional adjustment of ENHANCED agreements from 2027 at 35 percent.
    program = {**SCENARIO, "contract": {"options": ["BASIC-E msr=variable", "ENHANCED msr=variable"]}}
    built = {**program, "benchmark": {"mode": "simulated"}}

    def told(scenario: dict[str, object], *, proposed: bool) -> tuple[str, ...]:
        asked = parse_scenario({**scenario, "regulation": {"proposed": proposed}}, source="test")
        return basis_of_plan(prepare(asked).plan).not_applied

    (sentence,) = told(built, proposed=True)
    assert sentence.startswith("not applied: regional_adjustment_weights_lower_spending = (0.35,")
    assert "for ENHANCED" in sentence
    assert told(built, proposed=False) == ()
    # A benchmark that is given has its regional adjustment behind it.
    assert told(program, proposed=True) == ()
