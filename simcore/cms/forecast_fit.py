"""Estimate the forecast of savings rates on earlier years alone."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy import optimize

from simcore.cms.forecast import Model, Settings, columns
from simcore.cms.panel import FEATURES, NEXT, NOISE_FEATURES
from simcore.model.arrays import Float64, Int64

_ROUNDS: Final = 6
_STEPS: Final = 3
_SCALE_STEPS: Final = 20
_TINY: Final = 1e-9


def fit(earlier: pd.DataFrame, settings: Settings, *, forecast_year: int) -> Model:
    """Estimate a forecast from pairs of years.

    Parameters
    ----------
    earlier
        Pairs of years, all before `forecast_year`.
    settings
        Settings of the forecast.
    forecast_year
        The performance year to be forecast: what is long past counts less.

    Notes
    -----
    Posterior mode, by turns: slopes, with their prior, and a shift for each year (for rebased ACOs one of
    their own) by reweighted least squares for a t law; the variance's coefficients by likelihood; each
    year's level of noise; the typical year as the weighted median, so that an upheaval like 2020 does not
    last.
    """
    data = _Data.of(earlier, settings, forecast_year)
    log_scale = np.zeros(len(data.years))
    parameters = np.concatenate(
        [np.log([settings.variance_floor, settings.variance_by_size]), np.zeros(data.noise.shape[1])]
    )
    coefficients: Float64 = np.zeros(data.design.shape[1])
    for turn in range(_ROUNDS):
        scale = data.scale(parameters) * np.exp(log_scale)[data.year]
        coefficients = _regress(data, coefficients, scale, start=turn == 0)
        error = data.outcome - data.design @ coefficients
        if turn > 0:
            parameters = _variance(data, parameters, error, log_scale)
        log_scale = _year_levels(data, error / data.scale(parameters))
        typical = weighted_median(log_scale, data.year_weight)
        log_scale -= typical
        parameters[:2] += 2.0 * typical
    shift, rebased_shift = _shifts(data, coefficients, earlier)
    scale = data.scale(parameters) * np.exp(log_scale)[data.year]
    return Model(
        slopes=coefficients[: len(FEATURES)],
        slope_covariance=_slope_covariance(data, coefficients, scale),
        shift=shift,
        rebased_shift=rebased_shift,
        variance_floor=float(np.exp(parameters[0])),
        variance_by_size=float(np.exp(parameters[1])),
        noise_slopes=parameters[2:],
        year_scales={int(y): float(s) for y, s in zip(data.years, np.exp(log_scale), strict=True)},
        settings=settings,
    )


class _Data(NamedTuple):
    """Arrays of the pairs of years: features, then one column for each year and kind."""

    design: Float64
    prior_mean: Float64
    prior_precision: Float64
    groups: Int64
    outcome: Float64
    people: Float64
    noise: Float64
    weight: Float64
    years: Int64
    year: Int64
    year_weight: Float64
    settings: Settings

    @classmethod
    def of(cls, pairs: pd.DataFrame, settings: Settings, forecast_year: int) -> "_Data":
        """Return the arrays of `pairs`."""
        forecast_years = pairs["forecast_year"].to_numpy(dtype=np.int64)
        group = 2 * forecast_years + pairs["rebased"].to_numpy(dtype=np.int64)
        groups = np.unique(group)
        years, year = np.unique(forecast_years, return_inverse=True)
        counts = np.bincount(year)
        means, deviations = settings.prior_of_slopes(forecast_year)
        return cls(
            design=np.column_stack([columns(pairs, FEATURES), (group[:, None] == groups).astype(np.float64)]),
            prior_mean=np.concatenate([means, np.zeros(len(groups))]),
            prior_precision=np.concatenate([deviations**-2.0, np.full(len(groups), _TINY)]),
            groups=groups,
            outcome=pairs[NEXT + "savings_rate"].to_numpy(dtype=np.float64),
            people=pairs["assigned_beneficiaries"].to_numpy(dtype=np.float64),
            noise=columns(pairs, NOISE_FEATURES),
            weight=0.5 ** ((forecast_year - forecast_years) / settings.half_life),
            years=years,
            year=year,
            year_weight=counts * 0.5 ** ((forecast_year - years) / settings.scale_half_life),
            settings=settings,
        )

    def scale(self, parameters: Float64) -> Float64:
        """Return each ACO's scale in a typical year."""
        floor, by_size = np.exp(parameters[:2])
        scale: Float64 = np.sqrt(floor + by_size / self.people) * np.exp(self.noise @ parameters[2:])
        return scale


def _regress(data: _Data, coefficients: Float64, scale: Float64, *, start: bool) -> Float64:
    """Return slopes and yearly shifts: slopes are drawn to their prior means, shifts are free."""
    for step in range(_STEPS):
        z = (
            np.zeros(len(scale))
            if start and step == 0
            else (data.outcome - data.design @ coefficients) / scale
        )
        weighted, precision = _precision(data, scale, z)
        target = weighted.T @ data.outcome + data.prior_precision * data.prior_mean
        coefficients = np.linalg.solve(precision, target).astype(np.float64)
    return coefficients


def _precision(data: _Data, scale: Float64, z: Float64) -> tuple[Float64, Float64]:
    """Return the design weighted as by a t law with errors `z`, and the precision of the coefficients."""
    nu = data.settings.degrees_of_freedom
    weighted: Float64 = data.design * (data.weight / scale**2 * (nu + 1.0) / (nu + z**2))[:, None]
    precision: Float64 = weighted.T @ data.design + np.diag(data.prior_precision)
    return weighted, precision


def _slope_covariance(data: _Data, coefficients: Float64, scale: Float64) -> Float64:
    """Return the posterior covariance of the slopes, shape ``(feature, feature)``."""
    _, precision = _precision(data, scale, (data.outcome - data.design @ coefficients) / scale)
    return np.linalg.inv(precision).astype(np.float64)[: len(FEATURES), : len(FEATURES)]


def _variance(data: _Data, parameters: Float64, error: Float64, log_scale: Float64) -> Float64:
    """Return the variance's coefficients of greatest posterior probability, given the errors."""
    settings, nu = data.settings, data.settings.degrees_of_freedom
    center = np.concatenate(
        [np.log([settings.variance_floor, settings.variance_by_size]), np.zeros(data.noise.shape[1])]
    )
    spread = np.concatenate(
        [np.full(2, settings.variance_spread), np.full(data.noise.shape[1], settings.log_scale_deviation)]
    )
    level = np.exp(log_scale)[data.year]

    def objective(trial: Float64) -> tuple[float, Float64]:
        """Return the negative log posterior and its gradient."""
        scale = data.scale(trial) * level
        z2 = (error / scale) ** 2
        distance = (trial - center) / spread
        loss = (
            data.weight @ (0.5 * (nu + 1.0) * np.log1p(z2 / nu) + np.log(scale)) + 0.5 * distance @ distance
        )
        by_log_scale = data.weight * (1.0 - (nu + 1.0) * z2 / (nu + z2))
        floor, by_size = np.exp(trial[0]), np.exp(trial[1]) / data.people
        share = floor / (floor + by_size)
        gradient = np.concatenate(
            [[0.5 * by_log_scale @ share, 0.5 * by_log_scale @ (1.0 - share)], by_log_scale @ data.noise]
        )
        return float(loss), gradient + distance / spread

    found: Float64 = optimize.minimize(objective, parameters, jac=True, method="BFGS").x
    return found


def _year_levels(data: _Data, z: Float64) -> Float64:
    """Return the logarithm of each year's noise over what the variance says, by likelihood of a t law."""
    nu = data.settings.degrees_of_freedom
    level = np.ones(len(data.years))
    counts = np.bincount(data.year)
    for _ in range(_SCALE_STEPS):
        weight = (nu + 1.0) / (nu + (z / level[data.year]) ** 2)
        level = np.sqrt(np.bincount(data.year, weights=weight * z**2) / counts)
    return np.log(level)


def _shifts(data: _Data, coefficients: Float64, earlier: pd.DataFrame) -> tuple[float, float]:
    """Return the typical shift of a normal year, and what a new agreement adds to it.

    The shift is a median with one prior year, so that one odd year does not decide; the addition is
    shrunk to zero by a number of ACOs without it.
    """
    settings = data.settings
    level = earlier.groupby("forecast_year")["savings_rate"].mean()
    shifts = {
        (int(group) // 2, int(group) % 2): float(value) - float(level[int(group) // 2])
        for group, value in zip(data.groups, coefficients[len(FEATURES) :], strict=True)
        if int(group) // 2 not in settings.years_not_normal
    }
    same = {year: shift for (year, rebased), shift in shifts.items() if not rebased}
    acos = earlier[earlier["rebased"]].groupby("forecast_year").size()
    added = {
        year: shift - same[year] for (year, rebased), shift in shifts.items() if rebased and year in same
    }
    rebased_acos = sum(float(acos[year]) for year in added)
    total = sum(float(acos[year]) * addition for year, addition in added.items())
    return (
        float(np.median([settings.typical_shift, *same.values()])),
        total / (rebased_acos + settings.rebased_prior_acos),
    )


def weighted_median(values: Float64, weights: Float64) -> float:
    """Return the median of `values` with `weights`, interpolated."""
    order = np.argsort(values)
    cumulated = np.cumsum(weights[order]) - 0.5 * weights[order]
    return float(np.interp(0.5 * weights.sum(), cumulated, values[order]))
