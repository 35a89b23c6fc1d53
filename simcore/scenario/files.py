"""Read a scenario from a TOML file."""

from __future__ import annotations

from pathlib import Path

from simcore.errors import DataError, ScenarioError, near_matches
from simcore.scenario.schema import Scenario, parse_scenario
from simcore.toml_file import read_toml


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
        return read_toml(source)
    except DataError as error:
        raise ScenarioError(error.source, error.problems) from error


def _resolve_paths(content: dict[str, object], folder: Path) -> None:
    """Take the paths in a scenario from the folder of its file."""
    aco, regulation = content.get("aco"), content.get("regulation")
    if isinstance(aco, dict) and isinstance(aco.get("beneficiary_file"), str):
        aco["beneficiary_file"] = str(folder / aco["beneficiary_file"])
    if isinstance(regulation, dict) and isinstance(regulation.get("overlays"), list):
        regulation["overlays"] = [
            str(folder / item) if isinstance(item, str) else item for item in regulation["overlays"]
        ]
