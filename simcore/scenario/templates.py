"""Scenarios to start from, each a short file beside this one: what it is for, and what it sets."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple


class Template(NamedTuple):
    """One scenario to start from: what it is for, and its keys."""

    about: str
    content: dict[str, Any]


@cache
def templates() -> dict[str, Template]:
    """Return every template by name; the first comment of its file says what it is for."""
    found = {}
    for entry in sorted(
        files("simcore.scenario").joinpath("templates").iterdir(), key=lambda item: item.name
    ):
        if entry.name.endswith(".toml"):
            text = entry.read_text(encoding="utf-8")
            lines = []
            for line in text.splitlines():
                if not line.startswith("#"):
                    break
                lines.append(line.removeprefix("#").strip())
            found[entry.name.removesuffix(".toml")] = Template("\n".join(lines), tomllib.loads(text))
    return found
