"""Read a table that a user brings, CSV or parquet, and say plainly what is wrong with it."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from simcore.errors import DataError, near_matches

ROWS_NAMED = 5
"""A problem names this many rows and counts the others."""
_MOST_COLUMNS = 1_000
_LONGEST_HEADER = 1_000_000
"""Bytes; pandas takes a minute for a header of 200,000 empty cells, so they are counted before."""


def read_data_frame(path: Path, *, needs: Sequence[str]) -> pd.DataFrame:
    """Return a table with at least the named columns.

    Parameters
    ----------
    path
        File with the ending ``.csv`` or ``.parquet``; a CSV has a header and commas and is UTF-8. Rows
        that are empty throughout, as spreadsheets leave them at the end, are dropped.
    needs
        Names of the columns that must be there.

    Raises
    ------
    DataError
        If the file is not there, cannot be read, has no rows or lacks a column.
    """
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise DataError(str(path), f"ending {path.suffix!r}; allowed: .csv, .parquet")
    if not path.is_file():
        raise DataError(str(path), "no such file")
    try:
        frame = _read_csv(path) if path.suffix.lower() == ".csv" else pd.read_parquet(path)
    except ImportError as error:
        message = "parquet needs pyarrow; install it with: pip install 'simcore[parquet]'"
        raise DataError(str(path), message) from error
    except UnicodeDecodeError as error:
        raise DataError(str(path), "is not UTF-8 text; save it as CSV UTF-8") from error
    except (ValueError, OSError) as error:
        raise DataError(str(path), f"cannot be read as {path.suffix[1:]}: {error}") from error
    columns = [str(column) for column in frame.columns]
    problems = [
        f"column {name!r} is absent; found {', '.join(columns) or 'none'}{near_matches(name, columns)}"
        for name in needs
        if name not in columns
    ]
    if not problems and frame.empty:
        problems.append("no rows; allowed: at least one")
    if problems:
        raise DataError(str(path), problems)
    return frame


def _read_csv(path: Path) -> pd.DataFrame:
    """Return a CSV file's table; its index counts the rows below the header, empty ones included."""
    with path.open("rb") as file:
        header = file.readline(_LONGEST_HEADER)
    commas, others = header.count(b","), {mark: header.count(mark.encode()) for mark in ";\t|"}
    if commas > _MOST_COLUMNS:
        raise DataError(str(path), f"{commas + 1:,} columns; allowed: {_MOST_COLUMNS:,}")
    mark = max(others, key=others.__getitem__)
    if others[mark] > commas:
        raise DataError(str(path), f"its cells stand between {mark!r}; allowed: commas")
    frame = pd.read_csv(path, skip_blank_lines=False)
    if not isinstance(frame.index, pd.RangeIndex):
        # pandas then takes the first cells as labels, and every other cell for its neighbour's.
        raise DataError(str(path), "rows have more cells than the header; write 1234 for 1,234")
    return frame.dropna(how="all")


def bad_rows(frame: pd.DataFrame, bad: "pd.Series[bool]", column: str, allowed: str) -> list[str]:
    """Return a sentence on the rows of a column that hold what is not allowed; none if there are none."""
    count = int(bad.sum())
    if count == 0:
        return []
    # The header is line 1 of a CSV, and rows count from 0.
    rows = [
        f"line {int(frame.index[int(row)]) + 2}: {str(frame[column].iloc[int(row)])!r}"
        for row in bad.to_numpy().nonzero()[0][:ROWS_NAMED]
    ]
    more = f" and {count - ROWS_NAMED} more" if count > ROWS_NAMED else ""
    return [f"{column}: {'; '.join(rows)}{more}; allowed: {allowed}"]


def as_numbers(column: "pd.Series[float]") -> "pd.Series[float]":
    """Return a column as floats; what is no number becomes NaN."""
    return pd.to_numeric(column, errors="coerce").astype("float64")
