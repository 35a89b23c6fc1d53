"""Drawing every person and drawing sums are one distribution, from 500 people to 500,000.

Oracle: the other engine, on draws of its own, and the closed form of `simcore.model.moments` and `simcore.model.noise`.
Moments and probabilities agree within four standard errors, distributions by Kolmogorov and Smirnov.
"""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from simcore.analysis.estimates import standard_deviation
from simcore.model.moments import expenditure_moments, person_year_moments
from simcore.model.noise import probability_of_savings
from simcore.scenario.schema import Scenario
from simcore.simulate import simulate
from tests.acceptance.asked import (
    STANDARD_ERRORS,
    assert_mean,
    assert_share,
    default_mix,
    models_and_sizes,
    null_noise,
    savings_rate,
)

SIZES = [round(500 * 1_000 ** (step / 20)) for step in range(21)]
REPLICATES = {"beneficiary": 1_500, "pooled": 6_000}
SEEDS = {"beneficiary": 11, "pooled": 12}

# Small populations have a simulated benchmark, too: four years of people; one type, or all; with or without memory.
LARGEST_WITH_SIMULATED_BENCHMARK = 30_000
# Beyond this size chance alone never meets the minimum of 2 percent: true savings put the ACO near it.
LARGEST_WITHOUT_SAVINGS = 30_000
TRUE_SAVINGS = 0.019
ONE_TYPE = {2: "ESRD", 6: "DISABLED", 10: "AGED_DUAL", 14: "AGED_NON_DUAL"}


def population(position: int) -> Scenario:
    size = SIZES[position]
    people: dict[str, Any] = default_mix(size)
    if position in ONE_TYPE:
        people = {ONE_TYPE[position]: {"assigned_beneficiaries": size}}
    simulated = size <= LARGEST_WITH_SIMULATED_BENCHMARK and position % 3 != 1
    return null_noise(
        size,
        persistence=position % 2 == 0,
        benchmark__mode="simulated" if simulated else "given",
        savings__true_savings=TRUE_SAVINGS if size > LARGEST_WITHOUT_SAVINGS else 0.0,
        contract__options=["BASIC-B"],
    ).with_changes({"aco.population": people})


def drawn(asked: Scenario, engine: str, replicates: int) -> xr.Dataset:
    return simulate(
        asked.with_changes(
            {
                "simulation.engine": engine,
                "simulation.seed": SEEDS[engine],
                "simulation.replicates": replicates,
            }
        )
    )


def agree(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether means and spreads of two independent samples agree within four standard errors."""
    means = abs(one.mean() - other.mean()) / np.sqrt(one.var() / one.size + other.var() / other.size)
    spread, again = standard_deviation(one), standard_deviation(other)
    spreads = abs(spread.value - again.value) / np.hypot(spread.standard_error, again.standard_error)
    return bool(means < STANDARD_ERRORS and spreads < STANDARD_ERRORS)


@pytest.mark.slow
@pytest.mark.parametrize("position", range(len(SIZES)))
def test_engines_and_closed_form_agree(position: int) -> None:
    asked = population(position)
    both = {engine: drawn(asked, engine, replicates) for engine, replicates in REPLICATES.items()}
    compare(asked, both)


def compare(asked: Scenario, both: dict[str, xr.Dataset]) -> None:
    """Hold two results of one scenario, an engine each, to each other and to the closed form."""
    models, sizes = models_and_sizes(asked)
    rates = {engine: savings_rate(result) for engine, result in both.items()}
    assert agree(rates["beneficiary"], rates["pooled"])
    assert stats.ks_2samp(rates["beneficiary"], rates["pooled"]).pvalue > 1e-3

    met = {engine: result["msr_met"].values[0, 0] for engine, result in both.items()}
    minimum = float(both["pooled"]["minimum_savings_rate"].values[0, 0, 0])
    weights = (1.0 / 3.0,) * (len(sizes[0]) - 1)
    saved = float(asked.savings.true_savings)  # type: ignore[arg-type]
    exact = probability_of_savings(
        models, sizes, minimum, benchmark_weights=weights, true_savings=saved
    ).corrected
    by_chance = np.sqrt(exact * (1.0 - exact) * sum(1.0 / event.size for event in met.values()))
    assert abs(met["beneficiary"].mean() - met["pooled"].mean()) < STANDARD_ERRORS * by_chance
    for event in met.values():
        assert_share(event, exact)

    for name, moments in (("expenditures", expenditure_moments), ("person_years", person_year_moments)):
        each = [moments(model, path) for model, path in zip(models, sizes, strict=True)]
        mean, variance = sum(m.mean[-1] for m in each), sum(m.covariance[-1, -1] for m in each)
        for result in both.values():
            sample = result[name].values[0] / (1.0 - saved if name == "expenditures" else 1.0)
            assert_mean(sample, mean)
            assert_mean((sample - mean) ** 2, variance)
