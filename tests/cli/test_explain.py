"""The verb that explains: any stored settlement is drawn again to the cent, with a citation on its lines."""

import json

import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from simcore.errors import SimcoreError
from simcore.simulate import simulate
from simcore.store import load, save
from tests.cli.stored_results import BASIC_E as CONTRACT
from tests.cli.stored_results import short_scenario

runner = CliRunner()


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    result = simulate(short_scenario(40, simulation__engine="beneficiary"))
    return save(result, tmp_path_factory.mktemp("explained") / "result.nc")


def run(*arguments):
    done = runner.invoke(app, ["explain", *map(str, arguments)])
    if isinstance(done.exception, SimcoreError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_settlement_drawn_again_is_the_stored_one(stored):
    result = load(stored)
    for replicate, year in ((0, 2024), (17, 2026), (39, 2028)):
        arguments = ("--contract", CONTRACT, "--replicate", replicate, "--year", year, "--json")
        record = json.loads(run(stored, *arguments))
        expected = result["net_settlement"].sel(contract=CONTRACT, replicate=replicate, performance_year=year)
        assert record["net_settlement"] == pytest.approx(float(expected), abs=0.005)
        assert record["steps"][-1]["value"] == record["net_settlement"]
        assert all(step["citation"] for step in record["steps"])


@pytest.mark.parametrize("year", range(2024, 2029))
def test_a_glide_path_is_explained_in_every_year(tmp_path, year):
    # Two years of it are one-sided: there the elected rate of the others is not open.
    contract = "GLIDE-PATH msr=0.010"
    result = simulate(short_scenario(3, contract__options=(contract,)))
    stored = save(result, tmp_path / "result.nc")
    record = json.loads(run(stored, "--contract", contract, "--replicate", 1, "--year", year, "--json"))
    expected = result["net_settlement"].sel(contract=contract, replicate=1, performance_year=year)
    assert record["net_settlement"] == pytest.approx(float(expected), abs=0.005)


def test_benchmark_lines_end_with_the_benchmark_of_the_settlement(stored):
    # In the year of the largest savings the guardrail cannot apply: it is for losses.
    net = load(stored)["net_settlement"].sel(contract=CONTRACT)
    best = net.isel(net.argmax(...))
    asked = ("--replicate", int(best["replicate"]), "--year", int(best["performance_year"]))
    record = json.loads(run(stored, "--contract", CONTRACT, *asked, "--json"))
    (settled,) = [step["value"] for step in record["steps"] if step["step"] == "Updated benchmark"]
    assert record["benchmark_steps"][-1]["value"] == pytest.approx(settled, rel=1e-12)


def test_the_worst_are_the_lowest_of_all_years(stored):
    record = json.loads(run(stored, "--contract", CONTRACT, "--worst", 10, "--json"))
    lowest = sorted(load(stored)["net_settlement"].sel(contract=CONTRACT).values.ravel())[:10]
    assert [one["net_settlement"] for one in record["settlements"]] == pytest.approx(lowest, abs=0.005)


def test_tables_cite_the_rules(stored):
    text = run(stored, "--contract", CONTRACT, "--replicate", 5, "--year", 2024)
    assert "42 CFR 425.605" in text
    assert "Net settlement" in text


def test_a_result_of_other_rules_is_not_explained(stored, tmp_path):
    altered = load(stored).assign_attrs(regulation_digest="0" * 64)
    with pytest.raises(SimcoreError, match="numbers of the rules are not those installed"):
        run(save(altered, tmp_path / "altered.nc"), "--replicate", 0, "--year", 2024)


@pytest.mark.parametrize(
    ("arguments", "problems"),
    [
        ([], 2),
        (["--replicate", 40, "--year", 2024], 1),
        (["--replicate", 40, "--year", 2031], 2),
        (["--worst", 3, "--replicate", 1], 1),
        (["--contract", "BASIC-E msr=0.01", "--replicate", 1, "--year", 2024], 1),
    ],
)
def test_all_faults_are_told_at_once(stored, arguments, problems):
    with pytest.raises(SimcoreError) as caught:
        run(stored, *arguments)
    assert len(caught.value.problems) == problems
