"""The table of the minimum savings rate at every edge, and at real head counts.

Oracle: 42 CFR 425.604(b) and CMS's results of 2018 (exact to ten digits) and 2021 to 2024.
"""

from datetime import date

import numpy as np
import pytest

from simcore.model.minimum_savings_rate import bands_used, rate_bands, table_rate
from simcore.regulation.reader import read_regulation

BANDS = rate_bands(read_regulation(), performance_year=2024, agreement_start=date(2024, 1, 1))

# The first number of each band, its rate in percent, and by how much a beneficiary more lowers it.
EDGES = [
    (500, 12.2, 3.5 / 499),
    (1_000, 8.7, 3.7 / 1_999),
    (3_000, 5.0, 1.1 / 1_999),
    (5_000, 3.9, 0.3 / 999),
    (6_000, 3.6, 0.2 / 999),
    (7_000, 3.4, 0.2 / 999),
    (8_000, 3.2, 0.1 / 999),
    (9_000, 3.1, 0.1 / 999),
    (10_000, 3.0, 0.3 / 4_999),
    (15_000, 2.7, 0.2 / 4_999),
    (20_000, 2.5, 0.3 / 29_999),
    (50_000, 2.2, 0.2 / 9_999),
    (60_000, 2.0, 0.0),
]


@pytest.mark.parametrize(("first", "percent", "slope"), EDGES)
def test_every_edge_from_both_sides(first: int, percent: float, slope: float) -> None:
    before, at, after = 100.0 * table_rate(BANDS, np.array([first - 1.0, first, first + 1.0]))
    # A band ends at the rate that the next begins with, so n - 1 and n have the same.
    assert before == pytest.approx(percent, abs=1e-12)
    assert at == pytest.approx(percent, abs=1e-12)
    assert after == pytest.approx(percent - slope, abs=1e-12)


@pytest.mark.parametrize(
    ("beneficiaries", "percent", "published_digits"),
    [
        (9_139, 3.0860861, 7),
        (38_660, 2.3133938, 7),
        (54_981, 2.1003700, 7),
        (9_817, 3.0182182, 7),
        (4_324, 4.2714357, 7),
        (3_785, 4.568034, 6),
        (4_976, 3.9126563, 7),
        (605, 11.4635271, 7),
        (1_708, 7.39, 2),
        (2_434, 6.05, 2),
        (2_647, 5.65, 2),
        (7_500, 3.2998999, 7),
    ],
)
def test_real_head_counts(beneficiaries: int, percent: float, published_digits: int) -> None:
    half_a_digit = 0.5 * 10.0**-published_digits
    assert 100.0 * table_rate(BANDS, beneficiaries) == pytest.approx(percent, abs=1.001 * half_a_digit)


def test_flat_before_the_first_band_and_after_the_last() -> None:
    # 12.2 % is used for all up to 499, which nobody has read.
    np.testing.assert_array_equal(table_rate(BANDS, np.array([0.0, 1.0, 250.0, 499.0, 500.0])), 0.122)
    np.testing.assert_array_equal(table_rate(BANDS, np.array([60_000.0, 60_001.0, 1e7])), 0.02)


def test_more_beneficiaries_never_raise_the_minimum() -> None:
    rates = table_rate(BANDS, np.arange(0.0, 70_000.0))
    assert np.all(np.diff(rates) <= 0.0)


@pytest.mark.parametrize(
    ("beneficiaries", "firsts"),
    [
        (5_000, [5_000]),
        (5_999, [5_000]),
        (np.array([4_999.0, 7_200.0]), [3_000, 5_000, 6_000, 7_000]),
        (0, [1]),
        (1_000_000, [60_000]),
    ],
)
def test_which_bands_are_used(beneficiaries: float, firsts: list[int]) -> None:
    assert [band.value[0] for band in bands_used(BANDS, beneficiaries)] == firsts
