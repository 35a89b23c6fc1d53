"""A scenario is checked whole: every problem at once, each with its place, its value and what is allowed."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcore.errors import ScenarioError
from simcore.scenario.default_values import default
from simcore.scenario.files import read_scenario
from simcore.scenario.schema import Scenario, parse_scenario
from simcore.scenario.writer import scenario_toml

SMALLEST = {
    "title": "A question",
    "aco": {
        "agreement_start": date(2024, 1, 1),
        "performance_years": 5,
        "population": {"AGED_NON_DUAL": {"assigned_beneficiaries": 12_000}},
    },
}


def smallest(**aco: object) -> Scenario:
    return parse_scenario({**SMALLEST, "aco": {**SMALLEST["aco"], **aco}}, source="test")


def problems(path: Path, text: str) -> tuple[str, ...]:
    path.write_text(text)
    with pytest.raises(ScenarioError) as raised:
        read_scenario(path)
    return raised.value.problems


def test_the_fixed_keys_alone_make_a_scenario() -> None:
    scenario = parse_scenario(SMALLEST, source="test")
    assert scenario.aco.performance_years == (2024, 2025, 2026, 2027, 2028)
    assert scenario.simulation.replicates == default("simulation.replicates")


def test_a_date_may_be_text_and_years_a_list() -> None:
    assert smallest(agreement_start="2024-01-01", performance_years=[2024, 2025]).aco.performance_years == (
        2024,
        2025,
    )


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    text = """
title = "x"
[aco]
agreement_start = "2024-13-01"
performance_years = 50
size_grwth = 3
[aco.population.AGED_NONDUAL]
assigned_beneficiaries = -5
[aco.population.ESRD]
assigned_beneficiaries = nan
[savings]
true_saving = 2
[contract]
options = "al"
[simulation]
engine = "poled"
replicates = 1
"""
    found = "\n".join(problems(tmp_path / "s.toml", text))
    for place, hint in {
        "aco.agreement_start": "month",
        "aco.performance_years": "1 to 10",
        "aco.size_grwth": "did you mean 'size_growth'",
        "aco.population.AGED_NONDUAL": "did you mean 'AGED_NON_DUAL'",
        "aco.population.ESRD.assigned_beneficiaries": "finite",
        "savings.true_saving": "did you mean 'true_savings'",
        "contract.options": "did you mean 'all'",
        "simulation.engine": "did you mean 'pooled'",
        "simulation.replicates": "greater than or equal to 2",
    }.items():
        lines = [line for line in found.splitlines() if line.startswith(place)]
        assert any(hint in line for line in lines), (place, lines)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"performance_years": [2024, 2026]}, "without a gap"),
        ({"performance_years": [2020]}, "before agreement_start"),
        ({"population": {}}, "no beneficiary is assigned"),
        ({"population": {"ESRD": {"assigned_beneficiaries": 0}}}, "no beneficiary is assigned"),
    ],
)
def test_what_does_not_fit_together_is_said(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        smallest(**changes)


def test_a_path_of_savings_needs_a_number_for_each_year() -> None:
    with pytest.raises(ScenarioError, match="one for each of the 5"):
        parse_scenario({**SMALLEST, "savings": {"true_savings": [0.01, 0.02]}}, source="test")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"title = ", "cannot be read as TOML"),
        (b"\xff\xfe\x00title", "is not UTF-8"),
        (b"x = " + b"[" * 50_000, "it is nested too deeply"),
        (b"title = 'a'\ntitle = 'b'\n", "cannot be read as TOML"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(content)
    with pytest.raises(ScenarioError, match=sentence):
        read_scenario(path)


def test_a_misspelt_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text("")
    with pytest.raises(ScenarioError, match=r"did you mean 'scenario.toml'"):
        read_scenario(tmp_path / "scenari.toml")


def test_changes_by_dotted_path_are_checked_too() -> None:
    scenario = parse_scenario(SMALLEST, source="test")
    changed = scenario.with_changes(
        {"savings.true_savings": 0.03, "aco.population.ESRD.assigned_beneficiaries": 50}
    )
    assert changed.savings.true_savings == 0.03
    assert changed.aco.population["ESRD"].assigned_beneficiaries == 50
    assert changed.digest() != scenario.digest()
    with pytest.raises(ScenarioError, match="unknown key"):
        scenario.with_changes({"savings.true_saving": 0.03})


@settings(max_examples=50, derandomize=True, deadline=None)
@given(
    heads=st.integers(1, 10**8),
    savings=st.floats(-0.5, 0.5),
    seed=st.integers(0, 2**63 - 1),
    title=st.text(min_size=1, max_size=50),
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, heads: int, savings: float, seed: int, title: str
) -> None:
    scenario = parse_scenario(SMALLEST, source="test").with_changes(
        {
            "title": title,
            "aco.population.AGED_NON_DUAL.assigned_beneficiaries": heads,
            "savings.true_savings": savings,
            "simulation.seed": seed,
        }
    )
    path = tmp_path_factory.mktemp("written") / "s.toml"
    path.write_text(scenario_toml(scenario), encoding="utf-8")
    assert read_scenario(path) == scenario


def test_the_schema_documents_every_key() -> None:
    """A key without a meaning would be written by ``init`` without one."""
    schema = Scenario.model_json_schema()
    sections = {"Scenario": schema, **schema["$defs"]}
    silent = [
        f"{name}.{key}"
        for name, section in sections.items()
        for key, field in section.get("properties", {}).items()
        if "description" not in field and "$ref" not in str(field)
    ]
    assert silent == []
