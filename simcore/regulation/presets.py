"""Read the presets of contracts beyond the Shared Savings Program, each value dated, cited, tagged."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from simcore.errors import DataError, RegulationError, near_matches
from simcore.regulation.folders import CONTRACTS_FOLDER, require_overlay, toml_files
from simcore.regulation.preset_checks import Raw, election_problems, file_problems, term_problems
from simcore.toml_file import read_toml

CONTRACTS: Final = Path(__file__).parent / "data" / "contracts"


@dataclass(frozen=True, slots=True)
class PresetTerm:
    """One term of a contract as its source has it.

    ``value`` has the form of the term in a scenario's contract. ``years`` are the first and the last
    performance year; ``where`` are elections under which it holds; ``layer`` is 0 for the shipped
    presets and counts the overlays.
    """

    name: str
    value: object
    years: tuple[int, int]
    contracts: tuple[str, ...]
    where: Mapping[str, str]
    evidence: str
    citation: str
    note: str
    layer: int

    def holds(self, contract: str, year: int, elections: Mapping[str, str]) -> bool:
        """Say whether this term is in force for a contract, a performance year and its elections."""
        elected = all(elections.get(key) == choice for key, choice in self.where.items())
        return contract in self.contracts and self.years[0] <= year <= self.years[1] and elected


@dataclass(frozen=True, slots=True)
class Election:
    """What the parties choose: one of ``choices``, or a number from ``lowest`` to ``highest`` for ``term``.

    ``default`` is taken where a label does not say; it is nobody's rule.
    """

    name: str
    contracts: tuple[str, ...]
    default: str | float
    choices: tuple[str, ...]
    lowest: float
    highest: float
    term: str
    evidence: str
    citation: str
    note: str


@dataclass(frozen=True, slots=True)
class Preset:
    """A contract's name, its performance years, and what must be said when another stands beside it."""

    label: str
    title: str
    years: tuple[int, int]
    remarks: tuple[str, ...]
    elections: Mapping[str, Election]


@dataclass(frozen=True, slots=True)
class Presets:
    """All presets, and the look-up of what is in force."""

    by_label: Mapping[str, Preset]
    terms: tuple[PresetTerm, ...]
    digest: str

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of all presets, in the order of their files."""
        return tuple(self.by_label)

    def preset(self, label: str) -> Preset:
        """Return the preset called `label`.

        Raises
        ------
        RegulationError
            If there is none, with the nearest labels.
        """
        if label not in self.by_label:
            hint = near_matches(label, self.labels)
            raise RegulationError(
                "contract", f"{label!r} is no contract{hint}; allowed: {', '.join(self.labels)}"
            )
        return self.by_label[label]

    def in_force(
        self, label: str, year: int, elections: Mapping[str, str] | None = None
    ) -> dict[str, PresetTerm]:
        """Return the terms of a contract by name.

        Parameters
        ----------
        label
            A preset's label.
        year
            Performance year, within the preset's years.
        elections
            Chosen words by election; an absent one has its default.

        Notes
        -----
        Of several terms of one name the one of the last overlay counts, then the one that depends on
        more elections, then the one of the fewest years.
        """
        preset = self.preset(label)
        chosen = {name: str(election.default) for name, election in preset.elections.items()}
        chosen |= dict(elections or {})
        holding = [term for term in self.terms if term.holds(label, year, chosen)]
        holding.sort(key=lambda term: (term.layer, len(term.where), term.years[0] - term.years[1]))
        return {term.name: term for term in holding}


def read_presets(overlays: Sequence[Path] = ()) -> Presets:
    """Read the shipped presets, and the user's overlays over them.

    Parameters
    ----------
    overlays
        Folders with a folder ``contracts`` of TOML files of the form of
        ``simcore/regulation/data/contracts``; an overlay without one changes no contract. A file's terms
        count instead of the shipped ones, for the contracts and years that they name; a file with a
        ``[preset]`` table adds contracts.

    Raises
    ------
    RegulationError
        If a file cannot be read or is malformed: all problems at once; or if an overlay holds neither
        contracts nor numbers of the law.
    """
    # As with the law: the package's own files are read once, a user's every time.
    return _laid_over(tuple(overlays)) if overlays else _shipped()


@cache
def _shipped() -> Presets:
    """Return the package's own presets, read once."""
    return _laid_over(())


def _laid_over(overlays: tuple[Path, ...]) -> Presets:
    """Read the package's presets, and those of overlays over them."""
    for overlay in overlays:
        require_overlay(overlay)
    folders = [CONTRACTS, *(overlay / CONTRACTS_FOLDER for overlay in overlays)]
    files = [(file, layer) for layer, folder in enumerate(folders) for file in toml_files(folder)]
    by_label: dict[str, Preset] = {}
    terms: list[PresetTerm] = []
    problems: list[str] = []
    contents = []
    for file, layer in files:
        content, faults = _content(file)
        if not content and not faults:
            faults = ["holds no contract; write [[term]] above each term"]
        faults = faults or file_problems(content, list(by_label))
        if not faults:
            own = _presets(content)
            by_label |= own
            faults = _term_faults(content, by_label)
        if faults:
            problems += [f"{file.name}: {fault}" for fault in faults]
            continue
        contents.append(content)
        terms += [_term(raw, content, by_label, layer) for raw in _tables(content, "term")]
    if problems:
        raise RegulationError("contracts", problems)
    canonical = json.dumps(contents, sort_keys=True, default=str)
    return Presets(by_label, tuple(terms), hashlib.sha256(canonical.encode()).hexdigest())


def _content(file: Path) -> tuple[dict[str, object], list[str]]:
    """Return a file's content, or what keeps it from being read."""
    try:
        return read_toml(file), []
    except DataError as error:
        return {}, list(error.problems)


def _tables(content: Raw, name: str) -> list[dict[str, object]]:
    """Return the tables ``[[name]]`` of a file."""
    tables = content.get(name, [])
    return [table for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []


def _term_faults(content: Raw, by_label: Mapping[str, Preset]) -> list[str]:
    """Return what is wrong with each term and election of a file, by their place."""
    return [
        f"{kind} {position} ({raw.get('name', 'no name')}): {fault}"
        for kind, check in (("term", term_problems), ("election", election_problems))
        for position, raw in enumerate(_tables(content, kind), start=1)
        for fault in check(raw, list(by_label))
    ]


def _presets(content: Raw) -> dict[str, Preset]:
    """Return the presets that a file's ``[preset]`` table declares."""
    head = content.get("preset")
    if not isinstance(head, dict):
        return {}
    labels = tuple(map(str, head["contracts"]))
    elections = [_election(raw, labels) for raw in _tables(content, "election") if "name" in raw]
    remarks = tuple(map(str, head.get("remarks", ())))
    years = (int(head["years"][0]), int(head["years"][1]))
    return {
        label: Preset(
            label,
            str(head["title"]),
            years,
            remarks,
            {election.name: election for election in elections if label in election.contracts},
        )
        for label in labels
    }


def _election(raw: Raw, labels: tuple[str, ...]) -> Election:
    """Make an election of its table."""
    choices, between, contracts = (_list(raw.get(key)) for key in ("choices", "between", "contracts"))
    default = raw.get("default", "")
    return Election(
        name=str(raw["name"]),
        contracts=tuple(map(str, contracts)) or labels,
        default=str(default) if choices else float(str(default or "nan")),
        choices=tuple(map(str, choices)),
        lowest=float(str(between[0])) if between else 0.0,
        highest=float(str(between[1])) if between else 0.0,
        term=str(raw.get("term", "")),
        evidence=str(raw.get("evidence", "")),
        citation=str(raw.get("citation", "")),
        note=str(raw.get("note", "")),
    )


def _term(raw: Raw, content: Raw, by_label: Mapping[str, Preset], layer: int) -> PresetTerm:
    """Make a term of a table that has passed its checks."""
    head = content.get("preset")
    labels = raw.get("contracts") or (head["contracts"] if isinstance(head, dict) else [])
    contracts = tuple(map(str, _list(labels)))
    years = _list(raw.get("years")) or [
        min(by_label[label].years[0] for label in contracts),
        max(by_label[label].years[1] for label in contracts),
    ]
    where = raw.get("where", {})
    return PresetTerm(
        name=str(raw["name"]),
        value=raw["value"],
        years=(int(str(years[0])), int(str(years[-1]))),
        contracts=contracts,
        where={str(key): str(value) for key, value in where.items()} if isinstance(where, dict) else {},
        evidence=str(raw["evidence"]),
        citation=str(raw["citation"]),
        note=str(raw.get("note", "")),
        layer=layer,
    )


def _list(value: object) -> list[object]:
    """Return a list as it is and anything else as an empty one."""
    return list(value) if isinstance(value, list) else []
