"""Count where outcomes fell within their forecasts: the probability integral transform in bins."""

import numpy as np
import xarray as xr
from scipy.stats import binom

from simcore.analysis.estimates import Float64


def pit_bins(pit: Float64, bins: int = 10) -> xr.Dataset:
    """Count probability integral transforms in `bins` equal bins, with what a right forecast would give.

    Parameters
    ----------
    pit
        Where each outcome fell in its forecast, in [0, 1], shape ``(outcome,)``.
    bins
        Number of bins.

    Returns
    -------
    xarray.Dataset
        ``share``, ``lower`` and ``upper`` (the central 95 % of a binomial share), dim ``bin`` with edges
        ``left`` and ``right``; the attribute ``count`` is the number of outcomes.
    """
    counts, edges = np.histogram(pit, bins=bins, range=(0.0, 1.0))
    low, high = (binom.ppf(level, pit.size, 1.0 / bins) / pit.size for level in (0.025, 0.975))
    return xr.Dataset(
        {
            "share": ("bin", counts / pit.size),
            "lower": ("bin", np.full(bins, low)),
            "upper": ("bin", np.full(bins, high)),
        },
        coords={"left": ("bin", edges[:-1]), "right": ("bin", edges[1:])},
        attrs={"count": int(pit.size)},
    )
