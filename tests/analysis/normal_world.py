"""A world whose savings rates are normal with SD c / sqrt(beneficiaries): a stand-in for the simulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from tests.example_results import example_result

NOISE = 2.14


@dataclass(frozen=True)
class NormalWorld:
    """A scenario in miniature; `with_changes` is spelled as the real one's."""

    beneficiaries: float = 10_000
    true_savings: float = 0.0
    replicates: int = 2_000
    seed: int = 7
    years: int = 1

    def with_changes(self, changes: Mapping[str, object], /) -> NormalWorld:
        """Return a copy with `changes` made."""
        return replace(self, **changes)


def simulate(world: NormalWorld) -> xr.Dataset:
    """Return the normal results of a world; all worlds of one seed share their draws."""
    result = example_result(
        replicates=world.replicates,
        mean=world.true_savings,
        deviation=NOISE / np.sqrt(world.beneficiaries),
        seed=world.seed,
        years=world.years,
    )
    result["true_savings"][:] = world.true_savings
    return result
