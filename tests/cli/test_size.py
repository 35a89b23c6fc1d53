"""The verb on size: the noise law, chances in the right order, and its faults."""

import json

import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from simcore.errors import SimcoreError
from tests.cli.stored_results import REAL_ACO, TEMPLATES, TRACK_CHOICE

runner = CliRunner()
CONTRACT = "BASIC-E msr=0.020"


def run(*arguments):
    done = runner.invoke(app, ["size", *map(str, arguments)])
    if isinstance(done.exception, SimcoreError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture(scope="module")
def record():
    arguments = (
        "--sizes",
        "5000,40000",
        "--true-savings",
        "0,0.04",
        "--replicates",
        1_000,
        "--contract",
        CONTRACT,
    )
    return json.loads(run(TRACK_CHOICE, *arguments, "--json"))


def point(record, beneficiaries, true_savings):
    (found,) = [
        one
        for one in record["sizes"]
        if (one["beneficiaries"], one["true_savings"]) == (beneficiaries, true_savings)
    ]
    return found


def test_every_point_of_the_grid_is_there(record):
    assert len(record["sizes"]) == 4
    assert {one["contract"] for one in record["sizes"]} == {CONTRACT}
    assert record["performance_year"] == "2024"


def test_size_takes_noise_away(record):
    spreads = [point(record, size, 0.0)["savings_rate_sd"]["value"] for size in (5_000, 40_000)]
    assert spreads[0] > spreads[1]


def test_real_savings_are_paid_more_often_in_a_large_aco(record):
    chances = [point(record, size, 0.04)["probability_shared_savings"] for size in (5_000, 40_000)]
    apart = chances[1]["value"] - chances[0]["value"]
    assert apart > 4 * max(chance["standard_error"] for chance in chances)


def test_true_savings_raise_the_savings_rate(record):
    # Expenditures shrink by 4 %, so the savings rate gains 4 % of what is spent, 0.04 (1 - s); less where the
    # guardrail (42 CFR 425.652(b)(5)) had lifted the benchmark of a losing year.
    rates = [point(record, 40_000, effect)["savings_rate_mean"]["value"] for effect in (0.0, 0.04)]
    assert 0.03 < rates[1] - rates[0] <= 0.04 * (1.0 - rates[0]) + 1e-9


def test_tables_answer_how_many(record):
    text = run(
        TRACK_CHOICE, "--sizes", 5_000, "--true-savings", 0.05, "--replicates", 100, "--contract", CONTRACT
    )
    assert "5,000" in text
    assert "Beneficiaries for shared savings with 80% probability" in text


def test_a_merger_of_an_aco_with_itself_narrows_the_spread():
    arguments = ("--merge", TRACK_CHOICE, "--contract", CONTRACT, "--replicates", 500, "--json")
    (entry,) = json.loads(run(TRACK_CHOICE, *arguments))["contracts"]
    apart, together = (entry[f"savings_rate_sd_{name}"]["value"] for name in ("first", "merged"))
    assert together < apart


def test_an_aco_in_a_contract_is_asked_about_others():
    arguments = ("--sizes", "5000", "--true-savings", "0", "--replicates", 100, "--json")
    labels = {one["contract"] for one in json.loads(run(REAL_ACO, *arguments))["sizes"]}
    assert {"BASIC-A", "ENHANCED msr=0"} <= labels
    (one,) = json.loads(run(REAL_ACO, *arguments, "--contract", "BASIC-E msr=0"))["sizes"]
    assert one["contract"] == "BASIC-E msr=0"


def test_acos_in_contracts_of_their_own_merge_under_one():
    arguments = ("--merge", REAL_ACO, "--contract", "BASIC-E msr=0", "--replicates", 100, "--json")
    assert len(json.loads(run(REAL_ACO, *arguments))["contracts"]) == 1


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (["--sizes", "5000,none"], "is no number"),
        (["--sizes", "0.5"], "whole numbers above 0"),
        (["--true-savings", "2"], "fractions between -1 and 1"),
        (["--probability", "1"], r"allowed: 0\.001 to 0\.999999"),
        (["--contract", "BASIC-E msr=0.01"], "did you mean"),
        (["--year", "2040"], "allowed: 2024"),
    ],
)
def test_faults_are_said(arguments, match):
    with pytest.raises(SimcoreError, match=match):
        run(TRACK_CHOICE, *arguments)


def test_two_agreements_of_other_years_do_not_merge():
    with pytest.raises(SimcoreError, match="--merge"):
        run(TRACK_CHOICE, "--merge", TEMPLATES / "reference_noise.toml", "--contract", CONTRACT)
