"""Read any spreadsheet's text file into columns of strings, or say all that is wrong with it."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from simcore.errors import DataError
from simcore.user_file import bytes_of

LARGEST_FILE_BYTES = 200_000_000
"""CMS's public files are below 2 MB: a file of this size is something else, and would fill the memory."""

_DELIMITERS = (",", "\t", ";", "|")
_PACKED = {b"PK\x03\x04": "a zip archive or an Excel workbook", b"\x1f\x8b": "packed by gzip"}
"""First bytes of what is handed over in place of a CSV file."""
_SHOWN_PROBLEMS = 20
_LONGEST_HEADER = 100_000
"""Characters: Python's reader refuses a cell of more than 131,072."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """The cells of a text file as they stand, stripped of blanks.

    ``columns`` maps a normalised header (lower case, words joined by underscores) to its cells;
    ``positions`` are the same cells by 0-based place, for a file whose headers cannot be trusted.
    """

    source: str
    headers: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    positions: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Number of rows below the header."""
        return len(self.positions[0]) if self.positions else 0


def normalised(header: str) -> str:
    """Return `header` in lower case, with one underscore for whatever stands between its words and digits."""
    return re.sub(r"[^a-z0-9]+", "_", header.strip().lower()).strip("_")


def read_text_table(path: Path) -> TextTable:
    """Read a delimited text file, whatever its encoding and delimiter.

    Parameters
    ----------
    path
        File with one header row. UTF-8 (with or without a byte order mark), UTF-16 and Windows-1252
        are recognised; so are commas, tabs, semicolons and bars between the cells.

    Returns
    -------
    TextTable
        All cells as text. Rows and columns that are empty throughout are dropped.

    Raises
    ------
    DataError
        If the file cannot be opened, is empty, is no table, or breaks off.
    """
    source = str(path)
    text, notes = _decoded(source, bytes_of(path, LARGEST_FILE_BYTES))
    delimiter = _delimiter(text)
    rows = _parsed(source, text, delimiter)
    headers = [cell.strip() for cell in rows[0]]
    while headers and not headers[-1]:
        headers.pop()
    body = [[cell.strip() for cell in row] for row in rows[1:] if any(cell.strip() for cell in row)]
    problems = _shape_problems(headers, body)
    if problems:
        raise DataError(source, problems)
    positions = tuple(tuple(row[place] for row in body) for place in range(len(headers)))
    return TextTable(source, tuple(headers), _by_name(headers, positions), positions, notes)


def _decoded(source: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of `content` and a note when the encoding was not UTF-8."""
    if not content.strip():
        raise DataError(source, "the file is empty; expected a header row and one row for each ACO")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise DataError(
                source, "the file starts as UTF-16 text and breaks off; download it again"
            ) from error
        # UTF-32 starts with the same two bytes and then reads as letters with nulls between them.
        if "\x00" not in text:
            return text, ("the file is encoded in UTF-16",)
    packed = next((kind for start, kind in _PACKED.items() if content.startswith(start)), None)
    if packed:
        raise DataError(source, f"the file is {packed}, no CSV text; unpack it, or save a workbook as CSV")
    if b"\x00" in content:
        raise DataError(source, "the file holds null bytes, so it is no CSV text; save a spreadsheet as CSV")
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        # 0x81, 0x8d, 0x8f, 0x90 and 0x9d mean nothing in Windows-1252: kept visible, not fatal.
        return content.decode("cp1252", errors="replace"), ("the file is encoded in Windows-1252, not UTF-8",)


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the header row into the most cells."""
    # A file of an old Mac ends its lines with a carriage return alone.
    header = re.split(r"[\r\n]", text.lstrip(), maxsplit=1)[0][:_LONGEST_HEADER]
    return max(_DELIMITERS, key=lambda mark: len(next(csv.reader([header], delimiter=mark), [])))


def _parsed(source: str, text: str, delimiter: str) -> list[list[str]]:
    """Return all rows, the first of which is the header."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(row for row in reader if row)
    except csv.Error as error:
        raise DataError(source, f"line {reader.line_num}: {error}; the file is damaged or no CSV") from error
    while rows and not any(cell.strip() for cell in rows[0]):
        rows.pop(0)
    if not rows or len([cell for cell in rows[0] if cell.strip()]) < 2:
        raise DataError(source, "the first row is no header of several columns; expected CSV text")
    return rows


def _shape_problems(headers: Sequence[str], body: Sequence[Sequence[str]]) -> list[str]:
    """Return what is wrong with the number of rows and of cells in each."""
    if not body:
        return ["there are no rows below the header"]
    width = len(headers)
    problems = [
        f"row {place} has {len(row)} cells, the header has {width}"
        + ("; the file breaks off here" if place == len(body) + 1 and len(row) < width else "")
        for place, row in enumerate(body, start=2)
        if len(row) < width or any(row[width:])
    ]
    if len(problems) > _SHOWN_PROBLEMS:
        hidden = len(problems) - _SHOWN_PROBLEMS
        problems = [*problems[:_SHOWN_PROBLEMS], f"and {hidden} more rows of another length than the header"]
    return problems


def _by_name(headers: Sequence[str], positions: Sequence[tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Return cells by normalised header; of a header that occurs twice, the first."""
    columns: dict[str, tuple[str, ...]] = {}
    for header, cells in zip(headers, positions, strict=True):
        columns.setdefault(normalised(header), cells)
    return columns
