"""Forecast next year's savings rate of real ACOs as a Student t law, from earlier years alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from simcore.cms.panel import FEATURES, NOISE_FEATURES
from simcore.model.arrays import Float64
from simcore.scenario.default_values import default_table

SPECIFICATIONS: Final[dict[str, tuple[str, ...]]] = {
    "last rate": FEATURES[:2],
    "last rate and size": FEATURES[:3],
    "record": FEATURES[:10],
    "record and contract": FEATURES,
}
"""What a forecast uses; which of them is chosen on earlier years, in ``forecast_fit``."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the forecast, of ``scenario/defaults/forecast.toml``."""

    degrees_of_freedom: float
    half_life: float
    scale_half_life: float
    effect_deviation: float
    variance_floor: float
    variance_by_size: float
    variance_spread: float
    log_scale_deviation: float
    program_deviation: float
    typical_shift: float
    rebased_prior_acos: float
    years_not_normal: tuple[int, ...]

    @classmethod
    def default(cls) -> "Settings":
        """Return the shipped settings."""
        table: Any = default_table("forecast")
        values = {name: table[name]["value"] for name in cls.__slots__}
        return cls(**{**values, "years_not_normal": tuple(values["years_not_normal"])})


class Forecast(NamedTuple):
    """Student t laws of savings rates, one for each ACO: location and scale, fractions."""

    location: Float64
    scale: Float64
    degrees_of_freedom: float

    def probability_below(self, rate: Float64) -> Float64:
        """Return the probability that the savings rate is at most `rate`."""
        below: Float64 = stats.t.cdf((rate - self.location) / self.scale, self.degrees_of_freedom)
        return below

    def quantile(self, probability: Float64) -> Float64:
        """Return the rates that are undershot with `probability`, shape ``(aco, probability)``."""
        standard = stats.t.ppf(probability, self.degrees_of_freedom)
        rates: Float64 = self.location[:, None] + self.scale[:, None] * standard
        return rates


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted forecast.

    The location is the year's mean rate plus ``shift`` (plus ``rebased_shift`` in a new agreement) plus
    the features times ``slopes``; the scale is the root of ``variance_floor`` + ``variance_by_size`` / n
    times the exponential of the noise features times ``noise_slopes``, for a typical year. ``year_scales``
    compares each earlier year's noise with the typical year.
    """

    specification: str
    slopes: Float64
    shift: float
    rebased_shift: float
    variance_floor: float
    variance_by_size: float
    noise_slopes: Float64
    year_scales: dict[int, float]
    settings: Settings

    def forecast(self, pairs: pd.DataFrame) -> Forecast:
        """Return the forecasts of ACOs, given their record and whether they are rebased."""
        features = columns(pairs, SPECIFICATIONS[self.specification])
        rebased = pairs["rebased"].to_numpy(dtype=np.float64)
        level = pairs.groupby("performance_year")["savings_rate"].transform("mean").to_numpy(dtype=np.float64)
        location = level + self.shift + self.rebased_shift * rebased + features @ self.slopes
        people = pairs["assigned_beneficiaries"].to_numpy(dtype=np.float64)
        variance = (self.variance_floor + self.variance_by_size / people) * np.exp(
            2.0 * columns(pairs, NOISE_FEATURES) @ self.noise_slopes
        )
        scale = np.sqrt(variance + self.settings.program_deviation**2)
        return Forecast(location, scale, self.settings.degrees_of_freedom)


def columns(pairs: pd.DataFrame, names: Sequence[str]) -> Float64:
    """Return columns as one array, shape ``(pair, name)``."""
    return pairs[list(names)].to_numpy(dtype=np.float64)
