"""Draw what would come if forecasts were right, to tell a wrong forecast from bad luck."""

from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from simcore.cms.forecast import Settings
from simcore.model.arrays import Bool, Float64

DRAWS: Final = 2_000
"""Probabilities are told within two points (two standard errors)."""
_SEED: Final = 20_250_101


def outcomes_if_right(forecasts: pd.DataFrame, settings: Settings, *, draws: int = DRAWS) -> Float64:
    """Return savings rates that came out of the forecasts' own laws, in scales from the forecast.

    Parameters
    ----------
    forecasts
        Rows of ``Backtest.forecasts``.
    settings
        Settings of the forecast: ``program_deviation`` is the part of every scale that the ACOs of a year
        have in common. Without it chance is that of independent ACOs.

    Returns
    -------
    numpy.ndarray
        Shape ``(draw, forecast)``, in scales of the forecast's Student t law.
    """
    generator = np.random.default_rng(_SEED)
    scale = forecasts["scale"].to_numpy(dtype=np.float64)
    freedom = forecasts["degrees_of_freedom"].to_numpy(dtype=np.float64)
    own = np.sqrt(np.maximum(scale**2 - settings.program_deviation**2, 0.0))
    years, year = np.unique(forecasts["performance_year"].to_numpy(), return_inverse=True)
    common = settings.program_deviation * generator.standard_normal((draws, len(years)))
    standard = generator.standard_t(freedom, size=(draws, len(scale)))
    outcomes: Float64 = (common[:, year] + own * standard) / scale
    return outcomes


def events_if_right(outcomes: Float64, forecasts: pd.DataFrame, event: str) -> Bool:
    """Return whether savings are ``paid`` or losses ``owed`` in outcomes that `outcomes_if_right` drew."""
    freedom = forecasts["degrees_of_freedom"].to_numpy(dtype=np.float64)
    probability = forecasts[f"probability_{event}"].to_numpy(dtype=np.float64)
    edge = stats.t.ppf(1.0 - probability if event == "paid" else probability, freedom)
    came: Bool = outcomes > edge if event == "paid" else outcomes < edge
    return came
