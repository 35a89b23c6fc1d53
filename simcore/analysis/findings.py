"""Hold what the model shows against what was published: a figure, its error, and a verdict."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from simcore.analysis.estimates import Estimate

STANDARD_ERRORS: Final = 4.0
"""How far a simulated figure may lie from an exact one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One published figure beside the model's.

    Attributes
    ----------
    title
        What is measured.
    published
        The figure as it was published, with the room that it leaves.
    value, standard_error
        The model's; the error is nought where nothing is simulated.
    holds
        Whether the two agree; ``None`` where it is only shown.
    source
        Where the figure was published.
    """

    title: str
    published: str
    value: float
    standard_error: float
    holds: bool | None
    source: str

    @property
    def verdict(self) -> str:
        """Return the verdict in a word."""
        return "shown" if self.holds is None else "holds" if self.holds else "missed"


class Grid(NamedTuple):
    """A table of text with names for its rows and columns; shown, not judged."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Chapter(NamedTuple):
    """Findings of one kind, with what there is to say of them; a picture is a file and what it shows."""

    title: str
    about: str
    findings: tuple[Finding, ...]
    grids: tuple[Grid, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()


def exactly(title: str, estimate: Estimate, exact: float, *, source: str) -> Finding:
    """Return a finding that may differ from an exact figure by four standard errors of simulation."""
    value, error = float(estimate.value), float(estimate.standard_error)
    return Finding(title, f"{exact:.6g}", value, error, abs(value - exact) <= STANDARD_ERRORS * error, source)


def near(title: str, estimate: Estimate, published: float, *, tolerance: float, source: str) -> Finding:
    """Return a finding that may differ from a published figure by a tolerance."""
    value, error = float(estimate.value), float(estimate.standard_error)
    holds = published - tolerance <= value <= published + tolerance
    return Finding(title, f"{published:g} ± {tolerance:.3g}", value, error, holds, source)


def within(title: str, estimate: Estimate, lowest: float, highest: float, *, source: str) -> Finding:
    """Return a finding that may lie anywhere in a published range, whose upper end may be infinite."""
    value, error = float(estimate.value), float(estimate.standard_error)
    published = f"at least {lowest:g}" if np.isinf(highest) else f"{lowest:g} to {highest:g}"
    return Finding(title, published, value, error, lowest <= value <= highest, source)


def shown(title: str, estimate: Estimate, *, source: str) -> Finding:
    """Return a figure that nothing published is held against."""
    return Finding(title, "", float(estimate.value), float(estimate.standard_error), None, source)


def without_error(value: float) -> Estimate:
    """Return a value that no simulation error clings to."""
    return Estimate(np.asarray(value, np.float64), np.zeros(()))
