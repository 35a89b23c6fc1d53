"""Estimate means, quantiles and tails from replicates, each with its simulation error, on plain arrays."""

from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

Float64: TypeAlias = NDArray[np.float64]
Bool: TypeAlias = NDArray[np.bool_]


class Estimate(NamedTuple):
    """A value and its standard error over replicates, arrays of one shape."""

    value: Float64
    standard_error: Float64


def mean(sample: Float64) -> Estimate:
    """Return the mean over the last axis.

    Parameters
    ----------
    sample
        Replicates in the last axis, any unit, shape ``(..., replicate)``.

    Returns
    -------
    Estimate
        Shape ``(...)``, in the unit of `sample`; the error is not a number for a single replicate.
    """
    replicates = sample.shape[-1]
    if replicates == 1:
        return Estimate(sample[..., 0], np.full(sample.shape[:-1], np.nan))
    return Estimate(sample.mean(axis=-1), sample.std(axis=-1, ddof=1) / np.sqrt(replicates))


def probability(event: Bool) -> Estimate:
    r"""Return the share of replicates in which an event happened.

    Parameters
    ----------
    event
        True where it happened, shape ``(..., replicate)``.

    Returns
    -------
    Estimate
        Shape ``(...)``, unit ``"1"``.

    Notes
    -----
    The error is the standard deviation of the Jeffreys posterior, ``Beta(k + 1/2, n - k + 1/2)``. It
    agrees with :math:`\sqrt{p(1-p)/n}` for any count that is not small, and unlike it stays above
    nought for an event that no replicate happened to show.
    """
    return share(np.count_nonzero(event, axis=-1).astype(np.float64), event.shape[-1])


def share(happened: Float64, replicates: int) -> Estimate:
    """Return a count of replicates as a share of them, with the error that `probability` gives it."""
    hits, misses = happened + 0.5, replicates - happened + 0.5
    error = np.sqrt(hits * misses / ((replicates + 1.0) ** 2 * (replicates + 2.0)))
    return Estimate(happened / replicates, error)


def standard_deviation(sample: Float64) -> Estimate:
    r"""Return the standard deviation over the last axis.

    Parameters
    ----------
    sample
        Shape ``(..., replicate)``, any unit.

    Returns
    -------
    Estimate
        Shape ``(...)``, in the unit of `sample`; both are nought where the sample does not vary.

    Notes
    -----
    Delta method, without an assumption of normality: :math:`\mathrm{se}(s) =
    \sqrt{(m_4 - s^4)/n}\,/\,(2s)`.
    """
    replicates = sample.shape[-1]
    squares = np.square(sample - sample.mean(axis=-1, keepdims=True))
    variance = squares.mean(axis=-1)
    fourth = np.square(squares).mean(axis=-1)
    deviation = np.sqrt(variance * replicates / (replicates - 1.0))
    spread = np.sqrt(np.maximum(fourth - np.square(variance), 0.0) / replicates)
    error = np.divide(spread, 2.0 * deviation, out=np.zeros_like(spread), where=deviation > 0.0)
    return Estimate(deviation, error)


def quantiles(sample: Float64, levels: Float64) -> Estimate:
    r"""Return order statistics of the last axis: the least outcome that is reached with each probability.

    Parameters
    ----------
    sample
        Shape ``(..., replicate)``, any unit. Atoms are welcome: nothing is interpolated between outcomes.
    levels
        Probabilities in (0, 1), shape ``(level,)``.

    Returns
    -------
    Estimate
        Shape ``(..., level)``, in the unit of `sample`.

    Notes
    -----
    The estimate is :math:`x_{(k)}`, :math:`k = \lceil n p \rceil`, the lower quantile of the empirical
    distribution. Its error is that of an order statistic when the parent is the sample itself:
    :math:`x_{(i)}` has weight :math:`I_{i/n}(k, n-k+1) - I_{(i-1)/n}(k, n-k+1)`.

    References
    ----------
    Maritz, J. S. and Jarrett, R. G. (1978), A note on estimating the variance of the sample median,
    Journal of the American Statistical Association 73(361), 194-196.
    """
    ordered = np.sort(sample, axis=-1)
    estimates = [quantile_of_sorted(ordered, float(level)) for level in levels]
    return Estimate(
        np.stack([estimate.value for estimate in estimates], axis=-1),
        np.stack([estimate.standard_error for estimate in estimates], axis=-1),
    )


def quantile(sample: Float64, level: float) -> Estimate:
    """Return the `level` quantile over the last axis, as `quantiles` does for several."""
    estimate = quantiles(sample, np.array([level]))
    return Estimate(estimate.value[..., 0], estimate.standard_error[..., 0])


def rank_of_quantile(replicates: int, level: float) -> int:
    """Return which order statistic, counted from 1, is the `level` quantile of that many replicates."""
    # The product can exceed a whole number by rounding alone: 100 x 0.07 is 7.000000000000001.
    return max(int(np.ceil(replicates * level - 1e-9 * replicates * level)), 1)


def quantile_of_sorted(ordered: Float64, level: float) -> Estimate:
    """Return the `level` quantile of a sample sorted over its last axis, as `quantile` does of any."""
    replicates = ordered.shape[-1]
    rank = rank_of_quantile(replicates, level)
    first, weights = _maritz_jarrett(replicates, level)
    value = ordered[..., rank - 1]
    deviations = ordered[..., first : first + weights.size] - value[..., None]
    offset = deviations @ weights
    variance = np.square(deviations) @ weights - np.square(offset)
    return Estimate(value, np.sqrt(np.maximum(variance, 0.0)))


@lru_cache(maxsize=64)
def _maritz_jarrett(replicates: int, level: float) -> tuple[int, Float64]:
    """Return the first order statistic, counted from 0, that a quantile's error reads, and all their weights.

    A summary asks for the same few levels some two hundred times.
    """
    rank = rank_of_quantile(replicates, level)
    # Beyond nine standard deviations of the rank a weight is below 1e-18: the rest of the sample is not read.
    reach = int(9.0 * np.sqrt(replicates * level * (1.0 - level))) + 9
    first, last = max(rank - reach, 0), min(rank + reach, replicates)
    edges = np.arange(first, last + 1) / replicates
    weights = np.diff(special.betainc(rank, replicates - rank + 1.0, edges))
    weights.flags.writeable = False
    return first, weights


def upper_tail_mean(loss: Float64, level: float) -> Estimate:
    """Return the mean of the worst ``1 - level`` of losses over the last axis.

    Parameters
    ----------
    loss
        Positive amounts are losses, shape ``(..., replicate)``.
    level
        In [0, 1): the share of outcomes that are not in the tail.

    Returns
    -------
    Estimate
        Shape ``(...)``, in the unit of `loss`.

    Notes
    -----
    An outcome astride the level counts in part, so an atom there is shared exactly. The error is by
    the influence function :math:`v + (x - v)^+ / (1 - p)`, with :math:`v` the value at risk.

    References
    ----------
    Acerbi, C. and Tasche, D. (2002), On the coherence of expected shortfall, Journal of Banking and
    Finance 26(7), 1487-1503; Manistre, B. J. and Hancock, G. H. (2005), Variance of the CTE estimator,
    North American Actuarial Journal 9(2), 129-156.
    """
    return upper_tail_mean_of_sorted(np.sort(loss, axis=-1), level)


def upper_tail_mean_of_sorted(ordered: Float64, level: float) -> Estimate:
    """Return the mean of the worst losses of a sample sorted over its last axis, as `upper_tail_mean` does of any."""
    replicates = ordered.shape[-1]
    weights = np.clip(np.arange(1, replicates + 1) - replicates * level, 0.0, 1.0)
    value = ordered @ weights / weights.sum()
    at_risk = ordered[..., rank_of_quantile(replicates, level) - 1]
    influence = np.maximum(ordered - at_risk[..., None], 0.0) / (1.0 - level)
    return Estimate(value, mean(influence).standard_error)
