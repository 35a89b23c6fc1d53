from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from simcore.analysis.sensitivity import InputRange, one_at_a_time
from simcore.plots.tornado import plot_tornado

TABLE = xr.Dataset(
    {
        "effect": (("input", "end"), np.array([[-0.3, 0.6], [-1.5, 1.9], [0.4, -0.4], [-0.1, 0.1]]) * 1e6),
        "effect_standard_error": (("input", "end"), np.full((4, 2), 6e4)),
        "base": ((), 2.5e6, {"units": "USD", "long_name": "Mean net settlement of ENHANCED"}),
    },
    coords={
        "input": ["assigned_beneficiaries", "true_savings", "risk_score_growth", "quality_score"],
        "end": ["low", "high"],
        "low_value": ("input", ["8,000", "0%", "−1%", "0.7"]),
        "high_value": ("input", ["16,000", "2%", "1%", "0.95"]),
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


class _World(SimpleNamespace):
    def with_changes(self, changes):
        return _World(**{**vars(self), **changes})


def test_it_draws_what_the_analysis_returns():
    """A world whose outcome is 3 a + b: moving a from 1 to 0 takes 3, moving b from 0 to 2 adds 2."""

    def simulate(world):
        return xr.Dataset(
            {
                "outcome": (
                    "replicate",
                    np.full(10, 3.0 * world.a + world.b),
                    {"units": "USD", "long_name": "Outcome"},
                )
            }
        )

    ranges = [InputRange("a", 0.0, 1.0), InputRange("b", 0.0, 2.0)]
    table = one_at_a_time(simulate, _World(a=1.0, b=0.0), ranges, lambda result: result["outcome"])
    drawing = plot_tornado(table)
    assert [bar.get_width() for bar in drawing.artists["low"]] == [pytest.approx(0.0), pytest.approx(-3.0)]
    assert [bar.get_width() for bar in drawing.artists["high"]] == [pytest.approx(2.0), pytest.approx(0.0)]
