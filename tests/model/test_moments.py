from dataclasses import replace

import numpy as np
import pytest

from simcore.model.bands import head_shares
from simcore.model.moments import (
    YearlySum,
    cumulants,
    expenditure_moments,
    person_year_moments,
    risk_score_moments,
    slot_chain,
    variance_identity,
)
from simcore.model.noise import savings_rate_noise
from simcore.model.population import build_type_model
from tests.model.people import BANDS, plan

REPLICATES = 40_000
SHARP = replace(BANDS, risk_shares=(0.7, 0.3), decedent_share=0.1)


def simulate(model, sizes, seed):
    """Return expenditures, person-years and score sums, ``(year, replicate)``, head by head in NumPy."""
    rng = np.random.default_rng(seed)
    counts = (
        rng.multinomial(sizes[0], model.initial, size=REPLICATES)
        if model.head_counts is None
        else np.tile(model.head_counts, (REPLICATES, 1))
    )
    spending, years, scores = [], [], []
    for year, _ in enumerate(sizes):
        if year > 0:
            staying = rng.binomial(counts, model.stay)
            moved = sum(
                rng.multinomial(staying[:, band], model.moves[band]) for band in range(model.stay.size)
            )
            counts = moved + rng.multinomial(sizes[year] - moved.sum(axis=1), model.joiners)
        total = np.zeros(REPLICATES)
        for band, heads in enumerate(counts.T):
            who = np.repeat(np.arange(REPLICATES), heads)
            drawn = model.amounts[band, rng.integers(0, 4096, who.size)] / 100.0
            total += np.bincount(who, drawn, minlength=REPLICATES)
        spending.append(total)
        years.append(counts @ model.person_years)
        scores.append(counts @ (model.person_years * model.risk_score))
    return np.array(spending), np.array(years), np.array(scores)


@pytest.mark.parametrize(
    ("sizes", "changes"),
    [
        ((12, 12, 12), {}),
        ((20, 26, 24), {"mean_risk_score": 1.1, "assigned_again": 0.4}),
        ((12, 12, 14), {"head_counts": (5, 4, 3)}),
    ],
)
def test_moments_agree_with_a_head_by_head_simulation(sizes, changes):
    # Tolerance: four standard errors, from the spread of the products over replicates; fixed seed.
    model = build_type_model(plan(bands=SHARP, **changes))
    drawn = simulate(model, sizes, seed=2012)
    for values, moments in zip(
        drawn,
        (f(model, sizes) for f in (expenditure_moments, person_year_moments, risk_score_moments)),
        strict=True,
    ):
        centred = values - moments.mean[:, None]
        within(centred, 0.0)
        products = centred[:, None, :] * centred[None, :, :]
        within(products, moments.covariance)
        within(centred**3, moments.third_central)


def within(draws, expected):
    """Hold the mean over replicates to what is expected, within four standard errors."""
    error = draws.std(axis=-1, ddof=1) / np.sqrt(draws.shape[-1])
    assert np.all(np.abs(draws.mean(axis=-1) - expected) <= 4.0 * error + 1e-9)


def test_a_stationary_population_has_the_same_moments_every_year():
    model = build_type_model(plan())
    moments = expenditure_moments(model, [1_000] * 4)
    np.testing.assert_allclose(moments.mean, moments.mean[0], rtol=1e-9)
    np.testing.assert_allclose(np.diag(moments.covariance), moments.covariance[0, 0], rtol=1e-9)
    # The expected mean: national per-capita times person-years, of which decedents have half.
    assert moments.mean[0] == pytest.approx(10_604.0 * 1_000 * 0.98, rel=1e-7)


def test_covariance_of_years_follows_the_chain():
    # Oracle: E Y_t Y_{t+h} = sum p(b) mu_b K^h(b, b') mu_b' (model.md section 7), by matrices.
    model = build_type_model(plan())
    means = model.amounts.mean(axis=1) / 100.0
    chain = slot_chain(model)
    for lag in (1, 2, 3):
        joint = means @ (model.initial[:, None] * np.linalg.matrix_power(chain, lag)) @ means
        expected = 50 * (joint - (model.initial @ means) ** 2)
        found = expenditure_moments(model, [50] * 4).covariance[0, lag]
        assert found == pytest.approx(expected, rel=1e-9)


def test_years_without_persistence_are_independent():
    model = build_type_model(plan(bands=replace(BANDS, persistence=0.0)))
    covariance = expenditure_moments(model, [100] * 3).covariance
    spread = covariance[0, 0]
    np.testing.assert_allclose(covariance, np.diag(np.diag(covariance)), atol=1e-9 * spread)


def test_known_counts_leave_less_to_chance():
    drawn = build_type_model(plan())
    counts = np.rint(10_000 * head_shares(BANDS)).astype(int)
    known = build_type_model(plan(head_counts=tuple(int(count) for count in counts)))
    size = int(counts.sum())
    spread = [expenditure_moments(model, [size]).covariance[0, 0] for model in (drawn, known)]
    means = drawn.amounts.mean(axis=1) / 100.0
    # What a multinomial draw of bands adds: the variance of the bands' means.
    mix = known.initial
    between = size * (mix @ means**2 - (mix @ means) ** 2)
    assert spread[0] - spread[1] == pytest.approx(between, rel=1e-3)


def test_cumulants_of_a_sum_scale_with_its_size():
    model = build_type_model(plan())
    total = YearlySum(np.array([1.0, -0.5]), np.zeros((2, 7)))
    one, many = (cumulants(model, [size] * 2, total) for size in (1, 1_000))
    np.testing.assert_allclose(many, 1_000 * one, rtol=1e-9)


def test_variance_identity_of_the_same_people():
    # calibration.md section 1: n Var(S) / CV^2 from the weights and the correlations; nobody comes or goes.
    model = build_type_model(plan(bands=replace(BANDS, decedent_share=0.0), assigned_again=None))
    moments = expenditure_moments(model, [1] * 4)
    spread = np.sqrt(np.diag(moments.covariance))
    correlation = moments.covariance / np.outer(spread, spread)
    weights = (0.2, 0.3, 0.5)
    noise = savings_rate_noise([model], [[1] * 4], benchmark_weights=weights)
    expected = variance_identity(weights, 1.0, correlation) * (spread[0] / moments.mean[0]) ** 2
    assert noise.coefficient**2 == pytest.approx(expected, rel=1e-9)


def test_variance_identity_of_independent_years():
    # One for the performance year and three times a ninth.
    assert variance_identity([1 / 3] * 3, 0.8, np.eye(4)) == pytest.approx(4.0 / 3.0, rel=1e-12)
