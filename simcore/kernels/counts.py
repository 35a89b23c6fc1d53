"""How many people of one enrollment type are in each risk band, year after year.

Counts are drawn exactly: every year the people of a band go to the bands of the next year, or are
gone, by a multinomial law that is a row of binomial ones; joiners come in so that the type follows
its size path. Each binomial draw has an address of its own, so another year, replicate or type moves
none.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcore.kernels.binomial import FLIPPED, LOG_FAILURE, ODDS, SMALLER, binomial_smaller, chances_of
from simcore.kernels.compile import kernel, part_of_kernel
from simcore.kernels.philox import HALF, WORD, cell_of, philox4x32, random_words, uniform_of
from simcore.kernels.streams import INITIAL_BANDS, JOINERS, MOVES

_YEAR: Final = cell_of(1)
_BAND: Final = np.uint64(cell_of(0, 0, 1))
_THINNING: Final = np.uint64(4095)
_LANES: Final = 8


@kernel
def _first_attempts(
    first_replicate: int,
    cell: np.uint64,
    places: NDArray[np.uint64],
    seed: np.uint64,
    uniforms: NDArray[np.float64],
) -> None:
    """Draw the two uniforms of position 0 of every draw of a year: this loop becomes vector code.

    ``places : (draw,)`` holds the stream and the rest of the cell of each draw, ``uniforms : (2,
    block, draw)``.
    """
    for r in range(uniforms.shape[1]):
        replicate = np.uint64(first_replicate + r)
        for d in range(uniforms.shape[2]):
            first, second, third, fourth = philox4x32(
                replicate,
                np.uint64(0),
                cell + (places[d] & WORD),
                places[d] >> HALF,
                seed & WORD,
                seed >> HALF,
            )
            uniforms[0, r, d] = uniform_of(first, second)
            uniforms[1, r, d] = uniform_of(third, fourth)


@kernel
def _next_year(
    first_replicate: int,
    cell: np.uint64,
    places: NDArray[np.uint64],
    uniforms: NDArray[np.float64],
    chances: NDArray[np.float64],
    order: NDArray[np.int64],
    wanted: int,
    people: NDArray[np.int64],
    seed: np.uint64,
    arrived: NDArray[np.int64],
) -> None:
    """Send the people of each band to the next year's bands, and let joiners fill up to `wanted`.

    ``places`` and ``uniforms`` as in `_first_attempts`, ``chances : (row, band, 4)`` of each binomial
    draw of a row, ``order : (row, band + 1)`` the bands they go to (joiners are the last row, "gone"
    is band number ``band``), ``people : (band, block)`` of this year, ``arrived : (band, block)`` of
    the next. Integer sums: exact in any order.
    """
    bands, block = people.shape
    heads = np.zeros(bands + 1, dtype=np.int64)
    for r in range(block):
        key = (np.uint64(first_replicate + r), seed & WORD, seed >> HALF)
        # Written out and not as a function of its own, to which an array costs 10 ns a call to hand over.
        for row in range(bands + 1):
            left = wanted
            if row < bands:
                left = people[row, r]
            else:
                for band in range(bands):
                    left -= heads[band]
            if left < 0:
                _thin(-left, cell, key, heads)
                continue
            for split in range(bands):
                if left == 0:
                    break
                d = row * bands + split
                some = binomial_smaller(
                    left,
                    chances[row, split, SMALLER],
                    chances[row, split, ODDS],
                    chances[row, split, LOG_FAILURE],
                    uniforms[0, r, d],
                    uniforms[1, r, d],
                    (key[0], cell + (places[d] & WORD), places[d] >> HALF, key[1], key[2]),
                )
                if chances[row, split, FLIPPED] > 0.0:
                    some = left - some
                heads[order[row, split]] += some
                left -= some
            heads[order[row, bands]] += left
        for band in range(bands):
            arrived[band, r] = heads[band]
            heads[band] = 0


@part_of_kernel
def _thin(
    removals: int,
    cell: np.uint64,
    key: tuple[np.uint64, np.uint64, np.uint64],
    heads: NDArray[np.int64],
) -> None:
    """Take people out of the bands one at a time, each as likely as another."""
    replicate, key_low, key_high = key
    people = heads[:-1].sum()
    for removal in range(removals):
        first, second, _, _ = random_words(
            replicate, np.uint64(removal), cell + _THINNING, np.uint64(MOVES), key_low, key_high
        )
        person = min(int(uniform_of(first, second) * people), people - 1)
        band = 0
        while person >= heads[band]:
            person -= heads[band]
            band += 1
        heads[band] -= 1
        people -= 1


def initial_counts(
    people: int,
    shares: NDArray[np.float64],
    *,
    block: int,
    first_replicate: int,
    year: int,
    enrollment_type: int,
    seed: int,
) -> NDArray[np.int64]:
    """Draw how many of a type's people are in each band in the first year.

    Parameters
    ----------
    people
        Heads of the type.
    shares
        Probability of each band, shape ``(band,)``, adding up to 1.
    block, first_replicate
        How many replicates, and the number of the first.
    year, enrollment_type, seed
        The rest of the address; years are numbered from the first benchmark year, types in the order
        ESRD, DISABLED, AGED_DUAL, AGED_NON_DUAL.

    Returns
    -------
    NDArray[np.int64]
        Shape ``(band, block)``; a multinomial draw of `people` for each replicate.
    """
    # One year of a chain that begins with nobody: everybody joins.
    bands = shares.shape[0]
    counts = np.zeros((2, bands, block), dtype=np.int64)
    nobody_moves = np.zeros((1, bands, bands))
    _fill(
        counts,
        np.array([0, people], dtype=np.int64),
        _with_gone(nobody_moves, shares),
        first_replicate=first_replicate,
        cell=cell_of(year, enrollment_type),
        streams=(MOVES, INITIAL_BANDS),
        seed=seed,
    )
    drawn: NDArray[np.int64] = counts[1]
    return drawn


def evolve_counts(
    initial: NDArray[np.int64],
    path: NDArray[np.int64],
    *,
    moves: NDArray[np.float64],
    joiners: NDArray[np.float64],
    first_replicate: int,
    year: int,
    enrollment_type: int,
    seed: int,
) -> NDArray[np.int64]:
    """Draw the heads of one enrollment type by band over the years.

    Parameters
    ----------
    initial
        Heads by band in the first year, shape ``(band, block)``.
    path
        Heads of the type in each year, shape ``(year,)``; the first is `initial`'s and is not read.
    moves
        Probability to be assigned next year *and* in a band, given this year's band, shape ``(band,
        band)``, or ``(year - 1, band, band)`` where it changes; the rest of a row leaves or dies.
    joiners
        Probability of each band for those who join, shape ``(band,)``, adding up to 1.
    first_replicate, year, enrollment_type, seed
        Address; `year` is the number of the first year of `path`.

    Returns
    -------
    NDArray[np.int64]
        Shape ``(year, band, block)``. Every year has exactly `path` people: where more survive than
        that, those who stay are a simple random sample of them. Their number is what that costs, so
        let `moves` carry a planned shrinking.
    """
    years, (bands, block) = path.shape[0], initial.shape
    counts = np.empty((years, bands, block), dtype=np.int64)
    counts[0] = initial
    if years > 1:
        _fill(
            counts,
            np.ascontiguousarray(path, dtype=np.int64),
            _with_gone(np.broadcast_to(moves, (years - 1, bands, bands)), joiners),
            first_replicate=first_replicate,
            cell=cell_of(year + 1, enrollment_type),
            streams=(MOVES, JOINERS),
            seed=seed,
        )
    return counts


def _with_gone(moves: NDArray[np.float64], joiners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Append joiners as the last row and "gone" as the last column: ``(transition, band + 1, band + 1)``."""
    rows = np.concatenate((moves, np.broadcast_to(joiners, (moves.shape[0], 1, joiners.shape[0]))), axis=1)
    gone = 1.0 - rows.sum(axis=2, keepdims=True)
    if np.any(rows < 0.0) or np.any(gone < -1e-9) or np.any(np.abs(gone[:, -1]) > 1e-9):
        raise ValueError("a row of moves adds up to at most 1, joiners to 1, and no probability is negative")
    gone[:, -1] = 0.0
    return np.concatenate((rows, np.maximum(gone, 0.0)), axis=2)


def _fill(
    counts: NDArray[np.int64],
    path: NDArray[np.int64],
    rows: NDArray[np.float64],
    *,
    first_replicate: int,
    cell: int,
    streams: tuple[int, int],
    seed: int,
) -> None:
    """Split every row into binomial draws, the likeliest band first, and fill ``counts[1:]``."""
    bands, block = counts.shape[1:]
    # The likeliest first: small counts are then used up after few draws.
    order = np.argsort(-rows, axis=2, kind="stable")
    likeliest = np.take_along_axis(rows, order, axis=2)
    rest = np.cumsum(likeliest[:, :, ::-1], axis=2)[:, :, ::-1]
    chances = chances_of(np.divide(likeliest, rest, out=np.zeros_like(rest), where=rest > 0.0)[:, :, :bands])
    row_of = np.arange(bands + 1, dtype=np.uint64)[:, np.newaxis]
    stream_of = np.where(row_of < bands, np.uint64(streams[0]), np.uint64(streams[1]))
    places = (stream_of << HALF) + row_of * _BAND + order[:, :, :bands].astype(np.uint64)
    draws = (bands + 1) * bands
    padded = np.zeros((rows.shape[0], -(-draws // _LANES) * _LANES), dtype=np.uint64)
    padded[:, :draws] = places.reshape(-1, draws)
    uniforms = np.empty((2, block, padded.shape[1]))
    for t in range(rows.shape[0]):
        year = np.uint64(cell + t * _YEAR)
        _first_attempts(first_replicate, year, padded[t], np.uint64(seed), uniforms)
        _next_year(
            first_replicate,
            year,
            padded[t],
            uniforms,
            chances[t],
            order[t],
            path[t + 1],
            counts[t],
            np.uint64(seed),
            counts[t + 1],
        )
