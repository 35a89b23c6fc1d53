import json
import tomllib

import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from simcore.errors import ScenarioError
from simcore.scenario.default_values import default_table


def test_calibrate_writes_what_the_model_reads_and_shows_the_fit(tmp_path):
    file = tmp_path / "calibrated.toml"
    result = CliRunner().invoke(app, ["calibrate", "--json", "--write", str(file)])
    assert result.exit_code == 0, result.output
    shown = json.loads(result.stdout)
    assert shown["holds"] is True
    assert all(row["lowest"] <= row["reached"] <= row["highest"] for row in shown["figures"])
    written = tomllib.loads(file.read_text(encoding="utf-8"))
    assert written == shown["fitted"]
    assert written.keys() == default_table("calibrated").keys()


def test_a_year_without_means_is_refused():
    result = CliRunner().invoke(app, ["calibrate", "--year", "1999"])
    assert isinstance(result.exception, ScenarioError)
    assert "allowed: 2016, 2019, 2022, 2023" in str(result.exception)


@pytest.mark.parametrize("word", ["--write", "--json"])
def test_help_names_the_options(word):
    result = CliRunner().invoke(app, ["calibrate", "--help"], env={"COLUMNS": "120", "NO_COLOR": "1"})
    assert word in result.stdout
