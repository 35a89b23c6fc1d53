"""Write the page for a board from a stored result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcore.cli.printing import print_json, remarks

if TYPE_CHECKING:
    import xarray as xr

    from simcore.regulation.reader import Entry


def report(
    result: Annotated[Path, typer.Argument(help="Result file, such as runs/track_choice/result.nc.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="HTML file to write; absent: report.html beside the result."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but faults.")] = False,
) -> None:
    """Write one page that a board reads on top and an actuary below; it needs no network.

    Example: `simcore report runs/track_choice/result.nc --out board.html`
    """
    from simcore.report.html import write_report
    from simcore.scenario.default_values import default_sections
    from simcore.store import load

    content = load(result)
    citations = rules_of(content)
    if not citations and not quiet:
        remarks().print("note: the rules installed are not those of the result, so the report cites none")
    target = out or (result if result.is_dir() else result.parent) / "report.html"
    path = write_report(content, target, citations=citations, defaults=default_sections())
    if as_json:
        print_json({"result": str(result), "report": str(path), "citations": len(citations)})
    elif not quiet:
        typer.echo(f"wrote {path}")


def rules_of(result: xr.Dataset) -> list[Entry]:
    """Return the numbers of the rules that a result rests on.

    Parameters
    ----------
    result
        A result of ``simulate``.

    Returns
    -------
    list of Entry
        Empty where the rules at hand are not those that the result was made with, since a citation of
        other rules would be false, or where a file that its scenario names is not there any more.
    """
    from simcore.errors import SimcoreError
    from simcore.model.flow import law_used
    from simcore.scenario.schema import parse_scenario
    from simcore.simulate import prepare

    try:
        plan = prepare(parse_scenario(json.loads(result.attrs["scenario"]), source="result")).plan
    except SimcoreError:
        return []
    return list(law_used(plan)) if plan.regulation.digest == result.attrs["regulation_digest"] else []
