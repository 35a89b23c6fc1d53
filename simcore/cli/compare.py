"""Contract options side by side on the same draws, or two results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcore.cli.answers import AGREEMENT, figure, figures, outcome_of, shown_money
from simcore.cli.bounds import LEVEL, USD, Bounds, hold_to_bounds
from simcore.cli.printing import money, percent, print_json, print_table

if TYPE_CHECKING:
    import xarray as xr

_TOLERANCE = Bounds(1.0, 1e15, "an amount in USD of 1 or more")


def compare(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT", help="A stored result: result.nc, result.zarr or a folder.")
    ],
    other: Annotated[
        Path | None, typer.Argument(metavar="[OTHER.nc]", help="Another one, such as of another law.")
    ] = None,
    baseline: Annotated[
        str | None, typer.Option(help="Contract to measure against; the first if not given.")
    ] = None,
    year: Annotated[str, typer.Option(help="A performance year, or all for the agreement.")] = AGREEMENT,
    level: Annotated[float, typer.Option(help="Level of the tail value at risk.")] = 0.95,
    give_up: Annotated[
        float | None, typer.Option(metavar="USD", help="Rank: smallest tail within this of the best mean.")
    ] = None,
    risk_tolerance: Annotated[
        float | None, typer.Option(metavar="USD", help="Rank: largest certainty equivalent.")
    ] = None,
    rules: Annotated[
        bool, typer.Option("--rules", help="What each rule gives and takes; needs a detailed result.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Contract options side by side: paired differences with errors, chances that one beats another.

    Example: `simcore compare out/result.nc --baseline BASIC-A --risk-tolerance 2e6`

    Example: `simcore compare out/result.nc proposed/result.nc`
    """
    from simcore.store import load

    stored = load(result)
    if other is not None:
        _two_results(stored, load(other), as_json=as_json)
    elif rules:
        _rules(stored, year, as_json=as_json)
    else:
        outcome = outcome_of(stored, year)
        record = comparison_record(
            outcome,
            baseline or current_contract(stored),
            level=level,
            give_up=give_up,
            risk_tolerance=risk_tolerance,
        )
        record["performance_year"] = year
        print_json(record) if as_json else _print_contracts(record)


def current_contract(result: xr.Dataset) -> str | None:
    """Return the contract that the scenario says the ACO is in, where it is among the options."""
    current = json.loads(result.attrs["scenario"]).get("contract", {}).get("current", "")
    return str(current) if current in result["contract"].values else None


def comparison_record(
    outcome: xr.DataArray,
    baseline: str | None,
    *,
    level: float,
    give_up: float | None,
    risk_tolerance: float | None,
) -> dict[str, object]:
    """Return the comparison as JSON has it: one entry a contract, and who dominates whom."""
    from simcore.analysis import appetite, comparison
    from simcore.analysis.dominance import dominance
    from simcore.analysis.risk import as_dataset

    hold_to_bounds(
        "simcore compare",
        {
            "--level": (level, LEVEL),
            "--give-up": (give_up, USD),
            "--risk-tolerance": (risk_tolerance, _TOLERANCE),
        },
    )
    labels = [str(label) for label in outcome["contract"].values]
    against = comparison.choose(outcome, baseline or labels[0])
    difference = as_dataset(comparison.paired_differences(outcome, against))
    better = as_dataset(comparison.probability_better(outcome))
    regret = comparison.regret(outcome)
    ranked = _ranked(outcome, level, give_up)
    dominated = dominance(outcome)
    contracts: list[dict[str, object]] = []
    for label in labels:
        over, beats = difference.sel(contract=label), better.sel(contract=label, other=against)
        one = ranked.sel(contract=label)
        contracts.append(
            {
                "contract": label,
                "mean": figures(one, "mean"),
                "tail_value_at_risk": figures(one, "tail_value_at_risk"),
                "difference": figure(over["value"].item(), over["standard_error"].item()),
                "probability_better": figure(beats["value"].item(), beats["standard_error"].item()),
                "mean_regret": figures(regret.sel(contract=label), "mean_regret"),
                "probability_best": figures(regret.sel(contract=label), "probability_best"),
                "on_frontier": bool(one["on_frontier"]),
                "dominates_first_order": _names(dominated["first_order"], label),
                "dominates_second_order": _names(dominated["second_order"], label),
                **({"rank": int(one["rank"])} if "rank" in ranked else {}),
            }
        )
    if risk_tolerance is not None:
        worth = as_dataset(appetite.certainty_equivalent(outcome, risk_tolerance))
        places = appetite.ranking(worth["value"])
        for position, entry in enumerate(contracts):
            one = worth.isel(contract=position)
            entry["certainty_equivalent"] = figure(one["value"].item(), one["standard_error"].item())
            entry["rank_by_certainty_equivalent"] = int(places[position])
    return {"baseline": against, "level": level, "contracts": contracts}


def _ranked(outcome: xr.DataArray, level: float, give_up: float | None) -> xr.Dataset:
    """Return means and tails, with ranks where an appetite is stated."""
    from simcore.analysis.appetite import lowest_tail_within, mean_tail_frontier

    if give_up is None:
        return mean_tail_frontier(outcome, level)
    return lowest_tail_within(outcome, give_up, level)


def _names(flags: xr.DataArray, label: str) -> list[str]:
    """Return the contracts that `label` dominates."""
    row = flags.sel(contract=label)
    return [str(name) for name in row["other"].values[row.values]]


def _print_contracts(record: dict[str, object]) -> None:
    """Print the comparison as tables."""
    contracts = record["contracts"]
    assert isinstance(contracts, list)
    columns = ["contract", "mean net", "TVaR loss", "over baseline", "beats it", "regret"]
    ranks = [name for name in ("rank", "rank_by_certainty_equivalent") if name in contracts[0]]
    headings = {"rank": "rank", "rank_by_certainty_equivalent": "rank by CE"}
    rows = [
        (
            entry["contract"] + (" *" if entry["on_frontier"] else ""),
            shown_money(*entry["mean"].values()),
            money(*entry["tail_value_at_risk"].values()),
            "baseline"
            if entry["contract"] == record["baseline"]
            else shown_money(*entry["difference"].values()),
            percent(*entry["probability_better"].values()),
            money(*entry["mean_regret"].values()),
            *(str(entry[name]) for name in ranks),
        )
        for entry in contracts
    ]
    worst = 1.0 - float(str(record["level"]))
    when = "over the agreement" if record["performance_year"] == "all" else str(record["performance_year"])
    caption = (
        f"Net settlement, {when}; ± one standard error, differences paired replicate "
        f"by replicate. TVaR: mean loss in the worst {worst:.0%}, negative where even that is a gain. "
        "Regret: what the best contract in hindsight would have brought more. "
        "*: no contract has both a larger mean and a smaller tail."
    )
    title = f"Contract options against {record['baseline']}"
    print_table(title, [*columns, *(headings[name] for name in ranks)], rows, caption=caption)


def _two_results(stored: xr.Dataset, other: xr.Dataset, *, as_json: bool) -> None:
    """Print by how much a result exceeds another, contract by contract, over the agreement and by year."""
    from simcore.analysis.comparison import difference_between
    from simcore.analysis.risk import agreement_total, as_dataset

    totals = [each.assign(net_settlement=agreement_total(each["net_settlement"])) for each in (stored, other)]
    agreement = difference_between(totals[0], totals[1])["net_settlement"]
    by_year = difference_between(stored, other)["net_settlement"]
    entries: list[dict[str, object]] = []
    for label in map(str, agreement["contract"].values):
        periods: list[tuple[str | int, xr.Dataset]] = [(AGREEMENT, as_dataset(agreement.sel(contract=label)))]
        years = by_year["performance_year"].values
        periods += [(int(y), as_dataset(by_year.sel(contract=label, performance_year=y))) for y in years]
        for period, one in periods:
            difference = figure(one["value"].item(), one["standard_error"].item())
            entries.append({"contract": label, "performance_year": period, "difference": difference})
    pairing = str(agreement.attrs["pairing"])
    if as_json:
        print_json({"pairing": pairing, "contracts": entries})
        return
    rows = [
        (str(e["contract"]), str(e["performance_year"]), shown_money(*_pair(e["difference"])))
        for e in entries
    ]
    caption = (
        f"Mean net settlement of the first result less that of the second, ± one standard error, {pairing}."
    )
    print_table("One result against another", ["contract", "year", "difference"], rows, caption=caption)


def _pair(entry: object) -> tuple[float, float]:
    """Return the value and the error of a JSON figure."""
    assert isinstance(entry, dict)
    return float(entry["value"]), float(entry["standard_error"])


def _rules(stored: xr.Dataset, year: str, *, as_json: bool) -> None:
    """Print what each rule gives and takes."""
    from simcore.analysis.attribution import value_of_rules
    from simcore.analysis.risk import mean

    outcome_of(stored, year)
    values = value_of_rules(stored).sel(period=year)
    labels = [str(label) for label in values["contract"].values]
    if as_json:
        print_json(
            {
                "performance_year": year,
                "contracts": [
                    {"contract": label, "rules": _rule_entries(values.sel(contract=label))}
                    for label in labels
                ],
            }
        )
        return
    for label in labels:
        entries = _rule_entries(values.sel(contract=label))
        rows = [
            (str(entry["meaning"]), shown_money(*_pair(entry["value"])))
            for entry in entries
            if _pair(entry["value"])[0]
        ]
        net = mean(outcome_of(stored, year).sel(contract=label))
        rows.append(("Net settlement", shown_money(float(net), float(net["standard_error"]))))
        print_table(f"{label}, {year}: expected value of each rule", ["rule", "USD"], rows)


def _rule_entries(values: xr.DataArray) -> list[dict[str, object]]:
    """Return the rules of one contract as JSON has them."""
    entries = zip(
        values["rule"].values,
        values["meaning"].values,
        values.values,
        values["standard_error"].values,
        strict=True,
    )
    return [
        {"rule": str(rule), "meaning": str(meaning), "value": figure(value, error)}
        for rule, meaning, value, error in entries
    ]
