import json

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from simcore.errors import ResultError
from simcore.store import save
from tests.report.inputs import told_result


@pytest.fixture
def stored(tmp_path):
    return save(told_result(), tmp_path / "result.nc")


def test_all_three_files_at_once_and_one_json_object(stored, tmp_path):
    files = {kind: str(tmp_path / f"out.{kind}") for kind in ("xlsx", "parquet", "csv")}
    options = [part for kind, path in files.items() for part in (f"--{kind}", path)]
    outcome = CliRunner().invoke(app, ["export", str(stored), *options, "--json"])
    assert outcome.exit_code == 0, outcome.output
    assert json.loads(outcome.stdout) == {"result": str(stored), **files}
    assert "1 Contracts" in openpyxl.load_workbook(files["xlsx"]).sheetnames
    assert len(pd.read_parquet(files["parquet"])) == len(pd.read_csv(files["csv"]))


def test_replicates_make_a_table_of_settlements(stored, tmp_path):
    outcome = CliRunner().invoke(
        app, ["export", str(stored), "--parquet", str(tmp_path / "s.parquet"), "--replicates"]
    )
    assert outcome.exit_code == 0, outcome.output
    # 3 contracts x 5 years x 2,000 replicates
    assert len(pd.read_parquet(tmp_path / "s.parquet")) == 30_000


def test_without_a_file_the_user_is_told_what_to_name(stored):
    outcome = CliRunner().invoke(app, ["export", str(stored)])
    assert isinstance(outcome.exception, ResultError)
    assert "--xlsx" in str(outcome.exception)
