"""Both engines meet the exact reference of the noise of a savings rate, at 5,000 people and at other sizes.

Oracle: the published reference (generalised gamma, shape 0.56, power 0.65, truncated at its 99th percentile), and
`tests/independent/exact_law.py`, which gives its six probabilities to the last digit and those of other sizes.
"""

from functools import cache

import numpy as np
import pytest

from simcore.simulate import simulate
from tests.acceptance.asked import assert_mean, assert_share, savings_rate, template
from tests.independent.exact_law import probability_of_rate, truncated_cells

REFERENCE = {
    "reference_noise": {0.039: 0.099723, 0.02: 0.257541, -0.02: 0.258037},
    "reference_noise_given": {0.039: 0.070404, 0.02: 0.227380, -0.02: 0.225424},
}
BENCHMARK_YEARS = {"reference_noise": 3, "reference_noise_given": 0}
REPLICATES = {"pooled": 1_000_000, "beneficiary": 20_000}


@cache
def rates(name: str, engine: str, people: int, replicates: int) -> np.ndarray:
    asked = template(
        name,
        aco__population={"AGED_NON_DUAL": {"assigned_beneficiaries": people}},
        simulation__engine=engine,
        simulation__replicates=replicates,
        contract__options=["BASIC-B"],
    )
    return savings_rate(simulate(asked))


def probability(name: str, people: int, rate: float) -> float:
    """Of a savings rate of at least `rate`; where it is negative, of one at or below it."""
    above = probability_of_rate(truncated_cells(), people, rate, benchmark_years=BENCHMARK_YEARS[name])
    return above if rate > 0.0 else 1.0 - above


def event(sample: np.ndarray, rate: float) -> np.ndarray:
    return sample >= rate if rate > 0.0 else sample <= rate


@pytest.mark.slow
@pytest.mark.parametrize("engine", sorted(REPLICATES))
@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_the_six_reference_probabilities_are_met(name: str, engine: str) -> None:
    sample = rates(name, engine, 5_000, REPLICATES[engine])
    for rate, exact in REFERENCE[name].items():
        assert_share(event(sample, rate), exact)


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_the_independent_law_gives_the_reference(name: str) -> None:
    for rate, exact in REFERENCE[name].items():
        assert probability(name, 5_000, rate) == pytest.approx(exact, abs=1.5e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("people", "rate"), [(500, 0.1), (1_700, 0.05), (20_000, 0.025), (300_000, 0.005)])
@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_other_sizes_are_met(name: str, people: int, rate: float) -> None:
    for engine, replicates in (("pooled", 200_000), ("beneficiary", 2_000_000_000 // people // 10)):
        sample = rates(name, engine, people, min(replicates, 100_000))
        for at in (rate, -rate):
            assert_share(event(sample, at), probability(name, people, at))


def test_a_given_benchmark_is_the_mean() -> None:
    """Of the mean of n independent amounts of CV 1.883658, skewness 3.16003 and excess kurtosis 11.12."""
    sample = rates("reference_noise_given", "pooled", 5_000, 200_000)
    assert_mean(sample, 0.0)
    deviation = 1.883658 / np.sqrt(5_000)
    assert_mean((sample / deviation) ** 2, 1.0)
    # Skewness of the mean of n is that of one over the root of n; a savings rate falls as spending rises.
    assert_mean((sample / deviation) ** 3, -3.16003 / np.sqrt(5_000))
