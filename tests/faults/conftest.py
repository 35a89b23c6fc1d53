"""What the tests of faults may ask for."""

from pathlib import Path

import pytest

from simcore.store import save
from tests.example_results import example_result
from tests.faults.commands import TWO_OPTIONS, Simcore, in_this_process


@pytest.fixture
def simcore(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Simcore:
    """Run a command in this process."""
    return in_this_process(monkeypatch, capsys)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """Return a small scenario's file."""
    path = tmp_path / "two_options.toml"
    path.write_text(TWO_OPTIONS, encoding="utf-8")
    return path


@pytest.fixture
def result(tmp_path: Path) -> Path:
    """Return a small result's file."""
    return save(example_result(30), tmp_path / "result.nc")
