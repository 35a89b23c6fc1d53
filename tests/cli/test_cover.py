"""The verb on cover: premiums by hand from the stored draws, the rules' amounts, and its faults."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from simcore.errors import SimcoreError
from simcore.simulate import simulate
from simcore.store import load, save
from tests.cli.stored_results import BASIC_E, ENHANCED, short_scenario

runner = CliRunner()


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    scenario = short_scenario(800, simulation__detail=True, savings__true_savings=0.0)
    return save(simulate(scenario), tmp_path_factory.mktemp("covered") / "result.nc")


def run(*arguments):
    done = runner.invoke(app, ["cover", *map(str, arguments)])
    if isinstance(done.exception, SimcoreError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_premium_is_the_loaded_mean_excess(stored):
    record = json.loads(run(stored, "--contract", ENHANCED, "--attachment", 0.01, "--loading", 0.5, "--json"))
    one = load(stored).sel(contract=ENHANCED, performance_year=2026)
    excess = np.maximum(one["owed_shared_losses"] - 0.01 * one["updated_benchmark"], 0.0)
    (entry,) = [entry for entry in record["aggregate"] if entry["performance_year"] == 2026]
    assert entry["expected_recovery"]["value"] == pytest.approx(float(excess.mean()), rel=1e-12)
    assert entry["premium"]["value"] == pytest.approx(1.5 * float(excess.mean()), rel=1e-12)


def test_amount_set_aside_is_the_lesser_share_of_the_rules(stored):
    # 42 CFR 425.204(f)(4), from 2022: half a percent of expenditures or one percent of revenue.
    record = json.loads(run(stored, "--contract", BASIC_E, "--json"))
    one = load(stored).sel(performance_year=2024)
    expected = np.minimum(0.005 * one["expenditures"], 0.01 * one["participant_revenue"]).mean()
    entry = record["repayment"][0]
    assert entry["required_amount"]["value"] == pytest.approx(float(expected), rel=1e-12)
    losses = load(stored)["owed_shared_losses"].sel(contract=BASIC_E, performance_year=2024)
    assert entry["probability_exhausted"]["value"] == float((losses > float(expected)).mean())


def test_limits_of_level_e_meet_at_half_the_benchmark(stored):
    # 8 % of revenue against 4 % of the benchmark: 42 CFR 425.605(d)(1)(v).
    record = json.loads(run(stored, "--contract", BASIC_E, "--json"))
    entry = record["loss_limits"][0]
    assert entry["break_even_revenue_share"] == pytest.approx(0.5)
    losses = [figure["value"] for figure in entry["by_revenue_share"].values()]
    assert losses == sorted(losses)


def test_enhanced_has_one_limit_only(stored):
    assert json.loads(run(stored, "--contract", ENHANCED, "--json"))["loss_limits"] == []


def test_a_higher_attachment_leaves_less_to_the_insurer_of_persons(stored):
    def expected(attachment):
        record = json.loads(run(stored, "--person-attachment", attachment, "--json"))
        return record["specific"][0]

    low, high = expected(100_000), expected(400_000)
    assert low["expected_recovery"] > high["expected_recovery"] > 0.0
    assert 0.0 < low["truncated_already"] < low["expected_recovery"]


def test_tables_are_for_people(stored):
    text = run(stored, "--person-attachment", 250_000)
    assert "repayment mechanism" in text
    assert "Specific cover" in text


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        (["--attachment", "-1"], "a fraction from 0 to 1"),
        (["--coinsurance", "0"], "at most 1"),
        (["--contract", "BASIC-E"], "is not in the result"),
        (["--person-attachment", "-5"], "amount in USD of 0 or more"),
    ],
)
def test_faults_are_said(stored, arguments, match):
    with pytest.raises(SimcoreError, match=match):
        run(stored, *arguments)


def test_spending_without_a_mean_has_no_price(tmp_path):
    shape = {"family": "generalized-gamma", "shape": 0.5, "power": 0.05, "share_with_no_spending": 0.0}
    scenario = short_scenario(50, spending__distribution={"AGED_NON_DUAL": shape})
    stored = save(simulate(scenario), tmp_path / "result.nc")
    with pytest.raises(SimcoreError, match=r"AGED_NON_DUAL: without truncation .* cannot be computed"):
        run(stored, "--person-attachment", 250_000)
