"""Forecast next year's savings rate of real ACOs as a Student t law, from earlier years alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from simcore.cms.panel import FEATURES, NOISE_FEATURES
from simcore.model.arrays import Float64
from simcore.scenario.default_values import default_table


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the forecast, of ``scenario/defaults/forecast.toml``.

    ``effects`` holds the prior mean and SD of each slope. The means were found on forecasts of years up to
    ``effects_known_until``, and count in forecasts of later years alone: before, they are zero.
    """

    degrees_of_freedom: float
    half_life: float
    scale_half_life: float
    effects: Mapping[str, tuple[float, float]]
    effects_known_until: int
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

    def prior_of_slopes(self, forecast_year: int) -> tuple[Float64, Float64]:
        """Return the prior means and SDs of the slopes of `FEATURES` in a forecast of `forecast_year`."""
        means, deviations = np.array([self.effects[name] for name in FEATURES], dtype=np.float64).T
        return (means if forecast_year > self.effects_known_until else np.zeros_like(means)), deviations


class Forecast(NamedTuple):
    """Student t laws of savings rates, one for each ACO: location and scale, fractions.

    ``common`` is the part of the scale that moves the ACOs of a year together, the program's shift and what
    is not known of the slopes: SDs by source, fractions, shape ``(aco, source)``.
    """

    location: Float64
    scale: Float64
    degrees_of_freedom: float
    common: Float64

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
    times the exponential of the noise features times ``noise_slopes``, for a typical year, with what the
    earlier years leave open of the slopes (``slope_covariance``) and of the program's shift. ``year_scales``
    compares each earlier year's noise with the typical year.
    """

    slopes: Float64
    slope_covariance: Float64
    shift: float
    rebased_shift: float
    variance_floor: float
    variance_by_size: float
    noise_slopes: Float64
    year_scales: dict[int, float]
    settings: Settings

    def forecast(self, pairs: pd.DataFrame) -> Forecast:
        """Return the forecasts of ACOs, given their record and whether they are rebased."""
        features = columns(pairs, FEATURES)
        rebased = pairs["rebased"].to_numpy(dtype=np.float64)
        level = pairs.groupby("performance_year")["savings_rate"].transform("mean").to_numpy(dtype=np.float64)
        location = level + self.shift + self.rebased_shift * rebased + features @ self.slopes
        people = pairs["assigned_beneficiaries"].to_numpy(dtype=np.float64)
        variance = (self.variance_floor + self.variance_by_size / people) * np.exp(
            2.0 * columns(pairs, NOISE_FEATURES) @ self.noise_slopes
        )
        # A new agreement that no earlier pair of years shows is forecast with room for what it may do.
        unknown = features @ np.linalg.cholesky(self.slope_covariance)
        shift = np.full((len(pairs), 1), self.settings.program_deviation)
        common = np.concatenate([shift, unknown], axis=1)
        scale = np.sqrt(variance + (common**2).sum(axis=1))
        return Forecast(location, scale, self.settings.degrees_of_freedom, common)


def columns(pairs: pd.DataFrame, names: Sequence[str]) -> Float64:
    """Return columns as one array, shape ``(pair, name)``."""
    return pairs[list(names)].to_numpy(dtype=np.float64)
