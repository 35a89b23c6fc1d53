"""What-ifs on law and on the world run on the same draws: their difference is known far better than its parts.

Oracle: the variance of a difference of two independent runs, to which the paired error is held.
"""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from simcore.scenario.schema import Scenario
from simcore.simulate import simulate
from tests.acceptance.asked import STANDARD_ERRORS, standard_error, template

OVERLAY = Path(__file__).parents[2] / "scenarios" / "overlays" / "no_sequestration"
REPLICATES = 4_000
TIMES_SMALLER = 5.0


def what_ifs() -> dict[str, tuple[Scenario, Scenario]]:
    """The shipped question of a track, and the same in another law, and in a world of another trend."""
    now = template(
        "track_choice", simulation__replicates=REPLICATES, contract__options=["ENHANCED msr=0.010"]
    )
    higher = {name: rate + 0.01 for name, rate in {**now.growth.projected}.items()}
    return {
        "law": (now, now.with_changes({"regulation.overlays": [OVERLAY]})),
        "world": (now, now.with_changes({"growth.projected": higher})),
    }


def net(result: xr.Dataset) -> np.ndarray:
    """Net settlement over the agreement, by replicate."""
    return result["net_settlement"].values[0].sum(axis=0)


@pytest.mark.parametrize("name", ["law", "world"])
def test_a_what_if_is_known_five_times_better_on_the_same_draws(name: str) -> None:
    now, changed = what_ifs()[name]
    before, after = net(simulate(now)), net(simulate(changed))
    elsewhere = net(simulate(changed.with_changes({"simulation.seed": now.simulation.seed + 1})))
    paired = standard_error(after - before)
    independent = np.hypot(standard_error(before), standard_error(elsewhere))
    assert TIMES_SMALLER * paired < independent
    # And it is the same difference, as far as independent runs can tell.
    assert abs((after - before).mean() - (elsewhere - before).mean()) < STANDARD_ERRORS * independent


def test_a_what_if_on_the_world_leaves_every_other_draw_alone() -> None:
    now, changed = (
        simulate(asked.with_changes({"simulation.detail": True})) for asked in what_ifs()["world"]
    )
    for same in (
        "assigned_beneficiaries",
        "type_person_years",
        "risk_score",
        "quality_score",
        "true_savings",
    ):
        np.testing.assert_array_equal(now[same], changed[same])
    # Truncated growth is a factor by year: one point more, each year since the dollar year.
    ratio = changed["national_growth"] / now["national_growth"]
    np.testing.assert_allclose(ratio.std("replicate"), 0.0, atol=1e-12)
