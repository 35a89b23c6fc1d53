"""The source is clean: linted, formatted, typed, and free of what never belongs in it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)],
    ids=["ruff check", "ruff format", "mypy strict"],
)
def test_a_checker_finds_nothing(command: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_unfinished_marks_do_not_stand_in_the_source() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    files = [*ROOT.glob("simcore/**/*.py"), *ROOT.glob("benchmarks/**/*.py")]
    assert [str(path) for path in files if marks.search(path.read_text(encoding="utf-8"))] == []
