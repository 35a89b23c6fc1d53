"""The normal quantile against scipy's, and its bits."""

import math

import numpy as np
import pytest
from scipy.special import ndtri

from simcore.kernels.normal import _fill_normals, _tail_quantile, natural_logarithm, normals
from simcore.kernels.philox import uniforms
from tests.kernels.plain import plain_python

ADDRESS = {"position": 2, "cell": 7, "stream": 10, "seed": 20_240_701}


@pytest.mark.compiled
def test_normals_are_the_quantiles_of_the_uniforms():
    # Cephes and AS 241 claim 1e-15 and 1e-16 of the quantile's size each; 1e-14 leaves both room.
    draws = normals(0, 100_000, **ADDRESS)
    np.testing.assert_allclose(draws, ndtri(uniforms(0, 100_000, **ADDRESS)), rtol=1e-14, atol=1e-15)


def test_far_tails_agree_with_scipy():
    tails = 10.0 ** -np.arange(1.0, 300.0, 7.0)
    np.testing.assert_allclose([_tail_quantile(p) for p in tails], ndtri(tails), rtol=1e-14)


def test_logarithm_is_within_one_unit_of_the_last_place():
    values = 10.0 ** np.linspace(-300.0, 300.0, 2_001)
    for value in values:
        expected = math.log(value)
        assert abs(natural_logarithm(value) - expected) <= math.ulp(expected)


def test_compiled_and_plain_draws_have_the_same_bits():
    plain = np.empty(200)
    words = (ADDRESS["position"], ADDRESS["cell"], ADDRESS["stream"], ADDRESS["seed"])
    plain_python(_fill_normals)(0, *(np.uint64(word) for word in words), plain)
    np.testing.assert_array_equal(plain, normals(0, 200, **ADDRESS))


@pytest.mark.compiled
def test_moments_are_the_standard_normal_ones():
    draws = normals(0, 200_000, **ADDRESS)
    # Standard errors 1/sqrt(n) of the mean, sqrt(2/n) of the variance.
    assert abs(draws.mean()) < 4.0 / math.sqrt(draws.size)
    assert abs(draws.var() - 1.0) < 4.0 * math.sqrt(2.0 / draws.size)
