import json

from typer.testing import CliRunner

from simcore.cli.basis import basis_of
from simcore.cli.main import app
from simcore.errors import ResultError
from simcore.scenario.schema import parse_scenario
from simcore.simulate import prepare
from simcore.store import save
from tests.report.inputs import SCENARIO, told_result


def _stored(tmp_path, **attrs):
    return save(told_result().assign_attrs(**attrs), tmp_path / "result.nc")


def digest():
    """Digest of the law and the contracts that the scenario would be run with now."""
    return prepare(parse_scenario(SCENARIO, source="test")).attributes["regulation_digest"]


def test_the_report_lies_beside_the_result(tmp_path):
    stored = _stored(tmp_path)
    outcome = CliRunner().invoke(app, ["report", str(stored)])
    assert outcome.exit_code == 0, outcome.output
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_json_is_one_object_and_the_file_lies_where_it_was_asked(tmp_path):
    stored = _stored(tmp_path, regulation_digest=digest())
    outcome = CliRunner().invoke(
        app, ["report", str(stored), "--out", str(tmp_path / "sub" / "board.html"), "--json"]
    )
    assert json.loads(outcome.stdout)["report"] == str(tmp_path / "sub" / "board.html")
    assert "42 CFR 425" in (tmp_path / "sub" / "board.html").read_text(encoding="utf-8")


def test_a_file_that_is_no_result_is_the_users_to_mend(tmp_path):
    (tmp_path / "result.nc").write_bytes(b"no netCDF")
    outcome = CliRunner().invoke(app, ["report", str(tmp_path / "result.nc")])
    assert isinstance(outcome.exception, ResultError)
    assert not (tmp_path / "report.html").exists()


def test_rules_are_cited_only_when_they_are_the_runs():
    result = told_result()
    assert basis_of(result) is None
    law = basis_of(result.assign_attrs(regulation_digest=digest())).law
    # All options of an agreement of 2024 are settled: the rates of ENHANCED are cited.
    assert any(entry.tracks == ("ENHANCED",) for entry in law)
    assert all(entry.citation and entry.effective.year <= 2028 for entry in law)


def test_a_result_whose_scenario_cannot_be_read_any_more_cites_nothing():
    assert basis_of(told_result({"title": "no ACO"}).assign_attrs(regulation_digest=digest())) is None
