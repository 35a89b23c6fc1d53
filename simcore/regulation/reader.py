"""Read the program's numbers, each with its date and citation, and say which is in force when."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simcore.errors import RegulationError, near_matches
from simcore.regulation.folders import read_folder

Value: TypeAlias = "float | str | bool | tuple[Value, ...]"
Selector: TypeAlias = Mapping[str, str | int]

DATA: Final = Path(__file__).parent / "data"
PROPOSED: Final = DATA / "proposed_cy2027"


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of the law: what it is, from when, for whom, and where it is written.

    ``effective`` and ``until`` are days of the agreement's start or of the performance year's first
    day, as ``dated_by`` says. ``layer`` is 0 for the shipped rules and counts the overlays.
    """

    name: str
    value: Value
    unit: str
    dated_by: str
    effective: date
    until: date | None
    citation: str
    evidence: str
    status: str
    note: str
    tracks: tuple[str, ...]
    where: Selector = field(hash=False)
    layer: int

    @property
    def unverified(self) -> bool:
        """Whether nobody has read this number in its source."""
        return self.evidence == "unverified"

    def holds(self, day: date, track: str | None, where: Selector) -> bool:
        """Say whether this entry is in force on `day` for `track` and the selectors `where`."""
        in_time = self.effective <= day and (self.until is None or day <= self.until)
        selected = all(where.get(key) == value for key, value in self.where.items())
        return in_time and selected and (not self.tracks or track in self.tracks)


@dataclass(frozen=True, slots=True)
class Regulation:
    """Every number of the rules, and the look-up of the one in force.

    Of several that hold, the one of the last overlay counts, then the one with more selectors, then
    the one that took effect last.
    """

    entries: tuple[Entry, ...]
    digest: str = field(init=False, repr=False, compare=False)
    """SHA-256 of every entry's content, in order: it names the rules that a result was made with."""
    _by_name: dict[str, list[Entry]] = field(init=False, repr=False, compare=False)
    _found: dict[object, Entry | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[str, list[Entry]] = {}
        for entry in self.entries:
            by_name.setdefault(entry.name, []).append(entry)
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "_found", {})
        content = [[str(getattr(entry, key)) for key in _CONTENT] for entry in self.entries]
        object.__setattr__(self, "digest", hashlib.sha256(json.dumps(content).encode()).hexdigest())

    def entry(
        self,
        name: str,
        *,
        performance_year: int | None = None,
        agreement_start: date | None = None,
        track: str | None = None,
        where: Selector | None = None,
    ) -> Entry:
        """Return the number `name` in force.

        Parameters
        ----------
        name
            What the number is called in ``simcore/regulation/data``.
        performance_year, agreement_start
            The dates that decide; a number dated by the one that is not given is not in force.
            A performance year begins on 1 January, or with the agreement when that starts later in it.
        track
            Needed for a number that is not the same for every track.
        where
            Further selectors, such as ``{"period": 1}``.

        Raises
        ------
        RegulationError
            If no number of that name is in force.
        """
        found = self.find(
            name, performance_year=performance_year, agreement_start=agreement_start, track=track, where=where
        )
        if found is None:
            raise RegulationError(
                "regulation", self._absence(name, performance_year, agreement_start, track, where)
            )
        return found

    def find(
        self,
        name: str,
        *,
        performance_year: int | None = None,
        agreement_start: date | None = None,
        track: str | None = None,
        where: Selector | None = None,
    ) -> Entry | None:
        """Return the number `name` in force, or None; the arguments are those of `entry`.

        Raises
        ------
        RegulationError
            If the rules have no number of that name at any time.
        """
        # Blocks of a simulation ask the same again and again: a remembered answer costs a tenth.
        asked = (name, performance_year, agreement_start, track, frozenset((where or {}).items()))
        if asked not in self._found:
            self._found[asked] = self._search(name, performance_year, agreement_start, track, where or {})
        return self._found[asked]

    def number(
        self,
        name: str,
        *,
        performance_year: int | None = None,
        agreement_start: date | None = None,
        track: str | None = None,
        where: Selector | None = None,
    ) -> float:
        """Return the value of the number `name` in force; arguments and errors as for `entry`."""
        value = self.entry(
            name, performance_year=performance_year, agreement_start=agreement_start, track=track, where=where
        ).value
        if isinstance(value, (str, tuple)):
            raise RegulationError("regulation", f"{name!r} is {value!r}, not one number")
        return float(value)

    def _search(
        self,
        name: str,
        performance_year: int | None,
        agreement_start: date | None,
        track: str | None,
        where: Selector,
    ) -> Entry | None:
        """Return the entry that counts among those in force."""
        if name not in self._by_name:
            hint = near_matches(name, list(self._by_name))
            raise RegulationError("regulation", f"{name!r} is no number of the rules{hint}")
        days = {
            "performance_year": _first_day(performance_year, agreement_start),
            "agreement_start": agreement_start,
        }
        in_force = [
            entry
            for entry in self._by_name[name]
            if (day := days[entry.dated_by]) is not None and entry.holds(day, track, where)
        ]
        return max(in_force, key=_rank, default=None)

    def _absence(
        self,
        name: str,
        performance_year: int | None,
        agreement_start: date | None,
        track: str | None,
        where: Selector | None,
    ) -> str:
        """Say that no number holds, for what, and which there are."""
        asked = {
            "performance year": performance_year,
            "agreement start": agreement_start,
            "track": track,
            **{str(key): value for key, value in (where or {}).items()},
        }
        given = ", ".join(f"{key} {value}" for key, value in asked.items() if value is not None)
        spans = "; ".join(sorted({_span(entry) for entry in self._by_name[name]}))
        return f"no {name!r} is in force for {given or 'no date'}; the rules have it for: {spans}"


def read_regulation(overlays: Sequence[Path] = (), *, proposed: bool = False) -> Regulation:
    """Read the shipped rules, the proposed ones if asked, and the user's overlays over them.

    Parameters
    ----------
    overlays
        Folders of TOML files of the form of ``simcore/regulation/data``. Their numbers count instead
        of earlier ones that are in force for the same date and selectors.
    proposed
        Whether to lay CMS's proposals for calendar year 2027, which are not law, over the rules.

    Raises
    ------
    RegulationError
        If a folder or file cannot be read or is malformed: all problems at once.
    """
    # A user's files may change while a process runs; those of the package do not, and take long to read.
    return _laid_over(tuple(overlays), proposed) if overlays else _shipped(proposed)


@cache
def _shipped(proposed: bool) -> Regulation:
    """Return the package's own rules, read once."""
    return _laid_over((), proposed)


def _laid_over(overlays: tuple[Path, ...], proposed: bool) -> Regulation:
    """Read rules, proposals and overlays, each laid over those before."""
    layers = [DATA, *([PROPOSED] if proposed else []), *overlays]
    known: list[dict[str, object]] = []
    entries: list[Entry] = []
    for layer, folder in enumerate(layers):
        own = read_folder(folder, known, shipped=folder in (DATA, PROPOSED))
        known += own
        entries += [_entry(raw, layer) for raw in own]
    return Regulation(tuple(entries))


def table(entry: Entry) -> NDArray[np.float64]:
    """Return the value of `entry`, an array of numbers, as float64.

    Raises
    ------
    RegulationError
        If the value is no rectangle of numbers.
    """
    try:
        return np.asarray(entry.value, dtype=np.float64)
    except ValueError:
        raise RegulationError(
            "regulation", f"{entry.name!r} is {entry.value!r}, no rectangle of numbers"
        ) from None


_CONTENT: Final = tuple(Entry.__slots__)


def _first_day(performance_year: int | None, agreement_start: date | None) -> date | None:
    if performance_year is None:
        return None
    new_year = date(performance_year, 1, 1)
    if agreement_start is not None and agreement_start.year == performance_year:
        return max(new_year, agreement_start)
    return new_year


def _rank(entry: Entry) -> tuple[int, int, date]:
    """Order the entries in force: the greatest counts."""
    return entry.layer, len(entry.where) + bool(entry.tracks), entry.effective


def _span(entry: Entry) -> str:
    until = f" to {entry.until}" if entry.until else ""
    who = f", {'/'.join(entry.tracks)}" if entry.tracks else ""
    where = "".join(f", {key} {value}" for key, value in entry.where.items())
    return f"{entry.dated_by.replace('_', ' ')} from {entry.effective}{until}{who}{where}"


def _entry(raw: Mapping[str, object], layer: int) -> Entry:
    """Make an entry of a table that has passed its checks."""
    content = {("effective" if key == "from" else key): _frozen(value) for key, value in raw.items()}
    absent: dict[str, object] = {"until": None, "note": "", "tracks": (), "where": {}}
    return Entry(**{**absent, **content, "layer": layer})  # type: ignore[arg-type]


def _frozen(value: object) -> object:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
