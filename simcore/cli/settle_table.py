"""Settle a table, one settlement a row, and add what each comes to."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from simcore.cli.settle_case import Case, Rules, read_case, settle_case
from simcore.cli.settle_fields import OPTIONS
from simcore.cli.settle_outcome import rounded_results
from simcore.cms.csv_text import read_text_table
from simcore.errors import DataError, near_matches

LABELS = ("aco_id",)
"""Columns that are carried along and not read."""


def settle_table(path: Path, rules: Rules, *, decimals: int) -> tuple[str, list[str]]:
    """Return the table at `path` with the results' columns added, as CSV text, and notes.

    Raises
    ------
    DataError
        With the problems of all rows at once: row of the file, column, value, and what is allowed.
    """
    rows = _rows(path)
    cases, problems = [], []
    for number, row in enumerate(rows, start=2):
        words = {name: text for name, text in row.items() if name not in LABELS}
        case, faults = read_case(words, rules)
        problems += [f"row {number}, column {fault}" for fault in faults]
        if case is not None:
            cases.append(case)
    if problems:
        raise DataError(str(path), problems)
    return _settled(rows, cases, rules, decimals=decimals)


def _rows(path: Path) -> list[dict[str, str]]:
    """Return the cells of each row by column, all columns known."""
    content = read_text_table(path)
    allowed = [*OPTIONS, *LABELS]
    problems = [
        f"column {header!r} is no option of a settlement{near_matches(header, allowed)}"
        for header in content.headers
        if header not in allowed
    ]
    problems += [f"allowed: {', '.join(allowed)}"] if problems else []
    problems += [
        f"column {header!r} stands there twice"
        for header in dict.fromkeys(content.headers)
        if content.headers.count(header) > 1
    ]
    if problems:
        raise DataError(str(path), problems)
    return [dict(zip(content.headers, cells, strict=True)) for cells in zip(*content.positions, strict=True)]


def _settled(
    rows: list[dict[str, str]], cases: list[Case], rules: Rules, *, decimals: int
) -> tuple[str, list[str]]:
    """Return the rows with their results as CSV text, and each note once with the rows it is about."""
    text = io.StringIO(newline="")
    writer: csv.DictWriter[str] | None = None
    noted: dict[str, list[int]] = {}
    for number, (row, case) in enumerate(zip(rows, cases, strict=True), start=2):
        outcome = settle_case(case, rules)
        results: Mapping[str, float] = rounded_results(outcome.settlement, decimals=decimals)
        if writer is None:
            writer = csv.DictWriter(text, [*row, *results], lineterminator="\n")
            writer.writeheader()
        writer.writerow({**row, **results})
        for note in outcome.notes:
            noted.setdefault(note, []).append(number)
    notes = [f"{note} ({_which(numbers, len(rows))})" for note, numbers in noted.items()]
    return text.getvalue(), notes


def _which(numbers: list[int], rows: int) -> str:
    """Say which rows a note is about, few by number and many by their count."""
    if len(numbers) == rows:
        return "every row"
    if len(numbers) <= 5:
        return f"row {', '.join(map(str, numbers))}"
    return f"{len(numbers)} of {rows} rows"
