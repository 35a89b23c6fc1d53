"""Settle one year of a contract beyond the Shared Savings Program from its options on the command line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from simcore.cli.settle_fields import CONTRACT_FIELDS, FIELDS, read_values
from simcore.cli.settle_outcome import Outcome
from simcore.errors import SimcoreError
from simcore.model.contracts.in_force import contract_terms, doubts
from simcore.model.contracts.labels import parse_label
from simcore.model.contracts.steps import adjusted_benchmark
from simcore.model.contracts.terms import ContractTerms
from simcore.model.contracts.waterfall import settle_one
from simcore.regulation.participation import LATEST_PUBLISHED_YEAR
from simcore.regulation.presets import Presets
from simcore.regulation.tracks import TRACKS

REQUIRED = ("contract", "benchmark", "expenditures")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractInput:
    """One contract year to settle; ``notes`` say what was assumed. The defaults are those of an option not given."""

    contract: str = ""
    benchmark: float = math.nan
    expenditures: float = math.nan
    performance_year: int = 0
    quality_score: float = 1.0
    equity_adjustment: float = 0.0
    carried_losses: float = 0.0
    notes: tuple[str, ...] = ()


def read_contract(words: Mapping[str, str], presets: Presets) -> tuple[ContractInput | None, list[str]]:
    """Return the contract year that `words` describe, or None and all that is wrong with them.

    Parameters
    ----------
    words
        Texts by option name with underscores; an empty text is an option that is not given.
    presets
        The contracts there are.
    """
    foreign = [name for name in words if name in FIELDS and name not in CONTRACT_FIELDS]
    own = {name: text for name, text in words.items() if name not in foreign}
    values, problems = read_values(own, CONTRACT_FIELDS, required=REQUIRED)
    problems += [
        f"{name}: is for a track of the Shared Savings Program; allowed beside contract: "
        f"{', '.join(CONTRACT_FIELDS)}"
        for name in foreign
        if words[name].strip()
    ]
    case = replace(ContractInput(), **values)  # type: ignore[arg-type]
    if not case.contract or any(problem.startswith("performance_year:") for problem in problems):
        return None, problems
    try:
        case = _with_year(case, presets)
        terms = contract_terms(case.contract, case.performance_year, presets).terms
    except SimcoreError as error:
        return None, [*problems, *(f"contract: {problem}" for problem in _track_or(case.contract, error))]
    problems += _without_effect(case, terms)
    if not problems and not _benchmark_left(case, terms) > 0.0:
        problems.append(f"equity_adjustment: {case.equity_adjustment:,.2f} leaves no benchmark above 0")
    return (None, problems) if problems else (replace(case, notes=_assumptions(values, case)), [])


def settle_contract(case: ContractInput, presets: Presets) -> Outcome:
    """Settle `case` by the contract's terms, and tell it line by line."""
    done = settle_one(
        case.contract,
        case.benchmark,
        case.expenditures,
        presets,
        performance_year=case.performance_year,
        quality=case.quality_score,
        equity_adjustment=case.equity_adjustment,
        carried_losses=case.carried_losses,
    )
    title = f"{case.contract}, performance year {case.performance_year}"
    return Outcome(title, done.settlement, tuple(done.steps), (*case.notes, *doubts(done.notes)))


def _with_year(case: ContractInput, presets: Presets) -> ContractInput:
    """Return a case with its label as it is shown, and its year: the contract's nearest to the last published."""
    label = parse_label(case.contract)
    first, last = presets.preset(label.name).years
    nearest = min(max(LATEST_PUBLISHED_YEAR, first), last)
    return replace(case, contract=str(label), performance_year=case.performance_year or nearest)


def _track_or(label: str, error: SimcoreError) -> tuple[str, ...]:
    """Return what is wrong with a label: that it names a track, or what its reader said."""
    name = label.split(maxsplit=1)[0]
    if name in TRACKS:
        return (f"{name} is a track of the Shared Savings Program; allowed: {name} as track",)
    return error.problems


def _without_effect(case: ContractInput, terms: ContractTerms) -> list[str]:
    """Return a sentence for each amount that the contract does not know."""
    known = {
        "equity_adjustment": (case.equity_adjustment, terms.equity_adjustment),
        "carried_losses": (case.carried_losses, terms.loss_carry_forward),
    }
    return [
        f"{name}: {case.contract} has none; allowed: 0"
        for name, (amount, there) in known.items()
        if amount and not there
    ]


def _benchmark_left(case: ContractInput, terms: ContractTerms) -> float:
    """Return the benchmark after the contract's adjustments, USD."""
    return float(adjusted_benchmark(case.benchmark, terms, case.quality_score)) + case.equity_adjustment


def _assumptions(values: Mapping[str, object], case: ContractInput) -> tuple[str, ...]:
    """Say what is taken for what is not given."""
    assumed = {
        "performance_year": f"performance year {case.performance_year}",
        "quality_score": "a quality score of 1",
    }
    return tuple(f"assumed {what}, as none is given" for name, what in assumed.items() if name not in values)
