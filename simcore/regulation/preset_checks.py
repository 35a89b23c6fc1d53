"""Find what is wrong with a file of contract presets before anybody settles with it."""

from collections.abc import Mapping, Sequence
from typing import Final

from simcore.errors import near_matches

TERMS: Final = (
    "target",
    "discount",
    "benchmark_addition",
    "quality_withhold",
    "retention_withhold",
    "equity_adjustment",
    "msr",
    "mlr",
    "sharing_base",
    "threshold",
    "bands_savings",
    "bands_losses",
    "quality_rate",
    "cap_gross",
    "cap_shared",
    "sequestration",
    "loss_carry_forward",
    "payment_withhold",
    "truncation",
    "stop_loss",
)
"""Names of the terms of a contract, in the order in which they act."""

EVIDENCE: Final = ("verified", "secondary", "derived", "unverified", "illustrative")
"""Read in CMS's words or reproduced from its results; read elsewhere; inferred; recalled; our own choice."""

_FILE_KEYS: Final = ("preset", "election", "term")
_PRESET_KEYS: Final = ("title", "contracts", "years", "remarks")
_ELECTION_KEYS: Final = (
    "name",
    "contracts",
    "default",
    "choices",
    "between",
    "term",
    "evidence",
    "citation",
    "note",
)
_TERM_KEYS: Final = ("name", "value", "years", "contracts", "where", "evidence", "citation", "note")

Raw = Mapping[str, object]


def file_problems(content: Raw, known: Sequence[str]) -> list[str]:
    """Return what is wrong with a file's outline: its tables, and the presets it declares.

    Parameters
    ----------
    content
        The file.
    known
        Labels that earlier files declare.
    """
    problems = _unknown(content, _FILE_KEYS)
    problems += [
        f"{key!r} is no list of tables; write [[{key}]] above each"
        for key in ("election", "term")
        if key in content and not _is_tables(content[key])
    ]
    head = content.get("preset", {})
    if not isinstance(head, dict):
        return [*problems, "'preset' is no table; write [preset]"]
    if head:
        problems += [f"preset: {fault}" for fault in _unknown(head, _PRESET_KEYS)]
        problems += [
            f"preset: key {key!r} is missing" for key in ("title", "contracts", "years") if key not in head
        ]
        if "years" in head and not _is_span(head["years"]):
            problems.append(f"preset.years: {head['years']!r} is no pair such as [2021, 2026]")
        labels = head.get("contracts", ["-"])
        if not _is_texts(labels):
            problems.append(f"preset.contracts: {labels!r} is no list of labels")
        else:
            problems += [
                f"preset.contracts: {label!r} is declared already" for label in labels if label in known
            ]
    return problems


def term_problems(raw: Raw, labels: Sequence[str]) -> list[str]:
    """Return what is wrong with one ``[[term]]``, apart from its value."""
    problems = _unknown(raw, _TERM_KEYS) + _missing(raw, ("name", "value", "evidence", "citation"))
    name = raw.get("name")
    if name is not None and name not in TERMS:
        problems.append(
            f"name: {name!r} is no term{near_matches(str(name), TERMS)}; allowed: {', '.join(TERMS)}"
        )
    problems += _evidence_problems(raw) + _contract_problems(raw, labels)
    if "years" in raw and not _is_span(raw["years"]):
        problems.append(f"years: {raw['years']!r} is no pair such as [2021, 2022]")
    if not isinstance(raw.get("where", {}), dict):
        problems.append(f'where: {raw["where"]!r} is no table such as {{ spending = "lower" }}')
    return problems


def election_problems(raw: Raw, labels: Sequence[str]) -> list[str]:
    """Return what is wrong with one ``[[election]]``."""
    problems = _unknown(raw, _ELECTION_KEYS) + _missing(raw, ("name", "default", "evidence", "citation"))
    problems += _evidence_problems(raw) + _contract_problems(raw, labels)
    choices, between = raw.get("choices"), raw.get("between")
    if (choices is None) == (between is None):
        return [*problems, "exactly one of 'choices' and 'between' must be given"]
    if choices is not None and not (_is_texts(choices) and raw.get("default") in _items(choices)):
        problems.append(f"choices: {choices!r} is no list of words with the default among them")
    if between is not None:
        numbers = isinstance(between, list) and len(between) == 2 and all(map(_is_number, between))
        if not numbers or not _is_number(raw.get("default")):
            problems.append(f"between: {between!r} is no pair of numbers with a number as default")
        if raw.get("term") not in TERMS:
            problems.append(f"term: {raw.get('term')!r} is no term; allowed: {', '.join(TERMS)}")
    return problems


def _unknown(raw: Raw, allowed: Sequence[str]) -> list[str]:
    return [
        f"key {key!r} is not known{near_matches(key, allowed)}; allowed: {', '.join(allowed)}"
        for key in raw
        if key not in allowed
    ]


def _missing(raw: Raw, keys: Sequence[str]) -> list[str]:
    return [f"key {key!r} is missing" for key in keys if key not in raw]


def _evidence_problems(raw: Raw) -> list[str]:
    evidence = raw.get("evidence", EVIDENCE[0])
    if evidence in EVIDENCE:
        return []
    hint = near_matches(str(evidence), EVIDENCE)
    return [f"evidence: {evidence!r} is not allowed{hint}; allowed: {', '.join(EVIDENCE)}"]


def _contract_problems(raw: Raw, labels: Sequence[str]) -> list[str]:
    contracts = raw.get("contracts", [])
    if not isinstance(contracts, list):
        return [f"contracts: {contracts!r} is no list of labels"]
    return [
        f"contracts: {label!r} is no contract{near_matches(str(label), labels)}; allowed: {', '.join(labels)}"
        for label in contracts
        if label not in labels
    ]


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_span(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(year, int) and 1900 < year < 2200 for year in value)
        and value[0] <= value[1]
    )
