"""Let a loop over a list end on whole vectors: what is left of one is done a place at a time, in more time."""

from typing import Final

from simcore.kernels.compile import part_of_kernel

_LANES: Final = 8
"""Numbers of a vector of 512 bits."""


@part_of_kernel
def in_vectors(n: int) -> int:
    """Round up to whole vectors.

    Places past the end of a list hold what was valid once, and nobody reads what becomes of them.
    """
    return (n + _LANES - 1) & -_LANES
