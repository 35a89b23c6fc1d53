"""Follow people one by one through the kernels: in which band, whether still assigned, what they spend."""

from typing import NamedTuple

import numpy as np

from simcore.kernels.counts import evolve_counts, initial_counts
from simcore.kernels.philox import cell_of
from simcore.kernels.spending import spending
from simcore.model.population import TypeModel

SEED = 20240101


class Lives(NamedTuple):
    """Histories of people of one enrollment type, ``(year, person)``.

    Attributes
    ----------
    assigned
        Whether still assigned to the same ACO.
    dies
        Whether the year is the last of life.
    spending
        Untruncated spending of the year, USD; zero once gone.
    """

    assigned: np.ndarray
    dies: np.ndarray
    spending: np.ndarray


def lives(model: TypeModel, people: int, *, years: int, enrollment_type: int) -> Lives:
    """Follow `people` persons of the nation's mix, each a replicate of an ACO of one.

    Whoever leaves or dies goes to a band of their own, for which nobody comes back.
    """
    bands = model.shares.size
    address = {"first_replicate": 0, "year": 0, "enrollment_type": enrollment_type, "seed": SEED}
    first = initial_counts(1, model.shares, block=people, **address)
    stays = model.stay[:, np.newaxis] * model.moves
    moves = np.zeros((bands + 1, bands + 1))
    moves[:bands, :bands] = stays
    moves[:bands, bands] = 1.0 - stays.sum(axis=1)
    moves[bands, bands] = 1.0
    start = np.vstack([first, np.zeros((1, people), np.int64)])
    heads = evolve_counts(
        start, np.ones(years, np.int64), moves=moves, joiners=np.append(model.shares, 0.0), **address
    )
    cents = np.zeros((years, people))
    for year in range(years):
        for band in range(bands):
            cents[year] += spending(
                heads[year, band],
                model.untruncated_amounts[band],
                first_replicate=0,
                cell=cell_of(year, enrollment_type, band),
                seed=SEED,
            )
    return Lives(heads[:, bands] == 0, heads[:, bands - 1] == 1, cents / 100.0)
