"""One simulated settlement line by line, or the worst of them, each line with its citation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcore.cli.printing import print_json, print_table
from simcore.errors import ResultError

if TYPE_CHECKING:
    import xarray as xr

    from simcore.cli.redrawn import Redrawn
    from simcore.model.waterfall import Step


def explain(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT", help="A stored result: result.nc, result.zarr or a folder.")
    ],
    contract: Annotated[str | None, typer.Option(help="Contract option; the first if not given.")] = None,
    replicate: Annotated[int | None, typer.Option(metavar="R", help="Which replicate.")] = None,
    year: Annotated[int | None, typer.Option(metavar="Y", help="Which performance year.")] = None,
    worst: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=1_000, help="The worst N settlements instead.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Any simulated settlement line by line, with citations; or the worst ten.

    Example: `simcore explain out/result.nc --contract "ENHANCED msr=0.005" --replicate 17 --year 2025`

    Example: `simcore explain out/result.nc --contract "ENHANCED msr=0.005" --worst 10`
    """
    from simcore.analysis.comparison import choose
    from simcore.cli.redrawn import plan_of, settle_again
    from simcore.store import load

    stored = load(result)
    label = choose(stored, contract if contract is not None else str(stored["contract"].values[0]))
    if worst is not None:
        asked = _worst(stored, label, worst, year=year, replicate=replicate)
    else:
        asked = [_asked(stored, replicate, year)]
    plan = plan_of(stored)
    accounts = [settle_again(plan, stored, contract=label, replicate=r, year=y) for r, y in asked]
    if as_json:
        records = [_record(account) for account in accounts]
        print_json(records[0] if worst is None else {"contract": label, "settlements": records})
        return
    for account in accounts:
        _print(account)


def _asked(stored: xr.Dataset, replicate: int | None, year: int | None) -> tuple[int, int]:
    """Return the replicate and the year, or say all that is wrong with them."""
    years, replicates = stored["performance_year"].values, stored["replicate"].values
    problems = []
    if replicate is None or replicate not in replicates:
        found = "not given" if replicate is None else f"{replicate} is not in the result"
        problems.append(f"--replicate: {found}; allowed: {replicates[0]} to {replicates[-1]}, or --worst N")
    if year is None or year not in years:
        found = "not given" if year is None else f"{year} is not in the result"
        problems.append(f"--year: {found}; allowed: {', '.join(map(str, years))}")
    if problems or replicate is None or year is None:
        raise ResultError("simcore explain", problems)
    return replicate, year


def _worst(
    stored: xr.Dataset, contract: str, number: int, *, year: int | None, replicate: int | None
) -> list[tuple[int, int]]:
    """Return the replicates and years of the lowest net settlements, the lowest first."""
    import numpy as np

    if replicate is not None:
        raise ResultError("simcore explain", "--replicate: stands beside --worst; allowed: one of the two")
    net = stored["net_settlement"].sel(contract=contract)
    if year is not None:
        _asked(stored, int(stored["replicate"].values[0]), year)
        net = net.sel(performance_year=[year])
    net = net.transpose("performance_year", "replicate")
    # A stable order: of equal settlements the earlier year, then the earlier replicate.
    order = np.argsort(net.values, axis=None, kind="stable")[:number]
    rows, columns = np.unravel_index(order, net.shape)
    years, replicates = net["performance_year"].values, net["replicate"].values
    return [(int(replicates[column]), int(years[row])) for row, column in zip(rows, columns, strict=True)]


def _record(account: Redrawn) -> dict[str, object]:
    """Return a settlement as JSON has it."""
    from simcore.model.waterfall import settlement_steps

    steps = settlement_steps(account.settlement, account.terms)
    return {
        "contract": account.contract,
        "replicate": account.replicate,
        "performance_year": account.year,
        "net_settlement": float(account.settlement.net_settlement),
        "benchmark_steps": [one._asdict() for one in account.benchmark],
        "steps": [
            {"step": one.step, "value": one.value, "unit": one.unit, "citation": one.citation}
            for one in steps
        ],
    }


def _print(account: Redrawn) -> None:
    """Print a settlement as a table."""
    from simcore.model.waterfall import settlement_steps

    steps = settlement_steps(account.settlement, account.terms)
    rows = [
        (one.step, _shown(one), one.citation + (" (unverified)" if one.unverified else "")) for one in steps
    ]
    benchmark = [(one.step, _amount(one.value, one.unit), one.citation) for one in account.benchmark]
    print_table(f"Benchmark of {account.year}", ("line", "value", "citation"), benchmark)
    title = f"{account.contract}, replicate {account.replicate}, {account.year}"
    print_table(title, ("line", "value", "citation"), rows)


def _shown(step: Step) -> str:
    """Return a line's value in its unit."""
    if step.unit == "bool":
        return "yes" if step.value else "no"
    return f"{100.0 * step.value:.4f}%" if step.unit == "1" else _amount(step.value, step.unit)


def _amount(value: float, unit: str) -> str:
    """Return an amount: factors with six digits, money with cents."""
    return f"{value:.6f}" if unit == "1" else f"{value:,.2f}"
