"""The verb on sensitivity: effects of the right sign, shares, a goal reached, and its faults."""

import json

import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from simcore.errors import SimcoreError
from simcore.scenario.files import read_scenario
from tests.cli.stored_results import BASIC_E, REAL_ACO, TRACK_CHOICE

runner = CliRunner()


def run(*arguments, scenario=TRACK_CHOICE):
    done = runner.invoke(app, ["sensitivity", str(scenario), *map(str, arguments)])
    if isinstance(done.exception, SimcoreError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def record():
    return json.loads(
        run("--contract", BASIC_E, "--year", 2024, "--replicates", 500, "--goal", 0.8, "--json")
    )


def entry(record, words):
    (found,) = [one for one in record["tornado"] if words in one["input"]]
    return found


def test_more_true_savings_bring_more(record):
    found = entry(record, "True savings")
    assert found["low"]["value"] < 0.0 < found["high"]["value"]
    assert found["swing"]["value"] == pytest.approx(found["high"]["value"] - found["low"]["value"])


def test_inputs_stand_in_the_order_of_their_swing(record):
    swings = [abs(one["swing"]["value"]) for one in record["tornado"]]
    assert swings == sorted(swings, reverse=True)


def test_each_layer_has_a_share_of_the_variance(record):
    shares = {one["layer"]: one["alone"]["value"] for one in record["layers"]}
    assert set(shares) == {"individuals", "aco", "market", "quality", "beliefs"}
    assert all(0.0 <= share <= 1.0 for share in shares.values())


def test_the_goal_is_reached_where_it_says(record):
    goal = record["goal"]["true_savings"]
    text = f"savings.true_savings={goal['value']}:{goal['value'] + 1e-9}"
    arguments = ("--contract", BASIC_E, "--year", 2024, "--replicates", 500, "--measure", "payment", "--json")
    reached = json.loads(
        run(*arguments, "--no-layers", "--range", text, "--range", "savings.uncertainty=0:1e-9")
    )
    low = next(one for one in reached["tornado"] if one["input"].startswith("savings.true_savings"))
    # The goal is of true savings that are known; the scenario's uncertainty of one point blurs it a little.
    assert reached["base"]["value"] + low["low"]["value"] == pytest.approx(0.8, abs=0.05)


def test_ranges_of_ones_own_replace_the_shipped_ones():
    text = run("--range", "savings.true_savings=0:0.04", "--no-layers", "--replicates", 100, "--year", 2024)
    assert "savings.true_savings=0:0.04" in text
    assert "Coding growth" not in text


def test_an_aco_in_a_contract_is_asked_about_another():
    arguments = ("--contract", "BASIC-E msr=0", "--no-layers", "--replicates", 100, "--json")
    assert json.loads(run(*arguments, scenario=REAL_ACO))["contract"] == "BASIC-E msr=0"
    own = json.loads(run(*arguments[2:], scenario=REAL_ACO))
    assert own["contract"] == read_scenario(REAL_ACO).contract.current


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (["--range", "savings.true_savings=much"], "KEY=LOW:HIGH"),
        (["--range", "savings.true_saving=0:1"], "true_saving"),
        (["--contract", "BASIC-Q"], "no option of the scenario"),
        (["--year", "1999"], "allowed: 2024"),
        (["--goal", "2"], r"allowed: 0\.001 to 0\.999999"),
    ],
)
def test_faults_are_said(arguments, match):
    with pytest.raises(SimcoreError, match=match):
        run(*arguments, "--replicates", 100)
