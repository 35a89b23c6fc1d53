"""A library that is not installed is named with the command that installs it, and nothing else needs it."""

from pathlib import Path

import pytest

from simcore.store import save
from tests.example_results import example_result
from tests.faults.commands import Outcome, finished, started

EXTRAS = ("dask", "distributed", "pyarrow", "zarr")


def without(libraries: tuple[str, ...], *words: object, folder: Path) -> Outcome:
    """Run a command where some libraries cannot be imported."""
    hide = f"import sys; sys.modules.update(dict.fromkeys({libraries!r}))"
    return finished(started(*words, before=hide, folder=folder))


def beneficiary_file(scenario: Path) -> None:
    """Let a scenario take its people from a parquet file."""
    heads = "[aco.population.AGED_NON_DUAL]\nassigned_beneficiaries = 6000\n"
    scenario.write_text(scenario.read_text().replace(heads, 'beneficiary_file = "people.parquet"\n'))
    (scenario.parent / "people.parquet").write_bytes(b"PAR1")


@pytest.mark.parametrize(
    ("library", "words", "extra"),
    [
        ("distributed", ("run", "two_options.toml", "--executor", "dask", "--out", "out"), "dask"),
        ("pyarrow", ("validate", "two_options.toml"), "parquet"),
        ("pyarrow", ("export", "result.nc", "--parquet", "table.parquet"), "parquet"),
        ("zarr", ("report", "result.zarr"), "zarr"),
        ("zarr", ("run", "two_options.toml", "--store", "zarr", "--out", "out"), "zarr"),
    ],
    ids=["dask", "beneficiaries", "parquet", "zarr", "run to zarr"],
)
def test_a_missing_library_is_named(scenario: Path, library: str, words: tuple[str, ...], extra: str) -> None:
    if words[0] == "validate":
        beneficiary_file(scenario)
    save(example_result(20), scenario.parent / "result.nc")
    (scenario.parent / "result.zarr").mkdir()
    before = {path.name for path in scenario.parent.iterdir()}
    left = without((library,), *words, folder=scenario.parent)
    assert left.status == 2, left.remarks
    assert left.output == ""
    assert left.remarks.startswith("error: ")
    assert f"pip install 'simcore[{extra}]'" in left.remarks
    assert "Traceback" not in left.remarks
    assert {path.name for path in scenario.parent.iterdir()} == before


def test_the_main_job_needs_no_extra(scenario: Path) -> None:
    words = ("run", scenario.name, "--replicates", 100, "--out", "out", "--json")
    left = without(EXTRAS, *words, folder=scenario.parent)
    assert left.status == 0, left.remarks
    assert (scenario.parent / "out" / "report.html").stat().st_size > 10_000
