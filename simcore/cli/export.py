"""Write a stored result as exhibits for an actuary: Excel, parquet or CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simcore.cli.printing import be_quiet, print_json
from simcore.errors import ResultError


def export(
    result: Annotated[Path, typer.Argument(help="A stored result: result.nc, result.zarr or a folder.")],
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Workbook of exhibits to write.")] = None,
    parquet: Annotated[Path | None, typer.Option("--parquet", help="Tidy table to write as parquet.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Tidy table to write as CSV.")] = None,
    replicates: Annotated[
        bool, typer.Option("--replicates", help="Tables hold every replicate's settlement, not the summary.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but faults.", callback=be_quiet)
    ] = False,
) -> None:
    """Write exhibits for an actuary: a workbook with live check cells, or a tidy table.

    Examples: `simcore export runs/track_choice/result.nc --xlsx exhibits.xlsx`,
    `simcore export runs/track_choice/result.nc --parquet settlements.parquet --replicates`
    """
    if xlsx is None and parquet is None and csv is None:
        raise ResultError(
            "export", "no file is named; allowed: --xlsx FILE, --parquet FILE, --csv FILE, or several"
        )
    from simcore.cli.basis import Basis, basis_of
    from simcore.report.excel import write_excel
    from simcore.report.tables import replicate_table, summary_table, write_csv, write_parquet
    from simcore.scenario.default_values import default_sections
    from simcore.store import load

    content = load(result)
    written: dict[str, str] = {}
    if xlsx is not None:
        law = (basis_of(content) or Basis((), ())).law
        path = write_excel(content, xlsx, citations=law, defaults=default_sections())
        written["xlsx"] = str(path)
    if parquet is not None or csv is not None:
        table = replicate_table(content) if replicates else summary_table(content)
        if parquet is not None:
            written["parquet"] = str(write_parquet(table, parquet))
        if csv is not None:
            written["csv"] = str(write_csv(table, csv))
    if as_json:
        print_json({"result": str(result), **written})
    elif not quiet:
        for path_text in written.values():
            typer.echo(f"wrote {path_text}")
