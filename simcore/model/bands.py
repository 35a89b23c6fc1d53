"""Cut persistent risk into bands of people, and say how spending and next year's band follow from a band."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import special

from simcore.model.arrays import Float64
from simcore.model.correlated_score import share_below


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


@lru_cache(maxsize=8)
def mortality(plan: BandPlan) -> Float64:
    """Return the probability to die in the year, by risk band, shape ``(risk_band,)``, not to be written to."""
    shares = plan.normalized_risk_shares
    dies = np.zeros(len(shares))
    if plan.has_decedents:
        survives_below = special.ndtri(np.array([1.0 - plan.decedent_share]))
        dies = np.asarray(1.0 - share_below(shares, plan.mortality_loading, survives_below)[:, 0], np.float64)
    dies.setflags(write=False)
    return dies


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
