"""Make an ACO's people ready to be drawn: tables, chain and head counts of each enrollment type."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from simcore.errors import ScenarioError
from simcore.kernels.pooled import SumTables
from simcore.model.arrays import Float64, Int64
from simcore.model.by_type import of_type
from simcore.model.default_people import default_plan
from simcore.model.population import TypeModel, build_type_model
from simcore.model.sum_tables import sum_tables
from simcore.model.timeline import Timeline, address
from simcore.regulation.reader import Regulation
from simcore.scenario.aco import TypePopulation
from simcore.scenario.beneficiary_file import read_beneficiary_file
from simcore.scenario.default_values import default_table
from simcore.scenario.schema import Scenario
from simcore.vocabulary import ENROLLMENT_TYPES

CENTS = 100.0

ROOM_TO_GROW = 2.0
"""Heads of a band over those of the first year up to which one table of sums serves a digit."""


@dataclass(frozen=True, slots=True)
class People:
    """The people of a scenario, ready to be drawn; arrays by enrollment type unless said.

    Attributes
    ----------
    models
        Tables and chain of each enrollment type that the ACO has, with the type's position.
    paths
        Head counts, ``(enrollment_type, year)``.
    years
        Number of each simulated year in the address of a draw.
    engine, seed, random
        How sums are drawn, the key of the draws, and whether they are drawn or take their mean.
    per_capita, mean_risk_score, demographic_risk_score
        Expected in the first year; per capita in USD of the dollar year.
    national_per_capita
        The nation's mean at a risk score of one, USD of the dollar year.
    expected_dollars
        Expected sums, ``(enrollment_type, year)``, in USD of the dollar year.
    expected_heads
        Expected head counts of each model, ``(year, band)``.
    person_year_factor
        What the scenario's person-years are of those that deaths leave.
    sum_tables
        Tables of the sums of the pooled engine by model and band; empty for the other engine.
    assigned_again
        Share of the people assigned again in the next year.
    """

    models: tuple[tuple[int, TypeModel], ...]
    paths: Int64
    years: tuple[int, ...]
    engine: Literal["beneficiary", "pooled"]
    seed: int
    random: bool
    per_capita: Float64
    mean_risk_score: Float64
    demographic_risk_score: Float64
    national_per_capita: Float64
    expected_dollars: Float64
    expected_heads: tuple[Float64, ...]
    person_year_factor: float
    sum_tables: tuple[tuple[SumTables, ...], ...]
    assigned_again: float


def default_per_capita(name: str, scenario: Scenario, year: int) -> float:
    """Return the nation's truncated mean of an enrollment type in dollars of a year, USD per person-year.

    The latest published figure, carried to `year` by the scenario's projected growth.
    """
    growth = of_type(scenario.growth.projected, name) or 0.0
    return latest_per_capita(name) * math.pow(1.0 + growth, year - _latest_year())


def latest_per_capita(name: str) -> float:
    """Return the latest published national mean of an enrollment type, USD per person-year of its year."""
    return float(default_table("spending")["per_capita"][str(_latest_year())]["value"][name])


def _latest_year() -> int:
    """Return the year of the latest published national means."""
    return max(map(int, default_table("spending")["per_capita"]))


def plan_people(scenario: Scenario, timeline: Timeline, regulation: Regulation) -> People:
    """Build the tables of an ACO's people.

    Raises
    ------
    ScenarioError
        If a mean risk score or a level of spending cannot be reached, all types at once.
    DataError
        If a beneficiary file cannot be read.
    """
    first, start = timeline.simulated_years[0], scenario.aco.agreement_start
    percentile = regulation.number(
        "truncation_percentile", agreement_start=start, performance_year=timeline.performance_years[0]
    )
    groups, problems = population(scenario), []
    models: list[tuple[int, TypeModel]] = []
    for position, name in enumerate(ENROLLMENT_TYPES):
        group = groups.get(name)
        if group is None or group.assigned_beneficiaries == 0:
            continue
        try:
            models.append((position, _type_model(name, group, scenario, timeline, percentile)))
        except (ValueError, ArithmeticError) as error:
            problems.append(f"aco.population.{name}: {error}")
    if problems:
        raise ScenarioError(scenario.title, problems)
    paths = np.zeros((len(ENROLLMENT_TYPES), len(timeline.simulated_years)), np.int64)
    growth = (1.0 + scenario.aco.size_growth) ** (np.array(timeline.simulated_years) - first)
    for position, model in models:
        heads = groups[model.enrollment_type].assigned_beneficiaries
        paths[position] = np.maximum(np.rint(heads * growth), 1)
    return _people(scenario, timeline, regulation, models, paths, groups)


def population(scenario: Scenario) -> dict[str, TypePopulation]:
    """Return the ACO's people by enrollment type, from head counts or from a beneficiary file."""
    if scenario.aco.beneficiary_file is None:
        return dict(scenario.aco.population.items())
    found = read_beneficiary_file(scenario.aco.beneficiary_file)
    return {
        name: TypePopulation(
            assigned_beneficiaries=group.assigned_beneficiaries, risk_score=group.mean_risk_score
        )
        for name, group in found.items()
    }


def _type_model(
    name: str, group: TypePopulation, scenario: Scenario, timeline: Timeline, percentile: float
) -> TypeModel:
    """Build the tables of one enrollment type at the ACO's level of spending and risk."""
    choice = scenario.spending
    nation = default_per_capita(name, scenario, timeline.dollar_year)
    plan = default_plan(
        name,
        per_capita=nation,
        truncation_percentile=percentile,
        persistence=choice.persistence,
        turnover=choice.turnover,
        distribution=of_type(choice.distribution, name),
    )
    score = group.risk_score or 1.0
    spread = len(plan.bands.risk_shares) > 1
    return build_type_model(
        replace(
            plan,
            spending=replace(plan.spending, truncation_point=of_type(choice.truncation_point, name)),
            assigned_again=plan.assigned_again if choice.assigned_again is None else choice.assigned_again,
            size_growth=scenario.aco.size_growth,
            mean_risk_score=score if spread else 1.0,
            relative_cost=1.0
            if group.per_capita_expenditures is None
            else group.per_capita_expenditures / (nation * (score if spread else 1.0)),
        )
    )


def _people(
    scenario: Scenario,
    timeline: Timeline,
    regulation: Regulation,
    models: list[tuple[int, TypeModel]],
    paths: Int64,
    groups: dict[str, TypePopulation],
) -> People:
    """Collect what all blocks need."""
    kinds = len(ENROLLMENT_TYPES)
    per_capita, score, expected = np.ones(kinds), np.ones(kinds), np.zeros((kinds, paths.shape[1]))
    heads = {position: _expected_heads(model, paths[position]) for position, model in models}
    for position, model in models:
        per_capita[position] = model.per_capita
        score[position] = model.mean_risk_score
        expected[position] = heads[position] @ (model.amounts.mean(axis=1) / CENTS)
    turnover = scenario.spending.assigned_again
    if turnover is None:
        turnover = default_table("turnover")["assigned_again"]["value"] if scenario.spending.turnover else 1.0
    return People(
        models=tuple(models),
        paths=paths,
        years=tuple(address(year) for year in timeline.simulated_years),
        engine=scenario.simulation.engine,
        seed=scenario.simulation.seed,
        random="individuals" in scenario.simulation.layers,
        per_capita=per_capita,
        mean_risk_score=score,
        demographic_risk_score=np.array(
            [
                1.0 if name not in groups else groups[name].demographic_risk_score or 1.0
                for name in ENROLLMENT_TYPES
            ]
        ),
        national_per_capita=np.array(
            [default_per_capita(name, scenario, timeline.dollar_year) for name in ENROLLMENT_TYPES]
        ),
        expected_dollars=expected,
        expected_heads=tuple(heads[position] for position, _ in models),
        person_year_factor=_person_year_factor(scenario, models, heads),
        sum_tables=_sum_tables(scenario, models, paths),
        assigned_again=turnover,
    )


def _expected_heads(model: TypeModel, path: Int64) -> Float64:
    """Return the expected heads of each year and band, ``(year, band)``."""
    heads = np.empty((path.size, model.initial.size))
    heads[0] = path[0] * model.initial
    for year in range(1, path.size):
        stayed = (heads[year - 1] * model.stay) @ model.moves
        missing = path[year] - stayed.sum()
        # An ACO that shrinks faster than people leave loses some of those who stayed, each as likely as another.
        heads[year] = (
            stayed + missing * model.joiners if missing >= 0.0 else stayed * (path[year] / stayed.sum())
        )
    return heads


def _person_year_factor(
    scenario: Scenario, models: list[tuple[int, TypeModel]], heads: dict[int, Float64]
) -> float:
    """Return what the scenario's person-years are of those that deaths alone leave."""
    given = scenario.aco.person_years_per_beneficiary
    if given is None:
        return 1.0
    implied = sum(float(heads[position][0] @ model.person_years) for position, model in models)
    return given * sum(float(heads[position][0].sum()) for position, _ in models) / implied


def _sum_tables(
    scenario: Scenario, models: list[tuple[int, TypeModel]], paths: Int64
) -> tuple[tuple[SumTables, ...], ...]:
    """Return the tables of sums that the pooled engine draws from, by model and band."""
    if scenario.simulation.engine != "pooled" or "individuals" not in scenario.simulation.layers:
        return ()
    tables = []
    for position, model in models:
        # From the first year alone, so that one more year of a growing ACO builds the same tables.
        heads = paths[position, 0] * np.maximum(model.initial, model.shares)
        tables.append(
            tuple(
                sum_tables(amounts, int(ROOM_TO_GROW * band) + 1)
                for amounts, band in zip(model.amounts, heads, strict=True)
            )
        )
    return tuple(tables)
