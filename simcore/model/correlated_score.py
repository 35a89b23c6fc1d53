"""Tell where the normal score of a band's people falls, which is correlated with their persistent risk."""

from functools import lru_cache

import numpy as np
from scipy import special

from simcore.model.arrays import Float64

QUADRATURE_NODES = 40
FARTHEST_SCORE = 8.0
"""Normal scores beyond this one (a share of 6e-16) are left out of every integral."""

HIGHEST_SCORE = 7.5
KNOTS = 1025
"""Knots between which thousands of scores are found: 0.015 apart, up to `HIGHEST_SCORE` either way."""


def share_below(shares: tuple[float, ...], correlation: float, scores: Float64) -> Float64:
    r"""Return, by band, the probability that a correlated normal score lies below given scores.

    Parameters
    ----------
    shares
        Shares of the bands of the first score, from the lowest; they add up to 1.
    correlation
        Correlation of the two scores, in [0, 1).
    scores
        Scores of the second variable, shape ``(score,)``.

    Returns
    -------
    Float64
        Shape ``(band, score)``; weighted by `shares` it adds up to the normal distribution function.

    Notes
    -----
    :math:`P(Z \le z \mid B \in b) = \frac{1}{\pi_b}\int_b
    \Phi\left(\frac{z - \lambda x}{\sqrt{1 - \lambda^2}}\right)\varphi(x)\,dx`, by Gauss-Legendre.
    """
    return _adding_up(shares, scores, _below(shares, correlation, scores))


def share_below_many(shares: tuple[float, ...], correlation: float, scores: Float64) -> Float64:
    """Return what `share_below` does, for thousands of scores in a tenth of its time.

    Between knots stands the cubic that has the law's own values and slopes there: within 1e-9 up to a
    correlation of 0.8, 2e-9 at 0.9, 2e-8 at 0.97, 2e-6 at 0.999. Scores lie within `HIGHEST_SCORE`.
    """
    knots = np.linspace(-HIGHEST_SCORE, HIGHEST_SCORE, KNOTS)
    step = knots[1] - knots[0]
    values = _below(shares, correlation, knots)
    slopes = step * _density(shares, correlation, knots)
    left = np.clip(((scores - knots[0]) / step).astype(np.int64), 0, KNOTS - 2)
    t = (scores - knots[left]) / step
    begin, end = slopes[:, left], slopes[:, left + 1]
    rise = values[:, left + 1] - values[:, left]
    bend = 3.0 * rise - 2.0 * begin - end + t * (begin + end - 2.0 * rise)
    return _adding_up(shares, scores, values[:, left] + t * (begin + t * bend))


def _below(shares: tuple[float, ...], correlation: float, scores: Float64) -> Float64:
    """Return the quadrature of `share_below`."""
    nodes, weights = _band_nodes(shares)
    conditional = special.ndtr(_standard(nodes, correlation, scores))
    return np.asarray(np.einsum("bn,bns->bs", weights, conditional), np.float64)


def _density(shares: tuple[float, ...], correlation: float, scores: Float64) -> Float64:
    """Return the derivative of `_below` with respect to the scores."""
    nodes, weights = _band_nodes(shares)
    density = np.exp(-0.5 * _standard(nodes, correlation, scores) ** 2)
    whole = np.sqrt(2.0 * np.pi * (1.0 - correlation**2))
    return np.asarray(np.einsum("bn,bns->bs", weights, density) / whole, np.float64)


def _standard(nodes: Float64, correlation: float, scores: Float64) -> Float64:
    """Return the scores less what the nodes foretell, in standard deviations, ``(band, node, score)``."""
    ahead = scores[None, None, :] - correlation * nodes[:, :, None]
    return np.asarray(ahead / np.sqrt(1.0 - correlation**2), np.float64)


def _adding_up(shares: tuple[float, ...], scores: Float64, by_band: Float64) -> Float64:
    """Put what a quadrature leaves (below 1e-9) where it keeps the sum over bands exact."""
    whole = special.ndtr(scores)
    found = np.asarray(shares) @ by_band
    return np.asarray(
        by_band * np.divide(whole, found, out=np.ones_like(whole), where=found > 0.0), np.float64
    )


@lru_cache(maxsize=64)
def _band_nodes(shares: tuple[float, ...]) -> tuple[Float64, Float64]:
    """Return quadrature nodes of persistent risk and their weights within each band, ``(band, node)``."""
    inner = special.ndtri(np.clip(np.cumsum(shares)[:-1], 0.0, 1.0))
    edges = np.concatenate([[-FARTHEST_SCORE], inner, [FARTHEST_SCORE]])
    points, weights = np.polynomial.legendre.leggauss(QUADRATURE_NODES)
    middle, half = 0.5 * (edges[1:] + edges[:-1]), 0.5 * np.diff(edges)
    nodes = middle[:, None] + half[:, None] * points
    density = np.exp(-0.5 * nodes**2) * weights
    return nodes, np.asarray(density / density.sum(axis=1, keepdims=True), np.float64)
