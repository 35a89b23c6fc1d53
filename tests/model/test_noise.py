import math

import numpy as np
import pytest

from simcore.model.noise import (
    EQUAL_BENCHMARK_WEIGHTS,
    credibility,
    probability_of_losses,
    probability_of_savings,
    savings_rate_noise,
)
from simcore.model.population import build_type_model
from simcore.model.spending import NationalSpending
from tests.model.people import ONE_BAND, REFERENCE_LAW, plan

# calibration.md section 1: the exact reference, 5,000 people in each of independent years.
REFERENCE = build_type_model(
    plan(spending=NationalSpending(REFERENCE_LAW, 10_000.0, 0.99), bands=ONE_BAND, assigned_again=0.0)
)
SIMULATED = {"sizes": [[5_000] * 4], "benchmark_weights": EQUAL_BENCHMARK_WEIGHTS}
GIVEN = {"sizes": [[5_000]], "benchmark_weights": ()}


@pytest.mark.parametrize(
    ("benchmark", "probability", "rate", "expected"),
    [
        (SIMULATED, probability_of_savings, 0.039, 0.099723),
        (SIMULATED, probability_of_savings, 0.020, 0.257541),
        (SIMULATED, probability_of_losses, 0.020, 0.258037),
        (GIVEN, probability_of_savings, 0.039, 0.070404),
        (GIVEN, probability_of_savings, 0.020, 0.227380),
        (GIVEN, probability_of_losses, 0.020, 0.225424),
    ],
)
def test_corrected_probabilities_meet_the_exact_reference(benchmark, probability, rate, expected):
    # Printed to six digits; the expansion leaves terms of order n^-1.5, here below 1e-6.
    found = probability(
        [REFERENCE], benchmark["sizes"], rate, benchmark_weights=benchmark["benchmark_weights"]
    )
    assert found.corrected == pytest.approx(expected, abs=1.5e-6)
    assert found.normal == pytest.approx(expected, abs=2e-3)


def test_noise_of_the_reference_is_its_spread():
    # c = CV * sqrt(1 + 1/3), CV = 1.883658; known benchmark: c = CV.
    simulated = savings_rate_noise([REFERENCE], SIMULATED["sizes"])
    given = savings_rate_noise([REFERENCE], GIVEN["sizes"], benchmark_weights=())
    assert simulated.coefficient == pytest.approx(1.883658 * math.sqrt(4.0 / 3.0), rel=1e-5)
    assert given.coefficient == pytest.approx(1.883658, rel=1e-5)
    # Skewness of a sum: that of one, 3.16003, over the root of the size.
    assert given.skewness == pytest.approx(3.16003 / math.sqrt(5_000), rel=1e-4)
    assert given.excess_kurtosis == pytest.approx(11.1200 / 5_000, rel=1e-4)


@pytest.mark.parametrize("size", [500, 5_000, 2_000_000])
def test_the_coefficient_does_not_depend_on_the_size(size):
    model = build_type_model(plan())
    found = savings_rate_noise([model], [[size] * 4]).coefficient
    assert found == pytest.approx(savings_rate_noise([model], [[1_000] * 4]).coefficient, rel=1e-9)


def test_shares_of_types_add_up_and_types_are_independent():
    models = [build_type_model(plan(relative_cost=level)) for level in (0.8, 1.3)]
    sizes = [[3_000] * 4, [1_000] * 4]
    both = savings_rate_noise(models, sizes)
    alone = [savings_rate_noise([model], [size]) for model, size in zip(models, sizes, strict=True)]
    benchmarks = np.array([3_000 * models[0].per_capita, 1_000 * models[1].per_capita])
    variances = [
        (noise.standard_deviation * amount) ** 2 for noise, amount in zip(alone, benchmarks, strict=True)
    ]
    assert both.standard_deviation == pytest.approx(math.sqrt(sum(variances)) / benchmarks.sum(), rel=1e-9)
    np.testing.assert_allclose(both.share_by_type, np.array(variances) / sum(variances), rtol=1e-9)


def test_true_savings_are_expected_in_full():
    noise = savings_rate_noise([REFERENCE], SIMULATED["sizes"], true_savings=0.03)
    assert noise.expected == pytest.approx(0.03, rel=1e-9)


def test_savings_and_losses_at_zero_are_everything():
    model = build_type_model(plan())
    sizes = [[5_000] * 4]
    above = probability_of_savings([model], sizes, 0.0).corrected
    below = probability_of_losses([model], sizes, 0.0).corrected
    assert above + below == pytest.approx(1.0, abs=1e-12)


def test_a_far_tail_stays_a_probability():
    found = probability_of_savings([REFERENCE], [[5] * 4], 0.95)
    assert 0.0 <= found.corrected <= 1.0


def test_credibility_of_equal_spreads_is_one_half():
    assert credibility(0.02, 0.02) == 0.5
    assert credibility(0.0, 0.02) == 1.0
