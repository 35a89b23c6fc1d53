"""Show the program's numbers in force, with citations."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from simcore.cli.bounds import YEAR, hold_to_bounds
from simcore.cli.printing import console, print_json
from simcore.errors import RegulationError, near_matches

if TYPE_CHECKING:
    from simcore.regulation.reader import Entry, Regulation


def rules(
    performance_year: Annotated[
        int | None, typer.Option(metavar="Y", help="Performance year; the last published if not given.")
    ] = None,
    agreement_start: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="First day of the agreement."),
    ] = None,
    track: Annotated[str | None, typer.Option(help="Only numbers of this track.")] = None,
    unverified: Annotated[
        bool,
        typer.Option(
            "--unverified", help="Only numbers that nobody has read; without dates those of all years."
        ),
    ] = False,
    proposed: Annotated[
        bool, typer.Option("--proposed", help="Lay the proposals for 2027, which are no law, over the rules.")
    ] = False,
    overlay: Annotated[
        list[Path] | None, typer.Option(help="Folder of rules laid over the law; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the program's numbers in force, with citations, evidence and status.

    Example: `simcore rules --performance-year 2024 --agreement-start 2024-01-01 --track BASIC-E`

    Example: `simcore rules --unverified`
    """
    from simcore.regulation.in_force import entries_in_force
    from simcore.regulation.reader import read_regulation

    hold_to_bounds("simcore rules", {"--performance-year": (performance_year, YEAR)})
    regulation = read_regulation(overlay or (), proposed=proposed)
    start = agreement_start.date() if agreement_start else None
    year = performance_year
    if unverified and year is None and start is None and track is None:
        found, title = regulation.entries, "Unverified numbers of all years"
    else:
        year, start = _dates(regulation, year, start, track=track)
        found = entries_in_force(regulation, performance_year=year, agreement_start=start, track=track)
        title = f"Performance year {year}, agreements from {start}{f', {track}' if track else ''}"
    if unverified:
        found = tuple(entry for entry in found if entry.unverified)
    if as_json:
        print_json(
            {
                "performance_year": year,
                "agreement_start": None if start is None else str(start),
                "track": track,
                "regulation_digest": regulation.digest,
                "numbers": [_as_dict(entry) for entry in found],
            }
        )
        return
    _print(found, title=title)


def _dates(
    regulation: Regulation, year: int | None, start: date | None, *, track: str | None
) -> tuple[int, date]:
    """Return the dates asked for, or those that the other date and the track suggest."""
    from simcore.regulation.participation import (
        LATEST_PUBLISHED_YEAR,
        agreement_problems,
        default_year,
        latest_start,
        option_problems,
    )
    from simcore.regulation.tracks import TRACKS

    if track is not None and track not in TRACKS:
        allowed = f"allowed: {', '.join(TRACKS)}{near_matches(track, TRACKS)}"
        raise RegulationError("simcore rules", f"--track: {track!r} is no track; {allowed}")
    if track is None:
        year = year or (max(start.year, LATEST_PUBLISHED_YEAR) if start else LATEST_PUBLISHED_YEAR)
        start = start or date(year, 1, 1)
        problems = agreement_problems(regulation, agreement_start=start, performance_years=(year,))
    else:
        year = year or default_year(regulation, track, start)
        start = start or latest_start(regulation, track, year) or date(year, 1, 1)
        problems = option_problems(
            regulation, track=track, agreement_start=start, performance_years=(year,)
        ) or agreement_problems(regulation, agreement_start=start, performance_years=(year,))
    if problems:
        raise RegulationError("simcore rules", [f"--{problem.replace('_', '-', 1)}" for problem in problems])
    return year, start


def _as_dict(entry: Entry) -> dict[str, object]:
    """Return an entry as its file has it."""
    return {
        "name": entry.name,
        "value": entry.value,
        "unit": entry.unit,
        "dated_by": entry.dated_by,
        "from": str(entry.effective),
        "until": str(entry.until) if entry.until else None,
        "tracks": list(entry.tracks),
        "where": dict(entry.where),
        "citation": entry.citation,
        "evidence": entry.evidence,
        "status": entry.status,
        "note": entry.note,
    }


def _print(entries: tuple[Entry, ...], *, title: str) -> None:
    """Print entries as a table; what nobody has verified, and what is no law, stands out."""
    unverified = sum(entry.unverified for entry in entries)
    caption = f"{len(entries)} numbers; {unverified} unverified: nobody has read them in their source."
    shown = Table(title=title, caption=caption, title_justify="left", caption_justify="left")
    for column in ("number", "value", "for", "source", "evidence"):
        shown.add_column(column, overflow="fold")
    for entry in entries:
        evidence = "proposed" if entry.status == "proposed" else entry.evidence
        mark = "bold" if entry.unverified or entry.status == "proposed" else ""
        shown.add_row(
            *map(Text, (entry.name.replace("_", " "), _value(entry), _for(entry), entry.citation)),
            Text(evidence, style=mark),
        )
    console().print(shown)


def _value(entry: Entry) -> str:
    """Return a value with its unit, fractions as percentages."""
    value = entry.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{100.0 * value:.6g}%" if entry.unit == "1" else f"{value:,.6g} {entry.unit}"
    if isinstance(value, tuple):
        return ", ".join(f"{item:.6g}" if isinstance(item, float) else str(item) for item in value)
    return str(value).replace("_", " ")


def _for(entry: Entry) -> str:
    """Say for whom an entry holds."""
    selectors = [f"{key.replace('_', ' ')} {value}" for key, value in entry.where.items()]
    return "; ".join([*entry.tracks, *selectors])
