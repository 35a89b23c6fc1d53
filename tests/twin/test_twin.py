"""A brute-force twin, person by person in NumPy, agrees with the simulation on every variable.

Oracle: `tests/twin`: people and flow written from the model's description, law from the rules, data from the defaults.
Means and spreads agree within four standard errors of both.
"""

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
import xarray as xr

from simcore.analysis.estimates import standard_deviation
from simcore.simulate import simulate
from tests.acceptance.asked import STANDARD_ERRORS, template
from tests.twin import flow
from tests.twin.people import data

TWIN_REPLICATES, REPLICATES = 1_500, 20_000
SEED = 77

CONTRACTS = [
    ("BASIC-B", "variable"),
    ("BASIC-E", "0.01"),
    ("ENHANCED", "0.02"),
    ("ENHANCED", "variable"),
]

# Start, period, simulated benchmark, heads by type; years, growth and the region's memory where they differ.
CASES: dict[str, dict[str, Any]] = {
    "three-way, built": {"start": 2024, "period": 1, "simulated": True, "heads": [0, 0, 90, 260]},
    "two-way, built": {"start": 2020, "period": 3, "simulated": True, "heads": [0, 110, 60, 150]},
    "population adjustment, given": {
        "start": 2025,
        "period": 2,
        "simulated": False,
        "heads": [0, 40, 80, 400],
    },
    "shrinking, in a region that remembers, with kidney failure": {
        "start": 2022,
        "period": 2,
        "simulated": False,
        "heads": [50, 40, 60, 200],
        "years": 3,
        "size_growth": -0.05,
        "region_memory": 0.6,
    },
}


def question(name: str) -> flow.Question:
    case = CASES[name]
    start = case["start"]
    published = data("spending")["per_capita"]["2023"]["value"]
    growth = [0.03, 0.04, 0.045, 0.035]
    national = [
        published[kind] * (1.0 + g) ** (start - 1 - 2023) for kind, g in zip(flow.TYPES, growth, strict=True)
    ]
    return flow.Question(
        start=start,
        period=case["period"],
        simulated_benchmark=case["simulated"],
        performance_years=case.get("years", 2),
        heads=case["heads"],
        score=[1.0, 1.0, 1.12, 0.95],
        per_capita=[None, None, 1.2 * national[2], None],
        national=national,
        growth=growth,
        prospective=[0.03, 0.036, 0.036, 0.036],
        common_deviation=0.03,
        type_deviation=[0.02, 0.015, 0.01, 0.005],
        region_deviation=[0.02, 0.015, 0.03, 0.015],
        region_memory=case.get("region_memory", 0.0),
        relative_region=[1.0, 1.04, 0.97, 1.06],
        share=0.15,
        region_score_growth=0.018,
        aco_innovation=0.012,
        aco_memory=0.7,
        aco_size=1.5,
        coding_growth=0.01,
        coding_deviation=0.02,
        demographic_growth=0.003,
        savings=[0.01, 0.03, 0.02][: case.get("years", 2)],
        uncertainty=0.02,
        quality=(0.8, 0.15),
        standards=(0.7, 0.2),
        revenue=(0.3, 0.25),
        size_growth=case.get("size_growth", 0.04),
        contracts=CONTRACTS,
    )


def asked(q: flow.Question) -> Any:
    """The same question as a scenario."""
    by_type: Any = lambda values: dict(zip(flow.TYPES, values, strict=True))  # noqa: E731
    return template(
        "rebasing",
        aco__agreement_start=date(q.start, 1, 1),
        aco__agreement_period=q.period,
        aco__performance_years=q.performance_years,
        aco__size_growth=q.size_growth,
        aco__population={
            name: {
                "assigned_beneficiaries": heads,
                "risk_score": score,
                "per_capita_expenditures": level,
            }
            for name, heads, score, level in zip(flow.TYPES, q.heads, q.score, q.per_capita, strict=True)
        },
        growth__projected=by_type(q.growth),
        growth__prospective=by_type(q.prospective),
        growth__common_deviation=q.common_deviation,
        growth__type_deviation=by_type(q.type_deviation),
        region__deviation=by_type(q.region_deviation),
        region__relative_per_capita=by_type(q.relative_region),
        region__market_share=q.share,
        region__risk_score_growth=q.region_score_growth,
        region__autocorrelation=q.region_memory,
        aco_deviation__innovation_deviation=q.aco_innovation,
        aco_deviation__autocorrelation=q.aco_memory,
        aco_deviation__size_dependent=q.aco_size,
        risk_scores__coding_growth=q.coding_growth,
        risk_scores__coding_deviation=q.coding_deviation,
        risk_scores__demographic_growth=q.demographic_growth,
        savings__true_savings=q.savings,
        savings__uncertainty=q.uncertainty,
        benchmark__mode="simulated" if q.simulated_benchmark else "given",
        quality__score=q.quality[0],
        quality__score_deviation=q.quality[1],
        quality__probability_standard_met=q.standards[0],
        quality__probability_alternative_met=q.standards[1],
        revenue__share_of_expenditures=q.revenue[0],
        revenue__deviation=q.revenue[1],
        contract__options=[{"track": track, "msr_election": election} for track, election in q.contracts],
        simulation__replicates=REPLICATES,
        simulation__seed=SEED,
        simulation__detail=True,
    )


@cache
def both(name: str) -> tuple[dict[str, np.ndarray], xr.Dataset]:
    q = question(name)
    return flow.simulate(q, TWIN_REPLICATES, SEED), simulate(asked(q))


def of_simulation(result: xr.Dataset, word: str) -> np.ndarray:
    """A variable with its axes as the twin has them: year, then contract or type, then replicate."""
    values = result[word].values.astype(np.float64)
    if values.ndim == 3:
        return np.moveaxis(values, 0, 1)
    if word in ("updated_benchmark", "savings_rate"):
        return np.repeat(values[:, None], len(CONTRACTS), axis=1)
    return values


@pytest.mark.slow
@pytest.mark.parametrize("word", flow.RESULTS)
@pytest.mark.parametrize("name", sorted(CASES))
def test_the_twin_agrees(name: str, word: str) -> None:
    told, result = both(name)
    plain = np.moveaxis(told[word].astype(np.float64), 0, -1)
    ours = of_simulation(result, word)
    if word in ("type_person_years", "type_expenditures", "risk_score"):
        there = [k for k, heads in enumerate(CASES[name]["heads"]) if heads]
        plain, ours = plain[:, there], ours[:, there]
    assert plain.shape[:-1] == ours.shape[:-1]
    means = np.abs(plain.mean(axis=-1) - ours.mean(axis=-1))
    errors = np.hypot(plain.std(axis=-1) / np.sqrt(TWIN_REPLICATES), ours.std(axis=-1) / np.sqrt(REPLICATES))
    # What does not vary agrees but for the rounding of its arithmetic.
    rounding = 1e-9 * np.abs(ours.mean(axis=-1))
    assert (means <= STANDARD_ERRORS * errors + rounding).all(), means / errors
    spread, again = standard_deviation(plain), standard_deviation(ours)
    room = STANDARD_ERRORS * np.hypot(spread.standard_error, again.standard_error) + rounding
    assert (np.abs(spread.value - again.value) <= room).all(), (spread.value, again.value)
