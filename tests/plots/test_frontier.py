import numpy as np
import xarray as xr

from simcore.plots.frontier import plot_frontier

MEANS = np.array([7.4, 6.9, 4.9, 4.1, 2.9]) * 1e6
LOSSES = np.array([3.5, 3.9, 2.4, 2.9, 0.0]) * 1e6
FRONTIER = xr.Dataset(
    {
        "mean": ("contract", MEANS),
        "mean_standard_error": ("contract", np.full(5, 8e4)),
        "tail_value_at_risk": ("contract", LOSSES),
        "tail_value_at_risk_standard_error": ("contract", np.full(5, 1.5e5)),
        "on_frontier": ("contract", [True, False, True, False, True]),
    },
    coords={
        "contract": ["ENHANCED msr=0", "ENHANCED msr=0.020", "BASIC-E msr=0", "BASIC-E msr=0.020", "BASIC-B"]
    },
    attrs={"level": 0.95},
)


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    assert_looks_as_kept(plot_frontier(FRONTIER), "frontier")


def test_the_line_joins_the_efficient_contracts_by_rising_risk():
    line = plot_frontier(FRONTIER).artists["line"][0]
    np.testing.assert_array_equal(line.get_xdata(), [0.0, 2.4e6, 3.5e6])
