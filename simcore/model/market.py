"""Draw what all ACOs of a market share: the growth of nation and region, and of risk scores beyond the nation's."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from simcore.kernels import streams
from simcore.model.arrays import Float64
from simcore.model.by_type import by_type
from simcore.model.draws import Draws
from simcore.model.timeline import Timeline
from simcore.model.trend import coding_growth, national_growth, regional_deviation
from simcore.scenario.schema import Scenario
from simcore.vocabulary import ENROLLMENT_TYPES


class MarketPlan(NamedTuple):
    """What the draws of a market follow from, numbers by enrollment type where there are several.

    A deviation is 0 where the market takes its mean.
    """

    years: tuple[int, ...]
    anchor: int
    seed: int
    projected: tuple[float, ...]
    common_deviation: float
    type_deviation: tuple[float, ...]
    region_deviation: tuple[float, ...]
    region_autocorrelation: float
    coding_growth: float
    coding_deviation: float


class Market(NamedTuple):
    """Factors over the trend years, one in the dollar year; not to be written to.

    `national` and `regional` have the shape ``(enrollment_type, year, replicate)``, `coding`
    ``(year, replicate)``.
    """

    national: Float64
    regional: Float64
    coding: Float64


def plan_market(scenario: Scenario, timeline: Timeline) -> MarketPlan:
    """Return what a scenario says of its market."""
    simulation, growth, region = scenario.simulation, scenario.growth, scenario.region
    random = float("market" in simulation.layers)
    return MarketPlan(
        years=timeline.trend_years,
        anchor=timeline.anchor,
        seed=simulation.seed if simulation.market_seed is None else simulation.market_seed,
        projected=tuple(by_type(growth.projected)),
        common_deviation=growth.common_deviation * random,
        type_deviation=tuple(by_type(growth.type_deviation) * random),
        region_deviation=tuple(by_type(region.deviation) * random),
        region_autocorrelation=region.autocorrelation,
        coding_growth=scenario.risk_scores.coding_growth,
        coding_deviation=scenario.risk_scores.coding_deviation * random,
    )


# One block: where ACOs of one market are simulated in turn, the next one has the same.
@lru_cache(maxsize=1)
def draw_market(plan: MarketPlan, first: int, block: int) -> Market:
    """Return the market in replicates ``first … first + block - 1``."""
    draws, years = Draws(first, block, plan.seed), plan.years
    national = national_growth(
        np.array(plan.projected),
        draws.by_year(streams.NATIONAL_GROWTH, years),
        np.stack(
            [
                draws.by_year(streams.NATIONAL_TYPE_GROWTH, years, kind)
                for kind in range(len(ENROLLMENT_TYPES))
            ]
        ),
        common_deviation=plan.common_deviation,
        type_deviation=np.array(plan.type_deviation),
        anchor=plan.anchor,
    )
    deviation = regional_deviation(
        draws.by_year(streams.REGIONAL_GROWTH, years),
        deviation=np.array(plan.region_deviation),
        autocorrelation=plan.region_autocorrelation,
        anchor=plan.anchor,
    )
    coding = coding_growth(
        draws.by_year(streams.CODING_GROWTH, years),
        yearly_growth=plan.coding_growth,
        deviation=plan.coding_deviation,
        anchor=plan.anchor,
    )
    market = Market(national, national * deviation, coding)
    for factors in market:
        factors.setflags(write=False)
    return market
