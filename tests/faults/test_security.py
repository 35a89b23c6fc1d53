"""simcore runs nothing that a file says, calls nobody, and shows every text as text."""

import ast
import socket
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from simcore.report.figures import draw_pictures
from simcore.report.page import render_report
from simcore.scenario.files import read_scenario
from tests.example_results import example_result
from tests.faults.commands import TWO_OPTIONS, Simcore

PACKAGE = Path(__file__).parents[2] / "simcore"
FORBIDDEN_MODULES = {
    *("pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "joblib", "yaml", "ctypes", "code"),
    *("urllib", "requests", "httpx", "http", "socket", "ssl", "ftplib", "smtplib", "telnetlib", "xmlrpc"),
    *("subprocess", "pty", "webbrowser", "asyncio", "aiohttp", "fsspec", "xml"),
}
FORBIDDEN_CALLS = {
    *(
        "eval",
        "exec",
        "compile",
        "__import__",
        "input",
        "system",
        "popen",
        "query",
        "read_pickle",
        "to_pickle",
    ),
    *("read_html", "read_xml", "read_clipboard", "read_sql", "Markup", "startfile"),
}
HOSTILE = '<script>alert(1)</script> "q" \' </style> [/x] $\\bad{$ =1+1'


def trees() -> list[tuple[str, ast.Module]]:
    """Return every file of the package, parsed."""
    return [
        (str(path.relative_to(PACKAGE)), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    ]


def test_no_module_that_runs_or_calls_is_imported() -> None:
    """Lone exception: dask, when a user asks for it, connects to the scheduler that the user names."""
    found = [
        f"{name}: {module}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
        if module.split(".")[0] in FORBIDDEN_MODULES
    ]
    assert found == []


def test_nothing_evaluates_text() -> None:
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                function = node.func
                called = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
                owner = getattr(getattr(function, "value", None), "id", "")
                if called in FORBIDDEN_CALLS and owner not in {"re", "platform"}:
                    found.append(f"{name}:{node.lineno}: {called}")
    assert found == []


def test_arrays_are_read_without_pickle() -> None:
    loads = [
        (name, node)
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "np.load"
    ]
    assert loads
    for name, node in loads:
        allowed = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
        assert allowed.get("allow_pickle") == "False", name


def test_a_pickle_in_the_place_of_a_block_is_not_opened(simcore: Simcore, scenario: Path) -> None:
    """A block that holds objects is drawn again; nothing in it runs."""
    folder = scenario.parent / "out"
    (folder / "partial").mkdir(parents=True)
    block = folder / "partial" / f"{0:012d}-{50:012d}.npz"
    np.savez(block, net_settlement=np.array([Surprise()], dtype=object))
    left = simcore("run", scenario, "--replicates", 50, "--out", folder, "--resume", "--quiet")
    assert left.status == 0, left.remarks


class Surprise:
    """Fails the test when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("an object of a file was made",)


def test_a_run_opens_no_connection(simcore: Simcore, scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        pytest.fail("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    left = simcore("run", scenario, "--replicates", 50, "--out", scenario.parent / "out", "--quiet")
    assert left.status == 0, left.remarks


def test_a_report_keeps_hostile_text_as_text() -> None:
    result = example_result(200)
    text = '{"title": TEXT, "aco": {"name": TEXT, "aco_id": TEXT}}'.replace("TEXT", _json(HOSTILE))
    labels = [HOSTILE, *result["contract"].values[1:].tolist()]
    result = result.assign_coords(contract=labels).assign_attrs(scenario=text, seed=HOSTILE)
    page = render_report(result, draw_pictures(result))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("</style>") == page.count("<style")
    assert "default-src 'none'" in page


def test_hostile_text_passes_through_the_whole_main_job(simcore: Simcore, tmp_path: Path) -> None:
    """Terminal, page and workbook show it: no markup is obeyed, no formula is made."""
    path = tmp_path / "hostile.toml"
    text = TWO_OPTIONS.replace('"Two options"', _json(HOSTILE)).replace(
        "[aco]\n", f"[aco]\nname = {_json('=1+1')}\n"
    )
    path.write_text(text, encoding="utf-8")
    left = simcore("run", path, "--replicates", 50, "--out", tmp_path / "out")
    assert left.status == 0, left.remarks
    assert "[/x]" in left.output
    assert "<script>" not in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    book = tmp_path / "book.xlsx"
    assert simcore("export", tmp_path / "out", "--xlsx", book).status == 0
    cells = [cell for sheet in openpyxl.load_workbook(book) for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" and str(cell.value) == "=1+1"] == []
    assert [cell.coordinate for cell in cells if cell.hyperlink is not None] == []


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../../../../etc/passwd", "/dev/zero", "/dev/zero.csv", "/", "~", ""]
)
def test_a_path_in_a_scenario_reads_tables_only(simcore: Simcore, scenario: Path, name: str) -> None:
    heads = "[aco.population.AGED_NON_DUAL]\nassigned_beneficiaries = 6000\n"
    scenario.write_text(scenario.read_text().replace(heads, f"beneficiary_file = {_json(name)}\n"))
    left = simcore("validate", scenario)
    assert left.status == 2
    assert "root:" not in left.remarks + left.output


def test_a_link_to_an_endless_device_is_not_read(simcore: Simcore, scenario: Path) -> None:
    (scenario.parent / "people.csv").symlink_to("/dev/zero")
    heads = "[aco.population.AGED_NON_DUAL]\nassigned_beneficiaries = 6000\n"
    scenario.write_text(scenario.read_text().replace(heads, 'beneficiary_file = "people.csv"\n'))
    left = simcore("validate", scenario)
    assert left.status == 2
    assert "no such file" in left.remarks


def test_a_bomb_of_nested_tables_is_refused(tmp_path: Path) -> None:
    bombs = {
        "deep": "a = " + "[" * 100_000,
        "dotted": "a." * 200_000 + "b = 1",
        "quoted": '"a" . ' * 200_000 + "b = 1",
        "long": "#" * 5_000_000,
        "word": "a" * 3_000_000,
        "digits": "a = " + "1" * 5_000,
    }
    for name, text in bombs.items():
        path = tmp_path / f"{name}.toml"
        path.write_text(text)
        with pytest.raises(Exception, match=name) as raised:
            read_scenario(path)
        assert type(raised.value).__name__ == "ScenarioError"


def _json(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
