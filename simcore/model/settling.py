"""Settle every contract option on the same draws."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from simcore.model.aco_year import AcoYear, year_rules
from simcore.model.arrays import Bool, Float64, Rate
from simcore.model.contracts.settlement import settle_contract_years
from simcore.model.options import Choice
from simcore.model.settlement import settled_steps
from simcore.model.steps import Flag
from simcore.model.terms import elected_rates, terms_of_elections, track_terms
from simcore.regulation.reader import Entry, Regulation

SETTLED = (
    "minimum_savings_rate",
    "msr_met",
    "mlr_met",
    "final_sharing_rate",
    "final_loss_rate",
    "earned_shared_savings",
    "owed_shared_losses",
    "net_settlement",
    "payment_limit_binds",
    "loss_limit_binds",
)
"""Steps of a settlement that every result has."""

DETAILED = (
    "maximum_sharing_rate",
    "reduced_sharing",
    "shared_savings_before_sequestration",
    "shared_savings_before_limit",
    "performance_payment_limit",
    "shared_losses_before_limit",
    "loss_recoupment_limit",
    "revenue_limit_binds",
    "disaster_relief",
    "guardrail_applies",
)
"""Steps that a result has on request."""

BENCHMARK_SIDE = ("updated_benchmark", "gross_savings", "savings_rate")
"""Steps that depend on the contract only where a rule makes the benchmark depend on it."""


class Settled(NamedTuple):
    """Contract options that are settled together for one performance year.

    Attributes
    ----------
    year
        Which performance year it is, counted from 0.
    rows
        For each election the contracts that it settles, counted from 0.
    steps
        Steps of the settlement by name; what depends on the election has an axis of elections in front.
    """

    year: int
    rows: Sequence[Sequence[int]]
    steps: Mapping[str, Rate | Flag]


def wanted_steps(*, detail: bool, keep: Container[str] | None = None) -> tuple[str, ...]:
    """Return the names of the steps that a result has: with `detail` all, of these what is in `keep`."""
    names = SETTLED + (DETAILED if detail else ()) + BENCHMARK_SIDE
    return tuple(name for name in names if keep is None or name in keep)


def settle_year(
    choices: Sequence[Choice],
    position: int,
    aco: AcoYear,
    regulation: Regulation,
    *,
    names: Sequence[str],
    benchmark: Float64,
    expenditures: Float64,
    two_way_benchmark: Float64 | None,
) -> Iterator[Settled]:
    """Settle one performance year under every choice of the program, a track at a time.

    Parameters
    ----------
    choices
        The contract options.
    position
        Which performance year it is, counted from 0.
    aco
        What the ACO was in that year, arrays over replicates.
    regulation
        The program's numbers.
    names
        The steps that are wanted.
    benchmark, expenditures, two_way_benchmark
        USD, by replicate; the last only where the guardrail is to be tried.
    """
    rules = year_rules(regulation, aco)
    tracks: dict[str, dict[str, list[int]]] = {}
    for row, choice in enumerate(choices):
        if not choice.terms:
            elections = tracks.setdefault(choice.levels[position], {})
            elections.setdefault(choice.elections[position], []).append(row)
    # Tracks of one menu share its rates.
    menus = {menu: elected_rates(rules, menu) for menu in {tuple(elections) for elections in tracks.values()}}
    for track, elections in tracks.items():
        elected = menus[tuple(elections)]
        terms = terms_of_elections(regulation, aco, rules, track=track, elected=elected).terms
        steps = settled_steps(
            benchmark, expenditures, terms, names=names, two_way_benchmark=two_way_benchmark
        )
        yield Settled(position, list(elections.values()), steps)


def settle_contracts(
    choices: Sequence[Choice],
    *,
    names: Sequence[str],
    benchmark: Float64,
    expenditures: Float64,
    quality_score: Float64,
) -> Iterator[Settled]:
    """Settle the contracts outside of the Shared Savings Program, whose losses may carry over.

    Parameters
    ----------
    choices
        The contract options; tracks of the program are passed over.
    names
        The steps that are wanted.
    benchmark, expenditures, quality_score
        ``(performance_year, replicate)``; money in USD.
    """
    for row, choice in enumerate(choices):
        if choice.terms:
            whole = settle_contract_years(benchmark, expenditures, choice.terms, quality=quality_score)
            for year in range(len(benchmark)):
                yield Settled(year, [[row]], {name: getattr(whole, name)[year] for name in names})


def gather_settlements(
    settled: Iterable[Settled], shape: tuple[int, int, int], *, by_contract: bool
) -> dict[str, Float64 | Bool]:
    """Return the arrays of all settlements by name, each filled as its options are settled.

    Parameters
    ----------
    settled
        Every contract option of every performance year.
    shape
        How many contracts, performance years and replicates there are.
    by_contract
        Whether a rule makes the benchmark depend on the contract.

    Returns
    -------
    dict
        Arrays ``(contract, performance_year, replicate)``; those of the benchmark's side
        ``(performance_year, replicate)`` unless `by_contract`.
    """
    arrays: dict[str, Float64 | Bool] = {}
    for year, rows, steps in settled:
        for name, step in steps.items():
            once = name in BENCHMARK_SIDE and not by_contract
            if name not in arrays:
                arrays[name] = np.empty(shape[1:] if once else shape, np.asarray(step).dtype)
            if once:
                arrays[name][year] = step
                continue
            by_election = np.broadcast_to(step, (len(rows), shape[-1]))
            for amounts, contracts in zip(by_election, rows, strict=True):
                for contract in contracts:
                    arrays[name][contract, year] = amounts
    return arrays


def entries_used(
    choices: Sequence[Choice], years: Sequence[tuple[int, date]], regulation: Regulation
) -> tuple[Entry, ...]:
    """Return the numbers of the law that settle `choices` in `years`, each once.

    Parameters
    ----------
    choices
        The contract options.
    years
        Every performance year with the start of its agreement.
    regulation
        The program's numbers.
    """
    used: dict[Entry, None] = {}
    for position, (year, start) in enumerate(years):
        aco = AcoYear(
            performance_year=year,
            agreement_start=start,
            assigned_beneficiaries=np.array([1e4]),
            year_in_track=year - years[0][1].year + 1,
        )
        rules = year_rules(regulation, aco)
        for choice in choices:
            if choice.terms:
                continue
            terms = track_terms(
                regulation, aco, rules, track=choice.levels[position], msr_election=choice.elections[position]
            )
            used |= dict.fromkeys(terms.entries)
    return tuple(used)
