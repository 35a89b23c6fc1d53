import numpy as np

from simcore.analysis.chance import reliability_beside_chance
from simcore.analysis.display import reliability_bins
from simcore.plots.reliability import plot_reliability


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    generator = np.random.default_rng(3)
    forecast = generator.beta(1.2, 1.2, 900)
    table = reliability_bins(forecast, generator.random(900) < forecast)
    table["observed"].attrs["long_name"] = "shared savings"
    assert_looks_as_kept(plot_reliability(table), "reliability")


def test_the_picture_beside_chance_is_the_one_that_was_looked_at(assert_looks_as_kept):
    generator = np.random.default_rng(3)
    forecast = generator.beta(1.2, 1.2, 900)
    # Frequencies 10 points below the forecasts: most groups must lie below their bars.
    came = generator.random(900) < forecast - 0.1
    table = reliability_beside_chance(
        forecast, came, generator.random((500, 900)) < forecast, largest_gap=0.05, least_count=30
    )
    drawing = plot_reliability(table)
    assert_looks_as_kept(drawing, "reliability_beside_chance")
    bars = drawing.artists["errors"][0].get_segments()
    below = sum(share < bar[0][1] for share, bar in zip(table["observed"].values, bars, strict=True))
    assert below >= 5


def test_a_group_without_forecasts_is_left_out():
    table = reliability_bins(np.array([0.05, 0.06, 0.95]), np.array([False, True, True]))
    assert plot_reliability(table).artists["points"][0].get_xdata().size == 2
