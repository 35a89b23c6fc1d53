"""Write the page for a board from a stored result."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simcore.cli.printing import be_quiet, print_json, remarks


def report(
    result: Annotated[Path, typer.Argument(help="A stored result: result.nc, result.zarr or a folder.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="HTML file to write; absent: report.html beside the result."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print nothing but faults.", callback=be_quiet)
    ] = False,
) -> None:
    """Write one page that a board reads on top and an actuary below; it needs no network.

    Example: `simcore report runs/track_choice/result.nc --out board.html`
    """
    from simcore.cli.basis import Basis, basis_of
    from simcore.report.html import write_report
    from simcore.scenario.default_values import default_sections
    from simcore.store import load

    content = load(result)
    basis = basis_of(content)
    if basis is None and not quiet:
        remarks().print("note: the rules installed are not those of the result, so the report cites none")
    folder = result if result.is_dir() and result.suffix != ".zarr" else result.parent
    target = out or folder / "report.html"
    told = basis or Basis((), ())
    path = write_report(
        content, target, citations=told.law, contract_notes=told.notes, defaults=default_sections()
    )
    if not quiet:
        for drift in told.drifts:
            remarks().print(f"note: {drift}", markup=False)
    if as_json:
        print_json({"result": str(result), "report": str(path), "citations": len(told.law)})
    elif not quiet:
        typer.echo(f"wrote {path}")
