"""A run that is stopped loses no finished block, says how to go on, and goes on to the same file."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer

from simcore.cli.progress import watched
from simcore.executors import serial
from simcore.runs import run_in_folder
from simcore.scenario.files import read_scenario
from simcore.store import load
from tests.faults.commands import finished, started

REPLICATES = 30_000
SLOWLY = """
import time, simcore.runs, simcore.zarr_store
simcore.runs.KEEP_EVERY = 0.0
simcore.zarr_store.MOST_REPLICATES = 5_000
draw = simcore.runs.simulate_block
def slowly(study, block):
    time.sleep(0.05)
    return draw(study, block)
simcore.runs.simulate_block = slowly
"""
"""Keep every block, and take a twentieth of a second for each, so that there is time to stop a run; let a
slab of a Zarr store have two blocks, so that there are several."""

FORMS = {"netcdf": "nc", "zarr": "zarr"}


def run(scenario: Path, out: str, store: str, *more: str, before: str = SLOWLY) -> subprocess.Popen[str]:
    words = ("run", scenario.name, "--replicates", REPLICATES, "--threads", 2, "--quiet", "--out", out)
    words = (*words, "--store", store)
    return started(*words, *more, before=before, folder=scenario.parent)


def done(folder: Path) -> int:
    """Return how many blocks of a run are on disk for good."""
    record = folder / "partial" / "slabs.json"
    slabs = len(json.loads(record.read_text())["digests"]) if record.exists() else 0
    return len(list(folder.glob("partial/[0-9]*.npz"))) + 2 * slabs


def stop(process: subprocess.Popen[str], folder: Path, blocks: int, number: signal.Signals) -> None:
    """Send a signal as soon as the folder holds a number of finished blocks."""
    limit = time.monotonic() + 300.0  # a machine under load imports for a minute
    while done(folder) < blocks:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < limit
        time.sleep(0.005)
    process.send_signal(number)


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder and its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("store", FORMS)
def test_a_run_killed_three_times_ends_with_the_bytes_of_an_undisturbed_one(
    scenario: Path, store: str
) -> None:
    folder = scenario.parent
    slabs = "import simcore.zarr_store\nsimcore.zarr_store.MOST_REPLICATES = 5_000"
    undisturbed = run(scenario, "undisturbed", store, before=slabs)
    for blocks in (2, 5, 8):
        process = run(scenario, "killed", store, "--resume")
        stop(process, folder / "killed", blocks, signal.SIGKILL)
        assert finished(process).status == -signal.SIGKILL
        assert not (folder / "killed" / f"result.{FORMS[store]}").exists()
    last = finished(run(scenario, "killed", store, "--resume"))
    assert (last.status, finished(undisturbed).status) == (0, 0), last.remarks
    killed, whole = (files(folder / name) for name in ("killed", "undisturbed"))
    assert killed.keys() == whole.keys()
    stored = [name for name in whole if name.startswith("result.")]
    assert stored
    assert [name for name in stored if killed[name] != whole[name]] == []


def interrupted_after_one(function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterator[Any]:
    """Run one block, and then hear Ctrl-C."""
    yield function(next(iter(items)))
    raise KeyboardInterrupt


@pytest.mark.parametrize("store", FORMS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_stopped_run_leaves_a_partial_result_and_says_so(
    scenario: Path, number: signal.Signals, store: str
) -> None:
    process = run(scenario, "stopped", store)
    stop(process, scenario.parent / "stopped", 5, number)
    left = finished(process)
    assert left.status == 130
    assert "Traceback" not in left.remarks
    assert f"replicates are in stopped/partial.{FORMS[store]}" in left.remarks
    assert "--resume" in left.remarks
    part = load(scenario.parent / "stopped" / f"partial.{FORMS[store]}")
    assert 10_000 <= part.sizes["replicate"] < REPLICATES
    assert not (scenario.parent / "stopped" / f"result.{FORMS[store]}").exists()


WRITING = """
import io, os, types, simcore.store
class Stopped(io.BytesIO):
    writes = 0
    def write(self, content):
        Stopped.writes += 1
        if Stopped.writes == 50:
            os.kill(os.getpid(), {number})
        return super().write(content)
simcore.store.io = types.SimpleNamespace(BytesIO=Stopped)
"""
"""Send a signal in the middle of the writes that make a netCDF file."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_hdf5_is_not_interrupted_in_its_writing(scenario: Path, number: signal.Signals) -> None:
    """It ended with a segmentation fault, or went on as if nothing had been said."""
    words = ("run", scenario.name, "--replicates", 500, "--quiet", "--out", "stopped")
    left = finished(started(*words, before=WRITING.format(number=int(number)), folder=scenario.parent))
    assert (left.status, left.output) == (130, "")
    assert "Traceback" not in left.remarks
    assert "go on with the same command and --resume" in left.remarks
    # All is simulated by then, and kept.
    assert "500 replicates are in stopped/partial.nc" in left.remarks
    assert not (scenario.parent / "stopped" / "result.nc").exists()


SUMMING_UP = """
import os, simcore.analysis.summary
def stopped(result):
    os.kill(os.getpid(), {number})
simcore.analysis.summary.summarize = stopped
"""
"""Send a signal when the result is written, and its summary is not."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_an_interruption_after_the_result_is_written_says_so(scenario: Path, number: signal.Signals) -> None:
    words = ("run", scenario.name, "--replicates", 500, "--quiet", "--out", "stopped")
    before = SUMMING_UP.format(number=int(number))
    left = finished(started(*words, before=before, folder=scenario.parent))
    assert (left.status, left.output) == (130, "")
    assert left.remarks == (
        "interrupted: stopped/result.nc is whole; the same command with --resume writes the rest\n"
    )
    assert [path.name for path in (scenario.parent / "stopped").iterdir()] == ["result.nc"]
    whole = finished(started(*words, "--resume", folder=scenario.parent))
    assert whole.status == 0, whole.remarks
    assert (scenario.parent / "stopped" / "report.html").exists()


def test_a_fault_of_the_drawing_comes_after_the_result_is_written(scenario: Path) -> None:
    words = ("run", scenario.name, "--replicates", 500, "--quiet", "--out", "drawn")
    before = "import sys; sys.modules['matplotlib'] = None"
    left = finished(started(*words, before=before, folder=scenario.parent))
    assert left.status != 0
    assert "matplotlib" in left.remarks
    assert load(scenario.parent / "drawn").sizes["replicate"] == 500
    assert (scenario.parent / "drawn" / "summary.csv").exists()


def test_a_block_that_is_being_written_is_not_lost(scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle of keeping blocks: the one at hand is written with the others."""
    asked = read_scenario(scenario).with_changes({"simulation.replicates": 5_000})
    save, calls = np.savez, []

    def interrupted_once(*words: Any, **arrays: Any) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise KeyboardInterrupt
        save(*words, **arrays)

    monkeypatch.setattr("simcore.runs.KEEP_EVERY", 0.0)
    monkeypatch.setattr(np, "savez", interrupted_once)
    with pytest.raises(KeyboardInterrupt):
        run_in_folder(asked, scenario.parent / "out", executor=serial())
    assert len(list(scenario.parent.glob("out/partial/*.npz"))) == 1


def test_an_interrupted_addition_leaves_the_result_as_it_was(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = scenario.parent / "out"
    asked = read_scenario(scenario)
    run_in_folder(asked.with_changes({"simulation.replicates": 500}), folder, executor=serial())
    more = asked.with_changes({"simulation.replicates": 6_000})
    with pytest.raises(typer.Exit), watched(more, folder, quiet=True) as progress:
        run_in_folder(more, folder, executor=interrupted_after_one, resume=True, progress=progress)
    assert "result.nc is as it was" in capsys.readouterr().err
    assert load(folder).sizes["replicate"] == 500


def test_a_finished_run_keeps_no_partial_result(scenario: Path) -> None:
    asked = read_scenario(scenario).with_changes({"simulation.replicates": 3_500})
    with pytest.raises(typer.Exit), watched(asked, scenario.parent / "out", quiet=True) as progress:
        run_in_folder(asked, scenario.parent / "out", executor=interrupted_after_one, progress=progress)
    assert load(scenario.parent / "out" / "partial.nc").sizes["replicate"] == 2_500
    run_in_folder(asked, scenario.parent / "out", executor=serial(), resume=True)
    assert [path.name for path in (scenario.parent / "out").iterdir()] == ["result.nc"]
