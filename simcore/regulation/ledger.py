"""Look the rules up for one track, agreement and year, and keep a list of what was used."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from simcore.errors import RegulationError
from simcore.regulation.reader import Entry, Regulation, table


class Ledger:
    """The rules as they stand for one track, agreement start and performance year.

    Every number that is looked up is kept in ``used``, so that a result can show what it rests on
    and say which numbers nobody has read.

    Parameters
    ----------
    regulation
        The program's numbers.
    performance_year, agreement_start, track, where
        What the look-ups are for; see `Regulation.entry`.
    """

    def __init__(
        self,
        regulation: Regulation,
        *,
        performance_year: int | None = None,
        agreement_start: date | None = None,
        track: str | None = None,
        where: Mapping[str, str | int] | None = None,
    ) -> None:
        self.regulation = regulation
        self.performance_year = performance_year
        self.agreement_start = agreement_start
        self.track = track
        self.where = dict(where or {})
        self._used: dict[int, Entry] = {}

    @property
    def used(self) -> tuple[Entry, ...]:
        """The entries looked up so far, each once, in the order of their first use."""
        return tuple(self._used.values())

    def entry(self, name: str, **where: str | int) -> Entry:
        """Return the entry `name` in force; `where` adds selectors. Errors as of `Regulation.entry`."""
        entry = self.regulation.entry(
            name,
            performance_year=self.performance_year,
            agreement_start=self.agreement_start,
            track=self.track,
            where={**self.where, **where},
        )
        self._used.setdefault(id(entry), entry)
        return entry

    def number(self, name: str, **where: str | int) -> float:
        """Return the number `name` in force."""
        return float(table(self.entry(name, **where)))

    def array(self, name: str, **where: str | int) -> NDArray[np.float64]:
        """Return the array of numbers `name` in force."""
        return table(self.entry(name, **where))

    def flag(self, name: str) -> bool:
        """Return whether the rule `name` is switched on."""
        return bool(self.entry(name).value)

    def word(self, name: str, allowed: Sequence[str]) -> str:
        """Return the rule `name`, one of the words that the arithmetic knows.

        Raises
        ------
        RegulationError
            If an overlay has another word.
        """
        value = self.entry(name).value
        if value not in allowed:
            raise RegulationError(
                "regulation", f"{name}: {value!r} is not allowed; allowed: {', '.join(allowed)}"
            )
        return str(value)

    def words(self, name: str) -> tuple[str, ...]:
        """Return the list of words `name` in force."""
        value = self.entry(name).value
        return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)

    def holds(self, name: str) -> bool:
        """Say whether the switch `name` is in force and on; a switch that is not in force is off."""
        entry = self.find(name)
        return entry is not None and bool(entry.value)

    def find(self, name: str, **where: str | int) -> Entry | None:
        """Return the entry `name` in force, or None; it does not count as used."""
        return self.regulation.find(
            name,
            performance_year=self.performance_year,
            agreement_start=self.agreement_start,
            track=self.track,
            where={**self.where, **where},
        )


def unverified(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return a sentence for each of `entries` that nobody has read in its source."""
    return tuple(
        f"unverified: {entry.name} = {entry.value} ({entry.citation})"
        + (f" — {entry.note}" if entry.note else "")
        for entry in entries
        if entry.unverified
    )
