"""Read a portfolio: scenarios, the contract of each, and the market that they share or do not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError

from simcore.cli.answers import settled_under
from simcore.errors import DataError, ScenarioError, SimcoreError, near_matches
from simcore.scenario.files import read_scenario
from simcore.scenario.problems import describe
from simcore.scenario.schema import Scenario
from simcore.scenario.section import Section
from simcore.simulate import prepare
from simcore.toml_file import read_toml


class Holding(Section):
    """One contract of a portfolio."""

    scenario: Path = Field(description="Scenario file, from the portfolio's folder")
    contract: str = Field(min_length=1, description="One contract option, such as ENHANCED msr=0.010")
    name: str = Field(default="", description="Its name; absent: the contract's")


class PortfolioFile(Section):
    """Several contracts, each with its own people."""

    title: str = Field(min_length=1, max_length=300, description="What is asked, in a line")
    shared_market: bool = Field(default=True, description="Whether all stand in one nation and region")
    contract: tuple[Holding, ...] = Field(default=(), description="The contracts")


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A portfolio ready to be simulated: each contract's scenario by its name, on draws that belong together."""

    title: str
    shared_market: bool
    scenarios: dict[str, Scenario]


def read_portfolio(path: Path, *, replicates: int | None = None, seed: int | None = None) -> Portfolio:
    """Return the portfolio in a TOML file.

    Parameters
    ----------
    path
        The file; paths inside it are taken from its folder.
    replicates
        Replicates of every scenario; absent, those of the first.
    seed
        Seed of the first scenario; absent, its own. The others follow, so that no two ACOs have the
        same people; the market's draws are those of the first where the market is shared.

    Raises
    ------
    ScenarioError
        With all problems of the portfolio and of its scenarios at once.
    """
    written = _written(path)
    scenarios: list[Scenario] = []
    problems: list[str] = []
    for position, holding in enumerate(written.contract):
        place = f"contract[{position}]"
        try:
            scenario = read_scenario(path.parent / holding.scenario)
            scenario = scenario.with_changes(settled_under((holding.contract,)))
            prepare(scenario)
        except SimcoreError as error:
            problems += [f"{place} ({holding.scenario}): {problem}" for problem in error.problems]
            continue
        scenarios.append(scenario)
    if not written.contract:
        problems.append("contract: there is none; allowed: one [[contract]] table or more")
    names = [holding.name or holding.contract for holding in written.contract]
    problems += [
        f"contract.name: {name!r} stands there {names.count(name)} times; give each contract its own name"
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    if problems:
        raise ScenarioError(str(path), problems)
    return Portfolio(
        written.title,
        written.shared_market,
        dict(zip(names, _on_common_draws(written, scenarios, replicates, seed), strict=True)),
    )


def _on_common_draws(
    written: PortfolioFile, scenarios: list[Scenario], replicates: int | None, seed: int | None
) -> list[Scenario]:
    """Return the scenarios with as many replicates each, people of their own, and one market or several."""
    first = scenarios[0].simulation
    start = first.seed if seed is None else seed
    market = start if first.market_seed is None or seed is not None else first.market_seed
    return [
        scenario.with_changes(
            {
                "simulation.replicates": replicates or first.replicates,
                "simulation.seed": start + position,
                "simulation.market_seed": market if written.shared_market else None,
            }
        )
        for position, scenario in enumerate(scenarios)
    ]


def _written(path: Path) -> PortfolioFile:
    """Return what a portfolio file says, before its scenarios are read."""
    if not path.is_file():
        found = [entry.name for entry in path.parent.glob("*.toml")] if path.parent.is_dir() else []
        raise ScenarioError(str(path), f"there is no such file{near_matches(path.name, found)}")
    try:
        content = read_toml(path)
    except DataError as error:
        raise ScenarioError(error.source, error.problems) from error
    try:
        return PortfolioFile.model_validate(content)
    except ValidationError as error:
        raise ScenarioError(str(path), describe(error, PortfolioFile)) from error
