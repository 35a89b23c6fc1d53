"""Read CMS's yearly results of Direct Contracting and ACO REACH into one table with the project's words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from simcore.cms.cells import parse_numbers
from simcore.cms.csv_text import TextTable, read_text_table
from simcore.errors import DataError, near_matches
from simcore.model.arrays import Float64

Cells: TypeAlias = Mapping[str, tuple[str, ...]]

FIRST_YEAR: Final = 2021
"""The first performance year, April to December: in CMS's files also called PY1."""

# The project's word for a column: its spellings after normalisation, CMS's first.
_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "aco_id": ("aco_id", "dce_id", "id"),
    "risk_arrangement": ("risk_arrangement", "risk_arngmnt", "risk_option"),
}
_AMOUNTS: Final[Mapping[str, tuple[str, ...]]] = {
    "final_benchmark": ("final_benchmark", "final_bnchmrk", "benchmark_final"),
    "net_expenditures": ("tot_cost_care_net", "total_cost_of_care_net"),
    "shared": ("shared_savings", "shared_savings_losses"),
    "net_settlement": ("shared_savings_seq", "shared_savings_after_seq"),
}
_OPTIONAL_AMOUNTS: Final[Mapping[str, tuple[str, ...]]] = {
    "equity_addition": ("heba_up_amt", "heba_up"),
    "equity_reduction": ("heba_down_amt", "heba_down"),
    "gross_savings": ("gross_savings", "gross_savings_losses"),
}
_OPTIONAL_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "performance_year": ("perf_year", "performance_year", "py", "year"),
    "aco_name": ("aco_name", "dce_name"),
    "stop_loss": ("stop_loss", "stop_loss_elected"),
    "discount": ("discount",),
    "retention_withhold": ("retention_withhold",),
}
_CONTRACTS: Final = {"global": "REACH-GLOBAL", "professional": "REACH-PROFESSIONAL"}
_SHOWN_ROWS: Final = 5
_LARGEST_HALF_UNIT: Final = 0.5


@dataclass(frozen=True, slots=True)
class ReachResults:
    """Results of Direct Contracting and ACO REACH, one row an ACO-year.

    ``frame`` has ``performance_year``, ``aco_id``, ``contract`` (a preset's label), ``final_benchmark``
    (before the equity adjustment), ``equity_adjustment``, ``net_expenditures``, ``gross_savings``,
    ``shared`` and ``net_settlement`` (before and after sequestration, losses negative), all in USD, and
    ``half_unit``: by how much rounding can have moved the shared amount.
    """

    source: str
    frame: pd.DataFrame
    notes: tuple[str, ...]


def read_reach_results(path: Path, *, performance_year: int | None = None) -> ReachResults:
    """Read one file, of one year or of several; headers in capitals or not.

    Parameters
    ----------
    path
        A file of CMS's "ACO REACH Financial and Quality Results", or a table with its columns.
    performance_year
        The year of every row, where no column has it.

    Raises
    ------
    DataError
        With all problems at once: missing columns, unreadable amounts, unknown risk arrangements.
    """
    table = read_text_table(path)
    cells = {
        word: table.columns[name]
        for group in (_TEXTS, _AMOUNTS, _OPTIONAL_AMOUNTS, _OPTIONAL_TEXTS)
        for word, names in group.items()
        for name in reversed(names)
        if name in table.columns
    }
    problems = _missing(cells, table)
    years = _years(cells, table.rows, performance_year, problems)
    contracts = _contracts(cells, problems)
    amounts = {
        word: _amounts(word, cells[word], problems)
        for word in (*_AMOUNTS, *_OPTIONAL_AMOUNTS)
        if word in cells
    }
    if problems:
        raise DataError(str(path), problems)
    frame = pd.DataFrame(
        {"performance_year": years, "aco_id": list(cells["aco_id"]), "contract": contracts, **amounts}
    )
    return ReachResults(str(path), frame, (*table.notes, *_complete(frame, cells)))


def _complete(frame: pd.DataFrame, cells: Cells) -> list[str]:
    """Add the columns that follow from others, and return what must be said about them."""
    notes = []
    none = pd.Series(0.0, frame.index)
    equity = frame.get("equity_addition", none) + frame.get("equity_reduction", none)
    frame["equity_adjustment"] = equity
    frame["half_unit"] = _half_units(cells["shared"])
    if "gross_savings" in cells:
        frame["half_unit"] += _half_units(cells["gross_savings"])
    else:
        frame["gross_savings"] = frame["final_benchmark"] + equity - frame["net_expenditures"]
        frame["half_unit"] += _half_units(cells["final_benchmark"]) + _half_units(cells["net_expenditures"])
        notes.append("not in this file: gross savings; taken as benchmark less expenditures")
    for word in ("aco_name", "stop_loss"):
        if word in cells:
            frame[word] = list(cells[word])
    for word in ("discount", "retention_withhold"):
        if word in cells:
            # Published in percent points: 2.0 is 2 percent.
            frame[word] = np.nan_to_num(parse_numbers(cells[word])[0]) / 100.0
    return notes


def _missing(cells: Cells, table: TextTable) -> list[str]:
    """Return a problem for each column that must be there and is not."""
    return [
        f"column {names[0].upper()} ({word}) is missing{near_matches(names[0], list(table.columns))}"
        for word, names in {**_TEXTS, **_AMOUNTS}.items()
        if word not in cells
    ]


def _years(cells: Cells, rows: int, asked: int | None, problems: list[str]) -> list[int]:
    """Return each row's performance year, written as 2021, PY2021 or PY1."""
    if "performance_year" not in cells:
        if asked is None:
            problems.append("column PERF_YEAR is missing; give the performance year with --year")
        return [asked or FIRST_YEAR] * rows
    years = []
    for place, cell in enumerate(cells["performance_year"], start=2):
        match = re.fullmatch(r"(?:PY)?\s*(\d{1,4})(?:\.0+)?", cell.strip().upper())
        year = int(match.group(1)) if match else 0
        # PY1 is 2021.
        year = year + FIRST_YEAR - 1 if 0 < year < 100 else year
        if year < FIRST_YEAR:
            problems.append(f"row {place}, PERF_YEAR: {cell!r}; allowed: {FIRST_YEAR} or later")
        years.append(year)
    return years


def _contracts(cells: Cells, problems: list[str]) -> list[str]:
    """Return each row's contract by its risk arrangement."""
    labels = []
    for place, cell in enumerate(cells.get("risk_arrangement", ()), start=2):
        word = cell.strip().lower()
        named = [label for name, label in _CONTRACTS.items() if len(word) >= 4 and name.startswith(word)]
        labels.append(named[0] if named else "")
        if not named:
            problems.append(f"row {place}, RISK_ARRANGEMENT: {cell!r}; allowed: Global, Professional")
    return labels


def _amounts(word: str, cells: tuple[str, ...], problems: list[str]) -> Float64:
    """Return a column of dollars; an empty cell of an optional column is none."""
    values, bad = parse_numbers(cells)
    if word in _AMOUNTS:
        bad |= np.isnan(values)
    if word == "final_benchmark":
        bad |= ~(values > 0.0)
    places = np.flatnonzero(bad)
    if places.size:
        rows = ", ".join(f"row {place + 2} ({cells[place]!r})" for place in places[:_SHOWN_ROWS])
        more = f" and {places.size - _SHOWN_ROWS} more" if places.size > _SHOWN_ROWS else ""
        allowed = "an amount above 0" if word == "final_benchmark" else "an amount"
        problems.append(f"{word}: {rows}{more}; allowed: {allowed}")
    return np.nan_to_num(values)


def _half_units(cells: tuple[str, ...]) -> Float64:
    """Return half a unit of the last digit of each cell, USD."""
    decimals = [len(cell.strip().partition(".")[2]) for cell in cells]
    return np.array([_LARGEST_HALF_UNIT * 10.0**-places for places in decimals])
