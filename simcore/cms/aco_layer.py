"""Estimate an ACO's own course, beyond what counts of people explain, from real ACOs' savings rates."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from simcore.cms.panel import NEXT
from simcore.errors import DataError
from simcore.model.arrays import Float64
from simcore.scenario.default_values import default_table

_GROUPS: Final = 20
_ROUNDS: Final = 20
_LAGS: Final = (1, 2, 3)
_LARGEST_DEVIATION: Final = 0.15
"""Deviations and changes beyond 15 points are cut, so that a handful of tiny ACOs does not decide."""


class Estimate(NamedTuple):
    """A parameter and its standard error."""

    value: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class AcoLayer:
    """Parameters of the ACO's deviation: an AR(1) course, and a yearly shock that shrinks with size.

    ``autocorrelation`` from one year to the next; ``innovation_deviation``, SD of what a year adds, a
    fraction of spending; ``size_dependent``, SD of a yearly shock times the root of the head count.
    ``variance_floor`` + ``variance_by_size`` / n is the variance of the yearly change of the rate.
    """

    autocorrelation: Estimate
    innovation_deviation: Estimate
    size_dependent: Estimate
    variance_floor: Estimate
    variance_by_size: Estimate
    years: tuple[int, ...]
    pairs: int


def estimate_aco_layer(panel: pd.DataFrame, pairs: pd.DataFrame) -> AcoLayer:
    r"""Estimate the ACO layer by moments, within agreements and in normal times.

    Parameters
    ----------
    panel, pairs
        Rows of `build_panel` and of `transitions`.

    Raises
    ------
    DataError
        If no ACO can be followed over three years within an agreement.

    Notes
    -----
    With an AR(1) deviation of correlation φ and innovation SD τ, a yearly shock ν/√n and individuals,

    .. math:: Var(Δ) = \frac{2 τ^2}{1 + φ} + \frac{2 ν^2 + v}{n}, \qquad φ = \frac{γ_2 + γ_3}{γ_1 + γ_2},

    where γ_k is the covariance at lag k of a savings rate less its year's mean, and v what individuals
    add. Standard errors are jackknifed over twenty groups of ACOs.
    """
    table = default_table("forecast")
    first = int(table["layer_first_year"]["value"])
    recent = panel["performance_year"] >= first
    panel = panel[recent] if recent.any() else panel
    pairs = pairs[pairs["performance_year"] >= first] if recent.any() else pairs
    changes = _changes(pairs, tuple(table["years_not_normal"]["value"]))
    products = _products(panel)
    if len(changes) < 2 * _GROUPS or not (products["lag"] == max(_LAGS[:2])).any():
        raise DataError("backtest", "too few ACOs are in three files in a row to estimate the ACO layer")
    identifiers = np.unique(panel["aco_id"])
    group = dict(zip(identifiers, np.arange(len(identifiers)) % _GROUPS, strict=True))
    individual = float(table["individual_variance_of_change"]["value"])
    whole = _moments(changes, products, individual)
    parts = np.array(
        [
            _moments(
                changes[changes["aco_id"].map(group) != left_out],
                products[products["aco_id"].map(group) != left_out],
                individual,
            )
            for left_out in range(_GROUPS)
        ]
    )
    errors = np.sqrt((_GROUPS - 1) / _GROUPS * np.sum((parts - parts.mean(axis=0)) ** 2, axis=0))
    names = (
        "autocorrelation",
        "innovation_deviation",
        "size_dependent",
        "variance_floor",
        "variance_by_size",
    )
    found = {
        name: Estimate(float(value), float(error))
        for name, value, error in zip(names, whole, errors, strict=True)
    }
    years = tuple(int(year) for year in sorted(changes["forecast_year"].unique()))
    return AcoLayer(**found, years=years, pairs=len(changes))


def _changes(pairs: pd.DataFrame, years_not_normal: tuple[int, ...]) -> pd.DataFrame:
    """Return yearly changes within an agreement, less their year's mean, and the harmonic head count."""
    normal = pairs[~pairs["rebased"] & ~pairs["forecast_year"].isin(years_not_normal)]
    change = normal[NEXT + "savings_rate"] - normal["savings_rate"]
    change -= change.groupby(normal["forecast_year"]).transform("mean")
    return pd.DataFrame(
        {
            "aco_id": normal["aco_id"],
            "forecast_year": normal["forecast_year"],
            "square": np.minimum(change.abs(), _LARGEST_DEVIATION) ** 2,
            "one_over_n": 0.5 / normal["assigned_beneficiaries"]
            + 0.5 / normal[NEXT + "assigned_beneficiaries"],
        }
    )


def _products(panel: pd.DataFrame) -> pd.DataFrame:
    """Return products of deviations from the year's mean at lags of one to three years, within agreements."""
    rate = panel["savings_rate"]
    deviation = rate - rate.groupby(panel["performance_year"]).transform("mean")
    key = ["aco_id", "agreement_start", "performance_year"]
    own = panel[key].assign(deviation=deviation.clip(-_LARGEST_DEVIATION, _LARGEST_DEVIATION))
    parts = []
    for lag in _LAGS:
        earlier = own.assign(performance_year=own["performance_year"] + lag)
        both = own.merge(earlier, on=key, suffixes=("", "_earlier"))
        product = both["deviation"] * both["deviation_earlier"]
        parts.append(pd.DataFrame({"aco_id": both["aco_id"], "lag": lag, "product": product}))
    return pd.concat(parts, ignore_index=True)


def _moments(changes: pd.DataFrame, products: pd.DataFrame, individual: float) -> Float64:
    """Return autocorrelation, innovation SD, size-dependent SD, variance floor and variance by size."""
    floor, by_size = _variance_of_change(
        changes["square"].to_numpy(dtype=np.float64), changes["one_over_n"].to_numpy(dtype=np.float64)
    )
    covariance = products.groupby("lag")["product"].mean()
    known = [lag for lag in _LAGS if lag in covariance.index]
    later, before = known[1:], known[:-1]
    autocorrelation = float(np.clip(covariance[later].sum() / covariance[before].sum(), 0.0, 0.999))
    innovation = np.sqrt(max(floor, 0.0) * (1.0 + autocorrelation) / 2.0)
    size_dependent = np.sqrt(max(by_size - individual, 0.0) / 2.0)
    return np.array([autocorrelation, innovation, size_dependent, floor, by_size])


def _variance_of_change(square: Float64, one_over_n: Float64) -> tuple[float, float]:
    """Return b and a of b + a / n, by weighted least squares on squared changes."""
    design = np.column_stack([np.ones_like(one_over_n), one_over_n])
    coefficients = np.array([0.0, square.mean() / one_over_n.mean()])
    for _ in range(_ROUNDS):
        fitted = np.maximum(design @ coefficients, square.mean() / _ROUNDS)
        weighted = design / fitted[:, None] ** 2
        coefficients = np.linalg.solve(weighted.T @ design, weighted.T @ square)
    return float(coefficients[0]), float(coefficients[1])


def aco_layer_toml(layer: AcoLayer) -> str:
    """Return the parameters as a file of the model's defaults, each with title, unit, value and source."""
    years = ", ".join(map(str, layer.years))
    source = f"{layer.pairs:,} pairs of years within agreements, forecast years {years} (CMS public results)"
    change = (
        f"Var = {layer.variance_floor.value:.3g} + {layer.variance_by_size.value:.3g}/n of the yearly change"
    )
    entries = (
        (
            "autocorrelation",
            "Correlation of an ACO's deviation from one year to the next",
            layer.autocorrelation,
            "covariances of savings rates at lags of one to three years",
        ),
        (
            "innovation_deviation",
            "SD of what a year adds to an ACO's deviation, a fraction of spending",
            layer.innovation_deviation,
            f"{change}: the part that size does not remove",
        ),
        (
            "size_dependent",
            "SD of a yearly shock times the root of the head count: list changes and the like",
            layer.size_dependent,
            f"{change}: what individuals do not explain",
        ),
    )
    lines = ["# Written by `simcore backtest --write-defaults FILE`: not to be edited by hand.", ""]
    for name, title, estimate, how in entries:
        lines += [
            f"[{name}]",
            f'title = "{title}"',
            'unit = "1"',
            f"value = {estimate.value:.4g}",
            f"standard_error = {estimate.standard_error:.2g}",
            f'source = "{source}; {how}"',
            "",
        ]
    return "\n".join(lines)
