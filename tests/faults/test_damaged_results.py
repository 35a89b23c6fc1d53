"""A result that is damaged, foreign or of another version is refused in words, by every verb that reads one."""

import os
from pathlib import Path

import pytest
import xarray as xr

from simcore.dataset import content_digest
from simcore.errors import ResultError
from simcore.store import load, save
from tests.example_results import example_result
from tests.faults.commands import Simcore

READERS = (
    ("compare",),
    ("report",),
    ("export", "--csv", "x.csv"),
    ("explain", "--contract", "BASIC-B", "--replicate", "0", "--year", "2024"),
    ("cover",),
)


@pytest.mark.parametrize("words", READERS, ids=lambda words: words[0])
@pytest.mark.parametrize(
    ("keep", "told"),
    [(0, "it is no netCDF-4 file"), (4_000, "the file breaks off")],
    ids=["empty", "truncated"],
)
def test_a_damaged_result_is_refused_by_every_verb(
    simcore: Simcore, result: Path, words: tuple[str, ...], keep: int, told: str
) -> None:
    result.write_bytes(result.read_bytes()[:keep])
    left = simcore(words[0], result, *words[1:])
    assert left.status == 2
    assert left.output == ""
    assert left.remarks.startswith(f"error: {result}: cannot be read as a result: {told}")
    assert [path.name for path in result.parent.iterdir()] == [result.name]


@pytest.mark.parametrize("words", READERS, ids=lambda words: words[0])
def test_every_verb_reads_a_zarr_store_as_the_file(
    simcore: Simcore, result: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(result.parent)
    store = save(load(result), result.with_suffix(".zarr"))
    lefts = [simcore(words[0], path.name, *words[1:]) for path in (result, store)]
    assert lefts[0].status == lefts[1].status
    assert lefts[0].output.replace("result.nc", "result.zarr") == lefts[1].output
    # What the example lacks, its scenario or its losses, is said of both alike.
    if words[0] not in ("cover", "explain"):
        assert lefts[1].status == 0, lefts[1].remarks


def test_a_store_that_could_run_code_is_not_opened(tmp_path: Path) -> None:
    """The second form of Zarr has filters that unpickle: its metadata are not even read."""
    store = tmp_path / "result.zarr"
    (store / "contract").mkdir(parents=True)
    (store / ".zgroup").write_text('{"zarr_format": 2}')
    (store / "contract" / ".zarray").write_text('{"filters": [{"id": "pickle"}]}')
    with pytest.raises(ResultError, match="it is no Zarr store"):
        load(store)


def test_a_result_that_breaks_off_anywhere_is_refused(result: Path) -> None:
    """At every 4 KiB, as a copy over a network leaves it."""
    whole = result.read_bytes()
    ends = range(0, len(whole) - 1, 4_096)
    assert len(ends) > 5
    for end in ends:
        result.write_bytes(whole[:end])
        with pytest.raises(ResultError, match="cannot be read as a result"):
            load(result)


def test_a_result_whose_labels_are_twice_there_or_out_of_order_is_refused(tmp_path: Path) -> None:
    """Not by the digest, which is right: a question by label would get two answers, or another's."""
    sound = example_result(20)
    contracts, years = sound["contract"].values.copy(), sound["performance_year"].values.copy()
    contracts[1] = contracts[0]
    for name, labels in (("contract", contracts), ("performance_year", years[::-1].copy())):
        changed = sound.assign_coords({name: (name, labels, sound[name].attrs)})
        path = save(changed, tmp_path / f"{name}.nc")
        with pytest.raises(ResultError, match=name):
            load(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "result.nc")
    with pytest.raises(ResultError, match="is no ordinary file"):
        load(tmp_path / "result.nc")


def test_a_file_of_another_version_says_which(tmp_path: Path) -> None:
    other = example_result(20).rename({"net_settlement": "net_payment"}).assign_attrs(simcore_version="9.9.9")
    path = save(other, tmp_path / "result.nc")
    with pytest.raises(ResultError) as raised:
        load(path)
    assert raised.value.problems[0].startswith("was written by simcore 9.9.9, this is ")
    assert "variable 'net_settlement' is missing" in raised.value.problems


def test_a_result_without_its_digest_is_refused(tmp_path: Path) -> None:
    example_result(20).to_netcdf(tmp_path / "result.nc", engine="h5netcdf")
    with pytest.raises(ResultError, match="does not match the digest"):
        load(tmp_path / "result.nc")


def test_a_result_with_another_history_is_refused(result: Path) -> None:
    """Provenance is part of the digest: a seed cannot be changed after the fact."""
    with xr.open_dataset(result) as opened:
        changed = opened.load().assign_attrs(seed="8")
    assert content_digest(changed) != changed.attrs["content_digest"]
    changed.to_netcdf(result, engine="h5netcdf")
    with pytest.raises(ResultError, match="does not match the digest"):
        load(result)


def test_a_damaged_part_of_a_run_is_no_reason_to_fail(simcore: Simcore, scenario: Path) -> None:
    """``--resume`` draws what it cannot read, and refuses what it cannot place."""
    folder = scenario.parent / "out"
    (folder / "partial").mkdir(parents=True)
    (folder / "partial" / "stamp.json").write_text("{")
    left = simcore("run", scenario, "--replicates", 50, "--out", folder, "--resume", "--quiet")
    assert left.status == 2
    assert "stamp.json: is damaged; run again without --resume" in left.remarks
