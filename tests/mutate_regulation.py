"""Change each number of the regulation by a little, one at a time, and list those that no test misses.

Run it by itself: ``python tests/mutate_regulation.py [FILE.toml ...]``. It exits with status 1 if a
change survives. The files stay as they are: the change is made in what is read from them.
"""

import os
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from io import StringIO
from math import inf
from pathlib import Path
from typing import Any
from unittest.mock import patch

os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"

import pytest

from simcore.regulation import presets, reader

ROOT = Path(__file__).parents[1]
DATA = ROOT / "simcore" / "regulation" / "data"
CONTRACT_TESTS = [ROOT / "tests" / "regulation" / "test_preset_numbers.py"]
LAW_TESTS = sorted({*(ROOT / "tests" / "regulation").glob("test_*_numbers.py")} - {*CONTRACT_TESTS})
OPTIONS = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-o", "addopts=--import-mode=importlib"]

LAST_DIGIT = re.compile(r"\d(?=\D*$)")
Place = tuple[str | int, ...]


def main(names: list[str]) -> int:
    files = [Path(name).resolve() for name in names] or sorted(DATA.rglob("*.toml"))
    survivors, mutants = [], 0
    for file in files:
        tests = CONTRACT_TESTS if file.parent.name == "contracts" else LAW_TESTS
        if not passes(tests):
            raise SystemExit(f"the tests of {file.name} fail without a change")
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        for place, value in leaves(content):
            mutants += 1
            if passes(tests, change=(file, place, changed(value))):
                survivors.append(f"{file.relative_to(DATA)}: {described(content, place)} = {value}")
                print("survives:", survivors[-1], flush=True)
        print(f"{file.relative_to(DATA)}: done, {mutants} changes so far", flush=True)
    print(f"{mutants} changes, {len(survivors)} survive")
    return 1 if survivors else 0


def leaves(content: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield every number, switch and date of a TOML document, also one written as text, and where it stands."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from leaves(value, (*place, key))
    elif isinstance(content, list):
        for position, value in enumerate(content):
            yield from leaves(value, (*place, position))
    elif isinstance(content, bool | int | float | date) or _is_number_in_text(content, place):
        yield place, content


def _is_number_in_text(content: Any, place: Place) -> bool:
    return isinstance(content, str) and "value" in place and LAST_DIGIT.search(content) is not None


def changed(value: Any) -> Any:
    """Return another value of the same kind: a day later, one more, a hundredth more, or the opposite.

    Of a number in a text, such as the election "0.005" or the day "07-01", the last digit is another.
    """
    if isinstance(value, str):
        return LAST_DIGIT.sub(lambda digit: str((int(digit[0]) + 1) % 10), value)
    if value == inf:
        return 1.0
    if isinstance(value, bool):
        return not value
    if isinstance(value, date):
        return value + timedelta(days=1)
    if isinstance(value, int):
        return value + 1
    return value * 1.01 if value else 0.01


def described(content: Any, place: Place) -> str:
    """Return a place in words, with the name of the number that it belongs to."""
    entry = content[place[0]][place[1]] if place[0] in ("number", "term", "election") else {}
    return f"{entry.get('name', '')} {'.'.join(map(str, place))}".strip()


def passes(tests: list[Path], change: tuple[Path, Place, Any] | None = None) -> bool:
    """Say whether the tests pass, with one change in what is read of one file."""
    # What the package ships is read once a process, and here once a change.
    reader._shipped.cache_clear()
    presets._shipped.cache_clear()
    for name in [name for name in sys.modules if name.startswith("tests.")]:
        del sys.modules[name]
    text = change[0].read_text(encoding="utf-8") if change else None
    read = tomllib.loads

    def read_changed(content: str, **options: Any) -> dict[str, Any]:
        document = read(content, **options)
        if change and content == text:
            put(document, change[1], change[2])
        return document

    with (
        patch("tomllib.loads", read_changed),
        patch("sys.stdout", StringIO()),
        patch("sys.stderr", StringIO()),
    ):
        return pytest.main([*OPTIONS, *map(str, tests)]) == 0


def put(document: Any, place: Place, value: Any) -> None:
    """Set the value at `place` of a document."""
    for key in place[:-1]:
        document = document[key]
    document[place[-1]] = value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
