import numpy as np
import pytest
import xarray as xr

from simcore.plots.variance import plot_variance_layers

SHARES = xr.DataArray(
    np.array([[0.50, 0.42, 0.34], [0.30, 0.36, 0.43], [0.15, 0.16, 0.18], [0.05, 0.06, 0.05]]),
    dims=("layer", "performance_year"),
    coords={
        "layer": ["individuals", "aco", "market", "quality"],
        "performance_year": [2024, 2025, 2026],
    },
)


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    assert_looks_as_kept(plot_variance_layers(SHARES), "variance_layers")


def test_one_bar_stands_for_all_years_together():
    drawing = plot_variance_layers(SHARES.isel(performance_year=0, drop=True))
    assert [bar.get_height() for bar in drawing.artists["bars"]] == pytest.approx([0.50, 0.30, 0.15, 0.05])
