"""Draw what happens above the individuals: nation, region, the ACO's own course, quality, beliefs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from simcore.kernels import streams
from simcore.model.aco_year import ALTERNATIVE, MET, NOT_MET
from simcore.model.arrays import Float64, Int64
from simcore.model.draws import Draws
from simcore.model.market import draw_market, plan_market
from simcore.model.timeline import Timeline
from simcore.model.trend import aco_deviation, size_shock, steady_growth
from simcore.scenario.schema import Layer, Scenario


class World(NamedTuple):
    """Factors of one block, by simulated year unless said; growth is one in the dollar year.

    Attributes
    ----------
    national, regional
        National growth and, times the region's deviation, regional growth, ``(enrollment_type, year, replicate)``.
    aco
        The ACO's own deviation, ``(year, replicate)``.
    size_normals
        Standard normals of the size-dependent shock, ``(year, replicate)``.
    true_savings
        Care-management effect, zero in benchmark years, ``(year, replicate)``.
    coding, demographic
        Growth of risk scores beyond the nation's, ``(year, replicate)`` and ``(year,)``.
    quality_score, quality_standard
        ``(year, replicate)``.
    revenue_share
        Participants' revenue over expenditures, ``(year, replicate)``.
    """

    national: Float64
    regional: Float64
    aco: Float64
    size_normals: Float64
    true_savings: Float64
    coding: Float64
    demographic: Float64
    quality_score: Float64
    quality_standard: Int64
    revenue_share: Float64


def draw_world(scenario: Scenario, timeline: Timeline, first: int, block: int) -> World:
    """Return what happens above the individuals in replicates ``first … first + block``."""
    draws = Draws(first, block, scenario.simulation.seed)
    market, keep = draw_market(plan_market(scenario, timeline), first, block), timeline.trend_positions()
    deviation = scenario.aco_deviation
    simulated = timeline.simulated_years
    quality_score, quality_standard = _quality(scenario, simulated, draws)
    return World(
        national=market.national[:, keep],
        regional=market.regional[:, keep],
        aco=aco_deviation(
            draws.by_year(streams.ACO_DEVIATION, simulated),
            innovation_deviation=deviation.innovation_deviation * _spread(scenario, "aco"),
            autocorrelation=deviation.autocorrelation,
            known_start=not timeline.benchmark_simulated,
        ),
        size_normals=draws.by_year(streams.ACO_SIZE_SHOCK, simulated),
        true_savings=_true_savings(scenario, timeline, draws),
        coding=market.coding[keep],
        demographic=steady_growth(
            scenario.risk_scores.demographic_growth, years=len(timeline.trend_years), anchor=timeline.anchor
        )[keep],
        quality_score=quality_score,
        quality_standard=quality_standard,
        revenue_share=_revenue_share(scenario, simulated, draws),
    )


def size_factor(scenario: Scenario, world: World, assigned_beneficiaries: Float64) -> Float64:
    """Return the size-dependent shock of each year, ``(year, replicate)``; ones where the ACO is not random."""
    if "aco" not in scenario.simulation.layers:
        return np.ones_like(world.aco)
    return size_shock(
        world.size_normals, assigned_beneficiaries, size_dependent=scenario.aco_deviation.size_dependent
    )


def _spread(scenario: Scenario, layer: Layer) -> float:
    """Return 1 where a layer is random and 0 where it takes its mean: a factor of its deviations."""
    return float(layer in scenario.simulation.layers)


def _true_savings(scenario: Scenario, timeline: Timeline, draws: Draws) -> Float64:
    """Return the care-management effect: the path, and one belief about it that holds for all years."""
    given = scenario.savings.true_savings
    performance = timeline.performance_positions()
    effect = np.zeros((len(timeline.simulated_years), draws.block))
    belief = scenario.savings.uncertainty * _spread(scenario, "beliefs") * draws.normals(streams.TRUE_SAVINGS)
    effect[performance] = np.broadcast_to(np.asarray(given, np.float64), len(timeline.performance_years))[
        :, None
    ]
    effect[performance] += belief
    # No one saves more than all.
    return np.minimum(effect, 0.99)


def _quality(scenario: Scenario, years: tuple[int, ...], draws: Draws) -> tuple[Float64, Int64]:
    """Return score and standard: one normal ranks both, so that a high score meets the standard."""
    quality = scenario.quality
    normal = draws.by_year(streams.QUALITY, years)
    score = np.clip(quality.score + _spread(scenario, "quality") * quality.score_deviation * normal, 0.0, 1.0)
    rank = special.ndtr(-normal)
    alternative_from = quality.probability_standard_met
    standard = np.where(
        rank <= alternative_from,
        MET,
        np.where(rank <= alternative_from + quality.probability_alternative_met, ALTERNATIVE, NOT_MET),
    )
    return score, standard.astype(np.int64)


def _revenue_share(scenario: Scenario, years: tuple[int, ...], draws: Draws) -> Float64:
    """Return participants' revenue over expenditures, lognormal about its mean."""
    revenue = scenario.revenue
    normal = draws.by_year(streams.REVENUE, years)
    deviation = revenue.deviation * _spread(scenario, "quality")
    share: Float64 = revenue.share_of_expenditures * np.exp(deviation * normal - 0.5 * deviation**2)
    return share
