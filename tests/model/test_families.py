import math

import numpy as np
import pytest
from scipy import integrate, stats

from simcore.model.families import (
    GeneralizedGamma,
    LognormalMixture,
    ParetoTail,
    coefficient_of_variation,
    limited_coefficient_of_variation,
    limited_moment,
    mean,
    percentile_point,
    share_of_top,
)
from simcore.model.family_tables import PercentileTable, Sample

# calibration.md: "a fit that hits all five": 5 % zeros, 0.863 LN(0, 1.409) and 0.137 LN(2.828, 0.711).
PUBLISHED_FIT = LognormalMixture(0.05, (0.863, 0.137), (0.0, 2.828), (1.409, 0.711))
# Ellis et al., Health Care Financing Review 17(3), 1996, table 5: annualised spending in 1992.
ELLIS = PercentileTable(
    (0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99), (0.0, 95.0, 516.0, 2917.0, 12227.0, 22810.0, 57423.0)
)
FAMILIES = {
    "mixture": PUBLISHED_FIT,
    "lognormal": LognormalMixture(0.1, (1.0,), (0.5,), (1.2,)),
    "gamma": GeneralizedGamma(0.56, 0.65, 0.03),
    "pareto tail": ParetoTail(LognormalMixture(0.05, (1.0,), (0.0,), (1.0,)), 0.95, 2.5),
    "percentiles": ELLIS,
    "sample": Sample((0.0, 3.0, 3.0, 8.0, 20.0), (1.0, 2.0, 1.0, 0.5, 0.25)),
}


@pytest.fixture(params=FAMILIES)
def family(request):
    return FAMILIES[request.param]


def test_exact_reference_of_the_generalised_gamma():
    # Oracle: calibration.md section 1, cut off at the 99th percentile; the digits printed there.
    law = GeneralizedGamma(0.56, 0.65)
    limit = percentile_point(law, 0.99)
    m1, m2, m3, m4 = (limited_moment(law, limit, order) for order in range(1, 5))
    variance = m2 - m1**2
    assert m1 == pytest.approx(0.6268528561, abs=5e-11)
    assert limit / m1 == pytest.approx(10.930940, abs=5e-7)
    assert limited_coefficient_of_variation(law, limit) == pytest.approx(1.883658, abs=5e-7)
    assert (m3 - 3 * m1 * m2 + 2 * m1**3) / variance**1.5 == pytest.approx(3.16003, abs=5e-6)
    kurtosis = (m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4) / variance**2 - 3.0
    assert kurtosis == pytest.approx(11.1200, abs=5e-5)


def test_published_fit_has_the_published_concentration():
    # Oracle: Wallis et al. 2021; calibration.md says that this mixture hits all five (to 0.1 points).
    found = [share_of_top(PUBLISHED_FIT, share) for share in (0.01, 0.05, 0.10, 0.20, 0.50)]
    np.testing.assert_allclose(found, [0.149, 0.415, 0.600, 0.791, 0.957], atol=0.001)
    # CV 2.17, truncated 1.87, threshold 10.1 times the mean.
    assert coefficient_of_variation(PUBLISHED_FIT) == pytest.approx(2.17, abs=0.005)
    limit = percentile_point(PUBLISHED_FIT, 0.99)
    assert limited_coefficient_of_variation(PUBLISHED_FIT, limit) == pytest.approx(1.87, abs=0.005)
    assert limit / mean(PUBLISHED_FIT) == pytest.approx(10.1, abs=0.05)


def test_a_lognormal_has_its_textbook_mean_and_spread():
    # exp(mu + sigma^2/2) and sqrt(exp(sigma^2) - 1).
    law = LognormalMixture(0.0, (1.0,), (1.0,), (0.8,))
    assert mean(law) == pytest.approx(math.exp(1.0 + 0.32), rel=1e-12)
    assert coefficient_of_variation(law) == pytest.approx(math.sqrt(math.exp(0.64) - 1.0), rel=1e-12)


def test_quantile_and_probability_are_each_others_inverse(family):
    amounts = family.quantile(np.array([0.3, 0.6, 0.93, 0.97, 0.995]))
    for rank, amount in zip((0.3, 0.6, 0.93, 0.97, 0.995), amounts, strict=True):
        if isinstance(family, Sample):
            # Of a step function the inverse is the rank at the step's end.
            assert family.probability_below(amount) >= rank
            assert family.probability_below(amount - 1e-9) < rank
        else:
            assert family.probability_below(float(amount)) == pytest.approx(rank, abs=1e-7)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_partial_moments_are_the_integral_of_the_quantile_function(family, order):
    # Oracle: the trapezoid rule on 400,001 ranks, good to 1e-4 of the integral up to the 99th percentile.
    ranks = np.linspace(0.0, 0.99, 400_001)
    expected = integrate.trapezoid(family.quantile(ranks) ** order, ranks)
    found = family.partial_moment(np.array([0.0, 0.99]), order)
    assert found[0] == pytest.approx(0.0, abs=1e-12)
    assert found[1] == pytest.approx(expected, rel=1e-4)


def test_quantiles_never_fall(family):
    amounts = family.quantile(np.linspace(1e-6, 1.0 - 1e-9, 20_001))
    assert np.all(np.diff(amounts) >= -1e-9)


def test_a_limited_mean_of_a_mixture_agrees_with_scipy():
    # Oracle: the integral of scipy's survival function from 0 to the limit, good to 12 digits.
    law = LognormalMixture(0.0, (0.7, 0.3), (0.0, 1.5), (1.0, 0.5))
    parts = [stats.lognorm(1.0), stats.lognorm(0.5, scale=math.exp(1.5))]
    survival = integrate.quad(lambda x: 0.7 * parts[0].sf(x) + 0.3 * parts[1].sf(x), 0.0, 6.0)[0]
    assert limited_moment(law, 6.0, 1) == pytest.approx(survival, rel=1e-7)


def test_a_percentile_table_goes_through_its_points():
    np.testing.assert_allclose(
        ELLIS.quantile(np.array(ELLIS.probabilities[1:])), ELLIS.amounts[1:], rtol=1e-12
    )
    assert ELLIS.quantile(np.array([0.05]))[0] == 0.0


def test_a_sample_has_the_mean_of_its_rows():
    # Three of 3, a half of 8 and a quarter of 20 make 18, among weights of 4.75.
    assert mean(FAMILIES["sample"]) == pytest.approx(18.0 / 4.75, rel=1e-12)


def test_a_pareto_tail_has_the_mean_of_its_parts():
    # Above the start x0 the mean of a Pareto law is x0 * a / (a - 1).
    law = FAMILIES["pareto tail"]
    start = percentile_point(law, 0.95)
    below = float(law.body.partial_moment(np.array([0.95]), 1)[0])
    assert mean(law) == pytest.approx(below + 0.05 * start * 2.5 / 1.5, rel=1e-12)


def test_a_pareto_tail_without_variance_has_one_when_cut_off():
    law = ParetoTail(LognormalMixture(0.0, (1.0,), (0.0,), (1.0,)), 0.95, 1.5)
    assert coefficient_of_variation(law) == math.inf
    assert limited_coefficient_of_variation(law, percentile_point(law, 0.99)) < 3.0
