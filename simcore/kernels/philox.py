"""Random numbers by address: the same draw for the same replicate, position, cell and stream.

Philox4x32-10 turns a counter of four words and a key of two into four random words. A counter here
is an address, so that no draw depends on the order, the blocks or the threads in which draws are
made.

References
----------
Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcore.kernels.compile import kernel, written_out
from simcore.kernels.instructions import number_of

# Words of 32 bits are held in 64, so that no product or sum of them can overflow: compiled code and
# plain Python then do the same arithmetic, without a warning.
WORD: Final = np.uint64(0xFFFFFFFF)
HALF: Final = np.uint64(32)
MULTIPLIER_0: Final = np.uint64(0xD2511F53)
MULTIPLIER_1: Final = np.uint64(0xCD9E8D57)
WEYL_0: Final = np.uint64(0x9E3779B9)
WEYL_1: Final = np.uint64(0xBB67AE85)
_UNUSED_BITS: Final = np.uint64(12)
_CELL_WIDTH: Final = 2.0**-52

_YEARS: Final = 256
_TYPES: Final = 16
_BANDS: Final = 256
_DESTINATIONS: Final = 4096


@written_out
def philox4x32(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four random words of a counter ``c0 … c3`` under a key ``k0, k1``.

    All are 32-bit words held in ``uint64``.
    """
    for _ in range(10):
        first = MULTIPLIER_0 * c0
        second = MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (second >> HALF) ^ c1 ^ k0, second & WORD, (first >> HALF) ^ c3 ^ k1, first & WORD
        k0 = (k0 + WEYL_0) & WORD
        k1 = (k1 + WEYL_1) & WORD
    return c0, c1, c2, c3


@written_out
def uniform_of(high: np.uint64, low: np.uint64) -> float:
    """Return an odd multiple of 2**-53, which lies in (0, 1), made of two random words."""
    return (number_of(((high << HALF) | low) >> _UNUSED_BITS) + 0.5) * _CELL_WIDTH


@kernel
def _fill_uniforms(
    first_replicate: int,
    position: np.uint64,
    cell: np.uint64,
    stream: np.uint64,
    seed: np.uint64,
    out: NDArray[np.float64],
) -> None:
    """Write the uniform of each replicate of a block into ``out : (block,)``."""
    for r in range(out.shape[0]):
        high, low, _, _ = philox4x32(
            np.uint64(first_replicate + r), position, cell, stream, seed & WORD, seed >> HALF
        )
        out[r] = uniform_of(high, low)


def uniforms(
    first_replicate: int, block: int, *, position: int, cell: int, stream: int, seed: int
) -> NDArray[np.float64]:
    """Draw one uniform in (0, 1) for each replicate of a block.

    Parameters
    ----------
    first_replicate, block
        Number of the first replicate, and how many follow from it on.
    position, cell, stream, seed
        The rest of the address: which draw of the cell, which year, type and band (see `cell_of`),
        which source of randomness (see `simcore.kernels.streams`), and the scenario's seed.

    Returns
    -------
    NDArray[np.float64]
        Shape ``(block,)``.
    """
    out = np.empty(block)
    words = (np.uint64(position), np.uint64(cell), np.uint64(stream), np.uint64(seed))
    _fill_uniforms(first_replicate, *words, out)
    return out


def cell_of(year: int, enrollment_type: int = 0, band: int = 0, destination: int = 0) -> int:
    """Pack a year's number, an enrollment type, a band and a destination into one word of an address.

    Raises
    ------
    ValueError
        If one of them is out of the range that the word can hold.
    """
    parts = ((year, _YEARS), (enrollment_type, _TYPES), (band, _BANDS), (destination, _DESTINATIONS))
    packed = 0
    for part, limit in parts:
        if not 0 <= part < limit:
            raise ValueError(f"{part} is out of an address's range of 0 to {limit - 1}")
        packed = packed * limit + part
    return packed
