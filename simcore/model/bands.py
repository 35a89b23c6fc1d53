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
    """How persistent risk is cut into bands, how strongly it holds, and who of a band dies.

    Parameters
    ----------
    risk_shares
        Head shares of the risk bands, from low to high risk; any scale.
    decedent_share
        Share of heads who die in the year; they are a band of their own. 0 for no such band.
    decedent_person_years
        Person-years of a decedent in the year of death, in (0, 1].
    loading
        Correlation of the normal score of a year's spending with persistent risk, in [0, 1).
    persistence
        Correlation of persistent risk from one year to the next, in [0, 1).
    mortality_loading
        Correlation of the normal score that decides on death with persistent risk, in [0, 1).

    Raises
    ------
    ValueError
        If a value lies outside of its range.
    """

    risk_shares: tuple[float, ...]
    decedent_share: float
    decedent_person_years: float
    loading: float
    persistence: float
    mortality_loading: float

    def __post_init__(self) -> None:
        if not self.risk_shares or min(self.risk_shares) <= 0.0:
            raise ValueError(f"risk_shares must be positive, got {self.risk_shares}")
        for name in ("decedent_share", "loading", "persistence", "mortality_loading"):
            if not 0.0 <= getattr(self, name) < 1.0:
                raise ValueError(f"{name} must lie in [0, 1), got {getattr(self, name)}")
        if not 0.0 < self.decedent_person_years <= 1.0:
            raise ValueError(f"decedent_person_years must lie in (0, 1], got {self.decedent_person_years}")

    @property
    def has_decedents(self) -> bool:
        """Whether the last band is the decedents'."""
        return self.decedent_share > 0.0

    @property
    def normalized_risk_shares(self) -> tuple[float, ...]:
        """Head shares of the risk bands, adding up to 1."""
        whole = sum(self.risk_shares)
        return tuple(share / whole for share in self.risk_shares)


def mortality(plan: BandPlan) -> Float64:
    """Return the probability to die in the year, by risk band, shape ``(risk_band,)``."""
    shares = plan.normalized_risk_shares
    if not plan.has_decedents:
        return np.zeros(len(shares))
    survives_below = special.ndtri(np.array([1.0 - plan.decedent_share]))
    return np.asarray(1.0 - share_below(shares, plan.mortality_loading, survives_below)[:, 0], np.float64)


def head_shares(plan: BandPlan, *, shift: float = 0.0) -> Float64:
    """Return the share of heads in each band, shape ``(band,)``: risk bands of who lives, then decedents.

    Parameters
    ----------
    plan
        The bands.
    shift
        Mean of the persistent risk of an ACO's people, in the nation's standard deviations; 0 is the nation.
    """
    shares = np.asarray(plan.normalized_risk_shares)
    if shift != 0.0:
        cuts = special.ndtri(np.clip(np.cumsum(shares)[:-1], 0.0, 1.0))
        shares = np.diff(np.concatenate([[0.0], special.ndtr(cuts - shift), [1.0]]))
    if not plan.has_decedents:
        return shares
    dying = shares * mortality(plan)
    return np.append(shares - dying, dying.sum())


def person_years(plan: BandPlan) -> Float64:
    """Return the person-years of a head in each band, shape ``(band,)``."""
    ones = np.ones(len(plan.risk_shares))
    return np.append(ones, plan.decedent_person_years) if plan.has_decedents else ones


def person_year_shares(plan: BandPlan) -> Float64:
    """Return the share of person-years in each band, shape ``(band,)``."""
    weighted = head_shares(plan) * person_years(plan)
    return np.asarray(weighted / weighted.sum(), np.float64)


def risk_of_bands(plan: BandPlan) -> Float64:
    """Return from which risk bands each band's people come, shape ``(band, risk_band)``; rows add up to 1."""
    living = np.eye(len(plan.risk_shares))
    if not plan.has_decedents:
        return living
    dying = np.asarray(plan.normalized_risk_shares) * mortality(plan)
    return np.vstack([living, dying / dying.sum()])


def next_year_bands(plan: BandPlan) -> Float64:
    """Return the probability of each band next year, given this year's, for people who are still there.

    Returns
    -------
    Float64
        Shape ``(band, band)``; rows add up to 1. To enter the decedents' band is to die next year. Nobody
        comes out of the decedents' band: its row is the mix.
    """
    shares = plan.normalized_risk_shares
    cuts = special.ndtri(np.clip(np.cumsum(shares)[:-1], 0.0, 1.0))
    below = share_below(shares, plan.persistence, cuts)
    edges = np.concatenate([np.zeros((len(shares), 1)), below, np.ones((len(shares), 1))], axis=1)
    moves = np.diff(edges, axis=1)
    moves /= moves.sum(axis=1, keepdims=True)
    if not plan.has_decedents:
        return moves
    dying = moves * mortality(plan)
    living = np.hstack([moves - dying, dying.sum(axis=1, keepdims=True)])
    return np.vstack([living, head_shares(plan)])


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
