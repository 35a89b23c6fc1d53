"""The defaults of the model: read once from the cited data files beside this one."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_FILES = ("scenario", "growth")
"""Files whose tables and keys are those of a scenario."""


@cache
def default_table(name: str) -> Mapping[str, Any]:
    """Return the content of ``defaults/NAME.toml``."""
    text = files("simcore.scenario").joinpath("defaults", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def default(path: str) -> Any:
    """Return the default of one key of a scenario, such as ``"simulation.replicates"``."""
    section, key = path.split(".")
    for name in _FILES:
        table = default_table(name).get(section, {})
        if key in table:
            return table[key]
    raise KeyError(f"no defaults file holds {path!r}")


def default_sections() -> dict[str, dict[str, Any]]:
    """Return the defaults of a scenario by section and key."""
    sections: dict[str, dict[str, Any]] = {}
    for name in reversed(_FILES):
        for section, table in default_table(name).items():
            sections.setdefault(section, {}).update(table)
    return sections
