"""The verbs around a scenario: init writes one, validate checks it, aco takes it from CMS's record."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simcore.cli.main import VERBS, app
from simcore.errors import SimcoreError
from simcore.scenario.files import read_scenario
from simcore.scenario.templates import templates
from simcore.simulate import simulate

runner = CliRunner()


def call(*arguments: object, status: int = 0) -> str:
    done = runner.invoke(app, list(map(str, arguments)))
    if isinstance(done.exception, SimcoreError):
        raise done.exception
    assert done.exit_code == status, done.output
    return done.stdout


@pytest.mark.parametrize("name", sorted(templates()))
def test_what_init_writes_is_valid(tmp_path: Path, name: str) -> None:
    path = tmp_path / "s.toml"
    call("init", path, "--template", name)
    record = json.loads(call("validate", path, "--json"))
    assert record["valid"]
    assert record["contracts"]


def test_init_keeps_a_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text("mine")
    with pytest.raises(SimcoreError, match="exists already"):
        call("init", path)
    assert path.read_text() == "mine"


def test_init_prints_a_schema_for_editors() -> None:
    schema = json.loads(call("init", "--schema"))
    assert schema["title"] == "Scenario"
    assert schema["properties"].keys() >= {"title", "aco", "benchmark", "savings", "contract", "simulation"}


def test_validate_lists_every_problem_as_json(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text("title = 'x'\n[aco]\nagreement_start = 2024-01-01\nperformance_years = 0\n[savngs]\n")
    record = json.loads(call("validate", path, "--json", status=2))
    assert not record["valid"]
    assert len(record["problems"]) == 2


def test_validate_knows_which_contracts_an_agreement_may_have(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    call("init", path, "--template", "small_rural")
    path.write_text(path.read_text().replace('track = "BASIC-E", msr_election = "0.01"', 'track = "TRACK-1"'))
    with pytest.raises(SimcoreError, match=r"contract.options\[3\].track: TRACK-1 is not open"):
        call("validate", path)


@pytest.mark.cms_data
# A1494: two types suppressed; 2014: before revenue classes; 2019 A1498: six months.
@pytest.mark.parametrize(
    ("year", "aco_id"),
    [(2022, "A1001"), (2023, "A2490"), (2023, "A1241"), (2022, "A1494"), (2014, "A67373"), (2019, "A1498")],
)
def test_a_real_aco_without_noise_spends_what_cms_published(
    cms_data: Path, tmp_path: Path, year: int, aco_id: str
) -> None:
    """Mean simulated expenditures are within 1 % of the record (interface of the verb ``aco``)."""
    path = tmp_path / "aco.toml"
    call("aco", cms_data / "puf" / f"PY{year}.csv", aco_id, "-o", path)
    published = next(line for line in path.read_text().splitlines() if "Published" in line)
    expenditures = float(published.split("expenditures ")[1].split(" USD")[0].replace(",", ""))
    quiet = read_scenario(path).with_changes(
        {"simulation.layers": [], "savings.uncertainty": 0.0, "simulation.replicates": 2}
    )
    simulated = float(simulate(quiet)["expenditures"].mean())
    assert simulated == pytest.approx(expenditures, rel=0.01)
    noisy = read_scenario(path).with_changes({"simulation.replicates": 2_000})
    assert float(simulate(noisy)["expenditures"].mean()) == pytest.approx(expenditures, rel=0.01)


@pytest.mark.cms_data
def test_an_unknown_aco_names_its_neighbours(cms_data: Path, tmp_path: Path) -> None:
    with pytest.raises(SimcoreError, match="did you mean"):
        call("aco", cms_data / "puf" / "PY2023.csv", "A249O", "-o", tmp_path / "s.toml")
    assert list(tmp_path.iterdir()) == []


def test_every_verb_has_help_with_an_example() -> None:
    for verb in VERBS:
        assert "xample" in call(verb, "--help"), verb


def test_every_verb_can_be_quiet(tmp_path: Path) -> None:
    for verb in VERBS:
        assert "--quiet" in call(verb, "--help"), verb
    said = runner.invoke(app, ["init", str(tmp_path / "said.toml")])
    assert "said.toml" in said.stderr
    quiet = runner.invoke(app, ["init", str(tmp_path / "quiet.toml"), "--quiet"])
    assert (quiet.exit_code, quiet.output) == (0, "")
    # Quiet is asked for once, not from then on.
    assert runner.invoke(app, ["init", str(tmp_path / "again.toml")]).stderr


def test_a_quiet_run_says_nothing_and_the_next_one_speaks(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    call("init", path, "--quiet")
    words = ["run", str(path), "--replicates", "100", "--tolerance", "net_settlement mean=400000", "--out"]
    quiet = runner.invoke(app, [*words, str(tmp_path / "quiet"), "--quiet"])
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert "is not reached" in runner.invoke(app, [*words, str(tmp_path / "said")]).stderr


def test_doctor_finds_the_installation_sound() -> None:
    assert json.loads(call("doctor", "--json"))["ok"]


def test_validate_tells_how_surely_a_contracts_terms_are_known(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    call("init", path, "--template", "return_or_lead")
    notes = json.loads(call("validate", path, "--json"))["notes"]
    assert any(note.startswith("LEAD-GLOBAL 2027") and ": secondary: discount" in note for note in notes)
    assert any("not comparable" in note for note in notes)
    assert not any(": verified: " in note for note in notes)
    assert "announced, not settled" in call("validate", path)
