import numpy as np
import xarray as xr

from simcore.plots.tornado import plot_tornado

TABLE = xr.Dataset(
    {
        "low": ("input", np.array([2.2, 1.0, 2.9, 2.4]) * 1e6),
        "high": ("input", np.array([3.1, 4.4, 2.1, 2.6]) * 1e6),
        "low_standard_error": ("input", np.full(4, 6e4)),
        "high_standard_error": ("input", np.full(4, 6e4)),
        "baseline": ((), 2.5e6, {"units": "USD", "long_name": "Mean net settlement of ENHANCED"}),
    },
    coords={
        "input": ["assigned_beneficiaries", "true_savings", "risk_score_growth", "quality_score"],
        "low_setting": ("input", ["8,000", "0%", "−1%", "0.7"]),
        "high_setting": ("input", ["16,000", "2%", "1%", "0.95"]),
    },
)


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    assert_looks_as_kept(plot_tornado(TABLE), "tornado")


def test_the_widest_swing_is_on_top():
    drawing = plot_tornado(TABLE)
    swing = [
        abs(high.get_width() - low.get_width())
        for low, high in zip(drawing.artists["low"], drawing.artists["high"], strict=True)
    ]
    assert swing == sorted(swing)
