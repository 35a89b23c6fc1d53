"""How many beneficiaries: chances of savings and losses by size and true savings, and what a merger is worth."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcore.cli.answers import (
    AGREEMENT,
    at_size,
    contracts_of,
    figure,
    figures,
    head_counts,
    numbers,
    quick,
    read,
    settled_under,
    shown_money,
    simulator,
    up_to,
)
from simcore.cli.bounds import LEVEL, hold_to_bounds
from simcore.cli.printing import percent, print_json, print_table
from simcore.errors import ScenarioError

if TYPE_CHECKING:
    import xarray as xr

    from simcore.scenario.schema import Scenario


def size(
    scenario: Annotated[Path, typer.Argument(help="Scenario file, TOML; its mix of people is kept.")],
    sizes: Annotated[str, typer.Option(help="Assigned beneficiaries.")] = "5000,10000,20000,50000",
    true_savings: Annotated[
        str, typer.Option(help="Care-management effects, fractions.")
    ] = "0,0.01,0.02,0.03,0.05",
    probability: Annotated[
        float, typer.Option(help="How many beneficiaries make shared savings so likely?")
    ] = 0.8,
    contract: Annotated[
        list[str] | None, typer.Option(help="Contract option; repeat. The first of each track if not given.")
    ] = None,
    year: Annotated[
        str | None, typer.Option(help="A performance year, or all; the first year if not given.")
    ] = None,
    merge: Annotated[Path | None, typer.Option(help="A second ACO: what is it worth to become one?")] = None,
    replicates: Annotated[int, typer.Option(min=100, help="Replicates at each point, at most.")] = 4_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Chances of shared savings and losses by size and true savings; beneficiaries for a wished chance.

    Example: `simcore size scenarios/track_choice.toml --sizes 5000,15000,50000 --true-savings 0,0.02`

    Example: `simcore size scenarios/first.toml --merge scenarios/second.toml`
    """
    plain = read(scenario)
    labels = contracts_of(plain, contract or [])
    short = quick(plain, contracts=labels, replicates=replicates)
    if merge is not None:
        _print_merger(merger_record(short, read(merge)), as_json=as_json)
        return
    hold_to_bounds("simcore size", {"--probability": (probability, LEVEL)})
    year = year or str(plain.aco.performance_years[0])
    record = size_record(
        up_to(short, year),
        sizes=head_counts(sizes, "--sizes"),
        true_savings=_shares(true_savings),
        probability=probability,
        year=year,
    )
    print_json(record) if as_json else _print_sizes(record)


def size_record(
    scenario: Scenario, *, sizes: list[int], true_savings: list[float], probability: float, year: str
) -> dict[str, object]:
    """Return the table of sizes as JSON has it."""
    from simcore.analysis.sizing import SIZE_MEASURES, beneficiaries_needed, size_table

    table = size_table(simulator(scenario), partial(_world, scenario), sizes=sizes, true_savings=true_savings)
    needed = beneficiaries_needed(table, probability, period=year)
    points, wanted = [], []
    for label in map(str, table["contract"].values):
        for effect in table["true_savings"].values:
            one = needed.sel(contract=label, true_savings=effect)
            wanted.append(
                {
                    "contract": label,
                    "true_savings": float(effect),
                    "beneficiaries": figure(one.item(), one["standard_error"].item()),
                }
            )
            for count in table["beneficiaries"].values:
                at = table.sel(contract=label, period=year, true_savings=effect, beneficiaries=count)
                points.append(
                    {
                        "contract": label,
                        "beneficiaries": int(count),
                        "true_savings": float(effect),
                        **{name.replace(" ", "_"): _at(at, name) for name in SIZE_MEASURES},
                    }
                )
    return {
        "performance_year": year,
        "replicates": scenario.simulation.replicates,
        "probability": probability,
        "sizes": points,
        "beneficiaries_needed": wanted,
    }


def merger_record(first: Scenario, second: Scenario) -> dict[str, object]:
    """Return what a merger of two ACOs is worth, as JSON has it."""
    from simcore.analysis.sizing import value_of_merging

    value = value_of_merging(simulator(first), first, _same_run(second, first), _merged(first, second))
    names = {
        "first": "savings_rate_sd_first",
        "second": "savings_rate_sd_second",
        "merged": "savings_rate_sd_merged",
    }
    contracts = []
    for label in map(str, value["contract"].values):
        entry: dict[str, object] = {"contract": label}
        entry["net_settlement"] = figures(value.sel(contract=label), "net_settlement")
        for name, long in names.items():
            at = value.sel(contract=label) if "contract" in value[name].dims else value
            entry[long] = figures(at[[name, f"{name}_standard_error"]], name)
        contracts.append(entry)
    return {"performance_year": AGREEMENT, "contracts": contracts}


def _world(scenario: Scenario, *, beneficiaries: float, true_savings: float) -> Scenario:
    """Return the scenario at a size, with true savings that are known."""
    changes = {"savings.true_savings": float(true_savings), "savings.uncertainty": 0.0}
    return at_size(scenario, int(beneficiaries)).with_changes(changes)


def _merged(first: Scenario, second: Scenario) -> Scenario:
    """Return the ACO of two ACOs' people: counts add up, means weigh by counts."""
    changes: dict[str, object] = {}
    problems = []
    people = (first.aco.population, second.aco.population)
    for name in sorted({*people[0], *people[1]}):
        groups = [group[name] for group in people if name in group and group[name].assigned_beneficiaries]
        counts = [group.assigned_beneficiaries for group in groups]
        changes[f"aco.population.{name}.assigned_beneficiaries"] = sum(counts)
        for key in ("per_capita_expenditures", "risk_score", "demographic_risk_score"):
            values = [getattr(group, key) for group in groups]
            given = [value for value in values if value is not None]
            if given and len(given) < len(values):
                problems.append(
                    f"aco.population.{name}.{key}: given for one ACO only; allowed: for both or none"
                )
            elif given:
                mean = sum(n * value for n, value in zip(counts, given, strict=True)) / sum(counts)
                changes[f"aco.population.{name}.{key}"] = mean
    if not people[0] or not people[1]:
        problems.append(
            "aco.population: comes from a beneficiary file; allowed: head counts by enrollment type"
        )
    if problems:
        raise ScenarioError("--merge", problems)
    weights = [sum(group.assigned_beneficiaries for group in one.values()) for one in people]
    return first.with_changes({**changes, "savings.true_savings": _blended(first, second, weights)})


def _blended(first: Scenario, second: Scenario, weights: list[int]) -> tuple[float, ...]:
    """Return the true savings of two ACOs together, by performance year."""
    years = len(first.aco.performance_years)
    effects = []
    for one in (first, second):
        effect = one.savings.true_savings
        effects.append(effect if isinstance(effect, tuple) else (effect,) * years)
    if first.aco.performance_years != second.aco.performance_years:
        raise ScenarioError("--merge", "the two ACOs have other performance years; allowed: the same")
    return tuple((weights[0] * a + weights[1] * b) / sum(weights) for a, b in zip(*effects, strict=True))


def _same_run(second: Scenario, first: Scenario) -> Scenario:
    """Return the second ACO under the first one's replicates, on other people's draws and the same market's."""
    market = first.simulation.market_seed
    return second.with_changes(
        {
            "simulation.engine": first.simulation.engine,
            "simulation.replicates": first.simulation.replicates,
            "simulation.seed": first.simulation.seed + 1,
            "simulation.market_seed": first.simulation.seed if market is None else market,
            **settled_under(first.contract.options),
        }
    )


def _shares(text: str) -> list[float]:
    """Return true savings, which are fractions."""
    found = numbers(text, "--true-savings")
    wrong = [
        f"{one:g}; allowed: fractions between -1 and 1, so 2 % is 0.02" for one in found if not -1 < one < 1
    ]
    if wrong:
        raise ScenarioError("--true-savings", wrong)
    return found


def _at(point: xr.Dataset, name: str) -> dict[str, float]:
    """Return one measure of one point."""
    one = point.sel(measure=name)
    return figure(one["value"].item(), one["standard_error"].item())


def _print_sizes(record: dict[str, object]) -> None:
    """Print a table of chances a contract, and the beneficiaries that are needed."""
    points, wanted = record["sizes"], record["beneficiaries_needed"]
    assert isinstance(points, list)
    assert isinstance(wanted, list)
    columns = ("beneficiaries", "true savings", "shared savings", "shared losses", "SD of savings rate")
    when = "any year" if record["performance_year"] == AGREEMENT else f"{record['performance_year']}"
    for label in dict.fromkeys(point["contract"] for point in points):
        rows = [
            (
                f"{point['beneficiaries']:,}",
                percent(point["true_savings"]),
                percent(*point["probability_shared_savings"].values()),
                percent(*point["probability_shared_losses"].values()),
                _points(point["savings_rate_sd"]),
            )
            for point in points
            if point["contract"] == label
        ]
        caption = f"Probabilities of {when}, ± one standard error, {record['replicates']:,} replicates; "
        caption += "true savings are known."
        print_table(str(label), columns, rows, caption=caption)
    answers = [
        (one["contract"], percent(one["true_savings"]), _needed(one["beneficiaries"])) for one in wanted
    ]
    title = f"Beneficiaries for shared savings with {float(str(record['probability'])):.0%} probability"
    print_table(
        title,
        ("contract", "true savings", "beneficiaries"),
        answers,
        caption="Interpolated between the sizes.",
    )


def _needed(figures_of: dict[str, float]) -> str:
    """Return a number of beneficiaries in words."""
    value, error = figures_of["value"], figures_of["standard_error"]
    if value != value:
        return "more than the largest size"
    return f"{value:,.0f} or fewer" if error != error else f"{value:,.0f} ± {error:,.0f}"


def _points(spread: dict[str, float]) -> str:
    """Return the spread of a savings rate with its error, in percent."""
    return percent(spread["value"], spread["standard_error"], digits=2)


def _print_merger(record: dict[str, object], *, as_json: bool) -> None:
    """Print what a merger is worth."""
    if as_json:
        print_json(record)
        return
    contracts = record["contracts"]
    assert isinstance(contracts, list)
    rows = [
        (
            entry["contract"],
            shown_money(*entry["net_settlement"].values()),
            *(_points(entry[f"savings_rate_sd_{name}"]) for name in ("first", "second", "merged")),
        )
        for entry in contracts
    ]
    columns = ("contract", "net settlement gained", "SD first", "SD second", "SD merged")
    caption = "Over the agreement, ± one standard error. SD: of the agreement's savings rate."
    print_table("What it is worth to become one ACO", columns, rows, caption=caption)
