"""A result larger than memory: stored slab by slab, the same whoever wrote it and however often it was stopped.

Oracle: the same result in memory and as netCDF, with the same digest.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from simcore import zarr_store
from simcore.analysis.summary import summarize
from simcore.dataset import content_digest
from simcore.errors import ResultError
from simcore.executors import serial
from simcore.partial_result import keep_partial
from simcore.report.checks import check_result
from simcore.run_folder import Store
from simcore.runs import choose_store, run_in_folder
from simcore.simulate import simulate
from simcore.store import load, save
from tests.example_results import example_result
from tests.test_runs import StoppedError, scenario, stopping_after
from tests.test_simulate import differing


@pytest.fixture(autouse=True)
def small_slabs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a slab have 5,000 replicates, so that a small result has several."""
    monkeypatch.setattr(zarr_store, "MOST_REPLICATES", 5_000)


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder and its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("lazy", [False, True])
def test_what_is_loaded_is_what_was_saved(tmp_path: Path, lazy: bool) -> None:
    result = example_result(12_345)
    loaded = load(save(result, tmp_path / "result.zarr"), lazy=lazy)
    xr.testing.assert_identical(loaded.drop_attrs(deep=False), result.drop_attrs(deep=False))
    assert loaded.attrs == {**result.attrs, "content_digest": content_digest(result)}


def test_both_forms_carry_the_same_digest(tmp_path: Path) -> None:
    kept = [load(save(example_result(60), tmp_path / name)) for name in ("result.nc", "result.zarr")]
    xr.testing.assert_identical(*kept)


def test_a_minus_nought_stays_one(tmp_path: Path) -> None:
    """Zarr leaves out a chunk that equals its fill, and minus nought equals nought."""
    result = example_result(40)
    result["owed_shared_losses"].values[...] = -0.0
    loaded = load(save(result, tmp_path / "result.zarr"))
    assert np.signbit(loaded["owed_shared_losses"].values).all()


def test_xarray_alone_reads_a_store(tmp_path: Path) -> None:
    """Without a warning, with its coordinates."""
    path = save(example_result(50), tmp_path / "result.zarr")
    with xr.open_dataset(path, engine="zarr", chunks=None) as opened:
        assert opened["net_settlement"].attrs["units"] == "USD"
        assert opened["msr_met"].dtype == np.bool_
        assert {"track", "msr_election"} <= set(opened.coords)


def test_a_store_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    for replicates in (30, 50):
        save(example_result(replicates), tmp_path / "result.zarr")
    assert load(tmp_path / "result.zarr").sizes["replicate"] == 50
    assert [path.name for path in tmp_path.iterdir()] == ["result.zarr"]


def test_a_digest_does_not_depend_on_its_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    result = example_result(1_000)
    whole = content_digest(result)
    monkeypatch.setattr("simcore.dataset.PIECE_BYTES", 3_000)
    assert content_digest(result) == whole


def test_a_run_gives_the_same_store_however_it_is_made(tmp_path: Path) -> None:
    """At once, in blocks, stopped twice, and grown from fewer replicates, as Zarr or netCDF."""
    asked = scenario(12_000)
    save(simulate(asked), tmp_path / "at_once.zarr")
    run_in_folder(asked, tmp_path / "blocks", executor=serial(), store="zarr")
    for blocks in (3, 1):
        with pytest.raises(StoppedError):
            run_in_folder(
                asked, tmp_path / "stopped", executor=stopping_after(blocks), store="zarr", resume=True
            )
    run_in_folder(asked, tmp_path / "stopped", executor=serial(), store="zarr", resume=True)
    for first in ("zarr", "netcdf"):
        run_in_folder(scenario(6_100), tmp_path / first, executor=serial(), store=first)
        run_in_folder(asked, tmp_path / first, executor=serial(), store="zarr", resume=True)
    stores = [files(tmp_path / name) for name in ("blocks", "stopped", "zarr", "netcdf")]
    assert all(store == stores[0] for store in stores)
    assert {name.split("/")[0] for name in stores[0]} == {"result.zarr"}
    assert files(tmp_path / "at_once.zarr") == files(tmp_path / "blocks" / "result.zarr")
    assert list(load(tmp_path / "blocks").variables) == list(simulate(asked).variables)


def test_blocks_that_are_in_a_slab_are_not_kept_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simcore.runs.KEEP_EVERY", 0.0)
    with pytest.raises(StoppedError):
        run_in_folder(scenario(12_000), tmp_path, executor=stopping_after(3), store="zarr")
    assert [path.name for path in (tmp_path / "partial").glob("*.npz")] == ["000000005000-000000007500.npz"]
    assert not (tmp_path / "result.zarr").exists()


def test_an_interrupted_run_leaves_a_store_and_takes_it_up_again(tmp_path: Path) -> None:
    asked = scenario(12_000)
    with pytest.raises(StoppedError):
        run_in_folder(asked, tmp_path / "stopped", executor=stopping_after(3), store="zarr")
    assert keep_partial(asked, tmp_path / "stopped") == (tmp_path / "stopped" / "partial.zarr", 7_500)
    part = load(tmp_path / "stopped" / "partial.zarr")
    assert part.sizes["replicate"] == 7_500
    assert differing(simulate(asked), part) == []
    drawn = []

    def counting(function, items, /):
        for item in items:
            drawn.append(item)
            yield function(item)

    run_in_folder(asked, tmp_path / "stopped", executor=counting, store="zarr", resume=True)
    assert [block.first for block in drawn] == [7_500, 10_000]
    run_in_folder(asked, tmp_path / "whole", executor=serial(), store="zarr")
    assert files(tmp_path / "stopped") == files(tmp_path / "whole")


@pytest.mark.parametrize("what", ["changed", "cut", "removed", "another record"])
def test_a_damaged_slab_is_drawn_again(tmp_path: Path, what: str) -> None:
    asked = scenario(12_000)
    with pytest.raises(StoppedError):
        run_in_folder(asked, tmp_path, executor=stopping_after(4), store="zarr")
    slab = tmp_path / "partial" / "result.zarr" / "net_settlement" / "c" / "0" / "0" / "1"
    content = bytearray(slab.read_bytes())
    content[100] ^= 1
    if what == "changed":
        slab.write_bytes(content)
    elif what == "cut":
        slab.write_bytes(content[:1_000])
    elif what == "removed":
        slab.unlink()
    else:
        (tmp_path / "partial" / "slabs.json").write_text('{"most": 5000, "digests": ["0", "1"]}')
    result = run_in_folder(asked, tmp_path, executor=serial(), store="zarr", resume=True)
    assert differing(simulate(asked), result) == []
    load(tmp_path / "result.zarr")


@pytest.mark.parametrize("what", ["changed", "removed", "unsigned"])
def test_a_damaged_store_is_refused(tmp_path: Path, what: str) -> None:
    path = save(example_result(50), tmp_path / "result.zarr")
    slab = path / "net_settlement" / "c" / "0" / "0" / "0"
    content = bytearray(slab.read_bytes())
    content[100] ^= 1
    if what == "changed":
        slab.write_bytes(content)
    elif what == "removed":
        slab.unlink()
    else:
        root = json.loads((path / "zarr.json").read_text())
        del root["attributes"]["content_digest"]
        (path / "zarr.json").write_text(json.dumps(root))
    for lazy in (False, True):
        with pytest.raises(ResultError, match="does not match the digest"):
            load(path, lazy=lazy)


def test_a_cut_or_foreign_store_is_refused_in_words(tmp_path: Path) -> None:
    path = save(example_result(50), tmp_path / "result.zarr")
    slab = path / "net_settlement" / "c" / "0" / "0" / "0"
    slab.write_bytes(slab.read_bytes()[:1_000])
    with pytest.raises(ResultError, match="cannot be read as a result"):
        load(path)
    (tmp_path / "empty.zarr").mkdir()
    with pytest.raises(ResultError, match="it is no Zarr store"):
        load(tmp_path / "empty.zarr")
    xr.Dataset({"x": ("replicate", np.zeros(3))}).to_zarr(
        tmp_path / "other.zarr", consolidated=False, zarr_format=3
    )
    with pytest.raises(ResultError) as raised:
        load(tmp_path / "other.zarr")
    assert len(raised.value.problems) > 10


def test_nothing_half_written_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(save(example_result(50), tmp_path / "result.zarr"))

    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("simcore.zarr_store.ZarrWriter.finish", no_room)
    with pytest.raises(ResultError, match="No space left on device; nothing was left behind"):
        save(example_result(60), tmp_path / "result.zarr")
    assert [path.name for path in tmp_path.iterdir()] == ["result.zarr"]
    assert files(tmp_path / "result.zarr") == before


def test_a_result_on_disk_is_analysed_as_one_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simcore.analysis.risk.AT_ONCE_BYTES", 0)
    monkeypatch.setattr("simcore.report.checks.AT_ONCE", 700)
    path = save(example_result(6_000), tmp_path / "result.zarr")
    lazy, whole = load(path, lazy=True), load(path, lazy=False)
    xr.testing.assert_identical(summarize(lazy), summarize(whole))
    assert check_result(lazy) == check_result(whole)


def test_a_result_beyond_memory_is_opened_and_made_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's memory decides, unless somebody did."""
    path = save(example_result(1_000), tmp_path / "example.zarr")
    assert load(path)["net_settlement"].variable._in_memory
    monkeypatch.setattr("simcore.store.machine_memory", lambda: 1_000_000)
    assert not load(path)["net_settlement"].variable._in_memory
    many = scenario(200_000)
    assert choose_store(many, tmp_path) == ("netcdf", "")
    monkeypatch.setattr("simcore.runs.machine_memory", lambda: 100_000_000)
    store, reason = choose_store(many, tmp_path)
    assert store == "zarr"
    assert "200,000 replicates" in reason
    assert choose_store(many, tmp_path, asked="netcdf") == ("netcdf", "")


def test_the_form_of_a_run_under_way_is_kept(tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        run_in_folder(scenario(), tmp_path, executor=stopping_after(1), store="zarr")
    assert choose_store(scenario(), tmp_path, resume=True) == ("zarr", "")
    with pytest.raises(ResultError, match="with --store zarr"):
        choose_store(scenario(), tmp_path, asked="netcdf", resume=True)
    run_in_folder(scenario(), tmp_path, executor=serial(), store="zarr", resume=True)
    with pytest.raises(ResultError, match="exists already"):
        run_in_folder(scenario(), tmp_path, executor=serial())
    run_in_folder(scenario(), tmp_path, executor=serial(), overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["result.nc"]


@pytest.mark.parametrize("store", ["netcdf", "zarr"])
@pytest.mark.parametrize("whole", [True, False])
def test_progress_is_told_of_every_replicate_however_it_came(
    tmp_path: Path, store: Store, whole: bool
) -> None:
    """From a smaller result, from a store in the making, from kept blocks, or new."""
    if whole:
        run_in_folder(scenario(6_100), tmp_path, executor=serial(), store=store)
    else:
        with pytest.raises(StoppedError):
            run_in_folder(scenario(12_000), tmp_path, executor=stopping_after(3), store=store)
    told: list[np.ndarray] = []

    def progress(done: int, arrays: dict[str, np.ndarray]) -> None:
        assert arrays["net_settlement"].shape[-1] == done
        told.append(arrays["net_settlement"])

    run_in_folder(scenario(12_000), tmp_path, executor=serial(), store=store, resume=True, progress=progress)
    expected = simulate(scenario(12_000))["net_settlement"].values
    np.testing.assert_array_equal(np.concatenate(told, axis=-1), expected)


def test_a_run_killed_before_its_first_block_has_no_form_yet(tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        run_in_folder(scenario(), tmp_path, executor=stopping_after(0), store="zarr")
    assert (tmp_path / "partial").is_dir()
    assert choose_store(scenario(), tmp_path, asked="zarr", resume=True) == ("zarr", "")
    assert choose_store(scenario(), tmp_path, asked="netcdf", resume=True) == ("netcdf", "")


@pytest.mark.parametrize("whole", [True, False])
def test_a_netcdf_run_past_memory_goes_on_as_a_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    """Whether what is there are its blocks or its result, to which replicates are added."""
    if whole:
        run_in_folder(scenario(5_000), tmp_path, executor=serial())
    else:
        with pytest.raises(StoppedError):
            run_in_folder(scenario(12_000), tmp_path, executor=stopping_after(2))
    monkeypatch.setattr("simcore.runs.machine_memory", lambda: 1_000_000)
    monkeypatch.setattr("simcore.runs.FEW", 0)
    form, reason = choose_store(scenario(12_000), tmp_path, resume=True)
    assert form == "zarr"
    assert "too much to be made" in reason
    run_in_folder(scenario(12_000), tmp_path, executor=serial(), store=form, resume=True)
    run_in_folder(scenario(12_000), tmp_path / "at_once", executor=serial(), store="zarr")
    assert files(tmp_path / "result.zarr") == files(tmp_path / "at_once" / "result.zarr")


PEAK = """
import resource, sys
from pathlib import Path
from simcore.executors import threads
from simcore.runs import run_in_folder
from simcore.scenario.schema import parse_scenario
from simcore.scenario.templates import templates
asked = parse_scenario(templates()["track_choice"].content, source="track_choice").with_changes(
    {"simulation.engine": "pooled", "simulation.replicates": int(sys.argv[1])}
)
run_in_folder(asked, Path(sys.argv[2]), executor=threads(2), store="zarr")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


@pytest.mark.slow
def test_peak_memory_does_not_grow_with_replicates(tmp_path: Path) -> None:
    """Four times the replicates, 1.1 GB more of result, and less than 150 MB more of memory."""
    peaks = []
    for replicates in (30_000, 120_000):
        folder = tmp_path / str(replicates)
        words = [sys.executable, "-c", PEAK, str(replicates), str(folder)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout))
    size = sum(path.stat().st_size for path in (tmp_path / "120000").rglob("*") if path.is_file())
    assert size > 1.4e9
    assert peaks[1] - peaks[0] < 150e6
