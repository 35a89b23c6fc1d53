"""Hold the numbers of options to what can be computed: a shell takes ``nan``, ``inf`` and 1e-320 for numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from simcore.errors import SimcoreError


class Bounds(NamedTuple):
    """The numbers that an option takes, both ends included, and how they are told to the user."""

    lowest: float
    highest: float
    told: str


FRACTION: Final = Bounds(0.0, 1.0, "a fraction from 0 to 1")
SIGNED_FRACTION: Final = Bounds(-1.0, 1.0, "a fraction from -1 to 1")
USD: Final = Bounds(0.0, 1e15, "an amount in USD of 0 or more")
LEVEL: Final = Bounds(0.001, 0.999_999, "0.001 to 0.999999, such as 0.95")
YEAR: Final = Bounds(2012, 2045, "a performance year from 2012 to 2045")


def hold_to_bounds(source: str, options: Mapping[str, tuple[float | Sequence[float] | None, Bounds]]) -> None:
    """Refuse every option whose number, or one of whose numbers, lies outside; None is not given.

    Raises
    ------
    SimcoreError
        With all of them at once.
    """
    problems = []
    for option, (given, bounds) in options.items():
        values = given if isinstance(given, Sequence) else () if given is None else (given,)
        problems += [
            f"{option}: {value:g} is not allowed; allowed: {bounds.told}"
            for value in values
            if not (math.isfinite(value) and bounds.lowest <= value <= bounds.highest)
        ]
    if problems:
        raise SimcoreError(source, problems)
