"""From a scenario to the arrays of a block: people, world, expenditures, benchmark, settlements."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from itertools import chain

import numpy as np

from simcore.model.aco_year import AcoYear, is_low_revenue
from simcore.model.arrays import Bool, Float64
from simcore.model.benchmark.regulation_terms import benchmark_terms
from simcore.model.benchmarking import BenchmarkPlan, Benchmarks, benchmarks, plan_benchmarks
from simcore.model.contracts.in_force import Note
from simcore.model.drawn_people import draw_people
from simcore.model.experience import Experience, experience_of
from simcore.model.options import Choice, choices
from simcore.model.people import People, plan_people
from simcore.model.settling import (
    entries_used,
    gather_settlements,
    settle_contracts,
    settle_year,
    wanted_steps,
)
from simcore.model.timeline import Timeline, timeline
from simcore.model.world import World, draw_world
from simcore.regulation.presets import read_presets
from simcore.regulation.reader import Entry, Regulation
from simcore.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the blocks of a run have in common."""

    scenario: Scenario
    regulation: Regulation
    presets_digest: str
    timeline: Timeline
    choices: tuple[Choice, ...]
    people: People
    benchmark: BenchmarkPlan


def make_plan(scenario: Scenario, regulation: Regulation) -> Plan:
    """Make a scenario ready: its years, its options, its people's tables, its benchmark's rules.

    Raises
    ------
    SimcoreError
        If the scenario asks for what cannot be simulated.
    """
    years = timeline(scenario, regulation)
    presets = read_presets(scenario.regulation.overlays)
    options = choices(scenario, years, regulation, presets)
    people = plan_people(scenario, years, regulation)
    benchmark = plan_benchmarks(scenario, years, people, regulation)
    return Plan(scenario, regulation, presets.digest, years, options, people, benchmark)


def run_block(
    plan: Plan, first: int, block: int, *, keep: Container[str] | None = None
) -> dict[str, Float64 | Bool]:
    """Return the arrays of replicates ``first … first + block - 1`` by variable name, replicates last.

    `keep` names the steps of a settlement that are wanted; absent, all that the scenario asks for.
    """
    world = draw_world(plan.scenario, plan.timeline, first, block)
    drawn = draw_people(plan.people, first, block)
    experience = experience_of(plan.scenario, plan.people, drawn, world)
    benchmark = benchmarks(plan.benchmark, experience, world)
    return {
        **_world_arrays(plan, experience, world),
        **_settlement_arrays(plan, experience, benchmark, world, keep=keep),
        **benchmark.detail,
    }


def _world_arrays(plan: Plan, experience: Experience, world: World) -> dict[str, Float64 | Bool]:
    """Return what happened whatever the contract."""
    at = plan.timeline.performance_positions()
    arrays: dict[str, Float64 | Bool] = {
        "assigned_beneficiaries": experience.assigned_beneficiaries[at].astype(np.float64),
        "person_years": experience.person_years.sum(axis=0)[at],
        "expenditures": experience.total[at],
        "quality_score": world.quality_score[at],
        "participant_revenue": experience.participant_revenue[at],
        "true_savings": world.true_savings[at],
        "expected_expenditures": experience.expected_total[at],
    }
    if plan.scenario.simulation.detail:
        arrays |= {
            "type_person_years": experience.person_years[:, at],
            "type_expenditures": experience.expenditures[:, at],
            "risk_score": experience.risk_score[:, at],
            "demographic_risk_score": experience.demographic_risk_score[:, at],
            "national_growth": world.national[:, at],
            "regional_growth": world.regional[:, at],
        }
    return arrays


def aco_year(plan: Plan, experience: Experience, world: World, position: int) -> AcoYear:
    """Return what the ACO was in the performance year at `position`, arrays over replicates."""
    at = plan.timeline.performance_positions().start + position
    year, agreement = plan.timeline.performance_years[position], plan.timeline.agreement_at(position)
    revenue = experience.participant_revenue[at]
    return AcoYear(
        performance_year=year,
        agreement_start=agreement.start,
        assigned_beneficiaries=experience.assigned_beneficiaries[at].astype(np.float64),
        quality_score=world.quality_score[at],
        quality_standard=world.quality_standard[at],
        participant_revenue=revenue,
        low_revenue=is_low_revenue(
            plan.regulation,
            performance_year=year,
            participant_revenue=revenue,
            expenditures=experience.total[at],
        ),
        year_in_track=plan.timeline.year_in_track(position),
    )


def _settlement_arrays(
    plan: Plan,
    experience: Experience,
    benchmark: Benchmarks,
    world: World,
    *,
    keep: Container[str] | None,
) -> dict[str, Float64 | Bool]:
    """Return what every contract made of it."""
    offset = plan.timeline.performance_positions().start
    years = range(len(plan.timeline.performance_years))
    names = wanted_steps(detail=plan.scenario.simulation.detail, keep=keep)
    program = (
        settled
        for position in years
        for settled in settle_year(
            plan.choices,
            position,
            aco_year(plan, experience, world, position),
            plan.regulation,
            names=names,
            benchmark=benchmark.total[position],
            expenditures=experience.total[offset + position],
            two_way_benchmark=benchmark.two_way[position],
        )
    )
    others = settle_contracts(
        plan.choices,
        names=names,
        benchmark=np.stack(benchmark.total),
        expenditures=experience.total[offset:],
        quality_score=world.quality_score[offset:],
    )
    return gather_settlements(
        chain(program, others),
        (len(plan.choices), len(years), experience.total.shape[-1]),
        by_contract=plan.benchmark.guardrail or any(choice.terms for choice in plan.choices),
    )


def contract_notes(plan: Plan) -> tuple[Note, ...]:
    """Return what a user must know about the contracts outside of the Shared Savings Program."""
    return tuple(note for choice in plan.choices for note in choice.notes)


def law_used(plan: Plan) -> tuple[Entry, ...]:
    """Return the numbers of the law that a plan rests on, each once: benchmark first, then settlement."""
    years = [
        (year, plan.timeline.agreement_at(position).start)
        for position, year in enumerate(plan.timeline.performance_years)
    ]
    benchmark = [entry for terms in plan.benchmark.terms for entry in terms.entries]
    return tuple(dict.fromkeys([*benchmark, *entries_used(plan.choices, years, plan.regulation)]))


def law_not_applied(plan: Plan) -> tuple[str, ...]:
    """Return a sentence for each number of the benchmark that the law has for one track alone.

    The benchmark is built once and every contract is settled against the same one; no final rule makes
    it depend on the track, but a proposal for 2027 does.
    """
    levels = dict.fromkeys(level for choice in plan.choices for level in choice.levels if level)
    found: dict[str, None] = {}
    for position, year in enumerate(plan.timeline.performance_years):
        agreement = plan.timeline.agreement_at(position)
        given = plan.benchmark.given is not None and agreement == plan.timeline.agreements[0]
        if given or plan.scenario.benchmark.methodology == "neutral":
            continue
        applied = plan.benchmark.terms[position].entries
        for level in levels:
            own = benchmark_terms(
                plan.regulation,
                agreement_start=agreement.start,
                agreement_period=agreement.period,
                performance_year=year,
                track=level,
            ).entries
            found |= dict.fromkeys(
                f"not applied: {entry.name} = {entry.value} for {level} ({entry.citation}): one "
                "benchmark is built for all contracts"
                for entry in own
                if entry not in applied
            )
    return tuple(found)
