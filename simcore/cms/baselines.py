"""The plain forecasts of next year's savings rate that a better one must beat."""

from typing import Final

import numpy as np
import pandas as pd
from scipy import optimize

from simcore.cms.panel import NEXT
from simcore.cms.scores import normal_crps
from simcore.model.arrays import Float64

BASELINES: Final = (
    "last rate",
    "program mean",
    "autoregression",
    "autoregression, variance by size",
)
"""Each a normal law; the first three with one SD for all ACOs, the last with variance b + a / n."""


def baseline_scores(earlier: pd.DataFrame, pairs: pd.DataFrame) -> dict[str, Float64]:
    """Return the continuous ranked probability score of every baseline for every ACO.

    Parameters
    ----------
    earlier
        Pairs of years strictly before the one that is forecast: everything is estimated on them.
    pairs
        The ACOs to be forecast, with their outcome.
    """
    before, after = _rates(earlier)
    rate, outcome = _rates(pairs)
    level = earlier.groupby("forecast_year")["savings_rate"].transform("mean").to_numpy(dtype=np.float64)
    slope, intercept = np.polyfit(before, after, 1)
    error = after - intercept - slope * before
    forecast = intercept + slope * rate
    laws = (
        (rate, np.std(after - before)),
        (np.full_like(rate, rate.mean()), np.std(after - level)),
        (forecast, np.std(error)),
        (forecast, _scale_by_size(error, _people(earlier), _people(pairs))),
    )
    return {
        name: normal_crps(outcome, location, scale)
        for name, (location, scale) in zip(BASELINES, laws, strict=True)
    }


def _rates(pairs: pd.DataFrame) -> tuple[Float64, Float64]:
    """Return the rates of the earlier and of the later year."""
    return (
        pairs["savings_rate"].to_numpy(dtype=np.float64),
        pairs[NEXT + "savings_rate"].to_numpy(dtype=np.float64),
    )


def _people(pairs: pd.DataFrame) -> Float64:
    """Return the assigned beneficiaries of the earlier year."""
    return pairs["assigned_beneficiaries"].to_numpy(dtype=np.float64)


def _scale_by_size(error: Float64, people: Float64, people_forecast: Float64) -> Float64:
    """Return the root of b + a / n, with b and a of greatest normal likelihood on earlier errors."""

    def loss(logarithms: Float64) -> float:
        """Return the negative log likelihood."""
        variance = np.exp(logarithms[0]) + np.exp(logarithms[1]) / people
        return float(0.5 * np.sum(np.log(variance) + error**2 / variance))

    half = 0.5 * np.mean(error**2)
    start = np.log([half, half * np.median(people)])
    floor, by_size = np.exp(optimize.minimize(loss, start, method="Nelder-Mead").x)
    scale: Float64 = np.sqrt(floor + by_size / people_forecast)
    return scale
