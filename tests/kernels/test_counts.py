"""Heads by band over the years: their addresses, their law, their totals."""

import numpy as np
import pytest

from simcore.kernels import counts as kernels
from simcore.kernels.counts import evolve_counts, initial_counts
from tests.kernels.plain import plain_python

BANDS = 3
MOVES = np.array([[0.60, 0.20, 0.05], [0.15, 0.50, 0.15], [0.00, 0.00, 0.00]])
JOINERS = np.array([0.5, 0.3, 0.2])
SHARES = np.array([0.4, 0.4, 0.2])
ADDRESS = {"first_replicate": 0, "year": 0, "enrollment_type": 2, "seed": 8}


def evolve(path, block=200, moves=MOVES, **changed):
    address = {**ADDRESS, **changed}
    initial = initial_counts(int(path[0]), SHARES, block=block, **address)
    return evolve_counts(initial, np.asarray(path), moves=moves, joiners=JOINERS, **address)


def test_every_year_has_the_paths_people():
    path = [900, 900, 1_400, 700, 30, 0, 250]
    counts = evolve(path)
    np.testing.assert_array_equal(counts.sum(axis=1), np.repeat(np.array(path)[:, np.newaxis], 200, axis=1))
    assert counts.min() >= 0


@pytest.mark.compiled
def test_initial_counts_have_multinomial_moments():
    replicates, people = 40_000, 300
    counts = initial_counts(people, SHARES, block=replicates, **ADDRESS)
    covariance = people * (np.diag(SHARES) - np.outer(SHARES, SHARES))
    error = np.sqrt(np.diag(covariance) / replicates)
    assert np.all(np.abs(counts.mean(axis=1) - people * SHARES) < 4.0 * error)
    # For nearly normal counts the standard error of a sample covariance is sqrt((cii cjj + cij²) / R).
    spread = np.sqrt((np.outer(covariance.diagonal(), covariance.diagonal()) + covariance**2) / replicates)
    assert np.all(np.abs(np.cov(counts) - covariance) < 4.0 * spread)


@pytest.mark.compiled
def test_next_year_has_the_chains_mean_and_variance():
    # From fixed counts c: survivors are sums of multinomials, mean c·M; S people stay in all, with
    # variance Σ c s (1 - s), and n - S join by the joiners' law.
    people, replicates = np.array([500, 300, 100]), 40_000
    counts = evolve_counts(
        np.repeat(people[:, np.newaxis], replicates, axis=1),
        np.array([900, 900]),
        moves=MOVES,
        joiners=JOINERS,
        **ADDRESS,
    )[1]
    stay = MOVES.sum(axis=1)
    joining, joining_variance = 900 - people @ stay, people @ (stay * (1.0 - stay))
    mean = people @ MOVES + joining * JOINERS
    survive = np.diag(people @ MOVES) - (MOVES.T * people) @ MOVES
    with_stay = people @ MOVES - (people * stay) @ MOVES
    join = joining * (np.diag(JOINERS) - np.outer(JOINERS, JOINERS))
    join = join + joining_variance * np.outer(JOINERS, JOINERS)
    cross = -np.outer(with_stay, JOINERS)
    covariance = survive + join + cross + cross.T
    variance = covariance.diagonal()
    assert np.all(np.abs(counts.mean(axis=1) - mean) < 4.0 * np.sqrt(variance / replicates))
    assert np.all(np.abs(counts.var(axis=1) / variance - 1.0) < 4.0 * np.sqrt(2.0 / replicates))


@pytest.mark.compiled
def test_those_who_stay_in_a_shrinking_type_are_a_random_sample():
    # Nobody leaves or moves: from (60, 30, 10) to 40 people is hypergeometric, mean 24, 12, 4 and
    # variance 40 p (1 - p) 60/99.
    replicates = 20_000
    people = np.repeat(np.array([[60], [30], [10]]), replicates, axis=1)
    counts = evolve_counts(people, np.array([100, 40]), moves=np.eye(3), joiners=JOINERS, **ADDRESS)[1]
    p = np.array([0.6, 0.3, 0.1])
    variance = 40.0 * p * (1.0 - p) * 60.0 / 99.0
    assert np.all(np.abs(counts.mean(axis=1) - 40.0 * p) < 4.0 * np.sqrt(variance / replicates))
    assert np.all(np.abs(counts.var(axis=1) / variance - 1.0) < 4.0 * np.sqrt(2.0 / replicates))


def test_blocks_leave_every_bit_alone():
    whole = evolve([400, 380, 420], block=50)
    parts = [evolve([400, 380, 420], block=5, first_replicate=first) for first in range(0, 50, 5)]
    np.testing.assert_array_equal(np.concatenate(parts, axis=2), whole)


def test_one_more_year_moves_no_draw():
    np.testing.assert_array_equal(evolve([400, 380, 420, 500])[:3], evolve([400, 380, 420]))


def test_a_change_of_moves_holds_from_its_year_on():
    later = np.stack((MOVES, MOVES * 0.5))
    path = [400, 400, 400]
    np.testing.assert_array_equal(evolve(path, moves=later)[:2], evolve(path)[:2])
    assert not np.array_equal(evolve(path, moves=later)[2], evolve(path)[2])


def test_compiled_and_plain_counts_have_the_same_bits(monkeypatch):
    # People enough for both ways of drawing, and a year that shrinks.
    path = [900, 850, 300]
    compiled = evolve(path, block=6)
    monkeypatch.setattr(kernels, "_next_year", plain_python(kernels._next_year))
    np.testing.assert_array_equal(evolve(path, block=6), compiled)


@pytest.mark.parametrize("moves", [MOVES * 2.0, -MOVES])
def test_rows_that_are_no_probabilities_are_refused(moves):
    with pytest.raises(ValueError, match="adds up"):
        evolve([10, 10], moves=moves)
