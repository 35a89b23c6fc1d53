"""Say how often a loss of a given size comes: exceedance probabilities and return periods."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr
from scipy import special

from simcore.analysis import estimates
from simcore.analysis.risk import STANDARD_ERROR
from simcore.vocabulary import RATE, REPLICATE

LEVEL: Final = "level"
RETURN_PERIOD: Final = "return_period"


def exceedance_curve(
    loss: xr.DataArray, levels: Sequence[float], *, confidence: float = 0.95, dim: str = REPLICATE
) -> xr.Dataset:
    """Return the probability that a loss exceeds each level, with a pointwise band.

    Parameters
    ----------
    loss
        Positive amounts are losses: ``result["owed_shared_losses"]``, or
        ``-agreement_total(result["net_settlement"])`` for the agreement.
    levels
        Amounts, in the unit of `loss`.
    confidence
        How often the band covers the true probability, at each level by itself.
    dim
        The dimension of the replicates.

    Returns
    -------
    xr.Dataset
        ``probability``, ``standard_error``, ``lower`` and ``upper``, dims ``(…, level)``. The band is
        exact for a binomial count (Clopper and Pearson, Biometrika 26, 1934), so it has a width where
        no loss was seen.
    """
    ordered = np.sort(loss.transpose(..., dim).values, axis=-1)
    replicates = loss.sizes[dim]
    # How many lie at or below a level is where it would stand among them.
    below = np.apply_along_axis(np.searchsorted, -1, ordered, levels, side="right")
    happened = (replicates - below).astype(np.float64)
    estimate = estimates.share(happened, replicates)
    tail = (1.0 - confidence) / 2.0
    arrays = {
        "probability": estimate.value,
        STANDARD_ERROR: estimate.standard_error,
        "lower": _clopper_pearson(happened, replicates, tail),
        "upper": 1.0 - _clopper_pearson(replicates - happened, replicates, tail),
    }
    frame = loss.isel({dim: 0}, drop=True).expand_dims({LEVEL: list(levels)}, axis=-1)
    name = loss.attrs.get("long_name", loss.name)
    attrs = {"units": RATE, "long_name": f"Probability that {name} exceeds the level"}
    curve = xr.Dataset({key: frame.copy(data=array).assign_attrs(attrs) for key, array in arrays.items()})
    curve[LEVEL].attrs.update(units=loss.attrs.get("units", RATE), long_name=f"Level of {name}")
    return curve


def return_period_loss(
    loss: xr.DataArray,
    return_periods: Sequence[float] = (5.0, 10.0, 20.0, 50.0, 100.0),
    *,
    dim: str = REPLICATE,
) -> xr.DataArray:
    """Return the loss that is exceeded once in so many years (or agreements), on average.

    Parameters
    ----------
    loss
        Positive amounts are losses. Of a performance year the periods are years; of the agreement's
        sum they are agreements.
    return_periods
        Each above 1.
    dim
        The dimension of the replicates.

    Returns
    -------
    xr.DataArray
        The quantile ``1 - 1 / return_period`` of the loss, dims ``(…, return_period)``, with the
        coordinate ``standard_error``, in the unit of `loss`.

    Raises
    ------
    ValueError
        If a return period is not above 1.
    """
    if any(not period > 1.0 for period in return_periods):
        raise ValueError(f"a return period is above 1, got {list(return_periods)}")
    levels = 1.0 - 1.0 / np.array(return_periods, dtype=np.float64)
    value, error = xr.apply_ufunc(
        estimates.quantiles,
        loss,
        kwargs={"levels": levels},
        input_core_dims=[[dim]],
        output_core_dims=[[RETURN_PERIOD], [RETURN_PERIOD]],
    )
    name = loss.attrs.get("long_name", loss.name)
    labelled: xr.DataArray = value.assign_coords(
        {RETURN_PERIOD: list(return_periods), STANDARD_ERROR: (value.dims, error.data)}
    )
    return labelled.rename(loss.name).assign_attrs(
        {**loss.attrs, "long_name": f"{name}, exceeded once in the return period"}
    )


def _clopper_pearson(happened: estimates.Float64, replicates: int, tail: float) -> estimates.Float64:
    """Return the lower end of the exact binomial interval."""
    lower: estimates.Float64 = np.zeros_like(happened)
    some = happened > 0.0
    lower[some] = special.betaincinv(happened[some], replicates - happened[some] + 1.0, tail)
    return lower
