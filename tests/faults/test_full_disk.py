"""A disk that is full ends a command with a message, and leaves old files whole and no half of a new one."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simcore.errors import ResultError
from simcore.executors import serial
from simcore.runs import run_in_folder
from simcore.scenario.files import read_scenario
from simcore.store import load, save
from tests.example_results import example_result
from tests.faults.commands import Simcore, finished, started


def no_room(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def files(folder: Path) -> list[str]:
    """Return every file below a folder, hidden ones too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_an_old_result_survives_a_new_one_that_does_not_fit(
    result: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = result.read_bytes()
    monkeypatch.setattr(Path, "write_bytes", no_room)
    with pytest.raises(ResultError, match="No space left on device; nothing was left behind"):
        save(example_result(60), result)
    monkeypatch.undo()
    assert files(result.parent) == [result.name]
    assert result.read_bytes() == before


@pytest.mark.parametrize("kilobytes", [4, 200])
def test_a_run_that_may_not_write_more_ends_in_words(scenario: Path, kilobytes: int) -> None:
    """The limit stops the result at 4 KB, and lets the result of 200 replicates pass at 200 KB but no report."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({kilobytes * 1024},) * 2)"
    words = ("run", scenario.name, "--replicates", 200, "--out", "out", "--quiet")
    left = finished(started(*words, before=limit, folder=scenario.parent))
    assert left.status == 2, left.remarks
    assert "cannot be written: File too large" in left.remarks
    assert "Traceback" not in left.remarks
    found = files(scenario.parent / "out")
    assert not [name for name in found if name.split("/")[-1].startswith(".")]
    if kilobytes == 200:
        assert load(scenario.parent / "out").sizes["replicate"] == 200
    else:
        assert "result.nc" not in found


def test_a_run_goes_on_when_there_is_room_again(scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = read_scenario(scenario).with_changes({"simulation.replicates": 500})
    monkeypatch.setattr(Path, "write_bytes", no_room)
    folder = scenario.parent / "out"
    with pytest.raises(ResultError, match="cannot be written"):
        run_in_folder(asked, folder, executor=serial())
    monkeypatch.undo()
    assert run_in_folder(asked, folder, executor=serial(), resume=True).sizes["replicate"] == 500
    assert files(folder) == ["result.nc"]


def test_a_disk_that_fills_between_two_figures_leaves_whole_ones(
    simcore: Simcore, scenario: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room ends in the middle of the third picture; the result is there, and a report can be made of it."""
    write, pictures = Path.write_bytes, []

    def two_and_a_half(path: Path, content: bytes) -> int:
        if path.suffix != ".png":
            return write(path, content)
        pictures.append(path)
        if len(pictures) < 3:
            return write(path, content)
        write(path, content[: len(content) // 2])
        return no_room()

    monkeypatch.setattr(Path, "write_bytes", two_and_a_half)
    out = scenario.parent / "out"
    left = simcore("run", scenario, "--replicates", 50, "--out", out, "--quiet")
    monkeypatch.undo()
    assert left.status == 2
    assert "cannot be written: No space left on device; nothing was left behind" in left.remarks
    found = files(out)
    figures = [out / name for name in found if name.startswith("figures/")]
    assert len(figures) == 2
    # A picture that is whole ends with the last chunk of PNG.
    assert all(figure.read_bytes()[-8:-4] == b"IEND" for figure in figures)
    assert not [name for name in found if name.split("/")[-1].startswith(".")]
    assert load(out).sizes["replicate"] == 50


@pytest.mark.parametrize("words", [("rules",), ("rules", "--json")], ids=" ".join)
def test_an_output_that_is_full_is_told(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "simcore.cli.main", *words], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert (done.returncode, done.stderr) == (2, "error: output: No space left on device\n")
