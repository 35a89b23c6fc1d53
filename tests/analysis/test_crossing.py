"""Crossings of straight lines and noisy curves, against algebra and repeated runs."""

import math

import numpy as np
import pytest

from simcore.analysis.crossing import NOWHERE, crossings, rising_crossing

POSITION = np.array([0.0, 1.0, 2.0, 3.0])


def test_a_straight_line_crosses_where_algebra_says():
    # y = 2 x reaches 3 at 1.5; an error of 0.1 in y is 0.05 in x.
    found = rising_crossing(POSITION, 2.0 * POSITION, np.full(4, 0.1), 3.0)
    assert found.value == pytest.approx(1.5)
    assert found.standard_error == pytest.approx(0.05)


def test_a_dip_of_noise_does_not_make_three_crossings():
    # 1.2 and 0.8 pool to 1.0: the level 0.5 is crossed once, halfway from 0 to the pool.
    found = rising_crossing(POSITION, np.array([0.0, 1.2, 0.8, 2.0]), np.full(4, 0.1), 0.5)
    assert found.value == pytest.approx(0.5)


def test_beyond_the_range_there_is_none_and_before_it_the_first_point_is_enough():
    assert math.isnan(rising_crossing(POSITION, POSITION, np.full(4, 0.1), 9.0).value)
    assert math.isnan(NOWHERE.standard_error)
    enough = rising_crossing(POSITION, POSITION + 5.0, np.full(4, 0.1), 1.0)
    assert enough.value == 0.0
    assert math.isnan(enough.standard_error)


def test_every_change_of_sign_is_found():
    # The parabola (x - 0.5)(x - 2.5) as a polygon: 1.25, -0.75, -0.75, 1.25 crosses at 0.625 and 2.375.
    found = crossings(POSITION, (POSITION - 0.5) * (POSITION - 2.5), np.full(4, 0.2))
    assert [one.value for one in found] == pytest.approx([0.625, 2.375])
    assert [one.standard_error for one in found] == pytest.approx([0.1, 0.1])


def test_a_point_on_the_level_is_a_crossing():
    assert [one.value for one in crossings(POSITION, POSITION - 1.0, np.full(4, 0.1))] == [1.0]


def test_error_is_what_runs_differ_by():
    generator = np.random.default_rng(2)
    # Common draws: the whole curve moves up and down together.
    shifts = generator.normal(0.0, 0.05, 200)
    found = [rising_crossing(POSITION, POSITION + shift, np.full(4, 0.05), 1.4) for shift in shifts]
    values = np.array([one.value for one in found])
    assert found[0].standard_error == pytest.approx(values.std(ddof=1), rel=0.15)
