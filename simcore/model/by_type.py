"""Turn what a scenario says by enrollment type into arrays in the order of the types, and back."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from simcore.model.arrays import Float64
from simcore.vocabulary import ENROLLMENT_TYPES

Item = TypeVar("Item")


def by_type(values: Mapping[Any, float], absent: float | Sequence[float] | Float64 = 0.0) -> Float64:
    """Return numbers as an array ``(enrollment_type,)``; a type that is not named has its number of `absent`."""
    otherwise = np.broadcast_to(absent, len(ENROLLMENT_TYPES))
    return np.array(
        [values.get(name, other) for name, other in zip(ENROLLMENT_TYPES, otherwise, strict=True)]
    )


def of_type(values: Mapping[Any, Item], name: str) -> Item | None:
    """Return what is said of one enrollment type, if anything is."""
    return values.get(name)


def add_types(amounts: Float64) -> Float64:
    """Return the sum over enrollment types, the first axis, in their order."""
    # In the order of the types whatever the block: another order changes the last bits of the sum.
    total = amounts[0].copy()
    for amount in amounts[1:]:
        total += amount
    return np.asarray(total, np.float64)
