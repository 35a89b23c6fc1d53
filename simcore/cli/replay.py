"""Recompute every settlement in CMS's public results and compare with what CMS paid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from simcore.cli.printing import print_json, print_table, remarks
from simcore.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from simcore.cms.replay import Replay

Model = Literal["mssp", "reach"]

CAPTIONS: dict[Model, str] = {
    "mssp": "exact: within $1. rounding: within what CMS's published digits allow.",
    "reach": "exact: within a cent before sequestration and after it.",
}


def replay(
    files: Annotated[
        list[Path], typer.Argument(metavar="PUF.csv...", help="CMS's results files, one a year.")
    ],
    model: Annotated[
        Model,
        typer.Option(help="mssp: Shared Savings Program; reach: Direct Contracting and ACO REACH."),
    ] = "mssp",
    year: Annotated[
        int | None, typer.Option(help="Performance year, where one file does not tell it.", min=2013)
    ] = None,
    details: Annotated[Path | None, typer.Option(help="Write every ACO-year to this CSV file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Recompute every settlement in CMS's public results files and compare with what CMS paid.

    Gates and rates come from the rules; quality, elections, disaster relief and CMS's flags from the
    file. The exit status is 1 when it is not decided for every ACO as CMS did who earns and who owes.

    Example: `simcore replay PY2022.csv PY2023.csv --details replay.csv`

    Example: `simcore replay --model reach reach_results.csv`, where benchmarks, equity adjustments and
    gross savings come from the file, and corridors and sequestration from the contracts' terms.
    """
    from simcore.cms.replay_summary import replay_json
    from simcore.store import written_whole

    if year is not None and len(files) > 1:
        raise DataError("--year", f"{year} for {len(files)} files; allowed: one file with --year")
    replays = _replayed(files, model, year)
    if details is not None:
        with written_whole(details) as unfinished:
            _details(replays, model).to_csv(unfinished, index=False)
    if as_json:
        print_json(replay_json(replays))
    else:
        _print(replays, caption=CAPTIONS[model])
    for item in replays:
        for note in item.notes:
            remarks().print(f"{item.source}: {note}", markup=False)
    for item in replays:
        for row in item.frame[~item.frame["gate_right"]].itertuples():
            amounts = f"CMS settled {row.cms:,.0f}, the rules {row.simcore:,.0f}"
            typer.echo(f"{item.performance_year} {row.aco_id}: {amounts}", err=True)
    if not all(item.gates_right for item in replays):
        raise typer.Exit(1)


def _replayed(files: Sequence[Path], model: Model, year: int | None) -> Sequence[Replay]:
    """Settle every ACO of the files by the rules of their model."""
    from simcore.cms.public_results import read_public_results
    from simcore.cms.reach import replay_reach
    from simcore.cms.replay import replay_results
    from simcore.regulation.presets import read_presets
    from simcore.regulation.reader import read_regulation

    if model == "reach":
        return replay_reach(files, read_presets(), performance_year=year)
    regulation = read_regulation()
    results = [read_public_results(path, performance_year=year) for path in files]
    return [replay_results(result, regulation) for result in results]


def _details(replays: Sequence[Replay], model: Model) -> pd.DataFrame:
    """Return every ACO-year beside CMS's record."""
    from simcore.cms.reach import reach_details
    from simcore.cms.replay_summary import replay_details

    return reach_details(replays) if model == "reach" else replay_details(replays)


def _print(replays: Sequence[Replay], *, caption: str) -> None:
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
        caption=caption,
    )
    for item in replays:
        for row in unexplained(item).itertuples():
            amounts = f"CMS {row.cms:,.0f}, rules {row.simcore:,.0f}"
            typer.echo(f"{item.performance_year} {row.aco_id}: {amounts}: {row.reason}")
