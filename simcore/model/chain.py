"""Who stays, dies, leaves and joins: the yearly chain of heads over the bands of one enrollment type."""

from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Float64
from simcore.model.bands import BandPlan, head_shares, next_year_bands, person_years
from simcore.model.correlated_score import FARTHEST_SCORE
from simcore.model.roots import root_between

MOST_LOST = 0.01
"""Share of heads too many in some bands up to which joiners still keep the mix of a shrinking ACO."""


class Turnover(NamedTuple):
    """The yearly chain of heads; each array has the shape ``(band,)``, `moves` ``(band, band)``.

    Parameters
    ----------
    moves
        Probability to be in a band next year, given this year's band and that the person is still assigned.
    leave
        Probability that a person who lives leaves the ACO after the year.
    die
        Probability to die in the year: 1 in the decedents' band, 0 elsewhere.
    joiners
        Distribution over bands of those who join.
    """

    moves: Float64
    leave: Float64
    die: Float64
    joiners: Float64


def turnover(
    plan: BandPlan, mix: Float64, *, assigned_again: float | None, size_growth: float = 0.0
) -> Turnover:
    """Return the chain that keeps a mix of bands stationary.

    Parameters
    ----------
    plan
        The bands and how they persist.
    mix
        Head shares of the ACO that joiners shall keep, shape ``(band,)``.
    assigned_again
        Probability that a person of the national mix is assigned to the ACO again next year, deaths counted;
        ``None`` where nobody leaves but by death.
    size_growth
        Yearly growth of the head count, a fraction: who comes beyond those who replace others keeps the
        mix too.

    Returns
    -------
    Turnover
        Where no joiners could keep a mix, so far is it from the nation's, they come as near as they can.

    Raises
    ------
    ValueError
        If more people shall be assigned again than live, or the ACO shrinks faster than people leave.
    """
    shares = head_shares(plan)
    die = np.zeros(shares.size)
    if plan.has_decedents:
        die[-1] = 1.0
    living = float(shares @ (1.0 - die))
    again = living if assigned_again is None else assigned_again
    if not 0.0 <= again <= living:
        raise ValueError(f"assigned_again must lie in [0, {living:g}], the share that lives; got {again}")
    leave = (1.0 - die) * (1.0 - again / living)
    moves = next_year_bands(plan)
    stay = (1.0 - die) * (1.0 - leave)
    if size_growth < 0.0 and _lost(mix, stay, moves, size_growth) > MOST_LOST:
        raise ValueError(
            f"size_growth {size_growth:g} shrinks the ACO faster than people leave: "
            f"{mix @ stay:.1%} are assigned again, and nobody could join to keep its mix of risk"
        )
    return Turnover(moves, leave, die, stationary_joiners(mix, stay, moves, size_growth=size_growth))


def _lost(mix: Float64, stay: Float64, moves: Float64, size_growth: float) -> float:
    """Return the share of heads that stay in bands beyond what the mix of a shrunken ACO would hold."""
    stayed, held = (mix * stay) @ moves, 1.0 + size_growth
    # Who stays beyond the wanted heads goes at random, which leaves the mix of those who stay as it is.
    stayed = stayed * min(1.0, held / stayed.sum())
    return float(np.maximum(stayed - held * mix, 0.0).sum())


def stationary_joiners(mix: Float64, stay: Float64, moves: Float64, *, size_growth: float = 0.0) -> Float64:
    """Return the distribution of joiners that keeps `mix`: they bring what the chain takes, and the growth."""
    needed = np.maximum((1.0 + size_growth) * mix - (mix * stay) @ moves, 0.0)
    # Where nobody goes nobody needs to come; a growing ACO then takes its own mix.
    return np.asarray(needed / needed.sum() if needed.sum() > 1e-12 else mix, np.float64)


def stay_probability(chain: Turnover) -> Float64:
    """Return the probability to be assigned again next year, by band, shape ``(band,)``."""
    return np.asarray((1.0 - chain.die) * (1.0 - chain.leave), np.float64)


def shifted_mix(plan: BandPlan, relative_cost: Float64, target: float) -> Float64:
    """Return the head shares of an ACO whose persistent risk is shifted so that its mean cost is `target`.

    Parameters
    ----------
    plan
        The bands.
    relative_cost
        Relative cost of a person-year by band, shape ``(band,)``.
    target
        Wanted person-year-weighted mean of the relative cost; 1 is the nation's.

    Returns
    -------
    Float64
        Shape ``(band,)``. A shifted normal law is the nation's, tilted exponentially.

    Raises
    ------
    ValueError
        If no shift has that mean.
    """
    weights = person_years(plan)

    def excess(shift: float) -> float:
        held = head_shares(plan, shift=shift) * weights
        return float(held @ relative_cost / held.sum()) - target

    if target == 1.0:
        return head_shares(plan)
    low, high = excess(-FARTHEST_SCORE) + target, excess(FARTHEST_SCORE) + target
    if not low < target < high:
        raise ValueError(
            f"a mean relative cost of {target:g} is outside of the bands' {low:.3f} to {high:.3f}"
        )
    return head_shares(plan, shift=root_between(excess, -FARTHEST_SCORE, FARTHEST_SCORE, tolerance=1e-13))
