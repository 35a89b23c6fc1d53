"""Say what a contract's terms are in a performance year, and what must be told about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from simcore.errors import ScenarioError
from simcore.model.contracts.labels import (
    PRESET,
    TERMS_OF,
    YEARS,
    contract_mapping,
    key_problems,
    parse_label,
)
from simcore.model.contracts.reading import expanded, merged, read_terms
from simcore.model.contracts.terms import ContractTerms
from simcore.regulation.preset_checks import TERMS
from simcore.regulation.presets import Election, Preset, Presets, PresetTerm

VERIFIED: Final = "verified"
OVERRIDDEN: Final = "user's own"
ELECTED: Final = "elected"
OTHER_YEAR: Final = "other year"
NOT_COMPARABLE: Final = "not comparable"
"""A tag of evidence, and the kinds of a note beside the tags."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a user must know about a contract in some performance years.

    ``kind`` is a tag of evidence (``verified``, ``secondary``, ``derived``, ``unverified``,
    ``illustrative``), ``user's own``, ``elected``, ``other year`` or ``not comparable``. A note on a term names it
    and where it stands.
    """

    contract: str
    kind: str
    text: str
    years: tuple[int, ...]
    term: str = ""
    source: str = ""

    def __str__(self) -> str:
        """Return the note as a line."""
        first, last = self.years[0], self.years[-1]
        span = f"{first}" if first == last else f"{first}-{last}"
        return f"{self.contract} {span}: {self.kind}: {self.text}"


class ContractInForce(NamedTuple):
    """The terms of a contract in a performance year, and the notes that go with them."""

    terms: ContractTerms
    notes: tuple[Note, ...]


def contract_terms(
    contract: str | Mapping[str, object], performance_year: int, presets: Presets, *, label: str = ""
) -> ContractInForce:
    """Return a contract's terms in a performance year.

    Parameters
    ----------
    contract
        A label such as ``REACH-GLOBAL`` or ``NGACO-A cap=0.10``, or the contract itself: terms by name,
        with ``preset`` where it starts from one.
    performance_year
        The calendar year. A preset has, outside its years, the terms of its nearest year, and a note
        says so.
    presets
        The presets, with the user's overlays.
    label
        What the contract is called in notes and errors; the label or the preset's name if absent.

    Raises
    ------
    ScenarioError
        With all problems of the contract at once.
    RegulationError
        If a preset is unknown.
    """
    written = contract_mapping(parse_label(contract), presets) if isinstance(contract, str) else contract
    called = label or (contract if isinstance(contract, str) else str(written.get(PRESET, "contract")))
    preset = presets.preset(str(written[PRESET])) if PRESET in written else None
    elections, faults = _elections(written, preset)
    year, year_notes = _year_of_terms(written, preset, performance_year)
    in_force = presets.in_force(preset.label, year, elections) if preset else {}
    own = {name: _of_year(written[name], performance_year) for name in TERMS if name in written}

    values: dict[str, object] = {name: term.value for name, term in in_force.items()}
    for election in preset.elections.values() if preset else ():
        if election.term:
            values[election.term] = _elected(election, written)
    for name, change in own.items():
        values[name] = merged(values.get(name), expanded(name, change))
    terms, term_problems = read_terms(values)
    problems = [*key_problems(written, preset), *faults, *term_problems]
    if problems or terms is None:
        raise ScenarioError(f"contract {called}", problems)

    said = [(OTHER_YEAR, text, "", "") for text in year_notes]
    said += [
        (OVERRIDDEN, f"{name} = {written_out(value)}", name, f"contract {called}")
        for name, value in own.items()
    ]
    said += [
        (term.evidence, _evidence(term), name, term.citation)
        for name, term in in_force.items()
        if name not in own
    ]
    said += _preset_notes(written, preset) if preset else []
    notes = tuple(Note(called, kind, text, (performance_year,), *where) for kind, text, *where in said)
    return ContractInForce(terms, notes)


def contract_years(
    contract: str | Mapping[str, object],
    performance_years: Sequence[int],
    presets: Presets,
    *,
    label: str = "",
) -> tuple[tuple[ContractTerms, ...], tuple[Note, ...]]:
    """Return a contract's terms, one a performance year, and its notes, each once with its years.

    Arguments and errors are those of `contract_terms`.
    """
    terms: list[ContractTerms] = []
    notes: list[Note] = []
    for year in performance_years:
        in_force = contract_terms(contract, year, presets, label=label)
        terms.append(in_force.terms)
        notes += in_force.notes
    years: dict[Note, list[int]] = {}
    for note in notes:
        years.setdefault(replace(note, years=()), []).extend(note.years)
    return tuple(terms), tuple(replace(note, years=tuple(when)) for note, when in years.items())


def doubts(notes: Sequence[Note]) -> tuple[str, ...]:
    """Return the notes as lines, without those on what is verified: its source stands beside the number."""
    return tuple(str(note) for note in notes if note.kind != VERIFIED)


def written_out(value: object) -> str:
    """Return a term's value as it is written in TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written_out(item)}" for key, item in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(written_out(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _elections(written: Mapping[str, object], preset: Preset | None) -> tuple[dict[str, str], list[str]]:
    """Return the chosen words by election, and what is wrong with words and numbers."""
    chosen, problems = {}, []
    for election in preset.elections.values() if preset else ():
        value = written.get(election.name, election.default)
        if election.choices:
            chosen[election.name] = str(value)
            if value not in election.choices:
                allowed = ", ".join(election.choices)
                problems.append(f"{election.name}: {value!r} is not allowed; allowed: {allowed}")
        elif not (isinstance(value, (int, float)) and election.lowest <= value <= election.highest):
            problems.append(
                f"{election.name}: {value!r} is not allowed; a fraction from {election.lowest:g} to "
                f"{election.highest:g} ({election.citation})"
            )
    return chosen, problems


def _elected(election: Election, written: Mapping[str, object]) -> object:
    """Return the elected number in the form of its term."""
    return expanded(election.term, written.get(election.name, election.default))


def _year_of_terms(
    written: Mapping[str, object], preset: Preset | None, performance_year: int
) -> tuple[int, list[str]]:
    """Return the year whose terms hold, and a sentence where it is not the performance year."""
    asked = written.get(TERMS_OF, performance_year)
    years = preset.years if preset else written.get(YEARS, (performance_year, performance_year))
    if not isinstance(asked, int) or isinstance(asked, bool):
        raise ScenarioError("contract", f"{TERMS_OF}: {asked!r} is not allowed; a year such as 2026")
    if not (isinstance(years, (list, tuple)) and len(years) == 2 and all(isinstance(y, int) for y in years)):
        raise ScenarioError("contract", f"{YEARS}: {years!r} is not allowed; a pair such as [2027, 2031]")
    year = min(max(asked, years[0]), years[1])
    if year == performance_year:
        return year, []
    if not preset:
        return year, [
            f"the contract is written for {years[0]} to {years[1]}; its terms are taken as they are"
        ]
    why = f"the terms of {year} are taken"
    if TERMS_OF in written:
        why += f", as {TERMS_OF} asks"
    elif years[0] > performance_year:
        why += f": {preset.title} begins in {years[0]}"
    else:
        why += f": {preset.title} ended in {years[1]}"
    return year, [why]


def _of_year(value: object, performance_year: int) -> object:
    """Return the value of a term written by year: that of the last year that has begun, else the first."""
    if not isinstance(value, dict) or not value or not all(str(key).isdigit() for key in value):
        return value
    by_year = {int(key): item for key, item in value.items()}
    begun = [year for year in by_year if year <= performance_year]
    return by_year[max(begun) if begun else min(by_year)]


def _preset_notes(written: Mapping[str, object], preset: Preset) -> list[tuple[str, str, str, str]]:
    """Return what is elected or assumed, and what a preset cannot be compared in."""
    elected = [
        (election.evidence, _assumed(election), election.term, election.citation)
        if election.name not in written
        else (ELECTED, f"{election.name} = {written[election.name]}", election.term, election.citation)
        for election in preset.elections.values()
    ]
    return elected + [(NOT_COMPARABLE, remark, "", "") for remark in preset.remarks]


def _evidence(term: PresetTerm) -> str:
    """Return what a term is and where it is from."""
    remark = f" {term.note}" if term.note else ""
    return f"{term.name} = {written_out(term.value)} ({term.citation}).{remark}"


def _assumed(election: Election) -> str:
    """Return what was taken for an election that nobody made."""
    remark = f" {election.note}" if election.note else ""
    return f"{election.name} = {written_out(election.default)} is taken ({election.citation}).{remark}"
