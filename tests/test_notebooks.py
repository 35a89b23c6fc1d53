"""The notebooks run from top to bottom, with CMS's files and without, and are stored without what they printed.

Oracle: their own promises, which some cells print as ``True``, and the house's rule of a minute a notebook.
"""

import json
import os
import re
import time
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
# Seconds: a minute on two cores, twice that where other tests share them.
LONGEST = 120


def run(path: Path, monkeypatch: pytest.MonkeyPatch, data: Path | None) -> tuple[str, float]:
    """Run a notebook where it lies; return all text that it printed, and how long it took."""
    monkeypatch.setenv("SIMCORE_CMS_DATA", str(data or path.parent / "nowhere"))
    monkeypatch.setenv("PYTHONWARNINGS", "default")
    notebook = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    NotebookClient(notebook, timeout=LONGEST, resources={"metadata": {"path": str(path.parent)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    printed = [output["text"] for output in outputs if output.get("name") == "stdout"]
    shown = [str(output["data"].get("text/plain", "")) for output in outputs if "data" in output]
    return "\n".join(printed + shown), time.perf_counter() - start


def test_there_are_eight() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{number:02d}" for number in range(1, 9)]


@pytest.mark.slow
@pytest.mark.cms_data
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_within_its_time(path: Path, cms_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed, seconds = run(path, monkeypatch, cms_data.resolve())
    assert seconds < LONGEST
    # Lines that state an identity end with its truth.
    assert not re.search(r": False$", printed, flags=re.MULTILINE)
    assert "SIMCORE_CMS_DATA" not in printed


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", ["04_a_real_aco", "05_luck_and_skill"])
def test_without_cms_files_a_notebook_says_so_and_goes_on(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = next(path for path in NOTEBOOKS if path.stem == name)
    printed, _ = run(path, monkeypatch, None)
    assert "not at hand" in printed


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_output_or_place(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    cells = json.loads(text)["cells"]
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)
    assert not re.search(r"(?<![\w.])/(home|root|tmp|work|Users)/|[A-Z]:\\\\", text)
    assert str(Path.home()) not in text
    assert os.sep.join(["", "usr", ""]) not in text


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_begins_with_its_question(path: Path) -> None:
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "".join(first["source"]).startswith("# ")
