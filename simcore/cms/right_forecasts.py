"""Draw what would come if forecasts were right, to tell a wrong forecast from bad luck."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from simcore.cms.forecast import Forecast
from simcore.model.arrays import Bool, Float64

DRAWS: Final = 2_000
"""Probabilities are told within two points (two standard errors)."""
_SEED: Final = 20_250_101


def outcomes_if_right(forecasts: Sequence[Forecast], *, draws: int = DRAWS) -> Float64:
    """Return savings rates that came out of the forecasts' own laws, in scales from the forecast.

    Parameters
    ----------
    forecasts
        The forecasts of one year each. What a year's ACOs have in common is drawn once for all of them.
    draws
        How often.

    Returns
    -------
    numpy.ndarray
        Shape ``(draw, forecast)``, in scales of the forecast's Student t law, the years side by side.
    """
    generator = np.random.default_rng(_SEED)
    years = [_year_if_right(forecast, generator, draws) for forecast in forecasts]
    return np.concatenate(years, axis=1) if years else np.empty((draws, 0))


def _year_if_right(forecast: Forecast, generator: np.random.Generator, draws: int) -> Float64:
    """Return the outcomes of one year."""
    acos, sources = forecast.common.shape
    together = generator.standard_normal((draws, sources)) @ forecast.common.T
    own = np.sqrt(np.maximum(forecast.scale**2 - (forecast.common**2).sum(axis=1), 0.0))
    alone = own * generator.standard_t(forecast.degrees_of_freedom, size=(draws, acos))
    outcomes: Float64 = (together + alone) / forecast.scale
    return outcomes


def events_if_right(outcomes: Float64, forecasts: pd.DataFrame, event: str) -> Bool:
    """Return whether savings are ``paid`` or losses ``owed`` in outcomes that `outcomes_if_right` drew.

    ``forecasts`` are rows of ``Backtest.forecasts``, in the order of the outcomes.
    """
    freedom = forecasts["degrees_of_freedom"].to_numpy(dtype=np.float64)
    probability = forecasts[f"probability_{event}"].to_numpy(dtype=np.float64)
    edge = stats.t.ppf(1.0 - probability if event == "paid" else probability, freedom)
    came: Bool = outcomes > edge if event == "paid" else outcomes < edge
    return came
