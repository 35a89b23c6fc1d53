"""Build the benchmark of every simulated performance year, agreement after agreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Float64
from simcore.model.benchmark.construction import (
    EstablishedBenchmark,
    UpdatedBenchmark,
    establish_benchmark,
    update_benchmark,
)
from simcore.model.benchmark.given import given_benchmark
from simcore.model.benchmark.inputs import BenchmarkYears, PerformanceYear, PriorPerformance, ratio
from simcore.model.benchmark.regulation_terms import benchmark_terms
from simcore.model.benchmark.terms import BenchmarkTerms, neutral
from simcore.model.by_type import by_type
from simcore.model.experience import Experience
from simcore.model.people import People
from simcore.model.timeline import Agreement, Timeline
from simcore.model.world import World
from simcore.regulation.reader import Regulation
from simcore.scenario.default_values import default
from simcore.scenario.schema import Scenario
from simcore.scenario.world import PriorYear
from simcore.vocabulary import ENROLLMENT_TYPES

AGED_DUAL = ENROLLMENT_TYPES.index("AGED_DUAL")


@dataclass(frozen=True, slots=True)
class BenchmarkPlan:
    """What the benchmarks of all blocks have in common.

    Attributes
    ----------
    timeline
        The years.
    terms
        The rules of each performance year.
    given
        Historical benchmark by type in dollars of the dollar year, ``(enrollment_type, 1)``; ``None``
        where it is built from simulated years.
    given_risk_score, given_demographic_risk_score
        Risk scores that it stands for, same shape.
    national_level, regional_level
        Per-capita expenditures at a risk score of one in the dollar year, USD, same shape.
    prospective
        Yearly growth that is projected when an agreement begins, same shape.
    scenario
        What else the scenario says of the region.
    newly_assigned_share
        Share of beneficiaries who were not assigned in the year before.
    """

    timeline: Timeline
    terms: tuple[BenchmarkTerms, ...]
    given: Float64 | None
    given_risk_score: Float64
    given_demographic_risk_score: Float64
    national_level: Float64
    regional_level: Float64
    prospective: Float64
    scenario: Scenario
    newly_assigned_share: float

    @property
    def guardrail(self) -> bool:
        """Return whether a rule makes the benchmark depend on the contract."""
        return any(terms.update.guardrail for terms in self.terms)


class Benchmarks(NamedTuple):
    """Benchmarks of one block, by performance year.

    Attributes
    ----------
    total
        Updated benchmark, USD, by replicate.
    two_way
        The same without the prospective trend; ``None`` in years without the guardrail.
    detail
        Steps by variable name, ``(enrollment_type, performance_year, replicate)``; none unless asked for.
    established, updated
        Every step of every year, for an account line by line.
    """

    total: list[Float64]
    two_way: list[Float64 | None]
    detail: Mapping[str, Float64]
    established: list[EstablishedBenchmark]
    updated: list[UpdatedBenchmark]


def plan_benchmarks(
    scenario: Scenario, timeline: Timeline, people: People, regulation: Regulation
) -> BenchmarkPlan:
    """Return what the benchmarks of a scenario need.

    Raises
    ------
    RegulationError
        If the rules hold no number for an agreement start.
    """
    terms = []
    for agreement in timeline.agreements:
        for year in agreement.performance_years:
            rules = benchmark_terms(
                regulation,
                agreement_start=agreement.start,
                agreement_period=agreement.period,
                performance_year=year,
            )
            terms.append(neutral(rules) if scenario.benchmark.methodology == "neutral" else rules)
    given = by_type(scenario.benchmark.per_capita, people.per_capita)
    national = people.national_per_capita
    return BenchmarkPlan(
        timeline=timeline,
        terms=tuple(terms),
        given=None if timeline.benchmark_simulated else _column(given),
        given_risk_score=_column(by_type(scenario.benchmark.risk_score, people.mean_risk_score)),
        given_demographic_risk_score=_column(people.demographic_risk_score),
        national_level=_column(national),
        regional_level=_column(national * by_type(scenario.region.relative_per_capita, 1.0)),
        prospective=_column(by_type(scenario.growth.prospective)),
        scenario=scenario,
        newly_assigned_share=1.0 - people.assigned_again,
    )


def _column(values: Float64) -> Float64:
    """Return values by enrollment type as ``(enrollment_type, 1)``."""
    return values[:, np.newaxis]


def benchmarks(plan: BenchmarkPlan, experience: Experience, world: World) -> Benchmarks:
    """Return the benchmarks of one block."""
    totals: list[Float64] = []
    two_way: list[Float64 | None] = []
    established_years: list[EstablishedBenchmark] = []
    updated_years: list[UpdatedBenchmark] = []
    offset = plan.timeline.performance_positions().start
    for order, agreement in enumerate(plan.timeline.agreements):
        established = _established(plan, order, agreement, experience, world, totals)
        for year in agreement.performance_years:
            terms = plan.terms[len(totals)]
            at = offset + len(totals)
            updated = update_benchmark(
                established, _performance_year(plan, order, agreement, year, at, experience, world), terms
            )
            established_years.append(established)
            updated_years.append(updated)
            totals.append(updated.total)
            two_way.append(updated.two_way_total if terms.update.guardrail else None)
    detail = plan.scenario.simulation.detail
    steps = _steps(updated_years, experience.total.shape[-1]) if detail else {}
    return Benchmarks(totals, two_way, steps, established_years, updated_years)


def _steps(years: list[UpdatedBenchmark], block: int) -> dict[str, Float64]:
    """Return steps by variable name, for every replicate of a block."""
    steps = {
        "historical_benchmark": np.stack([year.adjusted_historical for year in years], axis=1),
        "risk_ratio": np.stack([year.risk.by_type for year in years], axis=1),
        "update_factor": np.stack([year.update.factor for year in years], axis=1),
    }
    return {name: np.broadcast_to(array, (*array.shape[:-1], block)).copy() for name, array in steps.items()}


def _established(
    plan: BenchmarkPlan,
    order: int,
    agreement: Agreement,
    experience: Experience,
    world: World,
    totals: list[Float64],
) -> EstablishedBenchmark:
    """Return the benchmark as it stands when an agreement begins."""
    terms = plan.terms[len(totals)]
    if order == 0 and plan.given is not None:
        return given_benchmark(plan.given, _dollar_year(plan, experience), terms)
    years = range(agreement.start.year - plan.timeline.benchmark_years, agreement.start.year)
    at = [year - plan.timeline.simulated_years[0] for year in years]
    prior = _given_prior(plan.scenario.benchmark.prior_performance, plan.timeline.benchmark_years)
    if order > 0:
        prior = _simulated_prior(plan, experience, totals)
    return establish_benchmark(_benchmark_years(plan, at, experience, world), terms, prior)


def _dollar_year(plan: BenchmarkPlan, experience: Experience) -> BenchmarkYears:
    """Return the year that a given benchmark stands for: the dollar year, with the ACO's first mix of types."""
    first = experience.person_years[:, 0]
    return BenchmarkYears(
        per_capita_expenditures=np.zeros((1, len(ENROLLMENT_TYPES), 1)),
        person_years=first[np.newaxis],
        risk_score=plan.given_risk_score[np.newaxis],
        national_per_capita=plan.national_level[np.newaxis],
        regional_per_capita=plan.regional_level[np.newaxis],
        national_weight=plan.scenario.region.market_share,
        demographic_risk_score=plan.given_demographic_risk_score,
        dual_share=_share(first, AGED_DUAL),
    )


def _benchmark_years(
    plan: BenchmarkPlan, at: list[int], experience: Experience, world: World
) -> BenchmarkYears:
    """Return simulated benchmark years at positions `at` of the simulated years."""
    person_years = experience.person_years[:, at].swapaxes(0, 1)
    last = at[-1]
    return BenchmarkYears(
        per_capita_expenditures=ratio(experience.expenditures[:, at].swapaxes(0, 1), person_years),
        person_years=person_years,
        risk_score=experience.risk_score[:, at].swapaxes(0, 1),
        national_per_capita=(plan.national_level[:, np.newaxis] * world.national[:, at]).swapaxes(0, 1),
        regional_per_capita=(plan.regional_level[:, np.newaxis] * world.regional[:, at]).swapaxes(0, 1),
        national_weight=plan.scenario.region.market_share,
        demographic_risk_score=experience.demographic_risk_score[:, last],
        dual_share=_share(experience.person_years[:, last], AGED_DUAL),
    )


def _performance_year(
    plan: BenchmarkPlan,
    order: int,
    agreement: Agreement,
    year: int,
    at: int,
    experience: Experience,
    world: World,
) -> PerformanceYear:
    """Return one simulated performance year as the update sees it."""
    from_given = order == 0 and plan.given is not None
    elapsed = year - (plan.timeline.dollar_year if from_given else agreement.start.year - 1)
    person_years = experience.person_years[:, at]
    low_income = plan.scenario.risk_scores.low_income_share
    return PerformanceYear(
        person_years=person_years,
        risk_score=experience.risk_score[:, at],
        demographic_risk_score=experience.demographic_risk_score[:, at],
        national_per_capita=plan.national_level * world.national[:, at],
        regional_per_capita=plan.regional_level * world.regional[:, at],
        national_weight=plan.scenario.region.market_share,
        prospective_growth=(1.0 + plan.prospective) ** elapsed,
        regional_risk_ratio=(1.0 + plan.scenario.region.risk_score_growth) ** elapsed
        * np.ones_like(plan.prospective),
        regional_demographic_ratio=np.ones_like(plan.prospective),
        market_share=plan.scenario.region.market_share,
        newly_assigned_share=plan.newly_assigned_share,
        low_income_share=_share(person_years, AGED_DUAL) if low_income is None else low_income,
    )


def _share(person_years: Float64, position: int) -> Float64:
    """Return one type's share of the person-years, by replicate."""
    share: Float64 = person_years[position] / person_years.sum(axis=0)
    return share


def _given_prior(years: tuple[PriorYear, ...], counted: int) -> PriorPerformance | None:
    """Return the settled years before the agreement; of those that count, one not given was not settled."""
    if not years:
        return None
    missing = counted - len(years)
    columns = {
        name: np.array([1.0] * missing + [getattr(year, name) for year in years])[:, np.newaxis]
        for name in ("benchmark", "expenditures", "person_years", "final_sharing_rate")
    }
    settled = np.array([False] * missing + [True] * len(years))[:, np.newaxis]
    return PriorPerformance(**columns, reconciled=settled)


def _simulated_prior(plan: BenchmarkPlan, experience: Experience, totals: list[Float64]) -> PriorPerformance:
    """Return the last three simulated performance years before an agreement."""
    offset = plan.timeline.performance_positions().start
    last = range(len(totals) - plan.timeline.benchmark_years, len(totals))
    return PriorPerformance(
        benchmark=np.stack([totals[position] for position in last]),
        expenditures=np.stack([experience.total[offset + position] for position in last]),
        person_years=np.stack(
            [experience.person_years[:, offset + position].sum(axis=0) for position in last]
        ),
        # Agreements of 2016 alone ask for it. One benchmark serves all contracts: what a scenario takes
        # for a year whose rate it does not give stands for theirs.
        final_sharing_rate=default("prior_performance.final_sharing_rate"),
    )
