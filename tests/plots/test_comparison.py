import numpy as np

from simcore.plots.comparison import plot_comparison
from tests.example_results import example_result
from tests.plots.inputs import all_options_result


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    assert_looks_as_kept(plot_comparison(example_result()), "comparison")


def test_twenty_six_contracts_stay_readable(assert_looks_as_kept):
    assert_looks_as_kept(plot_comparison(all_options_result()), "comparison_all_options")


def test_the_best_mean_is_on_top():
    drawing = plot_comparison(all_options_result(500))
    dots = drawing.artists["means"][0].get_xdata()
    assert np.all(np.diff(dots) >= 0.0)
