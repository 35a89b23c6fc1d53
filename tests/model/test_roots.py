"""Roots are where SciPy finds them, and in as few steps."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from simcore.model.roots import root_between

FUNCTIONS = {
    "cube": (lambda x: x**3 - 2.0, 0.0, 5.0),
    "falling": (lambda x: 1.0 - math.exp(x), -3.0, 20.0),
    "flat, then steep": (lambda x: math.expm1(12.0 * x) - 1.0, -9.0, 2.0),
    "capped": (lambda x: min(math.exp(x), 40.0) / 30.0 - 1.0, 0.0, 20.0),
    "a step": (lambda x: 1.0 if x > math.pi else -1.0, 0.0, 7.0),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_root_is_where_scipy_finds_it(name):
    function, low, high = FUNCTIONS[name]
    expected = optimize.brentq(function, low, high, xtol=1e-14)
    assert abs(root_between(function, low, high, tolerance=1e-14) - expected) <= 1e-13


@given(st.floats(-5.0, 5.0), st.floats(0.05, 20.0), st.sampled_from([1e-3, 1e-8, 1e-14]))
def test_a_smooth_root_takes_few_steps(root, steepness, tolerance):
    calls = []

    def function(x):
        calls.append(x)
        return math.tanh(steepness * (x - root)) + 0.1 * (x - root)

    found = root_between(function, -6.0, 7.0, tolerance=tolerance)
    assert abs(found - root) <= tolerance + 1e-15
    assert len(calls) < 30


def test_a_root_at_an_end_is_found():
    assert root_between(lambda x: x, 0.0, 1.0, tolerance=1e-14) == pytest.approx(0.0, abs=1e-14)
    assert root_between(lambda x: x - 1.0, 0.0, 1.0, tolerance=1e-14) == pytest.approx(1.0, abs=1e-14)


@pytest.mark.parametrize("function", [lambda x: x + 1.0, lambda x: math.nan], ids=["one sign", "no number"])
def test_where_no_root_can_be_told_it_is_refused(function):
    with pytest.raises(ValueError, match="no root lies between 0 and 1"):
        root_between(function, 0.0, 1.0, tolerance=1e-6)


@pytest.mark.parametrize("edges", [(0.45, 0.55), (0.2, 0.4)])
def test_where_the_function_is_no_number_no_root_is_made_up(edges):
    low, high = edges
    with pytest.raises(ValueError, match="no root is found"):
        root_between(lambda x: math.nan if low < x < high else x - 0.3, 0.0, 1.0, tolerance=1e-12)
