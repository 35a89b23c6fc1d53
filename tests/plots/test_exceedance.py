import numpy as np
import pytest

from simcore.plots.exceedance import plot_exceedance
from tests.example_results import example_result
from tests.plots.inputs import all_options_result


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    drawing = plot_exceedance(example_result(), thresholds={"break even": 0.0})
    assert_looks_as_kept(drawing, "exceedance")


def test_the_band_holds_the_curve():
    drawing = plot_exceedance(example_result())
    for line, band in zip(drawing.artists["lines"], drawing.artists["bands"], strict=True):
        vertices = band.get_paths()[0].vertices
        assert vertices[:, 1].min() <= line.get_ydata().min()
        assert vertices[:, 1].max() >= line.get_ydata().max()


def test_of_many_contracts_it_draws_the_best_of_each_track():
    drawing = plot_exceedance(all_options_result(500))
    names = [label.get_text() for label in drawing.artists["labels"]]
    assert sorted(name.split(",")[0] for name in names) == [
        "BASIC-A",
        "BASIC-B",
        "BASIC-C",
        "BASIC-D",
        "BASIC-E",
        "ENHANCED",
    ]


def test_the_savings_rate_of_a_year_has_its_minimum_as_threshold():
    rate = example_result()["savings_rate"].sel(performance_year=2024)
    drawing = plot_exceedance(rate, thresholds={"MSR": 0.02})
    # Oracle: the share of replicates above 2 %, read off the line.
    line = drawing.artists["lines"][0]
    read = np.interp(0.02, line.get_xdata(), line.get_ydata())
    assert read == pytest.approx(float((rate > 0.02).mean()), abs=0.01)


def test_rates_of_several_years_are_no_one_curve():
    with pytest.raises(ValueError, match="one period"):
        plot_exceedance(example_result()["savings_rate"])
