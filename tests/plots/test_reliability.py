import numpy as np

from simcore.analysis.display import reliability_bins
from simcore.plots.reliability import plot_reliability


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    generator = np.random.default_rng(3)
    forecast = generator.beta(1.2, 1.2, 900)
    table = reliability_bins(forecast, generator.random(900) < forecast)
    table["observed"].attrs["long_name"] = "shared savings"
    assert_looks_as_kept(plot_reliability(table), "reliability")


def test_a_group_without_forecasts_is_left_out():
    table = reliability_bins(np.array([0.05, 0.06, 0.95]), np.array([False, True, True]))
    assert plot_reliability(table).artists["points"][0].get_xdata().size == 2
