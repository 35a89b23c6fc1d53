"""`simcore replay`: tables, JSON, details and exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from tests.cms.built_files import COLUMNS_2024, ROWS_2024, write_csv
from tests.cms.test_reach import HEADER, ROWS_2022

runner = CliRunner()


@pytest.fixture
def results_file(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "results.csv", COLUMNS_2024, ROWS_2024)


def test_table_and_details(results_file: Path, tmp_path: Path) -> None:
    details = tmp_path / "details.csv"
    outcome = runner.invoke(app, ["replay", str(results_file), "--details", str(details)])
    assert outcome.exit_code == 0
    assert "2024" in outcome.stdout
    assert list(pd.read_csv(details)["verdict"]) == ["exact"] * 4


def test_json_is_one_object_on_standard_output(results_file: Path) -> None:
    outcome = runner.invoke(app, ["replay", str(results_file), "--json"])
    content = json.loads(outcome.stdout)
    assert content["aco_years"] == content["exact"] == 4


def test_a_wrong_gate_is_exit_status_1(tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS_2024]
    rows[0][COLUMNS_2024.index("EarnSaveLoss")] = "0"
    outcome = runner.invoke(
        app, ["replay", str(write_csv(tmp_path / "x.csv", COLUMNS_2024, rows)), "--quiet"]
    )
    assert outcome.exit_code == 1
    assert "A1001" in outcome.stderr
    assert "A1001" in outcome.stdout


def test_a_fault_of_the_input_is_exit_status_2_without_traceback(tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_text("ACO_ID,N_AB\nA1,5\n")
    command = [
        sys.executable,
        "-m",
        "simcore.cli.main",
        "replay",
        str(path),
        "--details",
        str(tmp_path / "d.csv"),
    ]
    outcome = subprocess.run(command, capture_output=True, text=True, check=False)
    assert outcome.returncode == 2
    assert "is missing" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not (tmp_path / "d.csv").exists()


def test_reach_has_the_same_json_and_its_own_details(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "reach.csv", HEADER, ROWS_2022)
    details = tmp_path / "details.csv"
    outcome = runner.invoke(
        app, ["replay", "--model", "reach", str(path), "--json", "--details", str(details)]
    )
    assert outcome.exit_code == 0, outcome.stderr
    content = json.loads(outcome.stdout)
    # The transcribed amounts have ten digits: some are rounded to ten cents.
    assert content["exact"] + content["within_published_rounding"] == 13
    assert (content["aco_years"], content["unexplained"]) == (14, 1)
    # D0128: 362,122.00 were shared and nothing was paid.
    (forfeited,) = content["files"][0]["unexplained_acos"]
    assert (forfeited["aco_id"], forfeited["cms"]) == ("D0128", 0.0)
    assert set(pd.read_csv(details)["aco_id"]) == {row[1] for row in ROWS_2022}
    table = runner.invoke(app, ["replay", "--model", "reach", str(path)])
    assert "within a cent" in table.stdout
    assert "2022 D0128" in table.stdout


@pytest.mark.cms_data
def test_every_published_year_of_reach(cms_data: Path) -> None:
    outcome = runner.invoke(
        app, ["replay", "--model", "reach", str(cms_data / "reach_results.csv"), "--json"]
    )
    content = json.loads(outcome.stdout)
    assert content["unexplained"] <= 2
    assert {row["aco_id"] for file in content["files"] for row in file["unexplained_acos"]} <= {
        "D0128",
        "D0120",
    }


def test_one_year_for_two_files(results_file: Path) -> None:
    outcome = runner.invoke(app, ["replay", str(results_file), str(results_file), "--year", "2024"])
    assert "one file with --year" in str(outcome.exception)
