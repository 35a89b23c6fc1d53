"""Regenerate published tables by simulation, and hold simcore against each figure."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcore.cli.printing import print_json, print_table, remarks
from simcore.errors import DataError

if TYPE_CHECKING:
    from simcore.analysis.findings import Chapter
    from simcore.cms.public_results import PublicResults

REPLICATES = 20_000
FILE = "validation.md"
IMAGES = "images"


def validation(
    out: Annotated[
        Path | None, typer.Option(help="Write validation.md and its pictures into this folder.")
    ] = None,
    cms: Annotated[
        Path | None,
        typer.Option(help="Folder of CMS's results files: replay and back-test are added.", exists=True),
    ] = None,
    replicates: Annotated[int, typer.Option(help="Replicates of each simulation.", min=100)] = REPLICATES,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Regenerate published tables, and show each published figure beside simcore's, with its error.

    The exit status is 1 where a figure is missed.

    Examples: `simcore validation`, `simcore validation --cms PUF_FOLDER --out docs`
    """
    from simcore.cms.published_tables import published_tables
    from simcore.regulation.reader import read_regulation
    from simcore.report.validation import finding_row, validation_markdown
    from simcore.store import written_whole

    # First what may be at fault in the input.
    results = [] if cms is None else _results(cms)
    of_real_acos = _of_real_acos(results, out) if results else []
    chapters = [*published_tables(read_regulation(), replicates=replicates), *of_real_acos]
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        with written_whole(out / FILE) as unfinished:
            unfinished.write_text(validation_markdown(chapters, replicates=replicates), encoding="utf-8")
        remarks().print(f"wrote {out / FILE}", markup=False)
    if as_json:
        print_json(_as_object(chapters, replicates))
    else:
        for chapter in chapters:
            rows = [finding_row(finding) for finding in chapter.findings]
            print_table(chapter.title, ("figure", "published", "simcore", ""), rows)
    if any(finding.holds is False for chapter in chapters for finding in chapter.findings):
        raise typer.Exit(1)


def _results(folder: Path) -> list[PublicResults]:
    """Read CMS's results files of a folder, or of its ``puf`` folder."""
    from simcore.cms.public_results import read_public_results

    inner = folder / "puf"
    files = sorted((inner if inner.is_dir() else folder).glob("*.csv"))
    if not files:
        raise DataError(str(folder), "holds no .csv file; allowed: a folder of CMS's results files")
    return [read_public_results(path) for path in files]


def _of_real_acos(results: list[PublicResults], out: Path | None) -> list[Chapter]:
    """Replay and back-test CMS's results files; the pictures go into ``images`` of the folder `out`."""
    from simcore.cli.backtest_files import write_pictures
    from simcore.cms.backtest import run_backtest
    from simcore.cms.published_results import backtest_chapter, replay_chapter
    from simcore.cms.replay import replay_results
    from simcore.regulation.reader import read_regulation

    regulation = read_regulation()
    replayed = replay_chapter([replay_results(result, regulation) for result in results])
    scored = run_backtest(results, regulation)
    drawn = {} if out is None else write_pictures(scored, out / IMAGES)
    pictures = {f"{IMAGES}/{name}": shown for name, shown in drawn.items()}
    return [replayed, backtest_chapter(scored, pictures)]


def _as_object(chapters: list[Chapter], replicates: int) -> dict[str, object]:
    """Return the chapters as one JSON object."""
    found = [
        {"chapter": chapter.title, **asdict(finding), "verdict": finding.verdict}
        for chapter in chapters
        for finding in chapter.findings
    ]
    return {
        "replicates": replicates,
        "holds": sum(item["verdict"] == "holds" for item in found),
        "missed": sum(item["verdict"] == "missed" for item in found),
        "figures": found,
        "tables": [
            {"chapter": chapter.title, **grid._asdict()} for chapter in chapters for grid in chapter.grids
        ],
    }
