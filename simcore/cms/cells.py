"""Turn the cells of a spreadsheet into numbers, dates and flags, and tell a rate's unit from its values."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from simcore.model.arrays import Bool, Float64

MISSING = frozenset({"", "-", "--", "*", "^", "~", ".", "na", "n/a", "#n/a", "nan", "null", "none"})
"""Cells without a value: ``*`` is suppressed (1 to 10 people), ``-`` not applicable."""

_FIRST_EXCEL_DAY = date(1899, 12, 30)
_DATE_FORMATS = (
    "%m/%d/%Y",
    "%m/%d/%y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%m-%d-%Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%B %d, %Y",
)
_DECORATION = str.maketrans("", "", "$, \u00a0%")
_SIGNIFICANT_DIGITS = 12
_LARGEST = 1e15
"""Medicare spends 1e12 USD a year: a larger number is a slip, and its arithmetic would overflow."""


def is_missing(cell: str) -> bool:
    """Return whether `cell` holds no value."""
    return cell.lower() in MISSING


def parse_number(cell: str) -> float | None:
    """Return the number in `cell`, or None; currency, percent and thousands signs are dropped."""
    text = cell.translate(_DECORATION).replace("\u2212", "-")
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1]
    # Python also reads "1_000", "infinity" and digits of other scripts: no spreadsheet writes them.
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text, re.ASCII):
        return None
    value = float(text)
    return value if abs(value) <= _LARGEST else None


def parse_numbers(cells: Sequence[str]) -> tuple[Float64, Bool]:
    """Return the numbers in `cells`, NaN where there is none, and which are neither number nor missing."""
    parsed = [None if is_missing(cell) else parse_number(cell) for cell in cells]
    values = np.array([math.nan if value is None else value for value in parsed])
    unreadable = np.array(
        [value is None and not is_missing(cell) for value, cell in zip(parsed, cells, strict=True)],
        dtype=bool,
    )
    return values, unreadable


def parse_date(cell: str) -> date | None:
    """Return the day in `cell`: American, ISO, or the serial number of a spreadsheet; None if it is none."""
    text = cell.strip()
    if re.fullmatch(r"\d{5}(\.0+)?", text):
        return _FIRST_EXCEL_DAY + timedelta(days=int(float(text)))
    # The file of 2018 has a time of day behind each date.
    day = re.sub(r"[ T]\d{1,2}:\d{2}(:\d{2})?.*$", "", text)
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(day, form).date()
        except ValueError:
            continue
    return None


def parse_flag(cell: str) -> float:
    """Return 1 or 0 for a yes-or-no cell, NaN if it says neither."""
    word = cell.strip().lower()
    if word in {"y", "yes", "true", "t"}:
        return 1.0
    if word in {"n", "no", "false", "f"}:
        return 0.0
    value = parse_number(cell)
    return value if value in (0.0, 1.0) else math.nan


@dataclass(frozen=True, slots=True)
class RateColumn:
    """A column of rates as fractions, and half a unit of its last published digit."""

    values: Float64
    half_unit: float
    percent: bool


def read_rates(cells: Sequence[str], *, largest_fraction: float) -> RateColumn:
    """Read a column of rates in whatever unit it is written.

    Parameters
    ----------
    cells
        Fractions (0.4542), percent points (45.42) or percent text (45.42%). Percent text alone proves
        nothing: in the file of 2013 the fraction 0.0234 is written as 0.0234%.
    largest_fraction
        A column that exceeds this anywhere must be in percent points.

    Returns
    -------
    RateColumn
        NaN where a cell holds no number.
    """
    values, _ = parse_numbers(cells)
    percent = bool(np.nanmax(np.abs(values), initial=0.0) > largest_fraction)
    scale = 0.01 if percent else 1.0
    decimals = max((_decimals(cell) for cell in cells if not is_missing(cell)), default=0)
    # 98.35 / 100 is 0.9834999999999999: the digits that were published are restored.
    fractions = np.round(values * scale, decimals + (2 if percent else 0))
    # Whole numbers as fractions are 0 and 1, and those are not rounded: nothing or everything.
    half_unit = 0.5 * 10.0**-decimals * scale if decimals or percent else 0.0
    return RateColumn(fractions, half_unit, percent)


def _decimals(cell: str) -> int:
    """Return the digits behind the point of a number, without the artefacts of binary fractions."""
    value = parse_number(cell)
    if value is None:
        return 0
    shortest = f"{value:.{_SIGNIFICANT_DIGITS}g}"
    # A trailing zero is a published digit, except where it only continues a binary fraction.
    written = cell.translate(_DECORATION)
    text = written if len(written) <= _SIGNIFICANT_DIGITS else shortest
    return len(text.partition(".")[2]) if "e" not in text.lower() else _SIGNIFICANT_DIGITS
