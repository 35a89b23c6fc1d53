"""The main job on the command line: what it writes, what it prints, and its faults."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from simcore.cli.main import app
from simcore.errors import SimcoreError
from simcore.scenario.schema import parse_scenario
from simcore.scenario.templates import templates
from simcore.scenario.writer import scenario_toml

runner = CliRunner()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario of two years, two contracts and few replicates."""
    content = parse_scenario(templates()["track_choice"].content, source="track_choice").with_changes(
        {
            "aco.performance_years": 2,
            "contract.options": ["BASIC-B", "ENHANCED msr=0.010"],
            "simulation.replicates": 400,
        }
    )
    path = tmp_path_factory.mktemp("scenario") / "small.toml"
    path.write_text(scenario_toml(content), encoding="utf-8")
    return path


def run(*arguments: object) -> str:
    done = runner.invoke(app, ["run", *map(str, arguments)])
    if isinstance(done.exception, SimcoreError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def finished(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    folder = tmp_path_factory.mktemp("runs") / "small"
    return folder, json.loads(run(small, "--out", folder, "--json"))


def test_everything_promised_is_written(finished: tuple[Path, dict[str, object]]) -> None:
    folder, _ = finished
    found = {path.name for path in folder.iterdir()}
    assert found == {"result.nc", "summary.csv", "report.html", "figures", "manifest.json"}
    assert list((folder / "figures").glob("*.png"))
    manifest = json.loads((folder / "manifest.json").read_text())
    assert all((folder / name).is_file() for name in manifest["files"])


def test_json_is_the_mean_over_replicates(finished: tuple[Path, dict[str, object]]) -> None:
    folder, record = finished
    with xr.open_dataset(folder / "result.nc") as opened:
        net = opened["net_settlement"].load()
    assert record["replicates"] == 400
    for entry in record["contracts"]:
        chosen = net.sel(contract=entry["contract"])
        year = entry["performance_year"]
        draws = chosen.sum("performance_year") if year == "all" else chosen.sel(performance_year=year)
        mean = entry["net_settlement"]["mean"]
        assert mean["value"] == pytest.approx(float(draws.mean()), rel=1e-12)
        assert mean["standard_error"] == pytest.approx(float(draws.std(ddof=1)) / np.sqrt(400), rel=1e-9)
        assert entry["probability_shared_savings"].keys() == {"value", "standard_error"}
        assert {"0.05", "0.5", "0.95"} <= entry["net_settlement"]["quantiles"].keys()


def test_the_summary_has_a_line_for_every_measure(finished: tuple[Path, dict[str, object]]) -> None:
    folder, _ = finished
    with (folder / "summary.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["period"] for row in rows} == {"2024", "2025", "all"}
    assert {"contract", "measure", "value", "standard_error", "units"} <= rows[0].keys()


def test_options_replace_what_the_scenario_says(small: Path, tmp_path: Path) -> None:
    arguments = ("--replicates", 300, "--seed", 5, "--engine", "beneficiary", "--threads", 1)
    record = json.loads(run(small, *arguments, "--out", tmp_path / "r", "--json"))
    assert (record["replicates"], record["seed"], record["engine"]) == (300, 5, "beneficiary")


def test_the_same_scenario_gives_the_same_file(small: Path, finished: tuple[Path, dict[str, object]]) -> None:
    folder, _ = finished
    before = (folder / "result.nc").read_bytes()
    run(small, "--out", folder, "--overwrite", "--quiet", "--threads", 1)
    assert (folder / "result.nc").read_bytes() == before


def test_a_result_is_not_overwritten_unasked(small: Path, finished: tuple[Path, dict[str, object]]) -> None:
    folder, _ = finished
    with pytest.raises(SimcoreError, match="--overwrite"):
        run(small, "--out", folder)


def test_a_tolerance_is_reached_by_more_replicates(small: Path, tmp_path: Path) -> None:
    folder = tmp_path / "r"
    record = json.loads(run(small, "--out", folder, "--tolerance", "net_settlement mean=100000", "--json"))
    errors = [
        entry["net_settlement"]["mean"]["standard_error"]
        for entry in record["contracts"]
        if entry["performance_year"] == "all"
    ]
    assert record["replicates"] > 400
    assert max(errors) <= 100_000


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--engine", "poled"), "did you mean 'pooled'"),
        (("--executor", "cloud"), "allowed: local, dask"),
        (("--replicates", "1"), "greater than or equal to 2"),
        (("--threads", "0"), "allowed: 1 to 1,024"),
        (("--tolerance", "mean"), "MEASURE=ERROR"),
        (("--scheduler", "tcp://x:1"), "is for --executor dask"),
    ],
)
def test_a_wrong_option_is_said(
    small: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(SimcoreError, match=sentence):
        run(small, "--out", tmp_path / "r", *arguments)
