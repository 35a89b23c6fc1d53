"""Several contracts, each with its own people, under one market: the total and its parts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcore.cli.answers import AGREEMENT, figure, figures, outcome_of, shown_money
from simcore.cli.bounds import LEVEL, hold_to_bounds
from simcore.cli.printing import percent, print_json, print_table, remarks

if TYPE_CHECKING:
    import xarray as xr

    from simcore.cli.portfolio_file import Portfolio

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def portfolio(
    file: Annotated[Path, typer.Argument(metavar="PORTFOLIO.toml", help="The contracts and scenarios.")],
    replicates: Annotated[
        int | None, typer.Option(min=2, help="Of every scenario; the first one's if not given.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Of the first scenario; the others follow.")] = None,
    year: Annotated[str, typer.Option(help="A performance year, or all for the agreements.")] = AGREEMENT,
    level: Annotated[float, typer.Option(help="Level of the tail value at risk.")] = 0.95,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Several contracts under one market: the total, what diversifies, who makes the bad years.

    The file names a scenario and one of its contract options for each, in `[[contract]]` tables with
    `scenario`, `contract` and, if you like, `name`. `shared_market = false` gives each contract a
    nation and a region of its own.

    Example: `simcore portfolio scenarios/portfolios/health_system.toml --replicates 10000`
    """
    from simcore.analysis.portfolio import portfolio_measures, portfolio_total, stack_contracts
    from simcore.cli.portfolio_file import read_portfolio
    from simcore.simulate import simulate

    hold_to_bounds("simcore portfolio", {"--level": (level, LEVEL)})
    read = read_portfolio(file, replicates=replicates, seed=seed)
    outcomes = {
        name: outcome_of(simulate(scenario), year).isel(contract=0)
        for name, scenario in read.scenarios.items()
    }
    parts = stack_contracts(outcomes)
    measures = portfolio_measures(parts, level)
    total = portfolio_total(parts)
    notes = _notes(read)
    if as_json:
        record = portfolio_record(measures, total)
        head = {"title": read.title, "shared_market": read.shared_market, "performance_year": year}
        print_json({**head, **record, "notes": notes})
    else:
        _print(read.title, measures, total)
    for note in notes:
        remarks().print(f"note: {note}", markup=False)


def _notes(read: Portfolio) -> list[str]:
    """Return what contracts have in common by assumption, and the doubts about their terms."""
    from simcore.cli.basis import Basis, remarks_on
    from simcore.model.flow import contract_notes
    from simcore.model.mix_drift import mix_drifts
    from simcore.simulate import prepare

    notes = [
        "all contracts stand in one region: growth and coding of region and nation are common to them; "
        "between regions less is common, and shared_market = false has nothing common"
    ] * read.shared_market
    for scenario in read.scenarios.values():
        plan = prepare(scenario).plan
        drifts = mix_drifts(plan.people, plan.timeline)
        notes += remarks_on(Basis((), contract_notes(plan), drifts=drifts))
    return list(dict.fromkeys(notes))


def portfolio_record(measures: xr.Dataset, total: xr.DataArray) -> dict[str, object]:
    """Return the measures as JSON has them: one entry a contract, then the whole."""
    from simcore.analysis import risk

    names = [str(name) for name in measures["contract"].values]
    by_contract = ("mean", "standard_deviation", "tail_value_at_risk", "tail_contribution")
    return {
        "level": float(measures.attrs["level"]),
        "replicates": total.sizes["replicate"],
        "contracts": [
            {"contract": name, **{word: figures(measures.sel(contract=name), word) for word in by_contract}}
            for name in names
        ],
        "correlation": [[float(cell) for cell in row] for row in measures["correlation"].values],
        "total": {
            "mean": figures(measures, "total_mean"),
            "standard_deviation": figures(measures, "total_standard_deviation"),
            "tail_value_at_risk": figures(measures, "total_tail_value_at_risk"),
            "probability_of_loss": _estimate(risk.probability(total < 0.0)),
            "quantiles": {f"{q:g}": _estimate(risk.quantile(total, q)) for q in _QUANTILES},
        },
        "standard_deviation_in_quadrature": figures(measures, "standard_deviation_in_quadrature"),
        "diversification_benefit": figures(measures, "diversification_benefit"),
    }


def _estimate(estimate: xr.DataArray) -> dict[str, float]:
    """Return a scalar estimate and its error."""
    return figure(estimate.item(), estimate["standard_error"].item())


def _print(title: str, measures: xr.Dataset, total: xr.DataArray) -> None:
    """Print a row for each contract and one for the whole, then what diversifies."""
    from simcore.analysis import risk

    def shown(one: xr.Dataset, word: str) -> str:
        value = figures(one, word)
        return shown_money(value["value"], value["standard_error"])

    words = ("mean", "standard_deviation", "tail_value_at_risk", "tail_contribution")
    rows = [
        [str(name), *(shown(measures.sel(contract=name), word) for word in words)]
        for name in measures["contract"].values
    ]
    whole = ("total_mean", "total_standard_deviation", "total_tail_value_at_risk", "total_tail_value_at_risk")
    rows.append(["all", *(shown(measures, word) for word in whole)])
    tail = f"TVaR {measures.attrs['level']:g}"
    print_table(
        title,
        ("contract", "mean", "SD", f"{tail} alone", f"{tail} in the whole"),
        rows,
        caption=f"Net settlement, {total.sizes['replicate']:,} replicates. A tail is a loss: a negative one is a gain.",
    )
    chance = risk.probability(total < 0.0)
    loss = percent(chance.item(), chance["standard_error"].item())
    typer.echo(f"probability of a loss on the whole: {loss}")
    typer.echo(f"SD if the contracts were independent: {shown(measures, 'standard_deviation_in_quadrature')}")
    typer.echo(f"diversification benefit at {tail}: {shown(measures, 'diversification_benefit')}")
    for q in _QUANTILES:
        value = risk.quantile(total, q)
        typer.echo(f"{100 * q:g} % quantile: {shown_money(value.item(), value['standard_error'].item())}")
