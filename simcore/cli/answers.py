"""What the verbs that answer questions have in common: options read, contracts chosen, figures shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from simcore.cli.printing import money, percent
from simcore.errors import ResultError, ScenarioError, near_matches

if TYPE_CHECKING:
    import xarray as xr

    from simcore.scenario.schema import Option, Scenario

AGREEMENT = "all"


def numbers(text: str, option: str) -> list[float]:
    """Return the numbers of a list such as ``0,0.01,0.02``.

    Raises
    ------
    ScenarioError
        With every item that is no number.
    """
    items = [item.strip() for item in text.split(",") if item.strip()]
    found, problems = [], []
    for item in items:
        try:
            value = float(item)
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            found.append(value)
        else:
            problems.append(
                f"{item!r} is no number; allowed: numbers with commas between them, such as 0,0.01"
            )
    if not items:
        problems.append("is empty; allowed: at least one number")
    if problems:
        raise ScenarioError(option, problems)
    return found


def head_counts(text: str, option: str) -> list[int]:
    """Return the whole numbers above nought of a list such as ``5000,10000``."""
    values = numbers(text, option)
    wrong = [f"{value:g}; allowed: whole numbers above 0" for value in values if value < 1 or value % 1]
    if wrong:
        raise ScenarioError(option, wrong)
    return [int(value) for value in values]


def shown_money(value: float, error: float) -> str:
    """Return an amount with its error, or say that it is not resolved where the error is the larger."""
    return money(value, error) if abs(value) >= error else f"not resolved ({money(value, error)})"


def shown_percent(value: float, error: float, digits: int = 1) -> str:
    """Return a share in percent with its error, or say that it is not resolved."""
    text = percent(value, error, digits)
    return text if abs(value) >= error else f"not resolved ({text})"


def figure(value: object, error: object) -> dict[str, float]:
    """Return a value and its standard error as JSON has them."""
    return {"value": float(str(value)), "standard_error": float(str(error))}


def figures(measured: xr.Dataset, name: str) -> dict[str, float]:
    """Return one scalar variable of a dataset and the error that stands beside it."""
    return figure(measured[name].item(), measured[f"{name}_standard_error"].item())


def outcome_of(result: xr.Dataset, year: str) -> xr.DataArray:
    """Return the net settlement of a performance year, or of the agreement for ``all``.

    Raises
    ------
    ResultError
        If the result has no such year.
    """
    from simcore.analysis.risk import agreement_total

    net = result["net_settlement"]
    if year == AGREEMENT:
        return agreement_total(net)
    years = [str(known) for known in net["performance_year"].values]
    if year not in years:
        raise ResultError("--year", f"{year!r} is not in the result; allowed: {', '.join(years)} or all")
    return net.sel(performance_year=int(year))


def scenario_of(result: xr.Dataset) -> Scenario:
    """Return the scenario that a result carries."""
    import json

    from simcore.scenario.schema import parse_scenario

    return parse_scenario(json.loads(result.attrs["scenario"]), source="scenario of the result")


def contracts_of(scenario: Scenario, wanted: Sequence[str]) -> list[str]:
    """Return the contract options to answer for: those wanted, or the first of each track but the glide path.

    Raises
    ------
    ScenarioError
        With every wanted option that the scenario does not have.
    """
    from simcore.model.options import GLIDE_PATH
    from simcore.simulate import prepare

    choices = prepare(scenario).plan.choices
    known = [choice.label for choice in choices]
    allowed = f"allowed: {', '.join(known)}"
    problems = [
        f"{label!r} is no option of the scenario{near_matches(label, known) or ';'} {allowed}"
        for label in wanted
        if label not in known
    ]
    if problems:
        raise ScenarioError("--contract", problems)
    first: dict[str, str] = {}
    for choice in choices:
        first.setdefault(choice.track, choice.label)
    # A glide path is its tracks one after the other; it alone keeps all years from being cut.
    return list(wanted) or [label for track, label in first.items() if track != GLIDE_PATH] or known


def quick(scenario: Scenario, *, contracts: Sequence[str], replicates: int, detail: bool = False) -> Scenario:
    """Return a scenario for many short runs: the pooled engine, few replicates, the contracts asked for."""
    return scenario.with_changes(
        {
            "simulation.engine": "pooled",
            "simulation.replicates": min(replicates, scenario.simulation.replicates),
            "simulation.detail": detail,
            **settled_under(_options(scenario, contracts)),
        }
    )


def settled_under(options: object) -> dict[str, object]:
    """Return the changes that leave a scenario some contract options, and name none that may be gone as current."""
    return {"contract.options": options, "contract.current": ""}


def simulator(scenario: Scenario) -> Callable[[Scenario], xr.Dataset]:
    """Return what simulates scenarios of one law, which is read once and not for every run."""
    from simcore.regulation.reader import read_regulation
    from simcore.simulate import simulate

    law = read_regulation(scenario.regulation.overlays, proposed=scenario.regulation.proposed)
    return lambda changed: simulate(changed, law)


def up_to(scenario: Scenario, year: str) -> Scenario:
    """Return a scenario without the years after the one that is asked for: they move no draw of it.

    Raises
    ------
    ScenarioError
        If the scenario has no such performance year.
    """
    years = scenario.aco.performance_years
    if year == AGREEMENT:
        return scenario
    if year not in map(str, years):
        raise ScenarioError("--year", f"{year!r}; allowed: {', '.join(map(str, years))} or all")
    # A glide path's election is that of its last level, so that its years cannot be cut.
    if any(_is_glide_path(option) for option in scenario.contract.options):
        return scenario
    kept = years[: years.index(int(year)) + 1]
    effect = scenario.savings.true_savings
    path = {"savings.true_savings": effect[: len(kept)]} if isinstance(effect, tuple) else {}
    return scenario.with_changes({"aco.performance_years": kept, **path})


def _is_glide_path(option: Option | str) -> bool:
    """Say whether a contract option has a track for every year."""
    from simcore.model.options import GLIDE_PATH

    name = option if isinstance(option, str) else option.track
    return name.upper().startswith(GLIDE_PATH) or (not isinstance(option, str) and bool(option.glide_path))


def at_size(scenario: Scenario, beneficiaries: int) -> Scenario:
    """Return a scenario with its head counts scaled to a total, the mix of types kept.

    Raises
    ------
    ScenarioError
        If the people come from a file, which cannot be scaled.
    """
    population = scenario.aco.population
    if scenario.aco.beneficiary_file is not None or not population:
        message = (
            "comes from a beneficiary file; allowed: head counts by enrollment type, which can be scaled"
        )
        raise ScenarioError("aco.population", message)
    counts = {str(name): group.assigned_beneficiaries for name, group in population.items()}
    return scenario.with_changes(
        {
            f"aco.population.{name}.assigned_beneficiaries": count
            for name, count in _scaled(counts, beneficiaries).items()
        }
    )


def read(path: Path) -> Scenario:
    """Return the scenario in a file."""
    from simcore.scenario.files import read_scenario

    return read_scenario(path)


def _options(scenario: Scenario, contracts: Sequence[str]) -> object:
    """Return the scenario's own options where they are wanted, as it spells them, else labels."""
    from simcore.simulate import prepare

    labels = [choice.label for choice in prepare(scenario).plan.choices]
    own = scenario.contract.options
    if own != "all" and len(own) == len(labels):
        by_label = dict(zip(labels, own, strict=True))
        return tuple(by_label[label] for label in contracts)
    return tuple(contracts)


def _scaled(counts: dict[str, int], total: int) -> dict[str, int]:
    """Scale counts to a total by largest remainders."""
    whole = sum(counts.values())
    exact = {name: count * total / whole for name, count in counts.items()}
    scaled = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: scaled[name] - exact[name])
    for name in by_remainder[: total - sum(scaled.values())]:
        scaled[name] += 1
    return scaled
