import numpy as np
import xarray as xr

from simcore.plots.convergence import plot_convergence


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    draws = np.random.default_rng(5).normal(1.3e6, 2.2e6, 10_000)
    counts = np.unique(np.geomspace(50, draws.size, 40).astype(int))
    trace = xr.Dataset(
        {
            "value": (
                "replicates",
                [draws[:count].mean() for count in counts],
                {"units": "USD", "long_name": "Mean net settlement"},
            ),
            "standard_error": (
                "replicates",
                [draws[:count].std(ddof=1) / np.sqrt(count) for count in counts],
            ),
        },
        coords={"replicates": counts},
    )
    drawing = plot_convergence(trace)
    assert_looks_as_kept(drawing, "convergence")
    assert drawing.artists["last"][0].get_ydata()[0] == draws.mean()
