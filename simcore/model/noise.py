"""How far chance alone moves a savings rate: its spread, and the probability that it crosses a minimum."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import special

from simcore.model.arrays import Float64
from simcore.model.moments import YearlySum, cumulants, expenditure_moments, person_year_moments
from simcore.model.population import TypeModel

EQUAL_BENCHMARK_WEIGHTS = (1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0)


class Noise(NamedTuple):
    """The spread of a savings rate by individual randomness alone.

    Parameters
    ----------
    expected
        Savings rate that is expected.
    standard_deviation
        Its standard deviation by the delta method.
    coefficient
        c of c/√n: `standard_deviation` times the root of the performance year's head count.
    skewness, excess_kurtosis
        Of the gap between expenditures and benchmark, per person.
    share_by_type
        Share of each enrollment type in the variance, shape ``(enrollment_type,)``.
    """

    expected: float
    standard_deviation: float
    coefficient: float
    skewness: float
    excess_kurtosis: float
    share_by_type: Float64


class Crossing(NamedTuple):
    """Probability of a crossing: from the normal law, and corrected for skewness and kurtosis (Edgeworth)."""

    normal: float
    corrected: float


def savings_rate_noise(
    models: Sequence[TypeModel],
    sizes: Sequence[Sequence[int]],
    *,
    benchmark_weights: Sequence[float] = EQUAL_BENCHMARK_WEIGHTS,
    true_savings: float = 0.0,
) -> Noise:
    """Return how far individual randomness alone moves the savings rate of an ACO.

    Parameters
    ----------
    models
        The people, one enrollment type each.
    sizes
        Head counts by enrollment type and year: the benchmark years first, the performance year last.
    benchmark_weights
        Weights of the benchmark years; empty for a benchmark that is known (the expected spending).
    true_savings
        Share of performance year spending that is saved.

    Returns
    -------
    Noise
        Spending of each type is held to its own benchmark, as in the program.
    """
    by_type, benchmark = _gap_cumulants(models, sizes, benchmark_weights, true_savings, minimum=0.0)
    total = by_type.sum(axis=0)
    # dS = -(dA - (1 - s) dB) / B: the gap at the expected savings rate, not at zero.
    at_expected, _ = _gap_cumulants(
        models, sizes, benchmark_weights, true_savings, minimum=-total[0] / benchmark
    )
    spread = at_expected.sum(axis=0)
    deviation = math.sqrt(spread[1]) / benchmark
    return Noise(
        expected=float(-total[0] / benchmark),
        standard_deviation=deviation,
        coefficient=deviation * math.sqrt(sum(years[-1] for years in sizes)),
        skewness=float(spread[2] / spread[1] ** 1.5),
        excess_kurtosis=float(spread[3] / spread[1] ** 2),
        share_by_type=np.asarray(at_expected[:, 1] / spread[1], np.float64),
    )


def probability_of_savings(
    models: Sequence[TypeModel],
    sizes: Sequence[Sequence[int]],
    minimum_savings_rate: float,
    *,
    benchmark_weights: Sequence[float] = EQUAL_BENCHMARK_WEIGHTS,
    true_savings: float = 0.0,
) -> Crossing:
    """Return the probability that the savings rate meets or exceeds a minimum.

    Arguments as in `savings_rate_noise`.

    Notes
    -----
    The savings rate is at least m where expenditures are at most (1 - m) times the benchmark. That gap is a
    sum over independent people, so its cumulants are exact; no ratio is expanded but for person-years.
    """
    by_type, _ = _gap_cumulants(models, sizes, benchmark_weights, true_savings, minimum=minimum_savings_rate)
    return _below_zero(by_type.sum(axis=0))


def probability_of_losses(
    models: Sequence[TypeModel],
    sizes: Sequence[Sequence[int]],
    minimum_loss_rate: float,
    *,
    benchmark_weights: Sequence[float] = EQUAL_BENCHMARK_WEIGHTS,
    true_savings: float = 0.0,
) -> Crossing:
    """Return the probability of a loss rate at or beyond a minimum; arguments as in `savings_rate_noise`."""
    by_type, _ = _gap_cumulants(models, sizes, benchmark_weights, true_savings, minimum=-minimum_loss_rate)
    below = _below_zero(by_type.sum(axis=0))
    return Crossing(1.0 - below.normal, 1.0 - below.corrected)


def credibility(noise_deviation: float, underlying_deviation: float) -> float:
    """Return the weight of one year's result against what is expected of all ACOs (Bühlmann's)."""
    return underlying_deviation**2 / (underlying_deviation**2 + noise_deviation**2)


def _gap_cumulants(
    models: Sequence[TypeModel],
    sizes: Sequence[Sequence[int]],
    benchmark_weights: Sequence[float],
    true_savings: float,
    *,
    minimum: float,
) -> tuple[Float64, float]:
    """Return cumulants by type of expenditures less (1 - minimum) benchmarks, and the expected benchmark."""
    found, expected_benchmark = [], 0.0
    for model, counts in zip(models, sizes, strict=True):
        spending = expenditure_moments(model, counts).mean
        years = person_year_moments(model, counts).mean
        per_capita = spending / years
        weights = np.zeros(len(counts))
        weights[: len(benchmark_weights)] = benchmark_weights
        known = float(weights @ per_capita) if benchmark_weights else float(per_capita[-1])
        # Per-capita spending of a benchmark year is a ratio: to first order, spending less the expected
        # per-capita amount of the same person-years.
        pull = (1.0 - minimum) * years[-1] * weights / years
        factor = -pull
        constant = np.outer(pull * per_capita, model.person_years)
        factor[-1] += 1.0 - true_savings
        constant[-1] -= (1.0 - minimum) * known * model.person_years
        found.append(cumulants(model, counts, YearlySum(factor, constant)))
        expected_benchmark += known * float(years[-1])
    return np.stack(found), expected_benchmark


def _below_zero(gap: Float64) -> Crossing:
    """Return the probability that a sum with these cumulants is not above zero."""
    deviation = math.sqrt(gap[1])
    z = -gap[0] / deviation
    skewness, kurtosis = gap[2] / deviation**3, gap[3] / deviation**4
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    correction = (
        skewness / 6.0 * (z**2 - 1.0)
        + kurtosis / 24.0 * (z**3 - 3.0 * z)
        + skewness**2 / 72.0 * (z**5 - 10.0 * z**3 + 15.0 * z)
    )
    normal = float(special.ndtr(z))
    # An expansion may leave the unit interval where the tail is far.
    return Crossing(normal, float(np.clip(normal - density * correction, 0.0, 1.0)))
