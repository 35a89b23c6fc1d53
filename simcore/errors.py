"""Errors that a user can mend: where, what was found, what is allowed, why; all problems at once."""

from collections.abc import Sequence
from difflib import get_close_matches

_SHOWN_PROBLEMS = 40
_LONGEST = 600
"""Problems, and characters of each, that a person reads at once."""


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
        source = _on_one_line(self.source)
        if len(self.problems) == 1:
            return f"{source}: {_on_one_line(self.problems[0])}"
        lines = [
            f"{source}: {len(self.problems)} problems",
            *(f"  - {_on_one_line(problem)}" for problem in self.problems[:_SHOWN_PROBLEMS]),
        ]
        if len(self.problems) > _SHOWN_PROBLEMS:
            lines.append(f"  - and {len(self.problems) - _SHOWN_PROBLEMS:,} more")
        return "\n".join(lines)


def _on_one_line(text: str) -> str:
    r"""Return `text` cut to a readable length, what a terminal would obey (``\x1b[2J``) spelled out."""
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode("ascii")
        for character in shown
    )


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
