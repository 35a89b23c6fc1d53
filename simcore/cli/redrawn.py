"""Draw one replicate of a stored result again, and settle one year of it with every step in view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simcore.errors import ResultError

if TYPE_CHECKING:
    import xarray as xr

    from simcore.model.aco_year import AcoYear
    from simcore.model.benchmark.breakdown import BenchmarkStep
    from simcore.model.flow import Plan
    from simcore.model.settlement import Settlement
    from simcore.model.terms import TrackTerms

HALF_A_CENT = 0.005


@dataclass(frozen=True, slots=True)
class Redrawn:
    """One settlement of a result, with the terms and the numbers of the rules behind it."""

    contract: str
    replicate: int
    year: int
    settlement: Settlement
    terms: TrackTerms
    benchmark: tuple[BenchmarkStep, ...]


@dataclass(frozen=True, slots=True)
class _YearOfOne:
    """One performance year of one replicate; money in USD."""

    aco: AcoYear
    benchmark: float
    expenditures: float
    two_way_benchmark: float | None
    steps: tuple[BenchmarkStep, ...]


def plan_of(result: xr.Dataset) -> Plan:
    """Return the plan that a result was simulated from.

    Raises
    ------
    ResultError
        If the rules, or the version of the draws, are no longer those of the result.
    """
    from simcore.cli.answers import scenario_of
    from simcore.simulate import prepare

    study = prepare(scenario_of(result))
    names = {"regulation_digest": "numbers of the rules", "stream_version": "version of the draws"}
    problems = [
        f"its {name} are not those installed: {result.attrs.get(key)!r} against {study.attributes[key]!r}"
        for key, name in names.items()
        if result.attrs.get(key) != study.attributes[key]
    ]
    if problems:
        raise ResultError("result", problems)
    return study.plan


def settle_again(plan: Plan, result: xr.Dataset, *, contract: str, replicate: int, year: int) -> Redrawn:
    """Return one settlement of a result step by step.

    A draw has an address, so the replicate alone is drawn again, and it is the stored one.

    Raises
    ------
    ResultError
        If the replicate drawn again does not settle as it is stored.
    """
    from simcore.model.aco_year import year_rules
    from simcore.model.settlement import settle
    from simcore.model.terms import track_terms

    years = plan.timeline.performance_years
    position = years.index(year)
    drawn = _drawn_again(plan, replicate, position)
    choice = next(one for one in plan.choices if one.label == contract)
    rules = year_rules(plan.regulation, drawn.aco)
    terms = track_terms(
        plan.regulation,
        drawn.aco,
        rules,
        track=choice.levels[position],
        # A glide path elects a rate for its two-sided years alone.
        msr_election=choice.elections[position],
    )
    settlement = settle(
        drawn.benchmark, drawn.expenditures, terms.terms, two_way_benchmark=drawn.two_way_benchmark
    )
    stored = (
        result["net_settlement"].sel(contract=contract, performance_year=year, replicate=replicate).item()
    )
    if abs(stored - float(settlement.net_settlement)) > HALF_A_CENT:
        found = f"{float(settlement.net_settlement):,.2f} USD when drawn again, {stored:,.2f} USD as stored"
        raise ResultError(f"replicate {replicate}", f"settles to {found}; the result is of another version")
    return Redrawn(contract, replicate, year, settlement, terms, drawn.steps)


def _drawn_again(plan: Plan, replicate: int, position: int) -> _YearOfOne:
    """Return the ACO's year, its benchmark and expenditures, as numbers."""
    import numpy as np

    from simcore.model.benchmark.breakdown import benchmark_steps
    from simcore.model.benchmarking import benchmarks
    from simcore.model.drawn_people import draw_people
    from simcore.model.experience import experience_of
    from simcore.model.flow import aco_year
    from simcore.model.world import draw_world

    world = draw_world(plan.scenario, plan.timeline, replicate, 1)
    experience = experience_of(plan.scenario, plan.people, draw_people(plan.people, replicate, 1), world)
    benchmark = benchmarks(plan.benchmark, experience, world)
    at = plan.timeline.performance_positions().start + position
    arrays = aco_year(plan, experience, world, position)
    aco = replace(
        arrays,
        assigned_beneficiaries=float(experience.assigned_beneficiaries[at][0]),
        quality_score=float(world.quality_score[at][0]),
        quality_standard=int(world.quality_standard[at][0]),
        participant_revenue=float(experience.participant_revenue[at][0]),
        low_revenue=bool(np.asarray(arrays.low_revenue)[0]),
    )
    two_way = benchmark.two_way[position]
    steps = benchmark_steps(
        benchmark.established[position],
        benchmark.updated[position],
        plan.benchmark.terms[position],
        replicate=0,
    )
    return _YearOfOne(
        aco,
        float(benchmark.total[position][0]),
        float(experience.total[at][0]),
        None if two_way is None else float(two_way[0]),
        tuple(steps),
    )
