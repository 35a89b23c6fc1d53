"""Specific stop-loss against integrals of an exponential law, small tables by hand, and simulated persons."""

import math

import numpy as np
import pytest

from simcore.analysis.stop_loss import SpecificCover, expected_recovery, premium, removed_by_truncation
from simcore.errors import DataError
from tests.example_results import example_result

MEAN = 10_000.0


def exponential_table(cells=200_000):
    """Equally likely amounts of an exponential law, in cents."""
    middle = (np.arange(cells) + 0.5) / cells
    return np.round(-100.0 * MEAN * np.log1p(-middle)).astype(np.int64)[None, :]


@pytest.mark.parametrize("attachment", [0.0, 20_000.0, 60_000.0])
def test_expected_recovery_of_an_exponential_law(attachment):
    # E(X - a)+ = m exp(-a/m); E((X - a)+)^2 = 2 m^2 exp(-a/m).
    table = exponential_table()
    found = expected_recovery(table, table, np.array([500.0]), SpecificCover(attachment))
    above = math.exp(-attachment / MEAN)
    # 200,000 cells cut the tail beyond exp(-12): the mean excess is 5e-6 m short.
    assert found.expected == pytest.approx(500 * MEAN * above, rel=3e-3)
    assert found.standard_deviation == pytest.approx(
        math.sqrt(500) * MEAN * math.sqrt(2 * above - above**2), rel=3e-3
    )
    assert found.persons_above == pytest.approx(500 * above, rel=3e-3)


def test_what_truncation_covered_already():
    # Persons of 100 and 900 USD, truncated at 500: a cover of half above 300 pays 300 for 900, 100 for 500.
    amounts = np.array([[10_000, 90_000]])
    found = expected_recovery(
        amounts, np.minimum(amounts, 50_000), np.array([10.0]), SpecificCover(300.0, 0.5)
    )
    assert found.expected == pytest.approx(10 * (0.5 * 600) / 2)
    assert found.truncated_already == pytest.approx(10 * (0.5 * 400) / 2)


def test_a_cover_that_attaches_above_truncation_helps_no_settlement():
    amounts = np.array([[10_000, 90_000]])
    found = expected_recovery(amounts, np.minimum(amounts, 50_000), np.array([10.0]), SpecificCover(600.0))
    assert found.truncated_already == found.expected > 0.0


def test_a_maximum_bounds_what_is_paid_for_a_person():
    cover = SpecificCover(300.0, 1.0, maximum=250.0)
    np.testing.assert_array_equal(cover.recovery(np.array([100.0, 400.0, 9_000.0])), [0.0, 100.0, 250.0])


def test_moments_are_those_of_simulated_years():
    generator = np.random.default_rng(7)
    tables = np.round(generator.lognormal(9, 1.4, (2, 4_096)) * 100).astype(np.int64)
    counts = np.array([30, 60])
    cover = SpecificCover(30_000.0, 0.8)
    found = expected_recovery(tables, tables, counts.astype(float), cover)
    years = np.zeros(20_000)
    for table, count in zip(tables, counts, strict=True):
        years += cover.recovery(generator.choice(table, (20_000, count)) / 100.0).sum(axis=1)
    assert abs(years.mean() - found.expected) < 4 * found.standard_deviation / math.sqrt(20_000)
    assert years.std() == pytest.approx(found.standard_deviation, rel=0.05)


def test_premium_is_loaded():
    assert premium(200.0, 0.25) == 250.0
    with pytest.raises(ValueError, match="not negative"):
        premium(200.0, -0.1)


def test_truncation_removes_what_the_settlement_never_saw():
    result = example_result(replicates=50)
    result["untruncated_expenditures"] = result["expenditures"] * 1.05
    removed = removed_by_truncation(result)
    np.testing.assert_allclose(removed, 0.05 * result["expenditures"].mean("replicate"), rtol=1e-9)
    assert removed.attrs["units"] == "USD"


@pytest.mark.parametrize("cover", [(-1.0, 1.0), (0.0, 0.0), (0.0, 1.5), (math.nan, 1.0)])
def test_covers_that_are_none_are_refused(cover):
    with pytest.raises(DataError, match="allowed"):
        SpecificCover(*cover)


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        expected_recovery(
            np.zeros((2, 4), np.int64), np.zeros((2, 5), np.int64), np.ones(2), SpecificCover(1.0)
        )
