"""How many people of one enrollment type are in each risk band, year after year.

Counts are drawn exactly: every year the people of a band go to the bands of the next year, or are
gone, by a multinomial law that is a row of binomial ones; joiners come in so that the type follows
its size path. Each binomial draw has an address of its own, so another year, replicate or type moves
none.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcore.kernels.binomial import FLIPPED, SPACE, TILE, binomials, chances_of
from simcore.kernels.compile import kernel, part_of_kernel
from simcore.kernels.philox import HALF, WORD, cell_of, philox4x32, uniform_of
from simcore.kernels.streams import INITIAL_BANDS, JOINERS, MOVES

_YEAR: Final = cell_of(1)
_BAND: Final = np.uint64(cell_of(0, 0, 1))
_THINNING: Final = np.uint64(4095)


@kernel
def _next_year(
    first_replicate: int,
    cell: np.uint64,
    places: NDArray[np.uint64],
    chances: NDArray[np.float64],
    order: NDArray[np.int64],
    wanted: int,
    people: NDArray[np.int64],
    seed: np.uint64,
    arrived: NDArray[np.int64],
) -> None:
    """Send the people of each band to the next year's bands, and let joiners fill up to `wanted`.

    ``places : (row, band)`` is the stream and the rest of the cell of each binomial draw of a row,
    ``chances : (row, band, 4)`` its probability, ``order : (row, band + 1)`` the bands that a row goes to
    (joiners are the last row, "gone" is band number ``band``), ``people : (band, block)`` of this year,
    ``arrived : (band, block)`` of the next. Integer sums: exact in any order.
    """
    bands, block = people.shape
    space = np.zeros(SPACE)
    few = np.zeros(TILE, dtype=np.int64)
    many = np.zeros(TILE, dtype=np.int64)
    left = np.empty(TILE, dtype=np.int64)
    some = np.empty(TILE, dtype=np.int64)
    heads = np.empty((bands + 1, TILE), dtype=np.int64)
    for start in range(0, block, TILE):
        size = min(TILE, block - start)
        for band in range(bands + 1):
            for r in range(size):
                heads[band, r] = 0
        for row in range(bands + 1):
            if row < bands:
                for r in range(size):
                    left[r] = people[row, start + r]
            else:
                _missing(first_replicate + start, size, wanted, cell, seed, heads, left)
            for split in range(bands):
                address = (cell + (places[row, split] & WORD), places[row, split] >> HALF, seed)
                binomials(
                    first_replicate + start,
                    address,
                    chances[row, split],
                    left,
                    size,
                    space,
                    few,
                    many,
                    some,
                )
                flipped = chances[row, split, FLIPPED] > 0.0
                band = order[row, split]
                for r in range(size):
                    goes = left[r] - some[r] if flipped else some[r]
                    heads[band, r] += goes
                    left[r] -= goes
            for r in range(size):
                heads[order[row, bands], r] += left[r]
        for band in range(bands):
            for r in range(size):
                arrived[band, start + r] = heads[band, r]


@part_of_kernel
def _missing(
    first_replicate: int,
    size: int,
    wanted: int,
    cell: np.uint64,
    seed: np.uint64,
    heads: NDArray[np.int64],
    missing: NDArray[np.int64],
) -> None:
    """Write how many people of `wanted` are missing; where there are too many, take some out."""
    bands = heads.shape[0] - 1
    for r in range(size):
        people = 0
        for band in range(bands):
            people += heads[band, r]
        missing[r] = max(wanted - people, 0)
        if people > wanted:
            _thin(first_replicate, r, people, people - wanted, cell, seed, heads)


@part_of_kernel
def _thin(
    first_replicate: int,
    r: int,
    people: int,
    removals: int,
    cell: np.uint64,
    seed: np.uint64,
    heads: NDArray[np.int64],
) -> None:
    """Take some of a replicate's people out of the bands one at a time, each as likely as another."""
    for removal in range(removals):
        first, second, _, _ = philox4x32(
            np.uint64(first_replicate + r),
            np.uint64(removal),
            cell + _THINNING,
            np.uint64(MOVES),
            seed & WORD,
            seed >> HALF,
        )
        person = min(int(uniform_of(first, second) * people), people - 1)
        band = 0
        while person >= heads[band, r]:
            person -= heads[band, r]
            band += 1
        heads[band, r] -= 1
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
    bands = counts.shape[1]
    # The likeliest first: small counts are then used up after few draws.
    order = np.argsort(-rows, axis=2, kind="stable")
    likeliest = np.take_along_axis(rows, order, axis=2)
    rest = np.cumsum(likeliest[:, :, ::-1], axis=2)[:, :, ::-1]
    chances = chances_of(np.divide(likeliest, rest, out=np.zeros_like(rest), where=rest > 0.0)[:, :, :bands])
    row_of = np.arange(bands + 1, dtype=np.uint64)[:, np.newaxis]
    stream_of = np.where(row_of < bands, np.uint64(streams[0]), np.uint64(streams[1]))
    places = (stream_of << HALF) + row_of * _BAND + order[:, :, :bands].astype(np.uint64)
    for t in range(rows.shape[0]):
        _next_year(
            first_replicate,
            np.uint64(cell + t * _YEAR),
            places[t],
            chances[t],
            order[t],
            path[t + 1],
            counts[t],
            np.uint64(seed),
            counts[t + 1],
        )
