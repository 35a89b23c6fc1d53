import numpy as np
import xarray as xr

from simcore.analysis.convergence import error_by_replicates
from simcore.analysis.risk import mean
from simcore.plots.convergence import plot_convergence


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    draws = np.random.default_rng(5).normal(1.3e6, 2.2e6, 10_000)
    outcome = xr.DataArray(draws, dims="replicate", attrs={"units": "USD", "long_name": "net settlement"})
    trace = error_by_replicates(
        outcome, mean, np.unique(np.geomspace(50, draws.size, 40).astype(int)).tolist()
    )
    drawing = plot_convergence(trace)
    assert_looks_as_kept(drawing, "convergence")
    assert drawing.artists["last"][0].get_ydata()[0] == draws.mean()
