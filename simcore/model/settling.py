"""Settle every contract option on the same draws."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date

import numpy as np

from simcore.model.aco_year import AcoYear, year_rules
from simcore.model.arrays import Bool, Float64
from simcore.model.contracts.settlement import settle_contract_years
from simcore.model.options import Choice
from simcore.model.settlement import Settlement, settle
from simcore.model.terms import track_terms
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


def settle_year(
    choices: Sequence[Choice],
    position: int,
    aco: AcoYear,
    regulation: Regulation,
    *,
    benchmark: Float64,
    expenditures: Float64,
    two_way_benchmark: Float64 | None,
) -> list[Settlement | None]:
    """Settle one performance year under every choice of the program; ``None`` for other contracts.

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
    benchmark, expenditures, two_way_benchmark
        USD, by replicate; the last only where the guardrail is to be tried.
    """
    rules = year_rules(regulation, aco)
    settled: dict[tuple[str, str], Settlement] = {}
    for choice in choices:
        if choice.terms:
            continue
        option = (choice.levels[position], choice.elections[position])
        if option not in settled:
            terms = track_terms(regulation, aco, rules, track=option[0], msr_election=option[1]).terms
            settled[option] = settle(benchmark, expenditures, terms, two_way_benchmark=two_way_benchmark)
    return [settled.get((choice.levels[position], choice.elections[position])) for choice in choices]


def settle_contracts(
    choices: Sequence[Choice], *, benchmark: Float64, expenditures: Float64, quality_score: Float64
) -> list[list[Settlement | None]]:
    """Settle the contracts outside of the Shared Savings Program, whose losses may carry over.

    Parameters
    ----------
    choices
        The contract options.
    benchmark, expenditures, quality_score
        ``(performance_year, replicate)``; money in USD.

    Returns
    -------
    list
        By performance year and choice; ``None`` for a track of the program.
    """
    years: list[list[Settlement | None]] = [[None] * len(choices) for _ in benchmark]
    for position, choice in enumerate(choices):
        if choice.terms:
            whole = settle_contract_years(benchmark, expenditures, choice.terms, quality=quality_score)
            for year, settlements in enumerate(years):
                settlements[position] = Settlement(*(np.asarray(field)[year] for field in whole))
    return years


def merge_settlements(
    program: Sequence[Settlement | None], others: Sequence[Settlement | None]
) -> list[Settlement]:
    """Return one settlement a choice: that of the program or that of another contract."""
    merged = [mine if mine is not None else theirs for mine, theirs in zip(program, others, strict=True)]
    return [settlement for settlement in merged if settlement is not None]


def gather_settlements(
    years: Sequence[Sequence[Settlement]],
    *,
    detail: bool,
    by_contract: bool,
    keep: Container[str] | None = None,
) -> dict[str, Float64 | Bool]:
    """Return the arrays of all settlements by name.

    Parameters
    ----------
    years
        By performance year and contract option.
    detail
        Whether to keep every step.
    by_contract
        Whether a rule makes the benchmark depend on the contract.
    keep
        Names of the steps that are wanted; absent, all of them.

    Returns
    -------
    dict
        Arrays ``(contract, performance_year, replicate)``; those of the benchmark's side
        ``(performance_year, replicate)`` unless `by_contract`.
    """
    names = [name for name in SETTLED + (DETAILED if detail else ()) if keep is None or name in keep]
    side = [name for name in BENCHMARK_SIDE if keep is None or name in keep]
    arrays = {name: _stacked(years, name) for name in names}
    if by_contract:
        return {**arrays, **{name: _stacked(years, name) for name in side}}
    first = [year[:1] for year in years]
    return {**arrays, **{name: _stacked(first, name)[0] for name in side}}


def _stacked(years: Sequence[Sequence[Settlement]], name: str) -> Float64 | Bool:
    """Return one step of all settlements, ``(contract, performance_year, replicate)``."""
    block = np.size(years[0][0].net_settlement)
    sample = np.asarray(getattr(years[0][0], name))
    stacked = np.empty((len(years[0]), len(years), block), dtype=sample.dtype)
    for position, year in enumerate(years):
        for option, settlement in enumerate(year):
            stacked[option, position] = getattr(settlement, name)
    return stacked


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
