import numpy as np

from simcore.plots.fan import plot_fan
from tests.example_results import example_result


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    assert_looks_as_kept(plot_fan(example_result()), "fan")


def test_the_median_line_is_the_median():
    result = example_result()
    drawing = plot_fan(result["net_settlement"], contract="ENHANCED msr=0")
    expected = np.median(result["net_settlement"].sel(contract="ENHANCED msr=0").values, axis=-1)
    np.testing.assert_allclose(drawing.artists["median"][0].get_ydata(), expected, rtol=1e-12)
