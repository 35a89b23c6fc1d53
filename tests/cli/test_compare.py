"""The verb that compares: its JSON against numpy, its tables, and its faults."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from simcore.errors import SimcoreError
from simcore.store import save
from tests.example_results import example_result

runner = CliRunner()


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    return save(example_result(replicates=800), tmp_path_factory.mktemp("results") / "result.nc")


def run(*arguments):
    done = runner.invoke(app, ["compare", *map(str, arguments)], catch_exceptions=True)
    if isinstance(done.exception, SimcoreError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_json_holds_the_paired_differences(stored):
    record = json.loads(
        run(stored, "--baseline", "BASIC-B", "--json", "--risk-tolerance", "1e6", "--give-up", "1e5")
    )
    net = example_result(replicates=800)["net_settlement"].sum("performance_year")
    difference = net.sel(contract="ENHANCED msr=0").values - net.sel(contract="BASIC-B").values
    entry = record["contracts"][2]
    assert entry["contract"] == "ENHANCED msr=0"
    assert entry["difference"]["value"] == pytest.approx(difference.mean(), rel=1e-12)
    assert entry["difference"]["standard_error"] == pytest.approx(
        difference.std(ddof=1) / np.sqrt(800), rel=1e-9
    )
    assert entry["probability_better"]["value"] == (difference > 0).mean()
    assert {entry["rank"] for entry in record["contracts"]} == {1, 2, 3}
    assert {entry["rank_by_certainty_equivalent"] for entry in record["contracts"]} == {1, 2, 3}


def test_tables_show_errors_and_say_what_they_are(stored):
    text = run(stored, "--year", 2025)
    assert "±" in text
    assert "paired" in text
    assert "ENHANCED" in text


def test_two_results_say_whether_they_are_paired(stored, tmp_path):
    other = save(example_result(replicates=800, mean=0.02), tmp_path / "other.nc")
    record = json.loads(run(stored, other, "--json"))
    assert record["pairing"] == "paired on 800 common replicates"
    assert len(record["contracts"]) == 3 * 6
    unpaired = save(example_result(replicates=700, seed=1), tmp_path / "unpaired.nc")
    assert "not paired: their seeds are 7 and 1" in " ".join(run(stored, unpaired).split())


def test_rules_close_to_the_net_settlement(stored):
    record = json.loads(run(stored, "--rules", "--json"))
    net = example_result(replicates=800)["net_settlement"].sum("performance_year").mean("replicate")
    for position, entry in enumerate(record["contracts"]):
        total = sum(rule["value"]["value"] for rule in entry["rules"])
        assert total == pytest.approx(float(net[position]), abs=0.005)


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (["--baseline", "BASIC-Z"], "is not in the result"),
        (["--year", "2040"], "allowed: 2024"),
        (["--level", "1.5"], r"1.5 is not allowed; allowed: 0\.001 to"),
        (["--risk-tolerance", "-5"], "amount in USD of 1 or more"),
        (["--give-up", "-5"], "amount in USD of 0 or more"),
    ],
)
def test_faults_are_said(stored, arguments, match):
    with pytest.raises(SimcoreError, match=match):
        run(stored, *arguments)
