"""Rebuild the spending model's defaults from the published figures, and show the fit."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcore.cli.printing import print_json, print_table

if TYPE_CHECKING:
    from simcore.model.calibration_report import Figure

PREAMBLE = """Written by `simcore calibrate --write FILE`: not to be edited by hand.
The published figures behind it stand in targets.toml, spending.toml, turnover.toml and population.toml."""


def calibrate(
    write: Annotated[Path | None, typer.Option(help="Write the fitted defaults to this TOML file.")] = None,
    year: Annotated[str, typer.Option(help="Year of the national per-capita means.")] = "2022",
    performance_year: Annotated[int, typer.Option(help="Performance year whose rules hold.")] = 2024,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Rebuild the spending model's defaults from published figures, and show the fit.

    Exit status 1 if a published figure is missed.

    Example: `simcore calibrate --write calibrated.toml`
    """
    from simcore.errors import ScenarioError
    from simcore.model.calibration import as_defaults, fit
    from simcore.model.calibration_report import figures
    from simcore.model.minimum_savings_rate import rate_bands, table_rate
    from simcore.regulation.reader import read_regulation
    from simcore.scenario.default_values import default_table
    from simcore.scenario.default_writer import defaults_toml

    years = default_table("spending")["per_capita"]
    if year not in years:
        raise ScenarioError("--year", f"{year!r} has no national means; allowed: {', '.join(years)}")
    regulation = read_regulation()
    percentile = regulation.number("truncation_percentile", performance_year=performance_year)
    bands = rate_bands(
        regulation, performance_year=performance_year, agreement_start=date(performance_year, 1, 1)
    )
    found = fit(year=year, truncation_percentile=percentile)
    rows = figures(
        found,
        year=year,
        truncation_percentile=percentile,
        minimum_savings_rate=lambda size: float(table_rate(bands, float(size))),
    )
    fitted = as_defaults(found)
    if write is not None:
        write.write_text(defaults_toml(fitted, preamble=PREAMBLE), encoding="utf-8")
    if as_json:
        print_json({"holds": all(row.holds for row in rows), "fitted": fitted, "figures": _as_objects(rows)})
    else:
        _print_figures(rows)
    if not all(row.holds for row in rows):
        raise typer.Exit(1)


def _as_objects(rows: list[Figure]) -> list[dict[str, object]]:
    """Return figures as JSON objects."""
    return [{**asdict(row), "holds": row.holds} for row in rows]


def _print_figures(rows: list[Figure]) -> None:
    """Print figures as a table."""
    print_table(
        "What the calibrated people show, in closed form",
        ("figure", "reached", "lowest", "highest", ""),
        [
            (
                row.title,
                f"{row.reached:.4f}",
                f"{row.lowest:.4f}",
                f"{row.highest:.4f}",
                "" if row.holds else "missed",
            )
            for row in rows
        ],
    )
