"""Recompute every settlement in CMS's public results and compare with what CMS paid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcore.cli.printing import print_json, print_table, remarks
from simcore.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcore.cms.replay import Replay


def replay(
    files: Annotated[
        list[Path], typer.Argument(metavar="PUF.csv...", help="CMS's results files, one a year.")
    ],
    year: Annotated[
        int | None, typer.Option(help="Performance year, where one file does not tell it.", min=2013)
    ] = None,
    details: Annotated[Path | None, typer.Option(help="Write every ACO-year to this CSV file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No notes on what the files do not hold.")] = False,
) -> None:
    """Recompute every settlement in CMS's public results files and compare with what CMS paid.

    Gates and rates come from the rules; quality, elections, disaster relief and CMS's flags from the
    file. The exit status is 1 when it is not decided for every ACO as CMS did who earns and who owes.

    Example: `simcore replay PY2022.csv PY2023.csv --details replay.csv`
    """
    from simcore.cms.public_results import read_public_results
    from simcore.cms.replay import replay_results
    from simcore.cms.replay_summary import replay_details, replay_json
    from simcore.regulation.reader import read_regulation
    from simcore.store import written_whole

    if year is not None and len(files) > 1:
        raise DataError("--year", f"{year} for {len(files)} files; allowed: one file with --year")
    regulation = read_regulation()
    results = [read_public_results(path, performance_year=year) for path in files]
    replays = [replay_results(result, regulation) for result in results]
    if details is not None:
        with written_whole(details) as unfinished:
            replay_details(replays).to_csv(unfinished, index=False)
    if as_json:
        print_json(replay_json(replays))
    else:
        _print(replays)
    if not quiet:
        for item in replays:
            for note in item.notes:
                remarks().print(f"{item.source}: {note}", markup=False)
    for item in replays:
        for row in item.frame[~item.frame["gate_right"]].itertuples():
            amounts = f"CMS settled {row.cms:,.0f}, the rules {row.simcore:,.0f}"
            remarks().print(f"{item.performance_year} {row.aco_id}: {amounts}", markup=False)
    if not all(item.gates_right for item in replays):
        raise typer.Exit(1)


def _print(replays: Sequence[Replay]) -> None:
    """Print a row for each file, and a sentence for each ACO that is not explained."""
    from simcore.cms.replay_summary import owed, paid, unexplained

    rows = []
    for item in replays:
        cms, ours = item.frame["cms"].clip(lower=0.0).sum(), item.frame["simcore"].clip(lower=0.0).sum()
        rows.append(
            [
                str(item.performance_year),
                *(f"{count:,}" for count in (len(item.frame), paid(item), owed(item))),
                f"{int(item.frame['gate_right'].sum()):,}",
                *(
                    f"{item.count(verdict):,}"
                    for verdict in ("exact", "within_published_rounding", "unexplained")
                ),
                f"{cms / 1e6:,.3f}",
                f"{ours / 1e6:,.3f}",
                f"{100.0 * (ours / cms - 1.0):+.4f}%" if cms else "",
            ]
        )
    print_table(
        "Settlements recomputed from the rules beside CMS's",
        (
            "year",
            "ACOs",
            "earn",
            "owe",
            "gate right",
            "exact",
            "rounding",
            "unexplained",
            "CMS $M",
            "rules $M",
            "diff",
        ),
        rows,
        caption="exact: within $1. rounding: within what CMS's published digits allow.",
    )
    for item in replays:
        for row in unexplained(item).itertuples():
            amounts = f"CMS {row.cms:,.0f}, rules {row.simcore:,.0f}"
            typer.echo(f"{item.performance_year} {row.aco_id}: {amounts}: {row.reason}")
