"""Find what is wrong with a number of the law before anybody computes with it."""

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from simcore.errors import near_matches
from simcore.regulation.tracks import TRACKS

REQUIRED_KEYS: Final = ("name", "value", "unit", "dated_by", "from", "citation", "evidence", "status")
OPTIONAL_KEYS: Final = ("until", "tracks", "where", "note")
KEYS: Final = REQUIRED_KEYS + OPTIONAL_KEYS
DATED_BY: Final = ("performance_year", "agreement_start")
EVIDENCE: Final = ("cfr", "public_results", "secondary", "derived", "unverified", "illustrative")
STATUS: Final = ("final", "proposed")

Raw = Mapping[str, object]


def entry_problems(raw: Raw) -> list[str]:
    """Return what is wrong with one ``[[number]]`` on its own, one sentence each."""
    problems = [
        f"key {key!r} is not known; allowed: {', '.join(KEYS)}{near_matches(key, KEYS)}"
        for key in raw
        if key not in KEYS
    ]
    problems += [f"key {key!r} is missing" for key in REQUIRED_KEYS if key not in raw]
    problems += [
        f"{key}: {raw[key]!r} is not a text with at least one character"
        for key in ("name", "unit", "citation")
        if key in raw and not _is_text(raw[key])
    ]
    for key, allowed in (("dated_by", DATED_BY), ("evidence", EVIDENCE), ("status", STATUS)):
        if key in raw and raw[key] not in allowed:
            hint = near_matches(str(raw[key]), allowed)
            problems.append(f"{key}: {raw[key]!r} is not allowed; allowed: {', '.join(allowed)}{hint}")
    if "note" in raw and not isinstance(raw["note"], str):
        problems.append(f"note: {raw['note']!r} is not a text")
    if "value" in raw and (fault := _value_fault(raw["value"])):
        problems.append(f"value: {fault}")
    return problems + _date_problems(raw) + _selector_problems(raw)


def layer_problems(raw: Raw, known: Iterable[Raw]) -> list[str]:
    """Return how `raw`, of an overlay, contradicts the numbers of the same name that it is laid over.

    A misspelled name would change nothing and say nothing, and a percent in the place of a fraction
    would pay a hundredfold: both are refused.
    """
    known = list(known)
    name = str(raw["name"])
    same_name = [other for other in known if other["name"] == name]
    if not same_name:
        names = sorted({str(other["name"]) for other in known})
        return [f"name: {name!r} is no number of the rules{near_matches(name, names)}"]
    problems = []
    units = sorted({str(other["unit"]) for other in same_name})
    if raw["unit"] not in units:
        problems.append(f"unit: {raw['unit']!r} is not {' or '.join(map(repr, units))}, the unit of {name}")
    kinds = {_kind(other["value"]) for other in same_name}
    if _kind(raw["value"]) not in kinds:
        problems.append(
            f"value: {raw['value']!r} is not {' or '.join(sorted(kinds))}, as {name} is in the rules"
        )
    elif _is_fraction(same_name) and any(not 0.0 <= number <= 1.0 for number in _numbers(raw["value"])):
        problems.append(
            f"value: {raw['value']!r} does not lie within 0 and 1; {name} is a fraction, not a percent"
        )
    return problems


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _value_fault(value: object) -> str:
    if isinstance(value, list):
        return next(
            (fault for item in value if (fault := _value_fault(item))), "" if value else "the array is empty"
        )
    if isinstance(value, float) and not math.isfinite(value):
        return f"{value!r} is not a finite number"
    if not isinstance(value, (bool, int, float, str)):
        return f"{value!r} is neither a number, a text, true or false, nor an array of these"
    return ""


def _date_problems(raw: Raw) -> list[str]:
    problems = [
        f"{key}: {raw[key]!r} is no date such as 2024-01-01"
        for key in ("from", "until")
        if key in raw and not _is_day(raw[key])
    ]
    start, end = raw.get("from"), raw.get("until")
    if not problems and isinstance(start, date) and isinstance(end, date) and end < start:
        problems.append(f"until: {end} is before from, {start}")
    return problems


def _selector_problems(raw: Raw) -> list[str]:
    problems = []
    tracks = raw.get("tracks", ["any"])
    if not isinstance(tracks, list) or not tracks:
        problems.append(f"tracks: {tracks!r} is no list of tracks")
    elif "tracks" in raw:
        problems += [
            f"tracks: {track!r} is no track; allowed: {', '.join(TRACKS)}{near_matches(str(track), TRACKS)}"
            for track in tracks
            if track not in TRACKS
        ]
    where = raw.get("where", {})
    if not isinstance(where, dict):
        problems.append(f"where: {where!r} is no table such as {{ period = 1 }}")
    else:
        problems += [
            f"where.{key}: {value!r} is neither a text nor a whole number"
            for key, value in where.items()
            if isinstance(value, bool) or not isinstance(value, (str, int))
        ]
    return problems


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, (int, float)):
        return "a number"
    return "an array" if isinstance(value, list) else "a text"


def _numbers(value: object) -> list[float]:
    if isinstance(value, list):
        return [number for item in value for number in _numbers(item)]
    return [float(value)] if isinstance(value, (int, float)) and not isinstance(value, bool) else []


def _is_fraction(entries: Iterable[Raw]) -> bool:
    """Say whether a name's numbers are all fractions in the rules that are overlaid."""
    entries = list(entries)
    numbers = [number for entry in entries for number in _numbers(entry["value"])]
    return all(entry["unit"] == "1" for entry in entries) and all(0.0 <= number <= 1.0 for number in numbers)
