"""A result is stored whole, read back as it was, and refused when it is damaged."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from simcore.errors import ResultError
from simcore.store import load, save, written_whole
from tests.example_results import example_result


def test_what_is_loaded_is_what_was_saved(tmp_path: Path) -> None:
    result = example_result(50)
    loaded = load(save(result, tmp_path / "result.nc"))
    xr.testing.assert_identical(loaded.drop_attrs(deep=False), result.drop_attrs(deep=False))
    assert {key: loaded.attrs[key] for key in result.attrs} == result.attrs


def test_the_same_result_gives_the_same_file(tmp_path: Path) -> None:
    one, other = (save(example_result(50), tmp_path / f"{name}.nc") for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()


def test_xarray_alone_reads_a_result(tmp_path: Path) -> None:
    path = save(example_result(50), tmp_path / "result.nc")
    with xr.open_dataset(path) as opened:
        assert opened["net_settlement"].attrs["units"] == "USD"
        assert opened["msr_met"].dtype == np.bool_


def test_a_changed_number_is_found(tmp_path: Path) -> None:
    path = save(example_result(50), tmp_path / "result.nc")
    with xr.open_dataset(path) as opened:
        changed = opened.load()
    changed["net_settlement"].values[0, 0, 0] += 1.0
    changed.to_netcdf(path, engine="h5netcdf")
    with pytest.raises(ResultError, match="does not match the digest"):
        load(path)


@pytest.mark.parametrize("keep", [0, 10, 1000, 20_000])
def test_a_truncated_file_is_refused_in_words(tmp_path: Path, keep: int) -> None:
    path = save(example_result(50), tmp_path / "result.nc")
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ResultError, match="cannot be read as a result"):
        load(path)


def test_another_dataset_is_refused_with_all_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "other.nc"
    xr.Dataset({"x": ("replicate", np.zeros(3))}).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(ResultError) as raised:
        load(path)
    assert len(raised.value.problems) > 10


def test_an_absent_file_names_its_neighbours(tmp_path: Path) -> None:
    save(example_result(50), tmp_path / "result.nc")
    with pytest.raises(ResultError, match=r"did you mean 'result.nc'"):
        load(tmp_path / "resul.nc")


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    def fail_halfway() -> None:
        with written_whole(tmp_path / "file.txt") as temporary:
            temporary.write_text("half")
            raise RuntimeError("interrupted")

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ResultError, match="cannot be written"):
        save(example_result(10), tmp_path / "file" / "result.nc")
