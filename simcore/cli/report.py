"""Write the page for a board from a stored result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcore.cli.printing import print_json, remarks

if TYPE_CHECKING:
    import xarray as xr

    from simcore.regulation.reader import Entry, Regulation


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
    from simcore.store import load

    content = load(result)
    citations = rules_of(content)
    if not citations and not quiet:
        remarks().print("note: the rules installed are not those of the result, so the report cites none")
    target = out or (result if result.is_dir() else result.parent) / "report.html"
    path = write_report(content, target, citations=citations, defaults=shipped_defaults())
    if as_json:
        print_json({"result": str(result), "report": str(path), "citations": len(citations)})
    elif not quiet:
        typer.echo(f"wrote {path}")


def shipped_defaults() -> Mapping[str, Any]:
    """Return the shipped defaults of a scenario, by section and key."""
    from simcore.scenario.default_values import default_table

    return {
        **default_table("scenario"),
        **_without_clashes(default_table("growth"), default_table("scenario")),
    }


def _without_clashes(more: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables of `more`, each joined with the table of the same name in `base`."""
    return {name: {**base.get(name, {}), **table} for name, table in more.items()}


def rules_of(result: xr.Dataset) -> list[Entry]:
    """Return the numbers of the rules in force for a result's years and tracks.

    Parameters
    ----------
    result
        A result of ``simulate``.

    Returns
    -------
    list of Entry
        Sorted by name; empty where the rules at hand are not those that the result was made with, since
        a citation of other rules would be false.
    """
    from simcore.errors import SimcoreError
    from simcore.regulation.reader import read_regulation

    choice = json.loads(result.attrs["scenario"]).get("regulation", {})
    overlays = [Path(folder) for folder in choice.get("overlays", ())]
    try:
        regulation = read_regulation(overlays, proposed=bool(choice.get("proposed")))
    except SimcoreError:
        # An overlay of the run may have been moved since: the page then says that it cites none.
        return []
    return _in_force(regulation, result) if regulation.digest == result.attrs["regulation_digest"] else []


def _in_force(regulation: Regulation, result: xr.Dataset) -> list[Entry]:
    """Return the entries that hold in any performance year for any track, the superseded left out."""
    from datetime import date

    scenario = json.loads(result.attrs["scenario"])
    start = date.fromisoformat(scenario["aco"]["agreement_start"])
    tracks = sorted({str(track) for track in result["track"].values})
    found: dict[tuple[object, ...], Entry] = {}
    for year in map(int, result["performance_year"].values):
        days = {"performance_year": max(date(year, 1, 1), start), "agreement_start": start}
        latest: dict[tuple[object, ...], Entry] = {}
        for entry in regulation.entries:
            key = (entry.name, entry.tracks, tuple(sorted(entry.where.items())))
            if not any(entry.holds(days[entry.dated_by], track, entry.where) for track in tracks):
                continue
            if key not in latest or (entry.layer, entry.effective) >= (
                latest[key].layer,
                latest[key].effective,
            ):
                latest[key] = entry
        found |= {(*key, entry.effective): entry for key, entry in latest.items()}
    return sorted(found.values(), key=lambda entry: (entry.name, entry.effective))
