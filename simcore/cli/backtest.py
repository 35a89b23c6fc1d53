"""Forecast real ACOs' next year from their earlier years, and score the forecast."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcore.cli.printing import percent, print_json, print_table, remarks
from simcore.errors import DataError

if TYPE_CHECKING:
    from simcore.cms.backtest import Backtest


def backtest(
    files: Annotated[
        list[Path], typer.Argument(metavar="PUF.csv...", help="CMS's results files of three years or more.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Write every forecast, every table and pictures into this folder.")
    ] = None,
    write_defaults: Annotated[
        Path | None,
        typer.Option(help="Write the re-estimated parameters of the ACO layer to this TOML file."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Forecast each real ACO's next savings rate and settlement from earlier years, and score the forecasts.

    Everything is estimated on years before the one that is forecast. Scores: coverage of intervals, the
    continuous ranked probability score against four plain forecasts, reliability of the chance of a payment.
    Beside them stands how far off forecasts that are right would be by chance.

    Example: `simcore backtest PY2019.csv PY2020.csv PY2021.csv PY2022.csv PY2023.csv --out backtest`
    """
    from simcore.cli.backtest_files import write_backtest
    from simcore.cms.aco_layer import aco_layer_toml
    from simcore.cms.backtest import run_backtest
    from simcore.cms.backtest_report import backtest_json
    from simcore.cms.public_results import read_public_results
    from simcore.regulation.reader import read_regulation
    from simcore.store import written_whole

    results = [read_public_results(path) for path in files]
    scored = run_backtest(results, read_regulation())
    if write_defaults is not None:
        if scored.layer is None:
            raise DataError(
                "--write-defaults", f"the ACO layer cannot be estimated: {'; '.join(scored.notes)}"
            )
        with written_whole(write_defaults) as unfinished:
            unfinished.write_text(aco_layer_toml(scored.layer), encoding="utf-8")
    if out is not None:
        write_backtest(scored, out)
    if as_json:
        print_json(backtest_json(scored))
    else:
        _print(scored)
    for note in scored.notes:
        remarks().print(note, markup=False)


def _print(scored: Backtest) -> None:
    """Print scores by year, reliability, targets, and the ACO layer."""
    _print_years(scored)
    _print_reliability(scored)
    _print_targets(scored)
    if scored.layer is not None:
        rows = [
            (title, f"{estimate.value:.4f}", f"{estimate.standard_error:.4f}")
            for title, estimate in (
                ("correlation of the deviation from year to year", scored.layer.autocorrelation),
                ("SD of what a year adds", scored.layer.innovation_deviation),
                ("SD of a yearly shock x root of head count", scored.layer.size_dependent),
            )
        ]
        print_table("ACO layer re-estimated", ("", "estimate", "standard error"), rows)


def _print_years(scored: Backtest) -> None:
    """Print a row of scores for each year that was forecast, and what each forecast rests on."""
    rows = [
        [
            f"{row['performance_year']}{'' if row['normal'] else ' *'}",
            f"{row['acos']:,}",
            *(percent(row[f"coverage_{level}"]) for level in (50, 80, 90, 95)),
            percent(row["mean_absolute_error"], digits=2),
            percent(row["bias"], digits=2),
            percent(row["crps"], digits=3),
            percent(row["gain last rate"]),
            percent(row["gain autoregression"]),
            f"{row['brier_paid']:.3f}",
            f"{row['brier_owed']:.3f}",
        ]
        for row in scored.years.to_dict("records")
    ]
    print_table(
        "Forecasts of real ACOs, from earlier years alone",
        (
            "year",
            "ACOs",
            "50%",
            "80%",
            "90%",
            "95%",
            "MAE",
            "bias",
            "CRPS",
            "vs last",
            "vs AR",
            "B paid",
            "B owed",
        ),
        rows,
        caption="50%-95%: coverage. vs: score gained on a plain forecast. B: Brier score."
        + ("" if scored.years["normal"].all() else " *: no normal times."),
    )
    for row in scored.years.to_dict("records"):
        rests = f"{row['earlier_years']} earlier pair{'s' if row['earlier_years'] > 1 else ''} of years"
        typer.echo(f"{row['performance_year']} is estimated on {rests}")


def _print_reliability(scored: Backtest) -> None:
    """Print probabilities beside frequencies, and how far off chance alone would put right ones."""
    from simcore.cms.backtest_report import EVENTS, reliability

    columns = ("forecast", "came", "from", "to", "if right, from", "to", "forecasts")
    for event, words in EVENTS.items():
        table = reliability(scored, event)
        shown = table.to_dataframe()
        rows = [
            (
                *(percent(row[name]) for name in ("forecast", "observed", "lower", "upper")),
                *(percent(row[f"consistent_{end}"]) for end in ("lower", "upper")),
                f"{row['count']:.0f}",
            )
            for row in shown[shown["count"] > 0].to_dict("records")
        ]
        chance = table.attrs
        print_table(
            f"{words}, normal times",
            columns,
            rows,
            caption=f"More than 5 points off: {chance['outside']} of {chance['judged']} groups with 30 forecasts or"
            f" more; right forecasts would have {chance['expected_outside']:.1f}, and none in"
            f" {percent(chance['probability_none_outside'])} of cases. Chi-square"
            f" {chance['chi_square']:.1f}, p {chance['p_value']:.2f}.",
        )


def _print_targets(scored: Backtest) -> None:
    """Print every target with its verdict."""
    from simcore.cms.backtest_report import targets

    rows = [
        (
            target.target,
            f"{target.value:.4f}",
            target.allowed,
            "met" if target.met else "missed",
            "" if target.if_right is None else percent(target.if_right, digits=0),
        )
        for target in targets(scored)
    ]
    print_table(
        "Targets, normal times",
        ("", "value", "allowed", "", "chance"),
        rows,
        caption="chance: how often forecasts that are right meet it, with these ACOs.",
    )
