"""Settle one performance year, or a table of them, line by line with citations."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import rich.text
import typer
from rich.table import Table

from simcore.cli.printing import console, print_json, print_table, remarks
from simcore.errors import ScenarioError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simcore.cli.settle_all import Line
    from simcore.cli.settle_case import Rules
    from simcore.cli.settle_outcome import Outcome

Text = str | None


def settle(
    context: typer.Context,
    track: Annotated[Text, typer.Option(help="TRACK-1 … TRACK-3, BASIC-A … BASIC-E, ENHANCED.")] = None,
    contract: Annotated[
        Text, typer.Option(help="A contract beyond the program, such as NGACO-A cap=0.10, or all.")
    ] = None,
    assigned_beneficiaries: Annotated[Text, typer.Option(metavar="N", help="Head count.")] = None,
    benchmark: Annotated[Text, typer.Option(metavar="USD", help="Total updated benchmark.")] = None,
    expenditures: Annotated[Text, typer.Option(metavar="USD", help="Total expenditures.")] = None,
    quality_score: Annotated[Text, typer.Option(metavar="Q", help="A fraction; 1 if not given.")] = None,
    quality_standard: Annotated[Text, typer.Option(help="met, alternative or not-met.")] = None,
    performance_year: Annotated[Text, typer.Option(metavar="Y", help="2024 if not given.")] = None,
    agreement_start: Annotated[Text, typer.Option(metavar="DATE", help="Such as 2024-01-01.")] = None,
    msr_election: Annotated[Text, typer.Option(metavar="X", help="0, 0.005 … 0.02 or variable.")] = None,
    participant_revenue: Annotated[Text, typer.Option(metavar="USD", help="For the revenue limit.")] = None,
    revenue_class: Annotated[Text, typer.Option(help="low or high; else by the revenue.")] = None,
    disaster_relief: Annotated[Text, typer.Option(metavar="USD", help="Reduction of losses.")] = None,
    disaster_share: Annotated[Text, typer.Option(metavar="P", help="The same as a fraction.")] = None,
    two_way_benchmark: Annotated[Text, typer.Option(metavar="USD", help="For the guardrail.")] = None,
    year_in_track: Annotated[Text, typer.Option(metavar="N", help="Counts from 1, for Track 2.")] = None,
    months: Annotated[Text, typer.Option(metavar="N", help="6 in a shortened year of 2019.")] = None,
    termination_date: Annotated[Text, typer.Option(metavar="DATE", help="If the ACO left.")] = None,
    terminated_by: Annotated[Text, typer.Option(help="aco or cms.")] = None,
    aip_balance: Annotated[Text, typer.Option(metavar="USD", help="Advance payments to recoup.")] = None,
    equity_adjustment: Annotated[
        Text, typer.Option(metavar="USD", help="Of a contract that has one, of either sign.")
    ] = None,
    carried_losses: Annotated[
        Text, typer.Option(metavar="USD", help="Losses of earlier years, where a contract carries them.")
    ] = None,
    table: Annotated[Path | None, typer.Option(help="CSV: one settlement a row.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where --table's results go.")] = None,
    round_to: Annotated[
        Literal["cent", "dollar"], typer.Option("--round", help="What money is rounded to.")
    ] = "cent",
    overlay: Annotated[
        list[Path] | None, typer.Option(help="Folder of rules laid over the law; may be repeated.")
    ] = None,
    proposed: Annotated[
        bool, typer.Option("--proposed", help="Lay the proposals for 2027 over the law.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Settle one performance year line by line, or a table of settlements, one a row.

    Example: `simcore settle --track ENHANCED --assigned-beneficiaries 78364 --benchmark 1098668352
    --expenditures 998768668 --performance-year 2023 --agreement-start 2019-07-01 --msr-election 0.02`

    Example: `simcore settle --table settlements.csv --out settled.csv`, where the columns are the
    options' names with underscores and an empty cell is an option that is not given.

    Example: `simcore settle --contract all --benchmark 10000000 --expenditures 8000000`
    """
    from simcore.cli.settle_all import ALL, settle_all
    from simcore.cli.settle_case import read_rules
    from simcore.cli.settle_fields import OPTIONS

    words = {name: context.params[name] for name in OPTIONS if context.params[name]}
    if table is not None and words:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in words)
        raise ScenarioError(
            "simcore settle", f"{options}: stands beside --table; allowed: a column of the table"
        )
    if out is not None and table is None:
        raise ScenarioError("simcore settle", "--out: stands without --table; allowed: together")
    rules = read_rules(overlay or (), proposed=proposed)
    decimals = 2 if round_to == "cent" else 0
    if table is not None:
        _table(table, out, rules, decimals=decimals, as_json=as_json)
        return
    if contract == ALL and track is None:
        lines, notes = settle_all(words, rules)
        _print_all(words, lines, notes, decimals=decimals, as_json=as_json)
        _print_notes(notes)
        return
    outcome = _single(words, rules)
    if as_json:
        _print_json(outcome, decimals=decimals)
    else:
        _print_lines(outcome, decimals=decimals)
    _print_notes(outcome.notes)


def _single(words: dict[str, str], rules: Rules) -> Outcome:
    """Settle the options of the command line."""
    from simcore.cli.settle_case import read_case, settle_case
    from simcore.cli.settle_fields import as_option

    case, problems = read_case(words, rules)
    if case is None:
        raise ScenarioError("simcore settle", [as_option(problem) for problem in problems])
    return settle_case(case, rules)


def _print_all(
    words: dict[str, str], lines: Sequence[Line], notes: list[str], *, decimals: int, as_json: bool
) -> None:
    """Print what every contract makes of the year, one line a contract."""
    from simcore.cli.settle_all import limit_binds, limit_of, line_json

    if as_json:
        print_json(
            {
                "benchmark": float(words["benchmark"]),
                "expenditures": float(words["expenditures"]),
                "contracts": [line_json(line, decimals=decimals) for line in lines],
                "notes": notes,
            }
        )
        return
    rows = []
    for line in lines:
        settlement = line.outcome.settlement
        loses = float(settlement.gross_savings) < 0.0
        limit = limit_of(settlement)
        rows.append(
            (
                line.contract,
                str(line.performance_year),
                f"{100.0 * float(settlement.savings_rate):.2f}%",
                f"{100.0 * float(settlement.final_loss_rate if loses else settlement.final_sharing_rate):.2f}%",
                _shown(limit, "USD", decimals=decimals) if math.isfinite(limit) else "none",
                "yes" if limit_binds(settlement) else "no",
                _shown(round(float(settlement.net_settlement), decimals), "USD", decimals=decimals),
            )
        )
    print_table(
        f"Benchmark ${float(words['benchmark']):,.0f}, expenditures ${float(words['expenditures']):,.0f}",
        ("contract", "year", "savings rate", "share", "limit", "binds", "net settlement"),
        rows,
        caption="share: the final sharing or loss rate. limit: of what is paid or owed, after sequestration.",
    )


def _table(table: Path, out: Path | None, rules: Rules, *, decimals: int, as_json: bool) -> None:
    """Settle a table; what comes out goes to a file whole or, without one, to standard output."""
    from simcore.cli.settle_table import settle_table
    from simcore.store import written_whole

    text, notes = settle_table(table, rules, decimals=decimals)
    if out is None:
        typer.echo(text, nl=False)
    else:
        with written_whole(out) as path:
            path.write_text(text, encoding="utf-8")
        if as_json:
            print_json({"table": str(table), "out": str(out), "rows": text.count("\n") - 1, "notes": notes})
    _print_notes(notes)


def _print_json(outcome: Outcome, *, decimals: int) -> None:
    """Print the results and the lines as one JSON object."""
    from simcore.cli.settle_outcome import rounded_results, rounded_value

    settlement = outcome.settlement
    print_json(
        {
            **rounded_results(settlement, decimals=decimals),
            "payment_limit_binds": bool(settlement.payment_limit_binds),
            "loss_limit_binds": bool(settlement.loss_limit_binds),
            "revenue_limit_binds": bool(settlement.revenue_limit_binds),
            "steps": [
                {
                    "step": step.step,
                    "value": rounded_value(step, decimals=decimals),
                    "unit": step.unit,
                    "citation": step.citation,
                    "unverified": step.unverified,
                }
                for step in outcome.steps
            ],
            "notes": list(outcome.notes),
        }
    )


def _print_lines(outcome: Outcome, *, decimals: int) -> None:
    """Print the lines as a table."""
    from simcore.cli.settle_outcome import rounded_value

    lines = Table(title=outcome.title, title_justify="left")
    lines.add_column("")
    lines.add_column("", justify="right", no_wrap=True)
    lines.add_column("source")
    for step in outcome.steps:
        value = rounded_value(step, decimals=decimals)
        source = f"{step.citation}{' [unverified]' if step.unverified else ''}"
        lines.add_row(step.step, _shown(value, step.unit, decimals=decimals), rich.text.Text(source))
    console().print(lines)


def _shown(value: float | bool, unit: str, *, decimals: int) -> str:
    """Return a value as people read it: dollars, percent, yes or no."""
    if unit == "bool":
        return "yes" if value else "no"
    if unit == "USD":
        return f"-${-value:,.{decimals}f}" if value < 0 else f"${value:,.{decimals}f}"
    return f"{100.0 * value:.4f}%"


def _print_notes(notes: Iterable[str]) -> None:
    """Print what was assumed, and what nobody has verified, on standard error."""
    for note in notes:
        remarks().print(f"note: {note}", markup=False)
