"""A table of settlements as spreadsheets save it is settled alike or refused in words: no cell is taken for another."""

from pathlib import Path

import pytest

from simcore.cli.settle_table import settle_table
from simcore.errors import SimcoreError
from tests.fuzz.targets import rules

HEADER = (
    "track,assigned_beneficiaries,benchmark,expenditures,quality_score,agreement_start,performance_year\n"
)
ROW = "ENHANCED,12000,150000000,145000000,0.85,2024-01-01,2024\n"
SOUND = HEADER + ROW


def settled(folder: Path, content: bytes) -> str:
    path = folder / "table.csv"
    path.write_bytes(content)
    return str(settle_table(path, rules(), decimals=2))


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + SOUND.encode(),
        SOUND.replace("\n", "\r\n").encode(),
        SOUND.replace("\n", "\r").encode(),
        SOUND.encode("utf-16"),
        SOUND.replace(",", ";").encode(),
        SOUND.replace(",", "\t").encode(),
        (HEADER + ROW.replace("ENHANCED", '"ENHANCED\n"')).encode(),
        (HEADER + ROW.replace("\n", ",\n")).encode(),
        (SOUND + ",,,,,,\n" * 3).encode(),
    ],
    ids=["BOM", "CRLF", "CR", "UTF-16", "semicolons", "tabs", "newline", "last comma", "empty rows"],
)
def test_the_way_of_saving_changes_no_dollar(tmp_path: Path, content: bytes) -> None:
    assert settled(tmp_path, content) == settled(tmp_path, SOUND.encode())


@pytest.mark.parametrize(
    ("plain", "shown", "told"),
    [
        ("150000000", '"150,000,000.50"', "write a plain number"),
        ("150000000", '"$150,000,000"', "write a plain number"),
        ("145000000", '"(145,000,000)"', "write a plain number"),
        ("0.85", "85%", "write a plain number"),
        ("0.85", '="0.85"', "write a plain number"),
        ("12000", "12\u00a0000", "write a plain number"),
        ("2024-01-01", "1/1/2024", "a date such as 2024-01-01"),
        ("2024-01-01", "45292", "a date such as 2024-01-01"),
        ("2024-01-01", "2024-01-15", "allowed: 2024-01-01"),
        ("150000000", "#REF!", "an amount in USD above 0"),
        ("ENHANCED", "ENH\x1b[2JANCED", r"ENH\x1b[2JANCED"),
    ],
)
def test_a_cell_of_another_make_is_refused_where_it_stands(
    tmp_path: Path, plain: str, shown: str, told: str
) -> None:
    with pytest.raises(SimcoreError) as refused:
        settled(tmp_path, (HEADER + ROW.replace(plain, shown, 1)).encode())
    assert "row 2, column " in str(refused.value)
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (SOUND.encode("utf-16-le"), "null bytes"),
        (b"PK\x03\x04" + b"\0" * 200, "a zip archive or an Excel workbook"),
        (b"sep=;\r\n" + SOUND.replace(",", ";").encode(), "no header"),
        (b"<html><body>404</body></html>", "no header"),
        ((HEADER + '"' + ROW).encode(), "damaged"),
        (SOUND.replace("quality_score", "benchmark").encode(), "stands there twice"),
        ((SOUND + "ENHANCED,1\n").encode(), "breaks off"),
        (SOUND.replace(";", ",").replace("0.85", "0,85").encode(), "8 cells"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(SimcoreError, match=told):
        settled(tmp_path, content)
