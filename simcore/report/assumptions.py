"""List everything that was assumed, defaults included, in words and with its source."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import xarray as xr

from simcore.errors import ResultError

WORDS: Final = Path(__file__).with_name("assumptions.toml")

_SECTIONS: Final = {
    "aco": "The ACO",
    "spending": "Spending of a person",
    "growth": "Growth of the nation",
    "region": "The region",
    "aco_deviation": "The ACO's own course",
    "risk_scores": "Risk scores",
    "savings": "True savings",
    "benchmark": "Benchmark",
    "quality": "Quality",
    "revenue": "Participants' revenue",
    "contract": "Contracts",
    "simulation": "Simulation",
    "regulation": "Rules",
}


class Assumption(NamedTuple):
    """One key of the scenario: what it means, its value in words, and where the value comes from."""

    section: str
    key: str
    words: str
    value: str
    source: str


def scenario_of(result: xr.Dataset) -> dict[str, Any]:
    """Return the scenario that a result carries.

    Raises
    ------
    ResultError
        If the attribute ``scenario`` is no JSON object.
    """
    try:
        scenario = json.loads(result.attrs["scenario"])
    except (KeyError, ValueError) as error:
        raise ResultError(
            "result", "attribute 'scenario' is no JSON; a result carries its scenario"
        ) from error
    if not isinstance(scenario, dict):
        raise ResultError("result", "attribute 'scenario' is no JSON object; a result carries its scenario")
    return scenario


def assumptions(result: xr.Dataset, defaults: Mapping[str, Any] | None = None) -> list[Assumption]:
    """Return every assumption of the run, in the order of a scenario file.

    Parameters
    ----------
    result
        A result of ``simulate``; its attribute ``scenario`` holds every key, defaults included.
    defaults
        The shipped defaults by section and key. Where a value differs from them, the source is the
        scenario; without them the source is that of the default.
    """
    scenario = scenario_of(result)
    ordered = [name for name in _SECTIONS if name in scenario]
    ordered += [name for name in scenario if name not in _SECTIONS and name != "title"]
    rows = []
    for section in ordered:
        keys = scenario[section] if isinstance(scenario[section], dict) else {"": scenario[section]}
        known = defaults.get(section, {}) if defaults is not None else keys
        for key, value in keys.items():
            shipped = key in known and known[key] == value
            rows.append(
                _row(section, key, value, otherwise="default" if shipped and defaults else "the scenario")
            )
            if not shipped and _given(value):
                rows[-1] = rows[-1]._replace(source="the scenario")
    return rows


def _given(value: object) -> bool:
    """Say whether the scenario holds a value at all."""
    return value is not None and value not in ({}, [], "")


@cache
def _words() -> Mapping[str, Any]:
    """Return the words of every key."""
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def _row(section: str, key: str, value: object, *, otherwise: str) -> Assumption:
    """Return the line of one key; `otherwise` is the source where none is published."""
    about = _words().get(section, {}).get(key, {})
    return Assumption(
        _SECTIONS.get(section, section),
        f"{section}.{key}".rstrip("."),
        about.get("words", key.replace("_", " ") or section),
        say(value) if _given(value) else about.get("absent", "not given"),
        about.get("source", otherwise if _given(value) else "default"),
    )


def say(value: object) -> str:
    """Return a value of a scenario in words; what is absent inside a table is left out.

    Examples
    --------
    >>> say({"ESRD": 0.0256, "DISABLED": None}), say([2024, 2025]), say(True), say(12330)
    ('ESRD 0.0256', '2024, 2025', 'yes', '12,330')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        inside = [(key, item) for key, item in value.items() if item not in (None, {}, [])]
        return "; ".join(f"{key} {_inside(item)}" for key, item in inside)
    if isinstance(value, list | tuple):
        return ", ".join(say(item) for item in value)
    # Years and seeds read badly with separators; head counts do not.
    if isinstance(value, int) and 9_999 < abs(value) < 10_000_000:
        return f"{value:,}"
    return str(value)


def _inside(item: object) -> str:
    """Return a value inside a table; a table inside a table in brackets, its one key left unsaid."""
    if not isinstance(item, dict):
        return say(item)
    given = {key: value for key, value in item.items() if value not in (None, {}, [])}
    if list(given) == ["assigned_beneficiaries"]:
        return f"{given['assigned_beneficiaries']:,}"
    return "(" + ", ".join(f"{key.replace('_', ' ')} {say(value)}" for key, value in given.items()) + ")"
