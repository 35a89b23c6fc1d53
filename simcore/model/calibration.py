"""Fit what no publication prints: the shape of spending, its persistence, and who dies."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import scipy

from simcore.model.arrays import Float64
from simcore.model.bands import BandPlan
from simcore.model.default_people import unfitted_bands
from simcore.model.families import LognormalMixture
from simcore.model.family_units import MIXTURE_START, mixture_of_two
from simcore.model.persistence import concentration, last_year_of_life_share, spending_correlation
from simcore.model.population import TypeModel, TypePlan, build_type_model
from simcore.model.spending import NationalSpending
from simcore.scenario.default_values import default_table

AGED = ("AGED_DUAL", "AGED_NON_DUAL")
LOADINGS_START = np.array([2.2, 1.8, 2.6])
"""Log odds at which the fit of loading, persistence and mortality loading begins."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What calibration found; see `simcore.model.bands.BandPlan` for the three correlations."""

    shape: LognormalMixture
    loading: float
    persistence: float
    mortality_loading: float


class Shown(NamedTuple):
    """What the fitted population of people aged 65 and over shows."""

    concentration: Float64
    after_one_year: float
    after_two_years: float
    last_year_of_life: float


def fit(*, year: str, truncation_percentile: float) -> Fit:
    """Return the shape and the correlations whose population shows the published figures.

    Parameters
    ----------
    year
        Year of the national means, which weigh the two aged types: a key of ``per_capita`` in the defaults.
    truncation_percentile
        Where the law truncates, as a fraction.

    Notes
    -----
    Eight figures and six parameters, by least squares; each miss counts in units of its own tolerance. The
    weight of the upper lognormal is taken as published: with it free the figures leave a flat valley.
    """
    targets = default_table("targets")
    wanted = _flat(
        Shown(
            np.array(targets["concentration"]["value"]),
            targets["correlation_after_one_year"]["value"],
            targets["correlation_after_two_years"]["value"],
            targets["last_year_of_life"]["value"],
        )
    )
    tolerance = np.concatenate(
        [
            np.full(len(targets["concentration"]["value"]), targets["concentration"]["tolerance"]),
            [targets[key]["tolerance"] for key in SINGLE_TARGETS],
        ]
    )

    def miss(parameters: Float64) -> Float64:
        models = aged_models(_fit_from(parameters), year=year, truncation_percentile=truncation_percentile)
        return np.asarray((_flat(shown(models)) - wanted) / tolerance, np.float64)

    start = np.concatenate([MIXTURE_START[1:], LOADINGS_START])
    # A gradient of 1e-4 leaves misses below a thousandth of their tolerances.
    return _fit_from(scipy.optimize.least_squares(miss, start, gtol=1e-4).x)


def shipped_fit() -> Fit:
    """Return the fit that ships with the package, from ``calibrated.toml``."""
    fitted = default_table("calibrated")
    shape = fitted["spending_shape"]["value"]
    return Fit(
        LognormalMixture(
            shape["share_with_no_spending"],
            tuple(shape["weights"]),
            tuple(shape["log_means"]),
            tuple(shape["log_standard_deviations"]),
        ),
        *(fitted[key]["value"] for key in ("loading", "persistence", "mortality_loading")),
    )


SINGLE_TARGETS = ("correlation_after_one_year", "correlation_after_two_years", "last_year_of_life")


def aged_models(found: Fit, *, year: str, truncation_percentile: float) -> list[TypeModel]:
    """Return the nation's people aged 65 and over under a fit, an enrollment type each."""
    per_capita: Mapping[str, Any] = default_table("spending")["per_capita"][year]["value"]
    return [
        build_type_model(
            TypePlan(
                enrollment_type=name,
                spending=NationalSpending(found.shape, float(per_capita[name]), truncation_percentile),
                bands=fitted_bands(found),
                assigned_again=default_table("turnover")["assigned_again"]["value"],
                score_explains=default_table("population")["score_explains"]["value"],
            )
        )
        for name in AGED
    ]


def fitted_bands(found: Fit) -> BandPlan:
    """Return the default bands with fitted correlations."""
    return replace(
        unfitted_bands(),
        loading=found.loading,
        persistence=found.persistence,
        mortality_loading=found.mortality_loading,
    )


def shown(models: list[TypeModel]) -> Shown:
    """Return what a population of the two aged types shows of the published figures."""
    shares = default_table("population")["person_year_shares"]["value"]
    non_dual = models[AGED.index("AGED_NON_DUAL")]
    return Shown(
        concentration(
            models, [shares[name] for name in AGED], default_table("targets")["concentration"]["top_shares"]
        ),
        spending_correlation(non_dual, 1),
        spending_correlation(non_dual, 2),
        last_year_of_life_share(non_dual),
    )


def as_defaults(found: Fit) -> dict[str, dict[str, Any]]:
    """Return a fit as the content of ``calibrated.toml``, each value with its title, unit and source."""
    source = "Fitted by `simcore calibrate` to the figures of targets.toml"
    shape = {
        "family": "lognormal-mixture",
        "share_with_no_spending": found.shape.share_with_no_spending,
        "weights": [round(weight, 6) for weight in found.shape.weights],
        "log_means": [round(value, 6) for value in found.shape.log_means],
        "log_standard_deviations": [round(value, 6) for value in found.shape.log_standard_deviations],
    }
    titles: dict[str, tuple[str, Any]] = {
        "spending_shape": ("Shape of annualised spending, all enrollment types but ESRD", shape),
        "loading": (
            "Correlation of the normal score of a year's spending with persistent risk",
            found.loading,
        ),
        "persistence": ("Correlation of persistent risk from one year to the next", found.persistence),
        "mortality_loading": (
            "Correlation of the normal score that decides on death with persistent risk",
            found.mortality_loading,
        ),
    }
    return {
        key: {
            "title": title,
            "unit": "1",
            "value": value if isinstance(value, dict) else round(value, 6),
            "source": source,
        }
        for key, (title, value) in titles.items()
    }


def _fit_from(parameters: Float64) -> Fit:
    """Return a fit from unbounded parameters."""
    lognormals, correlations = np.split(parameters, [MIXTURE_START.size - 1])
    loading, persistence, mortality_loading = 1.0 / (1.0 + np.exp(-correlations))
    zero, upper = (
        default_table("spending")[key]["value"] for key in ("share_with_no_spending", "upper_weight")
    )
    shape = mixture_of_two(np.array([np.log(upper / (1.0 - upper)), *lognormals]), zero)
    return Fit(shape, float(loading), float(persistence), float(mortality_loading))


def _flat(figures: Shown) -> Float64:
    """Return the figures as one array."""
    return np.concatenate([figures.concentration, np.array(figures[1:], np.float64)])
