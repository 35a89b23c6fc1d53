"""Read a scenario from a TOML file."""

from __future__ import annotations

import tomllib
from pathlib import Path

from simcore.errors import ScenarioError, near_matches
from simcore.scenario.schema import Scenario, parse_scenario

_LARGEST = 4_000_000
"""Bytes: a scenario is a page or two; a larger file is something else."""


def read_scenario(path: str | Path) -> Scenario:
    """Return the scenario in a TOML file; paths inside it are taken from the file's folder.

    Raises
    ------
    ScenarioError
        With all problems at once: an unreadable file, unknown keys with near matches, wrong types,
        values out of bounds.
    """
    source = Path(path)
    content = _toml(source)
    _resolve_paths(content, source.parent)
    return parse_scenario(content, source=str(path))


def _toml(source: Path) -> dict[str, object]:
    """Return the content of a TOML file."""
    if source.exists() and not source.is_file():
        what = "a folder" if source.is_dir() else "no ordinary file"
        raise ScenarioError(str(source), f"is {what}; allowed: a TOML file")
    if not source.is_file():
        found = [entry.name for entry in source.parent.glob("*.toml")] if source.parent.is_dir() else []
        raise ScenarioError(str(source), f"there is no such file{near_matches(source.name, found)}")
    try:
        size = source.stat().st_size
        if size > _LARGEST:
            raise ScenarioError(str(source), f"has {size:,} bytes; a scenario has at most {_LARGEST:,}")
        text = source.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 text: byte {error.start} cannot be read; save it as UTF-8"
        raise ScenarioError(str(source), message) from error
    except OSError as error:
        raise ScenarioError(str(source), f"cannot be read: {error.strerror}") from error
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ScenarioError(str(source), f"is not TOML: {error}") from error


def _resolve_paths(content: dict[str, object], folder: Path) -> None:
    """Take the paths in a scenario from the folder of its file."""
    aco, regulation = content.get("aco"), content.get("regulation")
    if isinstance(aco, dict) and isinstance(aco.get("beneficiary_file"), str):
        aco["beneficiary_file"] = str(folder / aco["beneficiary_file"])
    if isinstance(regulation, dict) and isinstance(regulation.get("overlays"), list):
        regulation["overlays"] = [
            str(folder / item) if isinstance(item, str) else item for item in regulation["overlays"]
        ]
