"""A market's draws: the same for all ACOs that share it, and only for them."""

import numpy as np
import pytest

from simcore.model.market import MarketPlan, draw_market, plan_market
from simcore.model.timeline import timeline
from simcore.regulation.reader import read_regulation
from simcore.scenario.schema import parse_scenario
from simcore.scenario.templates import templates


def market(**changes: object) -> MarketPlan:
    scenario = parse_scenario(templates()["track_choice"].content, source="t").with_changes(changes)
    return plan_market(scenario, timeline(scenario, read_regulation()))


def test_acos_of_one_market_share_its_draws() -> None:
    one, other = (market(**{"simulation.market_seed": 7, "simulation.seed": seed}) for seed in (1, 2))
    assert draw_market(one, 0, 10) is draw_market(other, 0, 10)


@pytest.mark.parametrize(
    "change",
    [
        {"simulation.market_seed": 8},
        {"growth.common_deviation": 0.03},
        {"region.autocorrelation": 0.1},
        {"risk_scores.coding_growth": 0.01},
        {"simulation.layers": ["individuals"]},
    ],
)
def test_another_market_is_drawn_anew(change: dict[str, object]) -> None:
    assert market(**{"simulation.market_seed": 7, **change}) != market(**{"simulation.market_seed": 7})


def test_blocks_of_a_market_are_parts_of_the_whole() -> None:
    """The oracle is one block of all: a draw has an address, and what is kept is of its own block."""
    plan = market()
    whole = draw_market(plan, 0, 10)
    for first in (0, 5):
        for part, all_of_it in zip(draw_market(plan, first, 5), whole, strict=True):
            np.testing.assert_array_equal(part, all_of_it[..., first : first + 5])


def test_nobody_writes_to_what_others_share() -> None:
    with pytest.raises(ValueError, match="read-only"):
        draw_market(market(), 0, 10).national[0, 0, 0] = 1.0
