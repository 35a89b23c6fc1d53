import numpy as np

from simcore.plots.stoplight import plot_stoplight
from tests.example_results import example_result
from tests.plots.inputs import all_options_result


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    assert_looks_as_kept(plot_stoplight(example_result()), "stoplight")


def test_twenty_six_contracts_stay_readable(assert_looks_as_kept):
    assert_looks_as_kept(plot_stoplight(all_options_result()), "stoplight_all_options")


def test_the_three_parts_make_a_whole():
    drawing = plot_stoplight(all_options_result(500))
    parts = [[bar.get_width() for bar in drawing.artists[name]] for name in ("loss", "nothing", "savings")]
    np.testing.assert_allclose(np.sum(parts, axis=0), 1.0, rtol=1e-12)
