"""The reader of CMS's results files: real files, layouts that are not here, and files at fault."""

import csv
import gzip
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from simcore.cms.public_results import read_public_results
from simcore.errors import DataError
from tests.cms.built_files import COLUMNS_2024, ROWS_2024, read_csv, write_csv

# ACO-years, paid, owed and total earned (in millions of USD) as CMS's press releases and files have them.
PUBLISHED = {
    2013: (220, 52, 1, 315.9),
    2014: (333, 86, 0, 341.25),
    2015: (392, 119, 0, 645.54),
    2016: (432, 134, 4, 700.61),
    2018: (548, 205, 11, 983.98),
    2019: (475, 239, 6, 1134.0),
    2020: (513, 345, 0, 2283.7),
    2021: (475, 274, 0, 1959.4),
    2022: (482, 304, 0, 2524.5),
    2023: (453, 313, 20, 3094.5),
}


@pytest.fixture
def file_2024(tmp_path: Path) -> Path:
    return write_csv(tmp_path / "any name.csv", COLUMNS_2024, ROWS_2024)


@pytest.mark.cms_data
@pytest.mark.parametrize("year", PUBLISHED)
def test_totals_are_those_that_cms_published(cms_data: Path, year: int) -> None:
    results = read_public_results(cms_data / "puf" / f"PY{year}.csv")
    count, paid, owed, earned = PUBLISHED[year]
    net = results.frame["net_settlement"]
    assert results.performance_year == year
    assert (len(net), (net > 0).sum(), (net < 0).sum()) == (count, paid, owed)
    assert net.clip(lower=0).sum() / 1e6 == pytest.approx(earned, abs=0.05)


@pytest.mark.cms_data
@pytest.mark.parametrize("year", [year for year in PUBLISHED if year > 2013])
def test_dollars_give_the_published_savings_rate(cms_data: Path, year: int) -> None:
    results = read_public_results(cms_data / "puf" / f"PY{year}.csv")
    difference = results.frame["published_savings_rate"] - results.frame["savings_rate"]
    # Whole dollars against full-precision rates differ by up to 1 / benchmark, 2e-7 for the smallest.
    assert difference.abs().max() <= results.half_unit["published_savings_rate"] + 2e-7


@pytest.mark.cms_data
def test_half_years_of_2019_are_found_by_their_halved_dollars(cms_data: Path) -> None:
    months = read_public_results(cms_data / "puf" / "PY2019.csv").frame["months"]
    assert (months == 6).sum() == 166
    assert set(months) == {6, 12}


@pytest.mark.cms_data
def test_a_file_is_known_by_its_columns_whatever_its_name(cms_data: Path, tmp_path: Path) -> None:
    for year in PUBLISHED:
        renamed = tmp_path / "PY2099.csv"
        renamed.write_bytes((cms_data / "puf" / f"PY{year}.csv").read_bytes())
        assert read_public_results(renamed).performance_year == year


def _as_2017(header: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Return the file of 2016 in the layout of 2017: a relief column, one year later throughout."""
    dates = [place for place, name in enumerate(header) if name == "Current_Start_Date"]
    year = header.index("year")
    later = [
        [
            "2017" if place == year else cell.replace("/16", "/17") if place in dates else cell
            for place, cell in enumerate(row)
        ]
        for row in rows
    ]
    return [*header, "DisAdj"], [[*row, ""] for row in later]


@pytest.mark.cms_data
@pytest.mark.parametrize("with_year", [True, False])
def test_the_layout_of_2017_is_read(cms_data: Path, tmp_path: Path, with_year: bool) -> None:
    header, rows = _as_2017(*read_csv(cms_data / "puf" / "PY2016.csv"))
    if not with_year:
        place = header.index("year")
        header.pop(place)
        for row in rows:
            row.pop(place)
    path = write_csv(tmp_path / "results.csv", header, rows, "cp1252")
    results = read_public_results(path)
    original = read_public_results(cms_data / "puf" / "PY2016.csv")
    assert results.performance_year == 2017
    np.testing.assert_array_equal(results.frame["quality_score"], original.frame["quality_score"])
    np.testing.assert_array_equal(results.frame["track"], original.frame["track"])


RESTYLED: dict[str, Callable[[str], str]] = {
    "percent points": lambda cell: cell.replace("%", ""),
    "fractions": lambda cell: f"{float(cell[:-1]) / 100:.4f}" if cell.endswith("%") else cell,
    "percent text": lambda cell: cell,
    "thousands": lambda cell: f"{int(cell):,}" if cell.isdigit() and len(cell) > 4 else cell,
    "blanks": lambda cell: f" {cell} ",
}


@pytest.mark.cms_data
@pytest.mark.parametrize("style", RESTYLED)
def test_units_are_told_from_values(cms_data: Path, tmp_path: Path, style: str) -> None:
    header, rows = read_csv(cms_data / "puf" / "PY2023.csv")
    rows = [[*row[:4], *map(RESTYLED[style], row[4:])] for row in rows]
    results = read_public_results(write_csv(tmp_path / "x.csv", header, rows))
    original = read_public_results(cms_data / "puf" / "PY2023.csv")
    for column in ("quality_score", "minimum_savings_rate", "final_loss_rate", "expenditures"):
        np.testing.assert_allclose(results.frame[column], original.frame[column], rtol=0, atol=1e-12)
    assert results.half_unit["quality_score"] == pytest.approx(5e-5)


@pytest.mark.cms_data
@pytest.mark.parametrize(("delimiter", "encoding"), [("\t", "utf-8-sig"), (";", "utf-16"), (",", "cp1252")])
def test_encodings_and_delimiters(cms_data: Path, tmp_path: Path, delimiter: str, encoding: str) -> None:
    header, rows = read_csv(cms_data / "puf" / "PY2022.csv")
    path = tmp_path / "x.csv"
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows, [""] * len(header)])
    frame = read_public_results(path).frame
    assert len(frame) == PUBLISHED[2022][0]


def test_the_layout_of_2024(file_2024: Path) -> None:
    results = read_public_results(file_2024)
    frame = results.frame.set_index("aco_id")
    assert results.performance_year == 2024
    assert list(frame["track"]) == ["ENHANCED", "BASIC-A", "BASIC-E", "ENHANCED"]
    assert list(frame["quality_standard"]) == ["met", "met", "alternative", "alternative"]
    assert frame.loc["A1001", "minimum_savings_rate"] == 0.02
    assert frame.loc["A5388", "half_rate"] == 1.0
    assert frame.loc["A5386", "disaster_relief"] == 551.0
    assert frame.loc["A5386", "final_loss_rate"] == 0.5943
    assert frame.loc["A5388", "risk_ratio_weight_ESRD"] == 0.061
    assert np.isnan(frame.loc["A1001", "guardrail"])
    assert any("not in this file" in note for note in results.notes)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS_2024]
    rows[1][0] = "A1001"
    rows[2][COLUMNS_2024.index("ABtotExp")] = "NaN"
    rows[3][COLUMNS_2024.index("N_AB")] = "-9000"
    rows[0][COLUMNS_2024.index("ABtotBnchmk")] = "many"
    rows[0][COLUMNS_2024.index("Current_Track")] = "F"
    rows[2][COLUMNS_2024.index("Current_Start_Date")] = "soon"
    rows[3][COLUMNS_2024.index("MinSavPerc")] = "none at all"
    with pytest.raises(DataError) as caught:
        read_public_results(write_csv(tmp_path / "x.csv", COLUMNS_2024, rows))
    text = str(caught.value)
    amounts = ("expenditures has no number", "negative", "'many'", "'none at all'")
    for part in ("more than one row: A1001", "['F']", "agreement_start is no date: row 4", *amounts):
        assert part in text


def test_missing_columns_name_what_stands_nearest(tmp_path: Path) -> None:
    header = ["ABtotBenchmk" if name == "ABtotBnchmk" else name for name in COLUMNS_2024]
    header[COLUMNS_2024.index("QualScore")] = "Quality"
    with pytest.raises(DataError) as caught:
        read_public_results(write_csv(tmp_path / "x.csv", header, ROWS_2024))
    assert len(caught.value.problems) == 2
    assert "did you mean 'abtotbenchmk'" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "no header"),
        (b"PK\x03\x04\x00\x00", "a zip archive or an Excel workbook"),
        (gzip.compress(b"ACO_ID,Sav_rate", mtime=0), "packed by gzip"),
        (b"ACO_ID,N_AB\n", "no rows"),
        (b"just one sentence", "no header"),
        (b"a,b\n1,2\n3\n", "breaks off"),
        (b'a,b\n"1,2\n', "damaged"),
        (b"\xff\xfeA\x00,", "UTF-16"),
        (b"a,b\n1,2\n", "'aco_id' (aco_id) is missing"),
    ],
)
def test_a_file_that_is_none_of_these(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "PY2023.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=re.escape(expected)):
        read_public_results(path)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_public_results(tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match="cannot be read"):
        read_public_results(tmp_path)


def test_the_year_asked_for_must_not_contradict_the_file(file_2024: Path, tmp_path: Path) -> None:
    assert read_public_results(file_2024, performance_year=2025).performance_year == 2025
    header, rows = read_csv(file_2024)
    path = write_csv(tmp_path / "x.csv", ["year", *header], [["2024", *row] for row in rows])
    with pytest.raises(DataError, match="--year 2025"):
        read_public_results(path, performance_year=2025)
    mixed = write_csv(tmp_path / "y.csv", ["year", *header], [["2024", *rows[0]], ["2023", *rows[1]]])
    with pytest.raises(DataError, match="one year a file"):
        read_public_results(mixed)
