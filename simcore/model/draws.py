"""Draw the standard normals of a block, each by its address."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simcore.kernels.normal import normals
from simcore.kernels.philox import cell_of
from simcore.model.arrays import Float64
from simcore.model.timeline import address


class Draws(NamedTuple):
    """Replicates ``first … first + block - 1`` under a seed."""

    first: int
    block: int
    seed: int

    def normals(self, stream: int, cell: int = 0) -> Float64:
        """Return normals ``(replicate,)``."""
        return normals(self.first, self.block, position=0, cell=cell, stream=stream, seed=self.seed)

    def by_year(self, stream: int, years: tuple[int, ...], kind: int = 0) -> Float64:
        """Return normals ``(year, replicate)``; `kind` is the position of an enrollment type."""
        return np.stack([self.normals(stream, cell_of(address(year), kind)) for year in years])
