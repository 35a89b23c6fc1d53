"""A run that is stopped loses no finished block, says how to go on, and goes on to the same file."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

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
import time, simcore.runs
simcore.runs.KEEP_EVERY = 0.0
draw = simcore.runs.simulate_block
def slowly(study, block):
    time.sleep(0.05)
    return draw(study, block)
simcore.runs.simulate_block = slowly
"""
"""Keep every block, and take a twentieth of a second for each, so that there is time to stop a run."""


def run(scenario: Path, out: str, *more: str, before: str = SLOWLY) -> subprocess.Popen[str]:
    words = ("run", scenario.name, "--replicates", REPLICATES, "--threads", 2, "--quiet", "--out", out)
    return started(*words, *more, before=before, folder=scenario.parent)


def stop(process: subprocess.Popen[str], folder: Path, blocks: int, number: signal.Signals) -> None:
    """Send a signal as soon as the folder holds a number of finished blocks."""
    limit = time.monotonic() + 60.0
    while len(list(folder.glob("partial/[0-9]*.npz"))) < blocks:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < limit
        time.sleep(0.005)
    process.send_signal(number)


def test_a_run_killed_three_times_ends_with_the_bytes_of_an_undisturbed_one(scenario: Path) -> None:
    folder = scenario.parent
    undisturbed = run(scenario, "undisturbed", before="")
    for blocks in (2, 5, 8):
        process = run(scenario, "killed", "--resume")
        stop(process, folder / "killed", blocks, signal.SIGKILL)
        assert finished(process).status == -signal.SIGKILL
        assert not (folder / "killed" / "result.nc").exists()
    last = finished(run(scenario, "killed", "--resume"))
    assert (last.status, finished(undisturbed).status) == (0, 0), last.remarks
    assert sorted(path.name for path in (folder / "killed").iterdir()) == sorted(
        path.name for path in (folder / "undisturbed").iterdir()
    )
    results = [(folder / name / "result.nc").read_bytes() for name in ("killed", "undisturbed")]
    assert results[0] == results[1]


def interrupted_after_one(function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterator[Any]:
    """Run one block, and then hear Ctrl-C."""
    yield function(next(iter(items)))
    raise KeyboardInterrupt


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_stopped_run_leaves_a_partial_result_and_says_so(scenario: Path, number: signal.Signals) -> None:
    process = run(scenario, "stopped")
    stop(process, scenario.parent / "stopped", 5, number)
    left = finished(process)
    assert left.status == 130
    assert "Traceback" not in left.remarks
    assert "replicates are in stopped/partial.nc" in left.remarks
    assert "--resume" in left.remarks
    part = load(scenario.parent / "stopped" / "partial.nc")
    assert 5_000 <= part.sizes["replicate"] < REPLICATES
    assert not (scenario.parent / "stopped" / "result.nc").exists()


def test_a_finished_run_keeps_no_partial_result(scenario: Path) -> None:
    asked = read_scenario(scenario).with_changes({"simulation.replicates": 3_500})
    with pytest.raises(typer.Exit), watched(asked, scenario.parent / "out", quiet=True) as progress:
        run_in_folder(asked, scenario.parent / "out", executor=interrupted_after_one, progress=progress)
    assert load(scenario.parent / "out" / "partial.nc").sizes["replicate"] == 2_500
    run_in_folder(asked, scenario.parent / "out", executor=serial(), resume=True)
    assert [path.name for path in (scenario.parent / "out").iterdir()] == ["result.nc"]
