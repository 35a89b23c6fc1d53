"""Tell luck from skill: what an ACO's record says about its true savings."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr
from scipy import special, stats

from simcore.analysis import estimates
from simcore.analysis.estimates import Estimate, Float64
from simcore.errors import DataError
from simcore.vocabulary import PERFORMANCE_YEAR, REPLICATE


@dataclass(frozen=True, slots=True)
class Program:
    """How the program's ACOs differ, and how noisy one of them is; rates are fractions of the benchmark.

    Attributes
    ----------
    mean
        Mean true savings of the program's ACOs.
    between_deviation
        SD of true savings between ACOs.
    persistence
        Correlation of an ACO's true savings from one year to the next, in (0, 1].
    yearly_deviation
        SD of what hits an ACO in one year whatever its size.
    individual_noise
        SD of the luck of a year's beneficiaries, times the root of their number (c and list changes).
    benchmark_noise
        The same for the luck in the benchmark, which all years of an agreement share.
    """

    mean: float
    between_deviation: float
    persistence: float
    yearly_deviation: float
    individual_noise: float
    benchmark_noise: float

    def noise_variance(self, beneficiaries: Float64) -> Float64:
        """Return the variance of one year's savings rate around true savings."""
        people = self.individual_noise**2 + self.benchmark_noise**2
        return np.asarray(self.yearly_deviation**2 + people / beneficiaries)


class TrueSavings(NamedTuple):
    """What is believed about true savings in a year: a normal law, and the weight of the record in it."""

    mean: float
    deviation: float
    credibility: float

    def chance_above(self, threshold: float = 0.0) -> float:
        """Return the probability that true savings exceed a threshold."""
        return float(special.ndtr((self.mean - threshold) / self.deviation))


def posterior(
    program: Program,
    savings_rates: Sequence[float],
    beneficiaries: Sequence[float],
    *,
    years: Sequence[int],
    year: int | None = None,
) -> TrueSavings:
    r"""Return what a record of one agreement says about true savings.

    Parameters
    ----------
    program
        The prior: how ACOs differ, and how noisy one is.
    savings_rates, beneficiaries, years
        The observed years: savings rate (a fraction), assigned beneficiaries, calendar year.
    year
        The year whose true savings are asked for; by default the last observed one.

    Returns
    -------
    TrueSavings
        Mean and SD of the posterior, and Bühlmann's credibility factor: the sum of the weights that
        the observed rates have, the rest being the program's mean.

    Raises
    ------
    DataError
        With every fault of the record.

    Notes
    -----
    Normal-normal: :math:`S_t = m + \theta_t + \beta + \epsilon_t`; the deviation :math:`\theta` of true
    savings is a stationary AR(1), :math:`\beta` is the benchmark's luck, common to all years, and
    :math:`\epsilon_t` is a year's own. With a persistence of one, no luck in the benchmark and m equal
    years the credibility is :math:`m / (m + \sigma^2/\tau^2)`.

    References
    ----------
    Bühlmann, H. and Straub, E. (1970), Glaubwürdigkeit für Schadensätze, Mitteilungen der Vereinigung
    schweizerischer Versicherungsmathematiker 70, 111-133.
    """
    rates, people, when = _record(savings_rates, beneficiaries, years)
    asked = int(when[-1]) if year is None else year
    signal = program.between_deviation**2
    common = signal * program.persistence ** np.abs(when[:, None] - when)
    # The benchmark's luck is the same people's in all years; it shrinks with the root of their number.
    common = common + program.benchmark_noise**2 / np.sqrt(np.outer(people, people))
    own = program.yearly_deviation**2 + program.individual_noise**2 / people
    toward = signal * program.persistence ** np.abs(when - asked)
    weights = np.linalg.solve(common + np.diag(own), toward)
    return TrueSavings(
        mean=float(program.mean + weights @ (rates - program.mean)),
        deviation=float(np.sqrt(signal - weights @ toward)),
        credibility=float(weights.sum()),
    )


def chance_of_reward(
    program: Program, true_savings: float, beneficiaries: float, *, minimum_savings_rate: float
) -> float:
    """Return the probability that a year's savings rate reaches the minimum, whatever made it.

    Parameters
    ----------
    program
        Its noise counts; how ACOs differ does not.
    true_savings
        A fraction: at 0 this is the chance of a reward by luck, above it one less this is the chance
        that real savings are denied.
    beneficiaries
        Assigned beneficiaries.
    minimum_savings_rate
        A fraction.
    """
    deviation = np.sqrt(program.noise_variance(np.asarray(float(beneficiaries))))
    return float(special.ndtr((true_savings - minimum_savings_rate) / deviation))


class LuckOfSize(NamedTuple):
    """What a size leaves to luck, over all ACOs of that size; probabilities."""

    reward: float
    reward_by_luck: float
    savings_denied: float


def luck_of_size(
    program: Program, beneficiaries: float, *, minimum_savings_rate: float, real: float = 0.0
) -> LuckOfSize:
    """Return how often ACOs of a size are rewarded, and how often wrongly so or wrongly not.

    Parameters
    ----------
    program
        How ACOs differ, and how noisy one is.
    beneficiaries
        Assigned beneficiaries.
    minimum_savings_rate
        A fraction.
    real
        True savings above this are real.

    Returns
    -------
    LuckOfSize
        ``reward``: the savings rate reaches the minimum. ``reward_by_luck``: of the rewarded, those
        whose true savings are not real. ``savings_denied``: of those whose savings are real, the ones
        that are not rewarded. Not a number where none is rewarded, or where none's are real.
    """
    signal, noise = (
        program.between_deviation**2,
        float(program.noise_variance(np.asarray(float(beneficiaries)))),
    )
    observed = np.sqrt(signal + noise)
    reward = float(special.ndtr((program.mean - minimum_savings_rate) / observed))
    unreal = float(special.ndtr((real - program.mean) / program.between_deviation))
    covariance = [[signal, signal], [signal, signal + noise]]
    # P(not real and not rewarded), from which the four corners follow.
    neither = float(
        stats.multivariate_normal([program.mean, program.mean], covariance).cdf([real, minimum_savings_rate])
    )
    lucky = unreal - neither
    denied = (1.0 - reward) - neither
    return LuckOfSize(
        reward,
        lucky / reward if reward > 0.0 else math.nan,
        denied / (1.0 - unreal) if unreal < 1.0 else math.nan,
    )


class GridPosterior(NamedTuple):
    """Beliefs on a grid of true savings, from simulated likelihoods, with their simulation errors."""

    weights: xr.DataArray
    mean: Estimate
    chance_real: Estimate


def posterior_on_grid(
    simulated: xr.DataArray, observed: Sequence[float], *, prior: Sequence[float], real: float = 0.0
) -> GridPosterior:
    r"""Return what a record says about true savings when its likelihood is simulated, not normal.

    Parameters
    ----------
    simulated
        Simulated savings rates, dims ``(true_savings, performance_year, replicate)``, on common draws.
    observed
        The observed savings rates, one a performance year.
    prior
        Weight of each point of the grid before the record, not negative; need not add to one.
    real
        True savings above this are real.

    Returns
    -------
    GridPosterior
        ``weights`` over ``true_savings``, adding to one; the posterior ``mean`` and the chance that
        true savings are real, each with the error that the simulated likelihood leaves.

    Raises
    ------
    DataError
        If the simulation never comes near the record, so that there is nothing to weigh.

    Notes
    -----
    The likelihood is a product-normal kernel density with Scott's bandwidth :math:`s\,n^{-1/(d+4)}`; the
    errors are those of a ratio of means over replicates.
    """
    draws = simulated.transpose("true_savings", PERFORMANCE_YEAR, REPLICATE).values
    grid = np.asarray(simulated["true_savings"].values, dtype=np.float64)
    kernel = _kernel(draws, np.asarray(observed, dtype=np.float64)) * np.asarray(prior)[:, None]
    total = kernel.mean(axis=-1).sum()
    if not total > 0.0:
        raise DataError("record", f"savings rates {list(observed)} lie beyond all that was simulated")
    weights = xr.DataArray(
        kernel.mean(axis=-1) / total,
        coords={"true_savings": grid},
        name="weight",
        attrs={"units": "1", "long_name": "Posterior weight of true savings"},
    )
    return GridPosterior(
        weights, _weighted(kernel, grid, total), _weighted(kernel, (grid > real).astype(np.float64), total)
    )


def _record(
    savings_rates: Sequence[float], beneficiaries: Sequence[float], years: Sequence[int]
) -> tuple[Float64, Float64, Float64]:
    """Return the record as arrays, or say all that is wrong with it."""
    problems = []
    if not len(savings_rates) == len(beneficiaries) == len(years) > 0:
        lengths = f"{len(savings_rates)} savings rates, {len(beneficiaries)} sizes, {len(years)} years"
        problems.append(f"{lengths}; allowed: one of each for every observed year, at least one")
    problems += [f"beneficiaries: {size:g}; allowed: above 0" for size in beneficiaries if not size > 0.0]
    problems += [
        f"savings rate: {rate:g}; allowed: a fraction between -1 and 1, so 3 % is 0.03"
        for rate in savings_rates
        if not -1.0 < rate < 1.0
    ]
    problems += [f"years: {sorted(years)}; allowed: each year once"] if len(set(years)) < len(years) else []
    if problems:
        raise DataError("record", problems)
    order = np.argsort(years)
    rates, people, when = (
        np.asarray(column, dtype=np.float64) for column in (savings_rates, beneficiaries, years)
    )
    return rates[order], people[order], when[order]


def _kernel(draws: Float64, observed: Float64) -> Float64:
    """Return the kernel of every draw around the record, shape ``(true_savings, replicate)``."""
    dimensions, replicates = draws.shape[-2:]
    bandwidth = draws.std(axis=-1, ddof=1, keepdims=True) * replicates ** (-1.0 / (dimensions + 4.0))
    distance = (draws - observed[:, None]) / bandwidth
    kernel: Float64 = np.exp(-0.5 * np.square(distance).sum(axis=-2)) / bandwidth.prod(axis=-2)
    return kernel


def _weighted(kernel: Float64, amount: Float64, total: float) -> Estimate:
    """Return the posterior mean of an amount on the grid, with the error of a ratio over replicates."""
    value = amount @ kernel.mean(axis=-1) / total
    influence = (amount - value) @ kernel / total
    return Estimate(value, estimates.mean(influence).standard_error)
