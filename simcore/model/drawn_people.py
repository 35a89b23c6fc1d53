"""Draw an ACO's people: how many are in which band in each year, and what they spend."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simcore.kernels.counts import evolve_counts, initial_counts
from simcore.kernels.philox import cell_of
from simcore.kernels.pooled import pooled_spending
from simcore.kernels.spending import spending
from simcore.model.arrays import Float64, Int64
from simcore.model.people import CENTS, People


class DrawnPeople(NamedTuple):
    """The people of one block.

    Attributes
    ----------
    assigned_beneficiaries
        Heads, ``(year, replicate)``.
    person_years, base_dollars, risk_score
        ``(enrollment_type, year, replicate)``; expenditures in USD of the dollar year.
    """

    assigned_beneficiaries: Int64
    person_years: Float64
    base_dollars: Float64
    risk_score: Float64


def draw_people(people: People, first: int, block: int) -> DrawnPeople:
    """Draw the people of replicates ``first … first + block - 1``."""
    kinds, years = people.paths.shape
    assigned = np.zeros((years, block), np.int64)
    person_years, dollars = np.zeros((kinds, years, block)), np.zeros((kinds, years, block))
    score = np.ones((kinds, years, block))
    for order, (position, model) in enumerate(people.models):
        if people.random:
            drawn = _draw_heads(people, order, first, block)
            dollars[position] = _draw_cents(people, order, drawn, first) / CENTS
            heads = drawn.astype(np.float64)
        else:
            expected = people.expected_heads[order]
            heads = np.repeat(expected[:, :, np.newaxis], block, axis=2)
            dollars[position] = people.expected_dollars[position][:, np.newaxis]
        assigned += np.rint(_add_bands(heads, np.ones_like(model.person_years))).astype(np.int64)
        person_years[position] = _add_bands(heads, model.person_years)
        scored = _add_bands(heads, model.person_years * model.risk_score)
        np.divide(scored, person_years[position], out=score[position], where=person_years[position] > 0.0)
    factor = people.person_year_factor
    return DrawnPeople(assigned, person_years * factor, dollars * factor, score)


def _add_bands(heads: Float64, weights: Float64) -> Float64:
    """Return heads times weights summed over bands, ``(year, replicate)``."""
    # In the order of the bands whatever the block: another order changes the last bits of the sum.
    total: Float64 = heads[:, 0] * weights[0]
    for band in range(1, weights.size):
        total += heads[:, band] * weights[band]
    return total


def _draw_heads(people: People, order: int, first: int, block: int) -> Int64:
    """Draw the heads of one enrollment type, ``(year, band, replicate)``."""
    position, model = people.models[order]
    path = people.paths[position]
    if model.head_counts is None:
        initial = initial_counts(
            int(path[0]),
            model.initial,
            block=block,
            first_replicate=first,
            year=people.years[0],
            enrollment_type=position,
            seed=people.seed,
        )
    else:
        initial = np.repeat(model.head_counts[:, np.newaxis], block, axis=1)
    return evolve_counts(
        initial,
        path,
        moves=model.stay[:, np.newaxis] * model.moves,
        joiners=model.joiners,
        first_replicate=first,
        year=people.years[0],
        enrollment_type=position,
        seed=people.seed,
    )


def _draw_cents(people: People, order: int, heads: Int64, first: int) -> Float64:
    """Draw what one enrollment type spends, cents of the dollar year, ``(year, replicate)``."""
    position, model = people.models[order]
    total = np.zeros((heads.shape[0], heads.shape[2]), np.int64)
    for at, year in enumerate(people.years):
        for band in range(heads.shape[1]):
            cell = cell_of(year, position, band)
            if people.engine == "beneficiary":
                total[at] += spending(
                    heads[at, band], model.amounts[band], first_replicate=first, cell=cell, seed=people.seed
                )
            else:
                total[at] += pooled_spending(
                    heads[at, band],
                    people.sum_tables[order][band],
                    first_replicate=first,
                    cell=cell,
                    seed=people.seed,
                )
    return total.astype(np.float64)
