"""The defaults of the model: read once from the cited data files beside this one."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_FILES = ("scenario", "growth")
"""Files whose tables and keys are those of a scenario."""

_ESTIMATED = {"aco_deviation": "aco_layer"}
"""Sections whose keys are estimated by a command, which writes the file with sources and errors."""


@cache
def default_table(name: str) -> Mapping[str, Any]:
    """Return the content of ``defaults/NAME.toml``."""
    text = files("simcore.scenario").joinpath("defaults", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def default(path: str) -> Any:
    """Return the default of one key of a scenario, such as ``"simulation.replicates"``."""
    section, key = path.split(".")
    table = default_sections().get(section, {})
    if key not in table:
        raise KeyError(f"no defaults file holds {path!r}")
    return table[key]


@cache
def default_sections() -> Mapping[str, Mapping[str, Any]]:
    """Return the defaults of a scenario by section and key."""
    sections: dict[str, dict[str, Any]] = {}
    for name in _FILES:
        for section, table in default_table(name).items():
            sections.setdefault(section, {}).update(table)
    for section, name in _ESTIMATED.items():
        sections[section] = {key: entry["value"] for key, entry in default_table(name).items()}
    return sections
