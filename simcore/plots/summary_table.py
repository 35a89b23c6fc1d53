"""Show a summary as a table to take in at a glance: one line a contract, every figure with its error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
import xarray as xr

from simcore.analysis.summary import AGREEMENT, MEASURE, PERIOD
from simcore.errors import ResultError, near_matches
from simcore.plots.words import contract_name, money, percent
from simcore.vocabulary import CONTRACT, MONEY

COLUMNS: Final = {
    "net_settlement mean": "mean net settlement",
    "probability_shared_savings": "any savings",
    "probability_shared_losses": "any losses",
    "net_settlement quantile 0.05": "5th percentile",
    "net_settlement quantile 0.95": "95th percentile",
}
"""Lines of a summary that a reader asks for first, with the heading that each has."""

NOT_RESOLVED: Final = "not resolved"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text: it shows itself in a notebook, and prints as Markdown elsewhere."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str

    def __str__(self) -> str:
        """Return the table as Markdown."""
        rule = ("---", *("---:" for _ in self.columns[1:]))
        lines = [f"| {' | '.join(cells)} |" for cells in (self.columns, rule, *self.rows)]
        return "\n".join([*lines, "", self.caption])

    def _repr_html_(self) -> str:
        """Return the table as HTML, every cell escaped."""
        head = "".join(f"<th>{escape(cell)}</th>" for cell in self.columns)
        body = "".join(f"<tr>{_cells(row)}</tr>" for row in self.rows)
        return f"<table><caption>{escape(self.caption)}</caption><tr>{head}</tr>{body}</table>"


def summary_table(
    summary: xr.Dataset, *, period: str = AGREEMENT, contracts: Sequence[str] | None = None
) -> Table:
    """Return the figures that are asked for first, best mean on top.

    Parameters
    ----------
    summary
        What ``summarize`` returned, with the measures of `COLUMNS`.
    period
        A performance year as text, or ``"all"`` for the agreement.
    contracts
        The contracts to show; all when None.

    Returns
    -------
    Table
        Each figure with its standard error; one whose error exceeds it is not resolved.

    Raises
    ------
    ResultError
        If the summary lacks a contract or the period.
    """
    problems = _absent(summary, PERIOD, [period]) + _absent(summary, CONTRACT, contracts or [])
    if problems:
        raise ResultError("summary", problems)
    one = summary.sel({PERIOD: period})
    one = one if contracts is None else one.sel({CONTRACT: list(contracts)})
    order = np.argsort(-one["value"].sel({MEASURE: "net_settlement mean"}).values, kind="stable")
    rows = tuple(_row(one.isel({CONTRACT: int(position)})) for position in order)
    span = "Over the agreement" if period == AGREEMENT else f"Performance year {period}"
    caption = f"{span}; value ± standard error of {int(summary.attrs['replicates']):,} replicates."
    return Table((CONTRACT, *COLUMNS.values()), rows, caption)


def _row(contract: xr.Dataset) -> tuple[str, ...]:
    """Return one contract's name and figures."""
    figures = []
    for measure in COLUMNS:
        at = contract.sel({MEASURE: measure})
        figures.append(_figure(float(at["value"]), float(at["standard_error"]), str(at["units"].values)))
    return (contract_name(str(contract[CONTRACT].values)), *figures)


def _figure(value: float, error: float, units: str) -> str:
    """Return a value with its error, or say that the error hides it."""
    if error > abs(value):
        return NOT_RESOLVED
    if units == MONEY:
        return f"{money(value)} ± {money(error, 2)}"
    return f"{percent(value, 1)} ± {100.0 * error:.1f}"


def _absent(summary: xr.Dataset, dim: str, wanted: Sequence[str]) -> list[str]:
    """Return what a summary does not have, one sentence each."""
    known = [str(label) for label in summary[dim].values]
    return [
        f"{dim} {name!r} is not in the summary{near_matches(name, known) or ';'} allowed: {', '.join(known)}"
        for name in wanted
        if name not in known
    ]


def _cells(row: Sequence[str]) -> str:
    """Return the cells of a row, the first one to the left."""
    first, *others = map(escape, row)
    return f'<td style="text-align:left">{first}</td>' + "".join(f"<td>{cell}</td>" for cell in others)
