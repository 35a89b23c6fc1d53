"""Write a scenario as TOML that explains itself: every key with its meaning, one key a line."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from pydantic import BaseModel

from simcore.scenario.schema import Scenario

_WIDTH = 110


def scenario_toml(scenario: Scenario, *, preamble: str = "", comments: bool = True) -> str:
    """Return `scenario` as the text of a TOML file.

    Parameters
    ----------
    scenario
        What to write. Every key is written, defaults included; a key without a value is written
        as a comment.
    preamble
        Lines that stand as comments on top.
    comments
        Whether each key is preceded by its meaning.
    """
    lines = [f"# {line}".rstrip() for line in preamble.splitlines()]
    if lines:
        lines.append("")
    lines += _section(scenario, (), comments)
    return "\n".join(lines).rstrip() + "\n"


def _section(section: BaseModel, path: tuple[str, ...], comments: bool) -> Iterator[str]:
    """Yield the lines of one table: its plain keys first, then the tables inside it."""
    fields = type(section).model_fields
    values = {name: getattr(section, name) for name in fields}
    plain = [name for name, value in values.items() if not _is_table(value)]
    if path and plain:
        yield f"[{'.'.join(path)}]"
    for name in plain:
        description = fields[name].description
        if comments and description:
            yield from (f"# {line}" for line in textwrap.wrap(description, _WIDTH))
        yield _assignment(name, values[name])
    if plain:
        yield ""
    for name, value in values.items():
        if isinstance(value, BaseModel):
            yield from _section(value, (*path, name), comments)
        # An empty table is left out only where its absence means the same.
        elif isinstance(value, Mapping) and (value or fields[name].default):
            yield from _mapping(value, (*path, name), comments)


def _mapping(mapping: Mapping[str, object], path: tuple[str, ...], comments: bool) -> Iterator[str]:
    """Yield the lines of a table whose keys are names, such as enrollment types."""
    plain = {key: value for key, value in mapping.items() if not _is_table(value)}
    if plain or not mapping:
        yield f"[{'.'.join(path)}]"
        yield from (_assignment(_key(key), value) for key, value in plain.items())
        yield ""
    for position, (key, value) in enumerate(mapping.items()):
        if isinstance(value, BaseModel):
            # The meaning of a key is told once, in the first table that has it.
            yield from _section(value, (*path, _key(key)), comments and position == 0)
        elif isinstance(value, Mapping):
            yield from _mapping(value, (*path, _key(key)), comments)


def _is_table(value: object) -> bool:
    """Tell what TOML writes as a table from what it writes on one line."""
    return isinstance(value, BaseModel | Mapping)


def _assignment(key: str, value: object) -> str:
    """Return ``key = value``, as a comment where there is no value."""
    return f"# {key} =" if value is None else f"{key} = {_value(value)}"


def _key(key: str) -> str:
    """Return a key, in quotes where TOML needs them."""
    return key if key.replace("_", "").replace("-", "").isalnum() else json.dumps(key)


def _value(value: object) -> str:
    """Return a value in TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | Path):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, BaseModel):
        pairs = value.model_dump(exclude_defaults=True)
        return "{ " + ", ".join(f"{name} = {_value(item)}" for name, item in pairs.items()) + " }"
    if isinstance(value, list | tuple):
        if any(isinstance(item, BaseModel) for item in value):
            return "[\n" + "".join(f"  {_value(item)},\n" for item in value) + "]"
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return repr(value)
