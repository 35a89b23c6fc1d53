"""The workbook: its cells say what the result says, and its check cells, recomputed, read 0."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from simcore.errors import ResultError
from simcore.report.excel import write_excel
from simcore.report.exhibits import FIRST_ROW
from tests.plots.inputs import all_options_result
from tests.report.inputs import SCENARIO, told_result

SHEETS = ["Summary", "1 Contracts", "2 Years", "3 Percentiles", "4 Assumptions", "5 Checks"]


class Recomputed:
    """A workbook whose formulas are computed here: sums, rounding, comparison, nothing else."""

    def __init__(self, path: Path) -> None:
        self.book = openpyxl.load_workbook(path)

    def value(self, sheet: str, cell: str):
        content = self.book[sheet][cell].value
        return (
            self._formula(sheet, content[1:])
            if isinstance(content, str) and content.startswith("=")
            else content
        )

    def _formula(self, sheet: str, text: str):
        reference = r"(?:'([^']+)'!)?(\$?[A-Z]+\$?\d+)(?::(\$?[A-Z]+\$?\d+))?"

        def replaced(match: re.Match[str]) -> str:
            where, first, last = match.group(1) or sheet, match.group(2).replace("$", ""), match.group(3)
            if last is None:
                return f"({self.value(where, first)!r})"
            cells = self.book[where][f"{first}:{last.replace('$', '')}"]
            return repr([self.value(where, cell.coordinate) for row in cells for cell in row])

        names = {
            "ROUND": round, "SUM": sum, "IF": lambda test, yes, no: yes if test else no,
            "ABS": lambda values: [abs(value) for value in values], "SUMPRODUCT": sum,
        }  # fmt: skip
        return eval(re.sub(reference, replaced, text), {"__builtins__": {}}, names)

    def checks(self) -> list[tuple[str, str]]:
        return [
            (sheet.title, cell.coordinate)
            for sheet in self.book
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.value.startswith("=")
        ]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory) -> Path:
    return write_excel(told_result(), tmp_path_factory.mktemp("excel") / "exhibits.xlsx")


def test_every_check_cell_recomputes_to_nought(workbook):
    book = Recomputed(workbook)
    checks = book.checks()
    # 3 contracts x 3 checks, 15 contract-years x 2, 3 rows of percentiles, 8 identities, 4 sheets' sums, 1 of all.
    assert len(checks) == 9 + 30 + 3 + 8 + 4 + 1
    assert [(at, book.value(*at)) for at in checks if book.value(*at) != 0] == []


@pytest.mark.parametrize(
    ("sheet", "column"),
    [("1 Contracts", "D"), ("1 Contracts", "F"), ("1 Contracts", "L"), ("2 Years", "D"), ("2 Years", "J")],
)
def test_a_figure_that_is_tampered_with_is_told_on_the_front(workbook, sheet, column):
    book = Recomputed(workbook)
    cell = f"{column}{FIRST_ROW + 1}"
    book.book[sheet][cell].value += 0.05
    assert book.value("Summary", "B3") > 0


def test_the_figures_are_those_of_the_result(workbook):
    sheet = openpyxl.load_workbook(workbook)["1 Contracts"]
    net = told_result()["net_settlement"].sum("performance_year")
    for offset, label in enumerate(net["contract"].values):
        row = FIRST_ROW + offset
        values = net.sel(contract=label).values
        assert sheet.cell(row, 1).value == label
        assert sheet.cell(row, 6).value == pytest.approx(values.mean(), rel=1e-12)
        assert sheet.cell(row, 10).value == (values < 0).mean()
        assert sheet.cell(row, 12).value == (values > 0).mean()


def test_sheets_are_made_for_reading_and_printing(workbook):
    book = openpyxl.load_workbook(workbook)
    assert book.sheetnames == SHEETS
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == f"B{FIRST_ROW}"
        assert sheet.print_area
        assert sheet.print_title_rows == f"$1:${FIRST_ROW - 1}"
        numbers = [cell.value for cell in sheet[5] if cell.value]
        assert numbers == [f"({i + 1})" for i in range(len(numbers))]
    headings = {cell.value: cell for cell in book["2 Years"][4]}
    assert book["2 Years"].cell(6, headings["Updated benchmark"].column).value == "USD"


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    result = told_result({**SCENARIO, "title": "=1+1"}).assign_coords(
        contract=["=cmd|' /C calc'!A0", "BASIC-E", "ENHANCED"]
    )
    book = openpyxl.load_workbook(write_excel(result, tmp_path / "x.xlsx"))
    assert book["1 Contracts"].cell(FIRST_ROW, 1).data_type == "s"
    assert book["Summary"]["A1"].data_type == "s"


def test_the_same_result_gives_the_same_workbook(tmp_path):
    first, second = (write_excel(told_result(), tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    assert first.read_bytes() == second.read_bytes()


def test_a_workbook_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError, match="cannot be written"):
        write_excel(told_result(), tmp_path / "file" / "x.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_libreoffice_recomputes_every_check_to_nought(tmp_path):
    """The same by a program that people use; stored values are dropped first, so that it must compute."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        assert not os.environ.get("CI"), (
            "LibreOffice is not installed: .ci/run installs it, and this test needs it"
        )
        pytest.skip("LibreOffice is not installed; the check cells are recomputed by the tests above")
    result = all_options_result(500).assign_attrs(scenario=told_result().attrs["scenario"])
    plain = openpyxl.load_workbook(write_excel(result, tmp_path / "exhibits.xlsx"))
    plain["2 Years"][f"H{FIRST_ROW + 7}"].value += 1.0
    plain.save(tmp_path / "tampered.xlsx")
    openpyxl.load_workbook(tmp_path / "exhibits.xlsx").save(tmp_path / "sound.xlsx")
    command = [
        office,
        "--headless",
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    files = [str(tmp_path / name) for name in ("sound.xlsx", "tampered.xlsx")]
    subprocess.run(
        [*command, "--outdir", str(tmp_path / "out"), *files], check=True, capture_output=True, timeout=180
    )
    formulas = openpyxl.load_workbook(tmp_path / "out" / "sound.xlsx")
    values = openpyxl.load_workbook(tmp_path / "out" / "sound.xlsx", data_only=True)
    read = [
        values[sheet.title][cell.coordinate].value
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=")
    ]
    assert len(read) == 26 * 3 + 26 * 5 * 2 + 26 + 8 + 4 + 1
    assert set(read) == {0}
    # One more dollar earned in one year shows in that year's check and in the sums of its sheet and of the book.
    tampered = openpyxl.load_workbook(tmp_path / "out" / "tampered.xlsx", data_only=True)
    assert tampered["Summary"]["B3"].value == 1
