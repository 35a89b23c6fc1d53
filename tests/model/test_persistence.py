from dataclasses import replace

import numpy as np
import pytest

from simcore.model.families import share_of_top
from simcore.model.persistence import (
    concentration,
    decedents_share,
    last_year_of_life_share,
    spending_correlation,
)
from simcore.model.population import build_type_model
from tests.model.people import BANDS, MIXTURE, ONE_BAND, plan


def test_concentration_of_one_band_is_that_of_its_law():
    model = build_type_model(plan(bands=ONE_BAND))
    tops = [0.01, 0.05, 0.5]
    expected = [share_of_top(MIXTURE, top) for top in tops]
    np.testing.assert_allclose(concentration([model], [1.0], tops), expected, atol=1e-5)


def test_concentration_of_two_alike_is_that_of_one():
    model = build_type_model(plan())
    one, two = (concentration([model] * n, [1.0] * n, [0.05, 0.2]) for n in (1, 2))
    np.testing.assert_allclose(one, two, atol=1e-9)


@pytest.mark.parametrize("truncated", [True, False])
def test_correlation_agrees_with_a_simulation_of_pairs(truncated):
    # 400,000 pairs of a person's years, those assigned in both. The error of a correlation r from heavy tails
    # is far above (1 - r^2) / sqrt(n): four standard errors are taken from 100 parts.
    model = build_type_model(plan())
    rng = np.random.default_rng(7)
    table = model.amounts if truncated else model.untruncated_amounts
    people = 400_000
    joint = (model.shares[:, None] * model.stay[:, None] * model.moves).ravel()
    first, second = np.divmod(rng.choice(joint.size, people, p=joint / joint.sum()), model.shares.size)
    pairs = [table[band, rng.integers(0, 4096, people)] / 100.0 for band in (first, second)]
    parts = np.array(
        [np.corrcoef(a, b)[0, 1] for a, b in zip(*(np.split(p, 100) for p in pairs), strict=True)]
    )
    error = np.std(parts, ddof=1) / 10.0
    assert abs(np.corrcoef(*pairs)[0, 1] - spending_correlation(model, 1, truncated=truncated)) < 4.0 * error


def test_without_persistence_years_do_not_correlate():
    model = build_type_model(plan(bands=replace(BANDS, persistence=0.0)))
    assert spending_correlation(model, 1) == pytest.approx(0.0, abs=1e-9)


def test_deaths_at_random_spend_what_all_spend():
    # Everybody dies alike and costs the same a year: 0.02 person-years of 0.98, and half a year before.
    alike = replace(BANDS, loading=0.0, mortality_loading=0.0)
    model = build_type_model(plan(bands=alike))
    assert decedents_share(model) == pytest.approx(0.02 / 0.98, rel=1e-6)
    assert last_year_of_life_share(model) == pytest.approx(0.04 / 0.98, rel=1e-6)
