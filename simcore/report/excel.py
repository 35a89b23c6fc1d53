"""Write the exhibits of a result as an Excel workbook whose check cells recompute and must read 0."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xarray as xr
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from simcore.errors import ResultError
from simcore.report.assumptions import scenario_of
from simcore.report.citations import CitedNumber
from simcore.report.exhibits import FIRST_ROW, Exhibit, Kind, exhibits
from simcore.store import written_whole
from simcore.vocabulary import PROVENANCE, REPLICATE

_NUMBER_FORMATS: Final[dict[Kind, str]] = {
    "text": "@",
    "money": "#,##0;[Red]-#,##0;0",
    "rate": "0.0000",
    "count": "0",
    "check": '0.00;[Red]-0.00;"0"',
}
_WIDTHS: Final[dict[Kind, int]] = {"text": 16, "money": 15, "rate": 12, "count": 12, "check": 14}
_WIDEST_TEXT: Final = 52
_LINE: Final = 14.5
"""Height of a line of text in points: rows are sized here, since not every program sizes them itself."""

_MOST_ROWS: Final = 1_048_576 - FIRST_ROW - 20

# A workbook must carry a date of creation; the same result gives the same file, so it is no clock's.
_NO_DATE: Final = datetime(2000, 1, 1)


def write_excel(
    result: xr.Dataset,
    path: str | Path,
    *,
    citations: Sequence[CitedNumber] = (),
    defaults: Mapping[str, Any] | None = None,
) -> Path:
    """Write the exhibits of `result` and return the workbook's path.

    Parameters
    ----------
    result
        A result of ``simulate``, or a stored one.
    path
        The workbook. It is written whole or not at all.
    citations
        The numbers of the rules that the run used; they make a sheet of their own.
    defaults
        The shipped defaults by section and key, which tell what the scenario changed.

    Raises
    ------
    ResultError
        If the file cannot be written, or the result does not carry its scenario.
    """
    sheets = exhibits(result, citations, defaults)
    if max(len(sheet.rows) for sheet in sheets) > _MOST_ROWS:
        raise ResultError(str(path), f"a sheet of Excel holds {_MOST_ROWS:,} rows; export to parquet or CSV")
    target = Path(path)
    with written_whole(target) as temporary:
        # Text stays text: a contract named "=1+1" is a name, not a formula.
        options = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True}
        with xlsxwriter.Workbook(str(temporary), options) as workbook:
            workbook.set_properties({"title": "Exhibits of a simulated agreement", "created": _NO_DATE})
            formats = _formats(workbook)
            front = workbook.add_worksheet("Summary")
            totals = [_write_exhibit(workbook.add_worksheet(sheet.sheet), sheet, formats) for sheet in sheets]
            _write_front(front, result, list(zip(sheets, totals, strict=True)), formats)
    return target


def _formats(workbook: xlsxwriter.Workbook) -> dict[str, Format]:
    """Return the formats of all sheets by name."""
    kinds: dict[str, Format] = {
        kind: workbook.add_format({"num_format": text, "valign": "top"})
        for kind, text in _NUMBER_FORMATS.items()
    }
    kinds["check"].set_bg_color("#EAF3EA")
    kinds["text"].set_text_wrap()
    soft = {"font_color": "#6E6E6E", "font_size": 9, "text_wrap": True, "valign": "top"}
    heading = {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}
    return {
        **kinds,
        "title": workbook.add_format({"bold": True, "font_size": 14}),
        "heading": workbook.add_format(heading),
        "soft": workbook.add_format(soft),
        "last": workbook.add_format({**soft, "bottom": 2}),
        "note": workbook.add_format({"font_color": "#6E6E6E", "font_size": 9}),
    }


def _write_exhibit(sheet: Worksheet, exhibit: Exhibit, formats: Mapping[str, Format]) -> str:
    """Write one exhibit and return a formula's reference to the cell that totals its checks, or nothing."""
    sheet.write_string(0, 0, exhibit.title, formats["title"])
    _set_sizes(sheet, exhibit)
    for number, column in enumerate(exhibit.columns):
        sheet.write_string(3, number, column.heading, formats["heading"])
        sheet.write_string(4, number, f"({number + 1})", formats["soft"])
        sheet.write_string(5, number, column.unit, formats["soft"])
        sheet.write_string(6, number, column.basis, formats["last"])
    for offset, row in enumerate(exhibit.rows):
        for number, (cell, column) in enumerate(zip(row, exhibit.columns, strict=True)):
            at = (FIRST_ROW - 1 + offset, number)
            if column.kind == "check":
                sheet.write_formula(*at, _at_row(str(cell), at[0], len(row)), formats["check"])
            elif isinstance(cell, str):
                sheet.write_string(*at, cell, formats["text"])
            else:
                sheet.write_number(*at, cell, formats[column.kind])
    last = FIRST_ROW - 2 + max(len(exhibit.rows), 1)
    for offset, note in enumerate(exhibit.notes):
        sheet.write_string(last + 2 + offset, 0, f"Note {offset + 1}. {note}", formats["note"])
    _prepare_for_reading(sheet, rows=last + 2 + len(exhibit.notes), columns=len(exhibit.columns))
    return _write_total(sheet, exhibit, formats)


def _set_sizes(sheet: Worksheet, exhibit: Exhibit) -> None:
    """Set the widths of the columns by their texts, and the heights of the rows by how those then wrap."""
    lines = [1] * len(exhibit.rows)
    for number, column in enumerate(exhibit.columns):
        width = _WIDTHS[column.kind]
        if column.kind == "text":
            lengths = [len(str(row[number])) for row in exhibit.rows]
            width = min(max([width, *(length + 2 for length in lengths)]), _WIDEST_TEXT)
            lines = [
                max(line, math.ceil(length / (width - 2)))
                for line, length in zip(lines, lengths, strict=True)
            ]
        sheet.set_column(number, number, width)
    sheet.set_row(3, 4 * _LINE)
    sheet.set_row(6, 2 * _LINE)
    for offset, line in enumerate(lines):
        sheet.set_row(FIRST_ROW - 1 + offset, _LINE * line)


def _at_row(formula: str, row: int, columns: int) -> str:
    """Put this row's cells in place of the column numbers in braces."""
    return formula.format("", *(xl_rowcol_to_cell(row, number) for number in range(columns)))


def _prepare_for_reading(sheet: Worksheet, *, rows: int, columns: int) -> None:
    """Freeze the headings, and print the whole exhibit one page wide with its headings on each page."""
    sheet.freeze_panes(FIRST_ROW - 1, 1)
    sheet.print_area(0, 0, rows, columns - 1)
    sheet.repeat_rows(0, FIRST_ROW - 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&RPage &P of &N")


def _write_total(sheet: Worksheet, exhibit: Exhibit, formats: Mapping[str, Format]) -> str:
    """Write the sum of all checks of a sheet on its second row, and return its reference."""
    ranges = [
        f"SUMPRODUCT(ABS({letter}{FIRST_ROW}:{letter}{FIRST_ROW - 1 + len(exhibit.rows)}))"
        for letter, column in ((xl_col_to_name(i), column) for i, column in enumerate(exhibit.columns))
        if column.kind == "check" and exhibit.rows
    ]
    if not ranges:
        return ""
    sheet.write_string(1, 0, "All checks of this sheet (must read 0)", formats["note"])
    sheet.write_formula(1, 1, "=" + "+".join(ranges), formats["check"])
    return f"'{exhibit.sheet}'!$B$2"


def _write_front(
    sheet: Worksheet,
    result: xr.Dataset,
    sheets: Sequence[tuple[Exhibit, str]],
    formats: Mapping[str, Format],
) -> None:
    """Write the front sheet: the question, the grand check, the sheets and where the result came from."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 78)
    sheet.write_string(
        0, 0, str(scenario_of(result).get("title") or "A simulated agreement"), formats["title"]
    )
    sheet.write_string(2, 0, "All checks (must read 0)", formats["heading"])
    sheet.write_formula(2, 1, "=" + "+".join(total for _, total in sheets if total), formats["check"])
    sheet.write_string(4, 0, "Sheet", formats["heading"])
    sheet.write_string(4, 1, "What it shows", formats["heading"])
    row = 5
    for exhibit, _ in sheets:
        sheet.write_string(row, 0, exhibit.sheet, formats["text"])
        sheet.write_string(row, 1, exhibit.title, formats["text"])
        row += 1
    row += 1
    sheet.write_string(row, 0, "Where this came from", formats["heading"])
    provenance = [(name, str(result.attrs[name])) for name in PROVENANCE if name != "scenario"]
    for offset, (name, value) in enumerate(
        [("replicates", f"{result.sizes[REPLICATE]}"), *provenance], start=1
    ):
        sheet.write_string(row + offset, 0, name.replace("_", " "), formats["text"])
        sheet.write_string(row + offset, 1, value, formats["text"])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, row + len(provenance) + 1, 1)
    sheet.freeze_panes(1, 0)
