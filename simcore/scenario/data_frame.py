"""Read a table that a user brings, CSV or parquet, and say plainly what is wrong with it."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from simcore.errors import DataError, near_matches

ROWS_NAMED = 5
"""A problem names this many rows and counts the others."""


def read_data_frame(path: Path, *, needs: Sequence[str]) -> pd.DataFrame:
    """Return a table with at least the named columns.

    Parameters
    ----------
    path
        File with the ending ``.csv`` or ``.parquet``; a CSV has a header and commas.
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
        frame = pd.read_csv(path) if path.suffix.lower() == ".csv" else pd.read_parquet(path)
    except ImportError as error:
        raise DataError(str(path), "parquet needs pyarrow; install simcore[parquet]") from error
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


def bad_rows(frame: pd.DataFrame, bad: "pd.Series[bool]", column: str, allowed: str) -> list[str]:
    """Return a sentence on the rows of a column that hold what is not allowed; none if there are none."""
    count = int(bad.sum())
    if count == 0:
        return []
    # The header is line 1 of a CSV, and rows count from 0.
    rows = [
        f"line {int(row) + 2}: {str(frame[column].iloc[int(row)])!r}"
        for row in bad.to_numpy().nonzero()[0][:ROWS_NAMED]
    ]
    more = f" and {count - ROWS_NAMED} more" if count > ROWS_NAMED else ""
    return [f"{column}: {'; '.join(rows)}{more}; allowed: {allowed}"]


def as_numbers(column: "pd.Series[float]") -> "pd.Series[float]":
    """Return a column as floats; what is no number becomes NaN."""
    return pd.to_numeric(column, errors="coerce").astype("float64")
