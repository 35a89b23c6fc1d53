"""What moves the answer: one input at a time, layers of randomness, and the true savings that reach a goal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from simcore.cli.answers import (
    AGREEMENT,
    contracts_of,
    figure,
    figures,
    quick,
    read,
    shown_money,
    shown_percent,
    simulator,
    up_to,
)
from simcore.cli.bounds import LEVEL, hold_to_bounds
from simcore.cli.printing import percent, print_json, print_table
from simcore.errors import ScenarioError

if TYPE_CHECKING:
    import xarray as xr

    from simcore.analysis.sensitivity import InputRange
    from simcore.scenario.schema import Scenario

Measured = Literal["net", "payment", "loss"]
MEANINGS = {
    "net": "expected net settlement",
    "payment": "probability of shared savings",
    "loss": "probability of shared losses",
}
SIMULATED_INPUTS = ("true_savings", "quality_score", "participant_revenue", "assigned_beneficiaries")


def sensitivity(
    scenario: Annotated[Path, typer.Argument(help="Scenario file, TOML.")],
    contract: Annotated[
        str | None,
        typer.Option(help="Contract option; the one that the ACO is in if not given, else the first."),
    ] = None,
    year: Annotated[str, typer.Option(help="A performance year, or all for the agreement.")] = AGREEMENT,
    measure: Annotated[Measured, typer.Option(help="What is looked at.")] = "net",
    ranges: Annotated[
        list[str] | None,
        typer.Option("--range", metavar="KEY=LOW:HIGH", help="An input's range instead of the shipped ones."),
    ] = None,
    goal: Annotated[
        float | None, typer.Option(metavar="P", help="True savings for this chance of shared savings?")
    ] = None,
    layers: Annotated[bool, typer.Option(help="Also split the variance by layer and by input.")] = True,
    replicates: Annotated[int, typer.Option(min=100, help="Replicates of each run, at most.")] = 2_000,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """One-at-a-time ranges on the same draws (tornado), variance shares by layer and by input, goal seek.

    Example: `simcore sensitivity scenarios/track_choice.toml --contract "ENHANCED msr=0.005" --goal 0.8`

    Example: `simcore sensitivity scenarios/track_choice.toml --range savings.true_savings=0:0.04`
    """
    plain = read(scenario)
    wanted = contract or plain.contract.current
    label = contracts_of(plain, [wanted] if wanted else [])[0]
    short = up_to(quick(plain, contracts=[label], replicates=replicates), year)
    hold_to_bounds("simcore sensitivity", {"--goal": (goal, LEVEL)})
    outcome = partial(_outcome, year=year, measure=measure)
    record: dict[str, object] = {
        "contract": label,
        "performance_year": year,
        "measure": MEANINGS[measure],
        "replicates": short.simulation.replicates,
        **_tornado(short, _typed_ranges(ranges) if ranges else _shipped_ranges(short), outcome),
    }
    if layers:
        record |= {"layers": _layers(short, outcome), "inputs": _inputs(short, outcome)}
    if goal is not None:
        record["goal"] = _goal(short, goal, year)
    print_json(record) if as_json else _print(record, share=measure != "net")


def _outcome(result: xr.Dataset, *, year: str, measure: Measured) -> xr.DataArray:
    """Return what is looked at, by replicate."""
    name = {"net": "net_settlement", "payment": "earned_shared_savings", "loss": "owed_shared_losses"}[
        measure
    ]
    amount = result[name].isel(contract=0)
    amount = amount.sum("performance_year") if year == AGREEMENT else amount.sel(performance_year=int(year))
    return amount if measure == "net" else amount > 0.0


def _tornado(
    scenario: Scenario, ranges: list[InputRange], outcome: Callable[[xr.Dataset], xr.DataArray]
) -> dict[str, object]:
    """Return the effects of moving each input to both ends."""
    from simcore.analysis.sensitivity import one_at_a_time

    found = one_at_a_time(simulator(scenario), scenario, ranges, outcome)
    entries = []
    for label in map(str, found["input"].values):
        one = found.sel(input=label)
        ends = {end: figures(one.sel(end=end), "effect") for end in ("low", "high")}
        entries.append({"input": label, **ends, "swing": figures(one, "swing")})
    return {"base": figures(found[["base", "base_standard_error"]], "base"), "tornado": entries}


def _shipped_ranges(scenario: Scenario) -> list[InputRange]:
    """Return the ranges of ``defaults/sensitivity.toml`` around a scenario."""
    from simcore.analysis.sensitivity import InputRange
    from simcore.scenario.default_values import default_table

    content = scenario.model_dump()
    ranges = []
    for entry in default_table("sensitivity")["input"]:
        value: object = content
        for key in entry["path"].split("."):
            assert isinstance(value, Mapping)
            value = value[key]
        # A beneficiary file leaves the population empty: its people cannot be scaled.
        if value != {}:
            ranges.append(InputRange(entry["path"], *_ends(value, entry), entry["label"]))
    return ranges


def _ends(value: object, entry: Mapping[str, float]) -> tuple[object, object]:
    """Return the two ends of an input's range around its value."""
    if "low" in entry:
        return entry["low"], entry["high"]
    if isinstance(value, Mapping):
        factor = entry["factor"]
        return _scaled_people(value, 1.0 / factor), _scaled_people(value, factor)
    if isinstance(value, tuple):
        return tuple(_bounded(one - entry["change"], entry) for one in value), tuple(
            _bounded(one + entry["change"], entry) for one in value
        )
    number = float(str(value))
    return _bounded(number - entry["change"], entry), _bounded(number + entry["change"], entry)


def _bounded(value: float, entry: Mapping[str, float]) -> float:
    """Keep an end inside what the input can be."""
    return min(max(value, entry.get("least", value)), entry.get("most", value))


def _scaled_people(population: Mapping[str, Mapping[str, object]], factor: float) -> dict[str, object]:
    """Return the people of an ACO of another size."""
    return {
        name: {**group, "assigned_beneficiaries": round(float(str(group["assigned_beneficiaries"])) * factor)}
        for name, group in population.items()
    }


def _typed_ranges(texts: list[str]) -> list[InputRange]:
    """Return the ranges of the command line."""
    from simcore.analysis.sensitivity import InputRange

    ranges, problems = [], []
    for text in texts:
        path, _, ends = text.partition("=")
        low, _, high = ends.partition(":")
        try:
            ranges.append(InputRange(path.strip(), float(low), float(high), text.strip()))
        except ValueError:
            problems.append(
                f"{text!r}; allowed: KEY=LOW:HIGH with two numbers, such as savings.true_savings=0:0.04"
            )
    if problems:
        raise ScenarioError("--range", problems)
    return ranges


def _layers(scenario: Scenario, outcome: Callable[[xr.Dataset], xr.DataArray]) -> list[dict[str, object]]:
    """Return the variance shares of the scenario's layers."""
    from simcore.analysis.variance_shares import variance_by_layer

    def scenario_with(active: tuple[str, ...]) -> Scenario:
        return scenario.with_changes({"simulation.layers": active})

    found = variance_by_layer(simulator(scenario), scenario_with, scenario.simulation.layers, outcome)
    return [
        {"layer": str(name), **{kind: figures(found.sel(layer=name), kind) for kind in ("alone", "last")}}
        for name in found["layer"].values
    ]


def _inputs(scenario: Scenario, outcome: Callable[[xr.Dataset], xr.DataArray]) -> list[dict[str, object]]:
    """Return the variance shares and rank correlations of simulated inputs, averaged over the years."""
    from simcore.analysis.variance_shares import shares_by_input

    result = simulator(scenario)(scenario)
    draws = {
        name: result[name].mean("performance_year").values for name in SIMULATED_INPUTS if name in result
    }
    draws = {name: values for name, values in draws.items() if values.std() > 0.0}
    found = shares_by_input(draws, outcome(result).values.astype(float))
    return [
        {
            "input": str(name),
            **{kind: figures(found.sel(input=name), kind) for kind in ("variance_share", "rank_correlation")},
        }
        for name in found["input"].values
    ]


def _goal(scenario: Scenario, goal: float, year: str) -> dict[str, object]:
    """Return the true savings that make shared savings as likely as wished."""
    from simcore.analysis.sensitivity import goal_seek

    def scenario_at(true_savings: float) -> Scenario:
        return scenario.with_changes({"savings.true_savings": true_savings, "savings.uncertainty": 0.0})

    paid = partial(_outcome, year=year, measure="payment")
    found = goal_seek(simulator(scenario), scenario_at, paid, goal=goal, between=(-0.10, 0.20))
    return {"probability_shared_savings": goal, "true_savings": figure(found.value, found.standard_error)}


def _print(record: dict[str, object], *, share: bool) -> None:
    """Print the answers as tables."""
    show = shown_percent if share else shown_money
    tornado, base = record["tornado"], record["base"]
    assert isinstance(tornado, list)
    assert isinstance(base, dict)
    rows = [(e["input"], *(show(*e[key].values()) for key in ("low", "high", "swing"))) for e in tornado]
    title = f"{record['contract']}, {record['performance_year']}: {record['measure']} {show(*base.values())}"
    caption = "Change against the scenario on the same draws, ± one standard error; "
    caption += f"{record['replicates']:,} replicates."
    print_table(
        title, ("one input at a time", "to the low end", "to the high end", "swing"), rows, caption=caption
    )
    for name, columns in (("layers", ("alone", "last")), ("inputs", ("variance_share", "rank_correlation"))):
        entries = record.get(name)
        if isinstance(entries, list):
            rows = [
                (str(e[name[:-1]]), *(shown_percent(*e[column].values()) for column in columns))
                for e in entries
            ]
            print_table(
                f"Shares of the variance by {name[:-1]}", (name, *columns), rows, caption=_CAPTIONS[name]
            )
    found = record.get("goal")
    if isinstance(found, dict):
        wanted = f"shared savings with {found['probability_shared_savings']:.0%} probability"
        typer.echo(f"True savings for {wanted}: {_points(found['true_savings'])}")


def _points(found: dict[str, float]) -> str:
    """Return true savings with their error, in percent."""
    return percent(found["value"], found["standard_error"], digits=2)


_CAPTIONS = {
    "layers": "alone: the other layers frozen; last: what freezing the layer takes away.",
    "inputs": "variance_share: what the input explains by itself; rank_correlation: Spearman's, in percent.",
}
