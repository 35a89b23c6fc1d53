"""Cut persistent risk into bands of people, and say how spending and next year's band follow from a band."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from simcore.model.arrays import Float64

QUADRATURE_NODES = 40
FARTHEST_SCORE = 8.0
"""Normal scores beyond this one (a share of 6e-16) are left out of every integral."""


@dataclass(frozen=True, slots=True)
class BandPlan:
    """How persistent risk is cut into bands and how strongly it holds.

    Parameters
    ----------
    living_shares
        Head shares of the bands of people who live through the year, from low to high risk; any scale.
    decedent_share
        Share of heads who die in the year, the top slice of persistent risk; 0 for no decedents' band.
    decedent_person_years
        Person-years of a decedent in the year of death, in (0, 1].
    loading
        Correlation of the normal score of a year's spending with persistent risk, in [0, 1).
    persistence
        Correlation of persistent risk from one year to the next, in [0, 1).

    Raises
    ------
    ValueError
        If a value lies outside of its range.
    """

    living_shares: tuple[float, ...]
    decedent_share: float
    decedent_person_years: float
    loading: float
    persistence: float

    def __post_init__(self) -> None:
        if not self.living_shares or min(self.living_shares) <= 0.0:
            raise ValueError(f"living_shares must be positive, got {self.living_shares}")
        for name in ("decedent_share", "loading", "persistence"):
            if not 0.0 <= getattr(self, name) < 1.0:
                raise ValueError(f"{name} must lie in [0, 1), got {getattr(self, name)}")
        if not 0.0 < self.decedent_person_years <= 1.0:
            raise ValueError(f"decedent_person_years must lie in (0, 1], got {self.decedent_person_years}")

    @property
    def has_decedents(self) -> bool:
        """Whether the last band is the decedents'."""
        return self.decedent_share > 0.0


def head_shares(plan: BandPlan) -> Float64:
    """Return the stationary share of heads in each band, the decedents' last, shape ``(band,)``."""
    living = np.asarray(plan.living_shares, np.float64)
    living = living / living.sum() * (1.0 - plan.decedent_share)
    return np.append(living, plan.decedent_share) if plan.has_decedents else living


def person_years(plan: BandPlan) -> Float64:
    """Return the person-years of a head in each band, shape ``(band,)``."""
    ones = np.ones(len(plan.living_shares))
    return np.append(ones, plan.decedent_person_years) if plan.has_decedents else ones


def person_year_shares(plan: BandPlan) -> Float64:
    """Return the share of person-years in each band, shape ``(band,)``."""
    weighted = head_shares(plan) * person_years(plan)
    return np.asarray(weighted / weighted.sum(), np.float64)


def next_year_bands(plan: BandPlan) -> Float64:
    """Return the probability of each band next year, given this year's, for people who are still there.

    Returns
    -------
    Float64
        Shape ``(band, band)``; rows add up to 1. To enter the decedents' band is to die next year, so that
        mortality rises with the band by itself. Nobody leaves the decedents' band: its row is the mix.
    """
    shares = head_shares(plan)
    cuts = special.ndtri(np.clip(np.cumsum(shares)[:-1], 0.0, 1.0))
    below = share_below(tuple(shares), plan.persistence, cuts)
    edges = np.concatenate([np.zeros((shares.size, 1)), below, np.ones((shares.size, 1))], axis=1)
    moves = np.diff(edges, axis=1)
    if plan.has_decedents:
        moves[-1] = shares
    return np.asarray(moves / moves.sum(axis=1, keepdims=True), np.float64)


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
    nodes, weights = _band_nodes(shares)
    conditional = special.ndtr(
        (scores[None, None, :] - correlation * nodes[:, :, None]) / np.sqrt(1.0 - correlation**2)
    )
    by_band = np.einsum("bn,bns->bs", weights, conditional)
    # What the quadrature leaves (below 1e-9) goes where it keeps the sum over bands exact.
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
