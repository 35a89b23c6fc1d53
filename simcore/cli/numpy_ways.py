"""Draw a year of one replicate with NumPy in every way that may be its fastest, for a fair comparison.

All ways draw from the same law: every person's amount is one of the 4,096 of the table of his or her
band, each equally likely, and there are as many people in each band as the engines have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simcore.model.arrays import Int64

BitGenerator: TypeAlias = Callable[[int], np.random.BitGenerator]
Draw: TypeAlias = Callable[[np.random.Generator, int, Int64], Any]
"""A way to draw some people's amounts from a table and add them up."""
Way: TypeAlias = Callable[[np.random.Generator], object]

BIT_GENERATORS: Final[tuple[BitGenerator, ...]] = (np.random.PCG64, np.random.SFC64)
CHUNK: Final = 16_384
"""People drawn at a time by the ways that keep their arrays in a second-level cache."""


def numpy_ways(heads: Int64, tables: Int64) -> dict[str, Callable[[int], object]]:
    """Return ways to add up a year of one replicate, by name; each takes a seed.

    ``heads : (band,)`` people, ``tables : (band, 4096)`` equally likely amounts in cents.
    """
    amounts = tables.reshape(-1)

    def by_band(draw: Draw) -> Way:
        return lambda generator: [draw(generator, n, table) for n, table in zip(heads, tables, strict=True)]

    ways: dict[str, Way] = {
        "choice": by_band(_by_choice),
        "16-bit integers": by_band(_by_integers),
        "multinomial counts": by_band(_by_counts),
        "16-bit fields in chunks": by_band(_by_chunks),
        "16-bit integers, all bands at once": lambda generator: _all_bands(
            generator.integers(0, tables.shape[1], heads.sum(), dtype=np.uint16), heads, amounts
        ),
        "five fields of 64-bit integers, all bands at once": lambda generator: _all_bands(
            _fields(generator, int(heads.sum())), heads, amounts
        ),
        "16-bit fields in chunks, all bands at once": lambda generator: _all_bands_by_chunks(
            generator, heads, amounts
        ),
    }

    def task(way: Way, bits: BitGenerator) -> Callable[[int], object]:
        return lambda first: way(np.random.Generator(bits(first)))

    return {
        f"{name}, {bits(0).__class__.__name__}": task(way, bits)
        for name, way in ways.items()
        for bits in BIT_GENERATORS
    }


def _by_choice(generator: np.random.Generator, people: int, amounts: Int64) -> Any:
    """Draw amounts as a choice with replacement."""
    return generator.choice(amounts, people).sum()


def _by_integers(generator: np.random.Generator, people: int, amounts: Int64) -> Any:
    """Draw cells as 16-bit integers and take their amounts."""
    return amounts.take(generator.integers(0, amounts.size, people, dtype=np.uint16)).sum()


def _by_counts(generator: np.random.Generator, people: int, amounts: Int64) -> Any:
    """Draw how many people fall into each cell."""
    return generator.multinomial(people, np.full(amounts.size, 1.0 / amounts.size)) @ amounts


def _by_chunks(generator: np.random.Generator, people: int, amounts: Int64) -> Any:
    """Cut cells out of raw words, some thousand people at a time, into arrays that are kept."""
    taken = np.empty(min(people, CHUNK), np.int64)
    total = np.int64(0)
    for _, cells in _chunks_of_cells(generator, people):
        drawn = taken[: cells.size]
        amounts.take(cells, out=drawn, mode="wrap")
        total += drawn.sum()
    return total


def _all_bands_by_chunks(generator: np.random.Generator, heads: Int64, amounts: Int64) -> Any:
    """Cut cells out of raw words in the same manner, for all bands in one table."""
    first_cells = _first_cells(heads, amounts)
    taken = np.empty(min(first_cells.size, CHUNK), np.int64)
    total = np.int64(0)
    for first, cells in _chunks_of_cells(generator, first_cells.size):
        cells += first_cells[first : first + cells.size]
        drawn = taken[: cells.size]
        amounts.take(cells, out=drawn, mode="wrap")
        total += drawn.sum()
    return total


def _chunks_of_cells(generator: np.random.Generator, people: int) -> Iterator[tuple[int, Int64]]:
    """Yield the first person of each chunk and the chunk's cells: the low 12 of every 16 bits."""
    kept = np.empty(min(people, CHUNK), np.int64)
    for first in range(0, people, CHUNK):
        cells = kept[: people - first]
        fields = generator.bit_generator.random_raw(-(-cells.size // 4)).view(np.uint16)[: cells.size]
        np.bitwise_and(fields, np.uint16(4095), out=cells, casting="unsafe")
        yield first, cells


def _fields(generator: np.random.Generator, people: int) -> Int64:
    """Draw 64-bit integers and cut five cells of 12 bits out of each, as the kernel does."""
    words = generator.integers(0, 2**64 - 1, -(-people // 5), dtype=np.uint64, endpoint=True)
    cells = np.empty((5, words.size), np.int64)
    for field in range(5):
        np.bitwise_and(words >> np.uint64(12 * field), np.uint64(4095), out=cells[field], casting="unsafe")
    return cells.reshape(-1)[:people]


def _all_bands(cells: NDArray[np.integer[Any]], heads: Int64, amounts: Int64) -> Any:
    """Add up the amounts of cells drawn for all bands at once."""
    first_cells = _first_cells(heads, amounts)
    first_cells += cells
    return amounts.take(first_cells, mode="wrap").sum()


def _first_cells(heads: Int64, amounts: Int64) -> Int64:
    """Return where each person's table begins; heads by band differ between replicates."""
    return np.repeat(np.arange(heads.size) * (amounts.size // heads.size), heads)
