"""`simcore backtest`: tables, JSON, files and exit status."""

import json
import tomllib
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from simcore.errors import DataError
from tests.cms.built_panel import write_years

runner = CliRunner()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return [str(path) for path in write_years(tmp_path_factory.mktemp("years"))]


def test_tables_and_files(files: list[str], tmp_path: Path) -> None:
    out, defaults = tmp_path / "out", tmp_path / "aco_layer.toml"
    outcome = runner.invoke(app, ["backtest", *files, "--out", str(out), "--write-defaults", str(defaults)])
    assert outcome.exit_code == 0, outcome.output
    for word in ("2022", "2023", "shared savings paid", "missed", "standard error", "Chi-square"):
        assert word in outcome.stdout
    assert "2021 is not forecast" in outcome.stderr
    assert len(pd.read_csv(out / "forecasts.csv")) == 180
    # A group without forecasts holds no number: strict JSON says null.
    assert "NaN" not in (out / "backtest.json").read_text()
    assert json.loads((out / "backtest.json").read_text())["performance_years"][0]["acos"] == 90
    for name in ("reliability_paid", "reliability_owed", "pit"):
        assert (out / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert 0.0 < tomllib.loads(defaults.read_text())["autocorrelation"]["value"] < 1.0


def test_json_is_one_object_on_standard_output(files: list[str]) -> None:
    outcome = runner.invoke(app, ["backtest", *files, "--json", "--quiet"])
    content = json.loads(outcome.stdout)
    assert [year["performance_year"] for year in content["performance_years"]] == [2022, 2023]
    chance = content["reliability_by_chance"]["paid"]
    judged = [row for row in content["reliability"]["paid"] if row["count"] >= 30]
    assert chance["judged"] == len(judged)
    assert chance["outside"] == sum(abs(row["observed"] - row["forecast"]) > 0.05 for row in judged)
    assert 0.0 <= chance["probability_none_outside"] <= 1.0
    assert outcome.stderr == ""


def test_two_files_are_too_few(files: list[str]) -> None:
    outcome = runner.invoke(app, ["backtest", *files[:2]])
    assert isinstance(outcome.exception, DataError)
