"""A place that cannot be written is named in a message, whoever asks: also the superuser, whom no permission stops."""

from pathlib import Path

import pytest

from tests.faults.commands import Simcore

PLACES = ("two_options.toml/inside", "/proc/simcore", "/dev/null/inside")
"""Below a file, in the kernel's own file system, below a device."""


@pytest.mark.parametrize("place", PLACES)
def test_a_run_refuses_a_folder_that_cannot_be(
    simcore: Simcore, scenario: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(scenario.parent)
    left = simcore("run", scenario, "--replicates", 50, "--out", place)
    assert left.status == 2
    assert left.output == ""
    assert left.remarks.startswith(f"error: {place}: cannot be written: ")
    assert [path.name for path in scenario.parent.iterdir()] == [scenario.name]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "words",
    [
        ("init",),
        ("report", "result.nc", "--out"),
        ("export", "result.nc", "--xlsx"),
        ("export", "result.nc", "--csv"),
        ("settle", "--table", "table.csv", "--out"),
    ],
    ids=lambda words: " ".join(words),
)
def test_a_verb_refuses_a_file_that_cannot_be(
    simcore: Simcore,
    scenario: Path,
    result: Path,
    place: str,
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(scenario.parent)
    table = scenario.parent / "table.csv"
    table.write_text("track,assigned_beneficiaries,benchmark,expenditures\nENHANCED,9000,1e8,9e7\n")
    ending = {"--xlsx": ".xlsx", "--csv": ".csv"}.get(words[-1], "")
    left = simcore(*words, place + ending)
    assert left.status == 2
    assert "cannot be written" in left.remarks
    assert "Traceback" not in left.remarks
    assert {path.name for path in scenario.parent.iterdir()} == {scenario.name, result.name, table.name}
