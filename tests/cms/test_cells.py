"""Cells as spreadsheets write them."""

from datetime import date

import numpy as np
import pytest

from simcore.cms.cells import parse_date, parse_flag, parse_number, parse_numbers, read_rates


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,650,927,172", 1650927172.0),
        ("$-9187354.55", -9187354.55),
        ("(1,200)", -1200.0),
        ("0.02%", 0.02),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("\u22125", -5.0),
        ("1_000", None),
        ("infinity", None),
        ("1e999", None),
        ("A1001", None),
    ],
)
def test_numbers(cell: str, value: float | None) -> None:
    assert parse_number(cell) == value


def test_missing_cells_are_no_fault() -> None:
    values, unreadable = parse_numbers(["*", "-", "", "7", "seven"])
    np.testing.assert_array_equal(values, [np.nan, np.nan, np.nan, 7.0, np.nan])
    assert list(unreadable) == [False, False, False, False, True]


# The serial number of a spreadsheet counts from 30 December 1899: 43831 is 1 January 2020.
@pytest.mark.parametrize(
    "cell",
    [
        "1/1/2020",
        "01/01/2020",
        "1/1/20",
        "2020-01-01",
        "01/01/2020 12:00:00 AM",
        "43831",
        "43831.0",
        "1-Jan-2020",
    ],
)
def test_dates(cell: str) -> None:
    assert parse_date(cell) == date(2020, 1, 1)


def test_no_date() -> None:
    assert parse_date("soon") is None


def test_flags() -> None:
    assert [parse_flag(cell) for cell in ("1", "0.0", "Yes", "no")] == [1.0, 0.0, 1.0, 0.0]
    assert np.isnan(parse_flag("2"))


@pytest.mark.parametrize(
    ("cells", "values", "half_unit"),
    [
        # 45.42 percent published to two decimals is known to 0.005 points.
        (["45.42%", "50.00%"], [0.4542, 0.5], 0.00005),
        (["45.42", "50"], [0.4542, 0.5], 0.00005),
        (["0.4542", "0.5"], [0.4542, 0.5], 0.00005),
        (["0.49", "0.5"], [0.49, 0.5], 0.005),
        # Binary fractions written out: the published digits are four.
        (["0.9312999999999999", "0.985"], [0.9313, 0.985], 0.00005),
    ],
)
def test_rates_in_any_unit(cells: list[str], values: list[float], half_unit: float) -> None:
    rates = read_rates(cells, largest_fraction=1.5)
    np.testing.assert_allclose(rates.values, values, rtol=0, atol=1e-15)
    assert rates.half_unit == pytest.approx(half_unit)
