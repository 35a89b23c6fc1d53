"""What a result rests on: the numbers of the law and the terms of contracts, and the doubts about them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from simcore.errors import SimcoreError
from simcore.model.contracts.in_force import NOT_COMPARABLE, OTHER_YEAR, Note
from simcore.model.flow import Plan, contract_notes, law_not_applied, law_used
from simcore.model.mix_drift import mix_drifts
from simcore.regulation.reader import Entry
from simcore.scenario.schema import parse_scenario
from simcore.simulate import prepare

if TYPE_CHECKING:
    import xarray as xr

DOUBTS = ("unverified", "secondary", "illustrative")
"""Tags of evidence that a user is told of on every run."""


class Basis(NamedTuple):
    """Numbers of the law that a run used, notes on its contracts, what it left out, and what moves by itself."""

    law: tuple[Entry, ...]
    notes: tuple[Note, ...]
    not_applied: tuple[str, ...] = ()
    drifts: tuple[str, ...] = ()


def basis_of_plan(plan: Plan) -> Basis:
    """Return what a plan rests on."""
    drifts = mix_drifts(plan.people, plan.timeline)
    return Basis(law_used(plan), contract_notes(plan), law_not_applied(plan), drifts)


def basis_of(result: xr.Dataset) -> Basis | None:
    """Return what a result rests on.

    None where the rules at hand are not those that the result was made with, since a citation of other
    rules would be false, or where a file that its scenario names is not there any more.
    """
    try:
        study = prepare(parse_scenario(json.loads(result.attrs["scenario"]), source="result"))
    except SimcoreError:
        return None
    same = study.attributes["regulation_digest"] == result.attrs["regulation_digest"]
    return basis_of_plan(study.plan) if same else None


def remarks_on(basis: Basis) -> list[str]:
    """Return the doubts in few lines: numbers of the law by their count, terms of a contract by name."""
    unverified = sum(entry.unverified for entry in basis.law)
    lines = [*basis.drifts, *basis.not_applied]
    if unverified:
        some = "1 number of the law is" if unverified == 1 else f"{unverified} numbers of the law are"
        lines.append(f"{some} unverified; manifest.json or `simcore rules --unverified` lists them")
    contracts = dict.fromkeys(note.contract for note in basis.notes)
    lines += [
        f"{contract}: {terms}"
        for contract in contracts
        if (terms := _doubtful_terms([note for note in basis.notes if note.contract == contract]))
    ]
    return lines + _shared_lines(basis.notes)


def _doubtful_terms(notes: Sequence[Note]) -> str:
    """Return a contract's terms by tag of evidence, each term once."""
    by_kind = {kind: dict.fromkeys(_named(note) for note in notes if note.kind == kind) for kind in DOUBTS}
    return "; ".join(f"{kind}: {', '.join(terms)}" for kind, terms in by_kind.items() if terms)


def _named(note: Note) -> str:
    """Return what a note is about: its term, or the election that its text begins with."""
    return note.term or note.text.partition(" ")[0]


def _shared_lines(notes: Sequence[Note]) -> list[str]:
    """Return other years' terms and what cannot be compared, each sentence once with its contracts."""
    contracts: dict[tuple[str, str], dict[str, None]] = {}
    for note in notes:
        if note.kind in (OTHER_YEAR, NOT_COMPARABLE):
            contracts.setdefault((note.kind, note.text), {})[note.contract] = None
    return [f"{', '.join(labels)}: {kind}: {text}" for (kind, text), labels in contracts.items()]
