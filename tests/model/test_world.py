"""What happens above the individuals: right means, right spreads, each layer by itself."""

import numpy as np
import pytest

from simcore.model.timeline import timeline
from simcore.model.world import World, draw_world
from simcore.regulation.reader import read_regulation
from simcore.scenario.schema import parse_scenario
from simcore.scenario.templates import templates

REPLICATES = 20_000


def world(**changes: object) -> World:
    scenario = parse_scenario(templates()["track_choice"].content, source="t").with_changes(changes)
    return draw_world(scenario, timeline(scenario, read_regulation()), 0, REPLICATES)


@pytest.fixture(scope="module")
def drawn() -> World:
    return world()


def close(draws: np.ndarray, expected: float) -> bool:
    """Whether the mean of `draws` is within four standard errors of `expected`."""
    return bool(abs(draws.mean() - expected) < 4 * draws.std(ddof=1) / np.sqrt(draws.size))


def test_growth_has_the_projected_mean_in_every_year(drawn: World) -> None:
    """Aged non-dual, 3.59 % a year from benchmark year 3 on (scenario/defaults/growth.toml)."""
    for year in range(5):
        assert close(drawn.national[3, year], 1.0359 ** (year + 1))
        assert close(drawn.regional[3, year], 1.0359 ** (year + 1))


def test_the_acos_course_has_mean_one_and_the_spread_of_its_autoregression(drawn: World) -> None:
    """After t years from a known start: s² (1 - φ^2t) / (1 - φ²), with the defaults of aco_layer.toml."""
    s, phi = 0.009769, 0.7665
    for year in range(5):
        assert close(drawn.aco[year], 1.0)
        expected = s * np.sqrt((1 - phi ** (2 * (year + 1))) / (1 - phi**2))
        assert np.log(drawn.aco[year]).std() == pytest.approx(expected, rel=4 / np.sqrt(2 * REPLICATES))


def test_one_belief_holds_for_all_years(drawn: World) -> None:
    np.testing.assert_array_equal(drawn.true_savings[0], drawn.true_savings[4])
    assert close(drawn.true_savings[0], 0.02)
    assert drawn.true_savings[0].std() == pytest.approx(0.01, rel=4 / np.sqrt(2 * REPLICATES))


def test_true_savings_follow_their_path_and_spare_benchmark_years() -> None:
    path = [0.0, 0.01, 0.02, 0.03, 0.03]
    changes = {"savings.true_savings": path, "savings.uncertainty": 0.0, "benchmark.mode": "simulated"}
    effect = world(**changes).true_savings
    np.testing.assert_allclose(effect[:, 0], [0.0, 0.0, 0.0, *path])


def test_quality_meets_the_standard_as_often_as_said_and_by_rank() -> None:
    found = world(**{"quality.probability_standard_met": 0.9, "quality.probability_alternative_met": 0.06})
    shares = [float((found.quality_standard[0] == code).mean()) for code in (0, 1, 2)]
    for share, expected in zip(shares, (0.04, 0.06, 0.9), strict=True):
        assert share == pytest.approx(expected, abs=4 * np.sqrt(expected * (1 - expected) / REPLICATES))
    scores = [found.quality_score[0][found.quality_standard[0] == code] for code in (0, 1, 2)]
    assert scores[0].max() <= scores[1].min()
    assert scores[1].max() <= scores[2].min()


def test_a_layer_that_is_not_random_takes_its_mean() -> None:
    still = world(**{"simulation.layers": []})
    np.testing.assert_allclose(still.aco, 1.0)
    np.testing.assert_allclose(still.national[3, 0], 1.0359)
    np.testing.assert_allclose(still.coding, 1.0)
    np.testing.assert_allclose(still.true_savings, 0.02)
    np.testing.assert_allclose(still.quality_score, 0.819)
