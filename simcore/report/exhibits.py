"""Lay out the exhibits of a result: numbered columns, units, bases, and cells that must read 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import xarray as xr

from simcore.analysis.display import OUTCOMES, outcome_shares
from simcore.analysis.risk import (
    STANDARD_ERROR,
    agreement_total,
    mean,
    probability,
    quantile,
    tail_value_at_risk,
)
from simcore.report.assumptions import assumptions
from simcore.report.checks import check_result
from simcore.report.citations import CitedNumber, citation_texts
from simcore.vocabulary import CONTRACT, PERFORMANCE_YEAR, REPLICATE

Kind = Literal["text", "money", "rate", "count", "check"]
Cell = str | float

QUANTILES: Final = (0.01, 0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99)
TAIL: Final = 0.95
SOURCE: Final = "simulation"

_ACCOUNTS: Final = ("updated_benchmark", "expenditures", "gross_savings")
_SETTLEMENT: Final = ("earned_shared_savings", "owed_shared_losses", "net_settlement")
_EVENTS: Final = ("msr_met", "mlr_met", "payment_limit_binds", "loss_limit_binds")


class Column(NamedTuple):
    """One column: its heading, unit, where its figures come from, and how they are shown.

    In a column of kind ``check`` a cell is a formula with ``{4}`` for this row's cell of column (4).
    """

    heading: str
    unit: str
    basis: str
    kind: Kind


class Exhibit(NamedTuple):
    """One sheet."""

    sheet: str
    title: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]]
    notes: tuple[str, ...]


FIRST_ROW: Final = 8
"""The row of a sheet, counted from 1, on which its figures begin."""


def exhibits(
    result: xr.Dataset, citations: Sequence[CitedNumber] = (), defaults: Mapping[str, Any] | None = None
) -> list[Exhibit]:
    """Return the exhibits of a result, in the order of their sheets.

    Parameters
    ----------
    result
        A result of ``simulate``.
    citations
        The numbers of the rules that the run used; without them there is no sheet of rules.
    defaults
        The shipped defaults, which tell what the scenario changed.
    """
    sheets = [
        _contracts(result),
        _years(result),
        _quantiles(result),
        _assumptions(result, defaults),
        _checks(result),
    ]
    return [*sheets, _rules(citations)] if citations else sheets


def _contracts(result: xr.Dataset) -> Exhibit:
    """Return what each contract brings over the agreement."""
    total = {
        name: agreement_total(result[name])
        for name in ("earned_shared_savings", "owed_shared_losses", "net_settlement")
    }
    means = {name: mean(amount) for name, amount in total.items()}
    net = total["net_settlement"]
    shares, tail = outcome_shares(net), tail_value_at_risk(net, TAIL)
    years = result.sizes[PERFORMANCE_YEAR]
    rows: list[tuple[Cell, ...]] = []
    for i, label in enumerate(result[CONTRACT].values):
        at = {CONTRACT: i}
        figures = [float(means[name].isel(at)) for name in total]
        first = FIRST_ROW + i * years
        over_years = f"=ROUND(SUM('2 Years'!J{first}:J{first + years - 1})-{{6}},2)"
        chances = [float(shares.isel(at).sel(outcome=name)) for name in OUTCOMES]
        rows.append(
            (
                str(label),
                str(result["track"].values[i]),
                str(result["msr_election"].values[i]),
                *figures,
                "=ROUND({4}-{5}-{6},2)",
                over_years,
                float(means["net_settlement"][STANDARD_ERROR].isel(at)),
                *chances,
                "=ROUND({10}+{11}+{12}-1,9)",
                float(tail.isel(at)),
                float(tail[STANDARD_ERROR].isel(at)),
            )
        )
    columns = (
        Column("Contract", "", "scenario", "text"),
        Column("Track", "", "scenario", "text"),
        Column("MSR election", "", "scenario", "text"),
        Column("Mean earned shared savings", "USD", SOURCE, "money"),
        Column("Mean owed shared losses", "USD", SOURCE, "money"),
        Column("Mean net settlement", "USD", SOURCE, "money"),
        Column("Check: earned − owed − net", "USD", "(4) − (5) − (6)", "check"),
        Column("Check: sum over years − net", "USD", "2 Years (10) − (6)", "check"),
        Column("Standard error of (6)", "USD", SOURCE, "money"),
        Column("Chance of a net loss", "1", SOURCE, "rate"),
        Column("Chance of exactly nothing", "1", SOURCE, "rate"),
        Column("Chance of a net gain", "1", SOURCE, "rate"),
        Column("Check: chances − 1", "1", "(10) + (11) + (12) − 1", "check"),
        Column("Mean loss in worst 5%", "USD", SOURCE, "money"),
        Column("Standard error of (14)", "USD", SOURCE, "money"),
    )
    notes = (
        "Over all performance years of the agreement together.",
        "(14) is a loss: positive where the ACO pays on average in the worst 5% of outcomes; also called "
        "TVaR or CTE.",
    )
    return Exhibit("1 Contracts", "What each contract brings over the agreement", columns, rows, notes)


def _years(result: xr.Dataset) -> Exhibit:
    """Return each contract's accounts, year by year."""
    names = (
        "updated_benchmark",
        "expenditures",
        "gross_savings",
        "earned_shared_savings",
        "owed_shared_losses",
        "net_settlement",
    )
    means = {name: mean(result[name]) for name in names}
    chances = [
        probability(result[name].astype(bool))
        for name in ("msr_met", "mlr_met", "payment_limit_binds", "loss_limit_binds")
    ]
    rows: list[tuple[Cell, ...]] = []
    for i, label in enumerate(result[CONTRACT].values):
        for j, year in enumerate(result[PERFORMANCE_YEAR].values):
            at = {CONTRACT: i, PERFORMANCE_YEAR: j}
            one = {name: value.isel(at, missing_dims="ignore") for name, value in means.items()}
            money = [float(one[name]) for name in names]
            rows.append(
                (
                    str(label),
                    float(year),
                    float(result["assigned_beneficiaries"].isel({PERFORMANCE_YEAR: j}).mean()),
                    *money[:3],
                    "=ROUND({4}-{5}-{6},2)",
                    *money[3:],
                    "=ROUND({8}-{9}-{10},2)",
                    float(one["net_settlement"][STANDARD_ERROR]),
                    *(float(chance.isel(at)) for chance in chances),
                )
            )
    columns = (
        Column("Contract", "", "scenario", "text"),
        Column("Performance year", "year", "scenario", "count"),
        Column("Assigned beneficiaries", "person", SOURCE, "count"),
        Column("Updated benchmark", "USD", SOURCE, "money"),
        Column("Expenditures", "USD", SOURCE, "money"),
        Column("Gross savings", "USD", SOURCE, "money"),
        Column("Check: benchmark − expenditures − savings", "USD", "(4) − (5) − (6)", "check"),
        Column("Earned shared savings", "USD", SOURCE, "money"),
        Column("Owed shared losses", "USD", SOURCE, "money"),
        Column("Net settlement", "USD", SOURCE, "money"),
        Column("Check: earned − owed − net", "USD", "(8) − (9) − (10)", "check"),
        Column("Standard error of (10)", "USD", SOURCE, "money"),
        Column("Chance: savings meet the MSR", "1", SOURCE, "rate"),
        Column("Chance: losses meet the MLR", "1", SOURCE, "rate"),
        Column("Chance: payment limit binds", "1", SOURCE, "rate"),
        Column("Chance: loss limit binds", "1", SOURCE, "rate"),
    )
    return Exhibit("2 Years", "Accounts by performance year, means over replicates", columns, rows, ())


def _quantiles(result: xr.Dataset) -> Exhibit:
    """Return the quantiles of the net settlement over the agreement."""
    net = agreement_total(result["net_settlement"])
    found = [quantile(net, level) for level in QUANTILES]
    last = len(QUANTILES) + 1
    # The number of falls from one quantile to the next: a distribution has none.
    falls = "=" + "+".join(f"({{{c + 1}}}<{{{c}}})" for c in range(2, last))
    rows: list[tuple[Cell, ...]] = [
        (
            str(label),
            *(float(one.isel({CONTRACT: i})) for one in found),
            falls,
            *(float(one[STANDARD_ERROR].isel({CONTRACT: i})) for one in found),
        )
        for i, label in enumerate(result[CONTRACT].values)
    ]
    columns = (
        Column("Contract", "", "scenario", "text"),
        *(Column(f"{100 * level:g}th percentile", "USD", SOURCE, "money") for level in QUANTILES),
        Column("Check: percentiles that fall", "1", f"count over (2) to ({last})", "check"),
        *(Column(f"Standard error of ({i + 2})", "USD", SOURCE, "money") for i in range(len(QUANTILES))),
    )
    notes = ("Net settlement over the agreement. Errors by order statistics.",)
    return Exhibit(
        "3 Percentiles", "Percentiles of the net settlement over the agreement", columns, rows, notes
    )


def _assumptions(result: xr.Dataset, defaults: Mapping[str, Any] | None) -> Exhibit:
    """Return every assumption with its source."""
    rows: list[tuple[Cell, ...]] = [
        (row.section, row.words, row.key, row.value, row.source) for row in assumptions(result, defaults)
    ]
    headings = ("Section", "Assumption", "Key", "Value", "Source")
    columns = tuple(Column(heading, "", "scenario", "text") for heading in headings)
    return Exhibit("4 Assumptions", "Every key of the scenario, defaults included", columns, rows, ())


def _checks(result: xr.Dataset) -> Exhibit:
    """Return the identities that were checked on every replicate."""
    rows: list[tuple[Cell, ...]] = [
        (check.name, check.missed, check.allowed, "=IF({2}<={3},0,1)") for check in check_result(result)
    ]
    columns = (
        Column("Identity", "", "checked on every replicate", "text"),
        Column("Largest miss", "as named", SOURCE, "rate"),
        Column("Allowed", "as named", "rounding of 64-bit numbers", "rate"),
        Column("Check: 1 where it fails", "1", "(2) > (3)", "check"),
    )
    count = f"Checked on all {result.sizes[REPLICATE]:,} replicates, not on their means."
    return Exhibit("5 Checks", "Identities of the accounts, replicate by replicate", columns, rows, (count,))


def _rules(citations: Sequence[CitedNumber]) -> Exhibit:
    """Return the numbers of the rules with their sources."""
    rows: list[tuple[Cell, ...]] = [tuple(citation_texts(number).values()) for number in citations]
    headings = ("Number", "Value", "Tracks", "From", "Citation", "Evidence")
    columns = tuple(Column(heading, "", "regulation", "text") for heading in headings)
    return Exhibit("6 Rules", "Numbers of the rules in force", columns, rows, ())
