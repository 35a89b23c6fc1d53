"""Tell a number of the rules as text: what it is, its value, for whom, from when, and where it is written."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, Protocol

_LONGEST: Final = 6
"""How many items of a list are written out."""


class CitedNumber(Protocol):
    """One number of the rules, as ``simcore.regulation`` holds it."""

    @property
    def name(self) -> str:
        """What the number is called."""

    @property
    def value(self) -> Any:
        """The number, or a table."""

    @property
    def unit(self) -> str:
        """Its unit, ``"1"`` for a fraction."""

    @property
    def effective(self) -> date:
        """From when it holds."""

    @property
    def tracks(self) -> tuple[str, ...]:
        """For which tracks; empty for all."""

    @property
    def citation(self) -> str:
        """Where it is written."""

    @property
    def evidence(self) -> str:
        """How surely it is known."""

    @property
    def status(self) -> str:
        """``final`` or ``proposed``."""


class ContractNote(Protocol):
    """Something to know about a contract outside of the program, as ``simcore.model`` tells it."""

    @property
    def contract(self) -> str:
        """Which contract."""

    @property
    def kind(self) -> str:
        """A tag of evidence, or what kind of remark it is."""

    @property
    def text(self) -> str:
        """The remark."""

    @property
    def years(self) -> tuple[int, ...]:
        """The performance years that it is about."""

    @property
    def term(self) -> str:
        """The term that it is about; empty for the whole contract."""


def note_texts(note: ContractNote) -> dict[str, str]:
    """Return a note on a contract as text: ``contract``, ``years``, ``evidence`` and ``what``."""
    first, last = note.years[0], note.years[-1]
    return {
        "contract": note.contract,
        "years": f"{first}" if first == last else f"{first}–{last}",
        "evidence": note.kind,
        "what": note.text,
    }


def citation_texts(number: CitedNumber) -> dict[str, str]:
    """Return one number of the rules as text; a long table is told by its size.

    Parameters
    ----------
    number
        An entry of the regulation.

    Returns
    -------
    dict
        ``name``, ``value`` with its unit, ``tracks``, ``effective``, ``citation`` and ``evidence``.
    """
    return {
        "name": number.name.replace("_", " "),
        "value": _told(number.value) + ("" if number.unit in ("", "1", "bool") else f" {number.unit}"),
        "tracks": ", ".join(number.tracks) or "all",
        "effective": str(number.effective),
        "citation": number.citation,
        "evidence": number.evidence if number.status == "final" else f"{number.evidence}, {number.status}",
    }


def _told(value: Any) -> str:
    """Return a value as text: yes or no, six significant digits, the items of a short list."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        short = len(value) <= _LONGEST and not any(isinstance(item, tuple | list) for item in value)
        return ", ".join(_told(item) for item in value) if short else f"table of {len(value)} rows"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
