"""Tell how one replicate's benchmark came about: step by step, each with its citation."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from simcore.model.arrays import Rate
from simcore.model.benchmark.adjustment import ADJUSTMENTS
from simcore.model.benchmark.construction import EstablishedBenchmark, UpdatedBenchmark
from simcore.model.benchmark.terms import BenchmarkTerms
from simcore.vocabulary import ENROLLMENT_TYPES

PER_CAPITA: Final = "USD per person-year"


class BenchmarkStep(NamedTuple):
    """One line of the account: what it is, its value, its unit, and where it is written."""

    step: str
    value: float
    unit: str
    citation: str


def benchmark_steps(
    established: EstablishedBenchmark, updated: UpdatedBenchmark, terms: BenchmarkTerms, *, replicate: int
) -> list[BenchmarkStep]:
    """Return the account of one replicate's benchmark in one performance year.

    Parameters
    ----------
    established, updated
        The benchmark when the agreement began, and in the performance year.
    terms
        The rules that it was updated with.
    replicate
        Which replicate of the arrays.

    Raises
    ------
    IndexError
        If the arrays hold no such replicate.
    """
    return [
        *_historical_steps(established, terms, replicate),
        *_adjustment_steps(updated, terms, replicate),
        *_update_steps(updated, terms, replicate),
        BenchmarkStep("updated benchmark per capita", _at(updated.per_capita, replicate), PER_CAPITA, ""),
        BenchmarkStep("updated benchmark", _at(updated.total, replicate), "USD", ""),
    ]


def _historical_steps(
    established: EstablishedBenchmark, terms: BenchmarkTerms, replicate: int
) -> Iterator[BenchmarkStep]:
    """Tell the historical benchmark by type, from expenditures to the weighted mean."""
    years, historical = established.years, established.historical
    for position, kind in enumerate(ENROLLMENT_TYPES):
        for index, weight in enumerate(historical.year_weights):
            name = f"{kind} BY{index + 1}"
            lines = (
                ("expenditures per capita", years.per_capita_expenditures[index], PER_CAPITA, ""),
                ("severity ratio", historical.severity_ratio[index], "1", "severity_adjustment"),
                ("trend factor", historical.trend_factor[index], "1", "benchmark_trend"),
                ("weight", weight, "1", "benchmark_year_weights"),
            )
            for what, values, unit, number in lines:
                yield BenchmarkStep(
                    f"{name} {what}", _at(values[position], replicate), unit, terms.citation(number)
                )
        yield _typed(kind, "historical benchmark", historical.per_capita[position], replicate, PER_CAPITA, "")


def _adjustment_steps(
    updated: UpdatedBenchmark, terms: BenchmarkTerms, replicate: int
) -> Iterator[BenchmarkStep]:
    """Tell the candidates, the choice, and what it does to each type."""
    adjustment = updated.adjustment
    candidates = (
        ("regional adjustment", adjustment.regional, "regional_adjustment_applies"),
        ("prior savings adjustment", adjustment.prior_savings, "prior_savings_adjustment"),
        ("population adjustment", adjustment.population, "population_adjustment_applies"),
    )
    for what, values, number in candidates:
        yield BenchmarkStep(what, _at(values, replicate), PER_CAPITA, terms.citation(number))
    chosen = ADJUSTMENTS[int(_at(adjustment.chosen, replicate))].replace("_", " ")
    rule = terms.citation("net_negative_regional_adjustment")
    for position, kind in enumerate(ENROLLMENT_TYPES):
        amount = adjustment.by_type[position]
        yield _typed(kind, f"adjustment ({chosen})", amount, replicate, PER_CAPITA, rule)
        after = updated.adjusted_historical[position]
        yield _typed(kind, "adjusted historical benchmark", after, replicate, PER_CAPITA, "")


def _update_steps(
    updated: UpdatedBenchmark, terms: BenchmarkTerms, replicate: int
) -> Iterator[BenchmarkStep]:
    """Tell risk ratio and update by type."""
    risk, update = updated.risk, updated.update
    rule = terms.citation("risk_adjustment")
    cap = _at(risk.cap, replicate)
    if np.isfinite(cap):
        yield BenchmarkStep("aggregate risk ratio", _at(risk.aggregate, replicate), "1", rule)
        yield BenchmarkStep("cap of the risk ratio", cap, "1", terms.citation("risk_score_growth_cap"))
    lines = (
        ("risk ratio", risk.by_type, "1", "risk_adjustment"),
        ("national growth", update.national, "1", "benchmark_update"),
        ("regional growth", update.regional, "1", "benchmark_update"),
        (
            "regional risk cap factor",
            updated.regional_risk_cap_factor,
            "1",
            "regional_risk_score_cap_applies",
        ),
        ("prospective trend", update.prospective, "1", "prospective_trend_weight"),
        ("update factor", update.factor, "1", "benchmark_update"),
        ("flat dollar update", update.flat_dollars, PER_CAPITA, "benchmark_update"),
        ("updated benchmark", updated.by_type, PER_CAPITA, "benchmark_update"),
    )
    for position, kind in enumerate(ENROLLMENT_TYPES):
        for what, values, unit, number in lines:
            yield _typed(kind, what, values[position], replicate, unit, terms.citation(number))


def _typed(kind: str, what: str, values: Rate, replicate: int, unit: str, citation: str) -> BenchmarkStep:
    """Make a line about one enrollment type."""
    return BenchmarkStep(f"{kind} {what}", _at(values, replicate), unit, citation)


def _at(values: Rate, replicate: int) -> float:
    """Return the value of `replicate`; an array of length one holds for all."""
    array = np.atleast_1d(values)
    return float(array[0] if array.shape[-1] == 1 else array[replicate])
