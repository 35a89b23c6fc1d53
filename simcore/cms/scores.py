"""Score forecasts that are probability laws: coverage, calibration, and distance from what came."""

from typing import Final

import numpy as np
from scipy import special, stats

from simcore.model.arrays import Bool, Float64, Rate

LEVELS: Final = (0.50, 0.80, 0.90, 0.95)
"""Central intervals whose coverage is scored."""


def normal_crps(outcome: Float64, location: Rate, scale: Rate) -> Float64:
    r"""Return the continuous ranked probability score of normal forecasts, in the outcome's unit.

    References
    ----------
    Gneiting and Raftery, Journal of the American Statistical Association 102 (2007), 359-378, section 4.2.
    """
    z = (outcome - location) / scale
    score: Float64 = scale * (
        z * (2.0 * stats.norm.cdf(z) - 1.0) + 2.0 * stats.norm.pdf(z) - 1.0 / np.sqrt(np.pi)
    )
    return score


def student_crps(outcome: Float64, location: Rate, scale: Rate, *, degrees_of_freedom: float) -> Float64:
    """Return the continuous ranked probability score of Student t forecasts, in the outcome's unit.

    References
    ----------
    Jordan, Krueger and Lerch, Journal of Statistical Software 90(12) (2019), appendix A.
    """
    nu = degrees_of_freedom
    z = (outcome - location) / scale
    beta_ratio = special.beta(0.5, nu - 0.5) / special.beta(0.5, nu / 2.0) ** 2
    score: Float64 = scale * (
        z * (2.0 * stats.t.cdf(z, nu) - 1.0)
        + 2.0 * stats.t.pdf(z, nu) * (nu + z**2) / (nu - 1.0)
        - 2.0 * np.sqrt(nu) / (nu - 1.0) * beta_ratio
    )
    return score


def coverage(pit: Float64, level: float) -> float:
    """Return the share of outcomes in the central interval of `level`, from their forecasts' probabilities."""
    return float(np.mean(np.abs(pit - 0.5) <= level / 2.0))


def brier_score(probability: Float64, happened: Bool) -> float:
    """Return the mean squared distance of probabilities from what happened: 0 is perfect, 0.25 a coin's."""
    return float(np.mean((probability - happened) ** 2))
