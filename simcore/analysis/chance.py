"""Say how often forecasts that are right would still look wrong: what chance alone does to a table of reliability."""

from typing import Final

import numpy as np
import xarray as xr

from simcore.analysis.display import reliability_bins
from simcore.analysis.estimates import Bool, Float64

_CONSISTENT: Final = (0.025, 0.975)
_LEAST_VARIANCE: Final = 1e-12
"""So that a group of sure forecasts which came true adds nothing to the sum of squares."""


def reliability_beside_chance(
    forecast: Float64, happened: Bool, simulated: Bool, *, largest_gap: float, least_count: int
) -> xr.Dataset:
    """Group forecasts by probability, and show each group beside what right forecasts would show.

    Parameters
    ----------
    forecast
        Probabilities, shape ``(forecast,)``.
    happened
        Whether the event came, same shape.
    simulated
        The same if the forecasts were right, shape ``(draw, forecast)``.
    largest_gap
        Most that frequency and mean probability of a group may differ by.
    least_count
        Forecasts that a group needs to be judged.

    Returns
    -------
    xarray.Dataset
        What `reliability_bins` returns, with ``consistent_lower`` and ``consistent_upper`` (central 95 %
        of the share that right forecasts show) and ``probability_within`` (how often they keep
        `largest_gap`), dim ``bin``. Attributes, of the groups that are judged: ``judged``, ``outside``,
        ``expected_outside`` of right forecasts, ``probability_none_outside`` and
        ``probability_as_many_outside`` that they have none or at least as many outside; of all groups:
        ``chi_square``, the squared gaps over their binomial variances, and ``p_value``, how often right
        forecasts reach it.

    References
    ----------
    Bröcker and Smith, Weather and Forecasting 22 (2007), 651-661 (consistency bars); Hosmer and Lemeshow,
    Communications in Statistics A 9 (1980), 1043-1069 (the sum of squares).
    """
    table = reliability_bins(forecast, happened)
    bins, counts = table.sizes["bin"], table["count"].values
    group = np.minimum((forecast * bins).astype(np.int64), bins - 1)
    member = (group[:, None] == np.arange(bins)).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = (simulated @ member) / counts
    gaps = shares - table["forecast"].values
    gap = (table["observed"] - table["forecast"]).values
    judged = counts >= least_count
    outside = np.abs(gaps[:, judged]) > largest_gap
    came_outside = int((np.abs(gap[judged]) > largest_gap).sum())
    filled = counts > 0.0
    variance = ((forecast * (1.0 - forecast)) @ member)[filled] / counts[filled] ** 2
    chi_squares, chi_square = (
        (distance[..., filled] ** 2 / np.maximum(variance, _LEAST_VARIANCE)).sum(axis=-1)
        for distance in (gaps, gap)
    )
    lower, upper = np.quantile(shares, _CONSISTENT, axis=0)
    number = outside.sum(axis=1)
    within = np.where(filled, (np.abs(gaps) <= largest_gap).mean(axis=0), np.nan)
    beside = table.assign(
        consistent_lower=("bin", lower),
        consistent_upper=("bin", upper),
        probability_within=("bin", within),
    )
    return beside.assign_attrs(
        judged=int(judged.sum()),
        outside=came_outside,
        expected_outside=float(number.mean()),
        probability_none_outside=float((number == 0).mean()),
        probability_as_many_outside=float((number >= came_outside).mean()),
        chi_square=float(chi_square),
        p_value=float((chi_squares >= chi_square).mean()),
    )
