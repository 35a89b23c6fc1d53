"""Errors that a user can mend: where, what was found, what is allowed, why; all problems at once."""

from collections.abc import Sequence
from difflib import get_close_matches


class SimcoreError(Exception):
    """A fault of the input, told so that its owner can mend it.

    Parameters
    ----------
    source
        Where the fault lies: a file's path, an option of the command line, or the name of a call.
    problems
        One sentence a problem, each with the place, the value found and what is allowed.
    """

    def __init__(self, source: str, problems: Sequence[str] | str) -> None:
        self.source = source
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__(source, self.problems)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return f"{self.source}: {self.problems[0]}"
        lines = [
            f"{self.source}: {len(self.problems)} problems",
            *(f"  - {problem}" for problem in self.problems),
        ]
        return "\n".join(lines)


class ScenarioError(SimcoreError):
    """A scenario asks for what cannot be simulated."""


class RegulationError(SimcoreError):
    """The rules hold no number for what was asked, or an overlay is malformed."""


class DataError(SimcoreError):
    """A file of CMS, of beneficiaries or of results cannot be read as what it should be."""


class ResultError(SimcoreError):
    """A stored result is damaged, of another version, or lacks what a question needs."""


def near_matches(word: str, allowed: Sequence[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the nearest allowed words, or an empty string."""
    matches = get_close_matches(word, list(allowed), n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(repr(match) for match in matches)}?" if matches else ""
