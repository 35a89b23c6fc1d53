"""Read a folder of the law's TOML files, or say all that is wrong with it."""

from pathlib import Path
from typing import Final

from simcore.errors import DataError, RegulationError, near_matches
from simcore.regulation.checks import entry_problems, layer_problems
from simcore.toml_file import read_toml

CONTRACTS_FOLDER: Final = "contracts"
"""Name of the folder, inside an overlay, that holds presets of contracts."""


def toml_files(folder: Path) -> list[Path]:
    """Return the TOML files that lie in a folder itself, by name; none where there is no folder."""
    return sorted(folder.glob("*.toml")) if folder.is_dir() else []


def require_overlay(folder: Path) -> None:
    """Raise `RegulationError` where a folder holds neither numbers of the law nor contracts."""
    if toml_files(folder) or toml_files(folder / CONTRACTS_FOLDER):
        return
    what = "holds no TOML file" if folder.is_dir() else "is no folder"
    raise RegulationError(
        str(folder),
        f"{what}; an overlay is a folder of TOML files with [[number]] tables, or with a folder "
        f"'{CONTRACTS_FOLDER}' of TOML files with [[term]] tables, or with both",
    )


def read_folder(folder: Path, known: list[dict[str, object]], *, shipped: bool) -> list[dict[str, object]]:
    """Return the raw numbers of one folder's TOML files, in the order of the files' names.

    An overlay of contracts alone has none.

    Parameters
    ----------
    folder
        Where the files lie.
    known
        Raw numbers of the layers below.
    shipped
        Whether the folder comes with the package: only that may have names of its own.

    Raises
    ------
    RegulationError
        With the problems of all files at once.
    """
    require_overlay(folder)
    files = toml_files(folder)
    if not files:
        return []
    numbers: list[dict[str, object]] = []
    problems: list[str] = []
    seen: dict[str, str] = {}
    for file in files:
        raws, faults = _read_file(file)
        problems += [f"{file.name}: {fault}" for fault in faults]
        for position, raw in enumerate(raws, start=1):
            place = f"{file.name}: number {position} ({raw.get('name', 'no name')})"
            faults = entry_problems(raw)
            if not faults and not shipped:
                faults = layer_problems(raw, known)
            if not faults:
                key = repr([raw["name"], raw["from"], raw.get("tracks"), raw.get("where")])
                faults = [f"the same name, date and selectors as {seen[key]}"] if key in seen else []
                seen.setdefault(key, place)
            problems += [f"{place}: {fault}" for fault in faults]
            numbers.append(raw)
    if not numbers and not problems:
        problems = ["holds no number; write [[number]] above each"]
    if problems:
        raise RegulationError(str(folder), problems)
    return numbers


def _read_file(file: Path) -> tuple[list[dict[str, object]], list[str]]:
    """Return a file's ``[[number]]`` tables, and what keeps the file from being read."""
    try:
        content = read_toml(file)
    except DataError as error:
        return [], list(error.problems)
    problems = [
        f"key {key!r} is not known; allowed: number{near_matches(key, ['number'])}"
        for key in content
        if key != "number"
    ]
    numbers = content.get("number", [])
    if not isinstance(numbers, list) or not all(isinstance(number, dict) for number in numbers):
        return [], [*problems, "'number' is no list of tables; write [[number]] above each"]
    return numbers, problems
