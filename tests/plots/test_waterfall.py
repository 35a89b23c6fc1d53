import numpy as np
import pytest
import xarray as xr

from simcore.plots.waterfall import plot_waterfall

STEPS = xr.DataArray(
    np.array([7.5, -1.2, -2.1, 0.0, -0.1, -0.3]) * 1e6,
    dims="rule",
    coords={
        "rule": [
            "gross_savings",
            "minimum_savings_rate",
            "sharing_rate",
            "quality",
            "payment_limit",
            "sequestration",
        ],
        "standard_error": ("rule", np.array([9, 4, 5, 0, 1, 1]) * 1e4),
    },
)


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    assert_looks_as_kept(plot_waterfall(STEPS), "waterfall")


def test_the_last_bar_is_the_sum_of_the_others():
    # 7.5 - 1.2 - 2.1 + 0.0 - 0.1 - 0.3 = 3.8
    assert plot_waterfall(STEPS).artists["bars"][-1].get_width() == pytest.approx(3.8e6, rel=1e-12)
