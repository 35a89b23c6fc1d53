"""`simcore validation` regenerates every published table, and says so of each figure.

Oracle: the published figures themselves, in `simcore/scenario/defaults/published_figures.toml` and `targets.toml`.
"""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from tests.cms.built_panel import write_years

REPLICATES = "5000"


@pytest.mark.slow
def test_every_published_figure_holds_and_is_written(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["validation", "--replicates", REPLICATES, "--out", str(tmp_path), "--json", "--quiet"]
    )
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert [item["title"] for item in found["figures"] if item["verdict"] == "missed"] == []
    assert found["holds"] == sum(item["verdict"] == "holds" for item in found["figures"]) > 50
    text = (tmp_path / "validation.md").read_text(encoding="utf-8")
    for item in found["figures"]:
        assert item["title"] in text.replace("\\|", "|")
    # DeLia's table: eleven true savings by five sizes, rewards and penalties.
    grids = [grid for grid in found["tables"] if "corridor" in grid["title"]]
    assert [(len(grid["rows"]), len(grid["rows"][0])) for grid in grids] == [(11, 6)] * 2


def test_a_folder_without_files_is_named(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["validation", "--cms", str(tmp_path), "--replicates", "100", "--quiet"])
    assert done.exit_code != 0
    assert "holds no .csv file" in str(done.exception)


@pytest.mark.slow
def test_the_back_test_is_written_with_its_pictures(tmp_path: Path) -> None:
    folder, out = tmp_path / "cms", tmp_path / "out"
    folder.mkdir()
    write_years(folder)
    CliRunner().invoke(
        app, ["validation", "--cms", str(folder), "--replicates", "100", "--out", str(out), "--quiet"]
    )
    text = (out / "validation.md").read_text(encoding="utf-8")
    assert "right forecasts meet it" in text
    shown = re.findall(r"!\[.+\]\((images/.+\.png)\)", text)
    assert len(shown) == 3
    assert all((out / name).read_bytes().startswith(b"\x89PNG") for name in shown)
