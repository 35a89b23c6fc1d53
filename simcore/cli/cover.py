"""Stop-loss cover and the repayment mechanism against simulated losses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcore.cli.answers import figures, scenario_of
from simcore.cli.bounds import FRACTION, USD, Bounds, hold_to_bounds
from simcore.cli.cover_tables import print_cover
from simcore.cli.printing import print_json
from simcore.errors import RegulationError, ResultError, ScenarioError

if TYPE_CHECKING:
    import xarray as xr

    from simcore.analysis.aggregate_cover import AggregateCover
    from simcore.analysis.stop_loss import SpecificCover
    from simcore.model.flow import Plan

RETURN_PERIODS = (10.0, 20.0, 100.0)
TAIL = 0.95
AGGREGATE = (
    "expected_recovery",
    "premium",
    "probability_of_recovery",
    "tail_value_at_risk_without_cover",
    "tail_value_at_risk_with_cover",
)
_SHARE = Bounds(1e-6, 1.0, "a fraction above 0, at most 1")
_LOADING = Bounds(0.0, 100.0, "0 or more, such as 0.3 for 30 %")
REVENUE_SHARES = tuple(share / 10 for share in range(1, 11))


def cover(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT", help="A stored result: result.nc, result.zarr or a folder.")
    ],
    contract: Annotated[
        str | None, typer.Option(help="Contract option; the first two-sided one if not given.")
    ] = None,
    attachment: Annotated[
        float, typer.Option(help="Aggregate cover: losses above this share of the benchmark.")
    ] = 0.01,
    maximum: Annotated[
        float | None, typer.Option(help="Aggregate cover: most that is paid, a share of the benchmark.")
    ] = None,
    coinsurance: Annotated[float, typer.Option(help="Insurer's share of the excess, both covers.")] = 1.0,
    loading: Annotated[float, typer.Option(help="Premium over expected recovery, less one.")] = 0.3,
    person_attachment: Annotated[
        float | None, typer.Option(metavar="USD", help="Specific cover: a person's spending above this.")
    ] = None,
    amount: Annotated[
        float | None, typer.Option(metavar="USD", help="Set aside; what the rules ask for if not given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Price stop-loss cover, and set the repayment mechanism against the losses that are simulated.

    Example: `simcore cover out/result.nc --contract "ENHANCED msr=0.005" --attachment 0.02 --loading 0.4`

    Example: `simcore cover out/result.nc --person-attachment 250000 --coinsurance 0.9`
    """
    from simcore.analysis.aggregate_cover import AggregateCover
    from simcore.analysis.stop_loss import SpecificCover
    from simcore.simulate import prepare
    from simcore.store import load

    hold_to_bounds(
        "simcore cover",
        {
            "--attachment": (attachment, FRACTION),
            "--maximum": (maximum, _SHARE),
            "--coinsurance": (coinsurance, _SHARE),
            "--loading": (loading, _LOADING),
            "--person-attachment": (person_attachment, USD),
            "--amount": (amount, USD),
        },
    )
    stored = load(result)
    label = _contract(stored, contract)
    one = stored.sel(contract=[label])
    limit = float("inf") if maximum is None else maximum
    aggregate = AggregateCover(attachment, maximum=limit, coinsurance=coinsurance, loading=loading)
    plan = prepare(scenario_of(stored)).plan
    levels = next(choice.levels for choice in plan.choices if choice.label == label)
    record: dict[str, object] = {
        "contract": label,
        "aggregate": _aggregate(one, aggregate),
        "repayment": _repayment(one, plan, levels, amount),
        "loss_limits": _loss_limits(one, plan, levels),
    }
    if person_attachment is not None:
        specific = SpecificCover(person_attachment, coinsurance)
        record["specific"] = _specific(plan, specific, loading)
    print_json(record) if as_json else print_cover(record)


def _contract(stored: xr.Dataset, wanted: str | None) -> str:
    """Return the contract that is asked for, or the first that can lose."""
    from simcore.analysis.comparison import choose

    if wanted is not None:
        return choose(stored, wanted)
    two_sided = (stored["final_loss_rate"] > 0.0).any(["performance_year", "replicate"])
    if not bool(two_sided.any()):
        raise ResultError("contract", "no contract of the result has losses to cover")
    return str(stored["contract"].values[two_sided.values.argmax()])


def _aggregate(one: xr.Dataset, cover: AggregateCover) -> list[dict[str, object]]:
    """Return price and effect of the cover of shared losses, year by year."""
    import xarray as xr

    from simcore.analysis import risk
    from simcore.analysis.aggregate_cover import covered_settlement, price
    from simcore.analysis.comparison import with_errors

    priced = price(one, cover).isel(contract=0)
    covered = covered_settlement(one, cover)
    tails = with_errors(
        {
            "tail_value_at_risk_without_cover": risk.tail_value_at_risk(one["net_settlement"], TAIL),
            "tail_value_at_risk_with_cover": risk.tail_value_at_risk(covered, TAIL),
        }
    ).isel(contract=0)
    measured = xr.merge([priced, tails], compat="override", join="exact")
    entries: list[dict[str, object]] = []
    for year in one["performance_year"].values:
        at = measured.sel(performance_year=year)
        entries.append({"performance_year": int(year), **{name: figures(at, name) for name in AGGREGATE}})
    return entries


def _repayment(
    one: xr.Dataset, plan: Plan, levels: Sequence[str], amount: float | None
) -> list[dict[str, object]]:
    """Return how far the amount set aside goes, year by year; nothing where the rules ask for none."""
    from simcore.analysis.repayment import adequacy, required_amount

    entries: list[dict[str, object]] = []
    for position, year in enumerate(map(int, one["performance_year"].values)):
        world = one.sel(performance_year=year)
        shares = _numbers(
            plan, levels, position, "repayment_share_of_expenditures", "repayment_share_of_revenue"
        )
        entry: dict[str, object] = {"performance_year": year}
        if amount is None and shares[0] is None:
            continue
        if shares[0] is not None:
            revenue = float("inf") if shares[1] is None else shares[1]
            required = required_amount(world, share_of_expenditures=shares[0], share_of_revenue=revenue)
            entry["required_amount"] = {
                "value": float(required.max()),
                "standard_error": float(required["standard_error"].max()),
            }
        aside = amount if amount is not None else float(required.max())
        found = adequacy(world["owed_shared_losses"], aside, return_periods=RETURN_PERIODS).isel(contract=0)
        entry |= {
            "amount": aside,
            **{n: figures(found, n) for n in ("probability_exhausted", "expected_shortfall")},
        }
        entry["losses_by_return_period"] = {
            f"{period:g}": figures(found.sel(return_period=period), "loss") for period in RETURN_PERIODS
        }
        entries.append(entry)
    return entries


def _loss_limits(one: xr.Dataset, plan: Plan, levels: Sequence[str]) -> list[dict[str, object]]:
    """Return expected losses under the lesser limit over revenue shares, where the contract has both."""
    from simcore.analysis.repayment import loss_limit_by_revenue

    if "shared_losses_before_limit" not in one:
        return []
    entries: list[dict[str, object]] = []
    for position, year in enumerate(map(int, one["performance_year"].values)):
        revenue, benchmark = _numbers(
            plan, levels, position, "loss_limit_of_revenue", "loss_limit_of_benchmark"
        )
        if revenue is None or benchmark is None:
            continue
        found = loss_limit_by_revenue(
            one.sel(performance_year=year),
            REVENUE_SHARES,
            share_of_revenue=revenue,
            share_of_benchmark=benchmark,
        ).isel(contract=0)
        entries.append(
            {
                "performance_year": year,
                "break_even_revenue_share": found.attrs["break_even_revenue_share"],
                "at_benchmark_limit": figures(found, "loss_at_benchmark_limit"),
                "by_revenue_share": {
                    f"{share:g}": figures(found.isel(revenue_share=position), "loss")
                    for position, share in enumerate(REVENUE_SHARES)
                },
            }
        )
    return entries


def _specific(plan: Plan, cover: SpecificCover, loading: float) -> list[dict[str, object]]:
    """Return what a cover of single persons is expected to pay, exact from the model's tables."""
    import numpy as np

    from simcore.analysis.stop_loss import expected_recovery, premium
    from simcore.vocabulary import ENROLLMENT_TYPES

    entries: list[dict[str, object]] = []
    projected = {**plan.scenario.growth.projected}
    for year in plan.timeline.performance_years:
        at = plan.timeline.simulated_years.index(year)
        found = []
        for (position, model), heads in zip(plan.people.models, plan.people.expected_heads, strict=True):
            growth = (1.0 + projected[ENROLLMENT_TYPES[position]]) ** (year - plan.timeline.dollar_year)
            try:
                both = model.untruncated_amounts, model.amounts
            except ValueError as error:
                fault = f"aco.population.{model.enrollment_type}: without truncation {error}"
                raise ScenarioError(plan.scenario.title, fault) from error
            tables = [np.rint(table * growth).astype(np.int64) for table in both]
            found.append(expected_recovery(tables[0], tables[1], heads[at], cover))
        expected = sum(one.expected for one in found)
        entries.append(
            {
                "performance_year": year,
                "expected_recovery": expected,
                "standard_deviation": sum(one.standard_deviation**2 for one in found) ** 0.5,
                "premium": premium(expected, loading),
                "persons_above": sum(one.persons_above for one in found),
                "truncated_already": sum(one.truncated_already for one in found),
            }
        )
    return entries


def _numbers(plan: Plan, levels: Sequence[str], position: int, *names: str) -> list[float | None]:
    """Return numbers of the rules for a contract's level in a year; none where the rules have none."""
    year = plan.timeline.performance_years[position]
    agreement = next(one for one in plan.timeline.agreements if year in one.performance_years)
    found: list[float | None] = []
    for name in names:
        try:
            found.append(
                plan.regulation.number(
                    name,
                    performance_year=year,
                    agreement_start=agreement.start,
                    track=levels[position],
                )
            )
        except RegulationError:
            found.append(None)
    return found
