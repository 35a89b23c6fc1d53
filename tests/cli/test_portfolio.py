"""`simcore portfolio`: the whole of several simulated contracts, and files that are refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from simcore.analysis.portfolio import portfolio_measures, stack_contracts
from simcore.analysis.runs import agreement_outcome
from simcore.cli.main import app
from simcore.cli.portfolio_file import read_portfolio
from simcore.errors import ScenarioError
from simcore.simulate import simulate
from tests.cli.stored_results import REAL_ACO

runner = CliRunner()

PORTFOLIOS = Path(__file__).parents[2] / "scenarios" / "portfolios"

SCENARIO = """
title = "An ACO"

[aco]
agreement_start = 2024-01-01
performance_years = 1

[aco.population.AGED_NON_DUAL]
assigned_beneficiaries = {beneficiaries}

[savings]
true_savings = 0.01

[simulation]
replicates = 500
seed = 5
engine = "pooled"
layers = {layers}
"""
OWN_RISK = '["individuals", "aco"]'
ALL_RISK = '["individuals", "aco", "market", "quality", "beliefs"]'


def portfolio_file(folder: Path, *, layers: str = OWN_RISK, shared_market: bool = True) -> Path:
    for name, beneficiaries in (("town", 12_000), ("country", 6_000), ("lake", 20_000)):
        text = SCENARIO.format(beneficiaries=beneficiaries, layers=layers)
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    path = folder / "portfolio.toml"
    path.write_text(
        f"""
        title = "Three ACOs"
        shared_market = {str(shared_market).lower()}

        [[contract]]
        scenario = "town.toml"
        contract = "ENHANCED msr=0"

        [[contract]]
        name = "Country"
        scenario = "country.toml"
        contract = "BASIC-E msr=0"

        [[contract]]
        name = "Lake"
        scenario = "lake.toml"
        contract = "ENHANCED msr=0"
        """,
        encoding="utf-8",
    )
    return path


def test_independent_people_without_a_market_add_in_quadrature(tmp_path: Path) -> None:
    read = read_portfolio(portfolio_file(tmp_path))
    parts = stack_contracts(
        {
            name: agreement_outcome(result, str(result["contract"].item()))
            for name, result in ((name, simulate(scenario)) for name, scenario in read.scenarios.items())
        }
    )
    measures = portfolio_measures(parts, 0.9)
    gap = float(measures["total_standard_deviation"] - measures["standard_deviation_in_quadrature"])
    assert abs(gap) < 4.0 * float(measures["total_standard_deviation_standard_error"])


def test_one_market_binds_the_contracts_together(tmp_path: Path) -> None:
    def correlations(shared_market: bool) -> np.ndarray:
        read = read_portfolio(portfolio_file(tmp_path, layers='["market"]', shared_market=shared_market))
        growth = [simulate(scenario)["expenditures"].values[0] for scenario in read.scenarios.values()]
        return np.corrcoef(growth)[np.triu_indices(3, 1)]

    # The nation and the region are all that is random, and the same; or independent, to 4 / sqrt(500).
    assert (correlations(True) > 0.99).all()
    assert (np.abs(correlations(False)) < 4.0 / np.sqrt(500)).all()


def test_the_json_adds_up(tmp_path: Path) -> None:
    path = portfolio_file(tmp_path, layers=ALL_RISK)
    outcome = runner.invoke(app, ["portfolio", str(path), "--replicates", "200", "--level", "0.9", "--json"])
    assert outcome.exit_code == 0, outcome.output
    content = json.loads(outcome.stdout)
    names = [entry["contract"] for entry in content["contracts"]]
    assert names == ["ENHANCED msr=0", "Country", "Lake"]
    assert (content["replicates"], content["shared_market"]) == (200, True)
    for whole, word in (("mean", "mean"), ("tail_value_at_risk", "tail_contribution")):
        parts = sum(entry[word]["value"] for entry in content["contracts"])
        assert parts == pytest.approx(content["total"][whole]["value"], rel=1e-9, abs=1e-3)


def test_what_is_common_by_assumption_is_told(tmp_path: Path) -> None:
    shared = runner.invoke(app, ["portfolio", str(portfolio_file(tmp_path)), "--replicates", "50", "--json"])
    assert json.loads(shared.stdout)["notes"][0].startswith("all contracts stand in one region")
    assert "one region" in shared.stderr
    apart = portfolio_file(tmp_path, shared_market=False)
    assert runner.invoke(app, ["portfolio", str(apart), "--replicates", "50"]).stderr == ""


@pytest.mark.parametrize("path", sorted(PORTFOLIOS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_portfolio_can_be_simulated(path: Path) -> None:
    outcome = runner.invoke(app, ["portfolio", str(path), "--replicates", "20", "--json"])
    assert outcome.exit_code == 0, outcome.output
    assert len(json.loads(outcome.stdout)["contracts"]) > 1


def test_the_table_has_a_row_for_each_and_one_for_all(tmp_path: Path) -> None:
    outcome = runner.invoke(app, ["portfolio", str(portfolio_file(tmp_path)), "--replicates", "100"])
    assert outcome.exit_code == 0, outcome.output
    for word in ("Three ACOs", "Country", "Lake", "all", "diversification benefit", "50 % quantile"):
        assert word in outcome.stdout


def test_seeds_give_every_aco_its_own_people_and_all_one_market(tmp_path: Path) -> None:
    runs = [one.simulation for one in read_portfolio(portfolio_file(tmp_path), seed=40).scenarios.values()]
    assert [(run.seed, run.market_seed) for run in runs] == [(40, 40), (41, 40), (42, 40)]
    apart = read_portfolio(portfolio_file(tmp_path, shared_market=False)).scenarios.values()
    assert [(one.simulation.seed, one.simulation.market_seed) for one in apart] == [
        (5, None),
        (6, None),
        (7, None),
    ]


def test_all_problems_of_scenarios_and_contracts_are_told_at_once(tmp_path: Path) -> None:
    path = portfolio_file(tmp_path)
    text = path.read_text().replace("lake.toml", "lakes.toml").replace('"BASIC-E msr=0"', '"BASIC-F"')
    path.write_text(text.replace('name = "Lake"', 'name = "Country"'))
    with pytest.raises(ScenarioError) as error:
        read_portfolio(path)
    told = str(error.value)
    assert len(error.value.problems) == 3
    for part in (
        "contract[1] (country.toml)",
        "'BASIC-F'",
        "contract[2] (lakes.toml)",
        "stands there 2 times",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title = 'x'", "there is none; allowed: one [[contract]] table or more"),
        ("title = 'x'\n[[contract]]\nscenari = 'a.toml'", "scenari: unknown key; did you mean 'scenario'"),
        ("title = ", "cannot be read as TOML"),
    ],
)
def test_a_file_that_is_no_portfolio_ends_with_a_message(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "portfolio.toml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as error:
        read_portfolio(path)
    assert problem in str(error.value)


def test_a_missing_file_has_near_matches(tmp_path: Path) -> None:
    portfolio_file(tmp_path)
    with pytest.raises(ScenarioError, match=r"did you mean .portfolio\.toml."):
        read_portfolio(tmp_path / "portfolo.toml")


def test_the_shipped_portfolio_can_be_simulated() -> None:
    read = read_portfolio(Path(__file__).parents[2] / "scenarios" / "portfolios" / "health_system.toml")
    assert len(read.scenarios) == 3


def test_an_aco_may_stand_under_another_contract_than_its_own(tmp_path: Path) -> None:
    path = tmp_path / "portfolio.toml"
    path.write_text(
        f'title = "One"\n[[contract]]\nscenario = "{REAL_ACO}"\ncontract = "BASIC-E msr=0"\n',
        encoding="utf-8",
    )
    (scenario,) = read_portfolio(path).scenarios.values()
    assert scenario.contract.options == ("BASIC-E msr=0",)
