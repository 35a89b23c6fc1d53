import numpy as np
import pytest
from matplotlib.figure import Figure

from simcore.errors import ResultError
from simcore.plots.distribution import plot_distribution
from tests.example_results import example_result
from tests.plots.inputs import all_options_result


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    assert_looks_as_kept(plot_distribution(example_result()), "distribution")


def test_twenty_six_contracts_stay_readable(assert_looks_as_kept):
    assert_looks_as_kept(plot_distribution(all_options_result()), "distribution_all_options")


def test_the_bar_of_nothing_is_as_long_as_nothing_is_likely():
    result = example_result()
    drawing = plot_distribution(result, contracts=["BASIC-B"])
    total = result["net_settlement"].sel(contract="BASIC-B").sum("performance_year").values
    assert drawing.artists["zeros"][0].get_width() == np.mean(total == 0.0)


def test_the_means_stand_where_the_means_are():
    result = example_result()
    drawing = plot_distribution(result)
    expected = np.sort(result["net_settlement"].sum("performance_year").mean("replicate").values)
    np.testing.assert_allclose(
        [line.get_xdata()[0] for line in drawing.artists["means"]], expected, rtol=1e-12
    )


def test_it_draws_on_the_axes_it_is_given():
    axes = Figure().add_subplot()
    assert plot_distribution(example_result(), ax=axes).axes is axes


def test_an_unknown_contract_is_refused_by_name():
    with pytest.raises(ResultError, match="BASIC-Z"):
        plot_distribution(example_result(), contracts=["BASIC-Z"])
