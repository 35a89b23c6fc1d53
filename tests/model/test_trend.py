import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcore.model.trend import (
    aco_deviation,
    coding_growth,
    level_loadings,
    national_growth,
    regional_deviation,
    size_shock,
    steady_growth,
    walk_loadings,
)

PROJECTED = np.array([0.02, 0.03, 0.04, 0.05])
RNG = np.random.default_rng(20240101)
NORMALS = RNG.standard_normal((4, 8, 40_000))
COMMON = RNG.standard_normal((8, 40_000))


def growth(normals=NORMALS, common=COMMON, *, anchor=2, common_deviation=0.03, type_deviation=0.01):
    return national_growth(
        PROJECTED,
        common,
        normals,
        common_deviation=common_deviation,
        type_deviation=type_deviation,
        anchor=anchor,
    )


def test_steady_growth_counts_from_the_anchor():
    # 1.05^-2, 1.05^-1, 1, 1.05
    np.testing.assert_allclose(
        steady_growth(0.05, years=4, anchor=2), [0.907029478, 0.952380952, 1.0, 1.05], rtol=1e-9
    )


def test_without_shocks_growth_is_what_is_projected():
    found = growth(common_deviation=0.0, type_deviation=0.0)
    np.testing.assert_allclose(found[..., 0], steady_growth(PROJECTED, years=8, anchor=2), rtol=1e-15)


def test_the_projection_is_the_mean_in_every_year_before_and_after_the_anchor():
    found = growth()
    error = found.std(axis=-1, ddof=1) / math.sqrt(found.shape[-1])
    expected = steady_growth(PROJECTED, years=8, anchor=2)
    assert (np.abs(found.mean(axis=-1) - expected) <= 4 * error + 1e-15).all()
    np.testing.assert_array_equal(found[:, 2], 1.0)


def test_log_growth_has_the_variance_of_a_walk():
    # five years on: 5 x (.03^2 + .01^2) = .005; standard error of a variance: sqrt(2/n) of it
    found = np.log(growth()[:, 7])
    error = 0.005 * math.sqrt(2 / found.shape[-1])
    assert (np.abs(found.var(axis=-1) - 0.005) < 4 * error).all()


def test_types_share_the_common_shock():
    # correlation .03^2 / (.03^2 + .01^2) = .9; its standard error is (1 - .81)/sqrt(n) = .00095
    found = np.log(growth()[:, 5])
    assert np.corrcoef(found)[0, 3] == pytest.approx(0.9, abs=4 * 0.00095)


def test_each_type_can_have_its_own_deviation():
    found = growth(common_deviation=0.0, type_deviation=np.array([0.0, 0.0, 0.0, 0.02]))
    assert np.log(found[0, 4]).std() == pytest.approx(0.0, abs=1e-15)
    assert np.log(found[3, 3]).std() == pytest.approx(0.02, rel=4 / math.sqrt(2 * 40_000))


def test_years_before_the_first_performance_year_move_nothing():
    # with the anchor before the first year, years from the anchor on are as they were
    late = growth(NORMALS[:, 3:], COMMON[3:], anchor=-1)
    np.testing.assert_allclose(late, growth()[:, 3:], rtol=1e-13)


@pytest.mark.parametrize("autocorrelation", [0.0, 0.6])
def test_a_year_added_leaves_the_others_alone(autocorrelation):
    few = regional_deviation(NORMALS[:, :6], deviation=0.01, autocorrelation=autocorrelation, anchor=2)
    many = regional_deviation(NORMALS, deviation=0.01, autocorrelation=autocorrelation, anchor=2)
    np.testing.assert_allclose(many[:, :6], few, rtol=1e-13)


def test_regional_steps_are_correlated_as_asked():
    # log steps 4 -> 5 and 5 -> 6; standard error of a correlation (1 - .36)/sqrt(40,000) = .0032
    found = np.log(regional_deviation(COMMON, deviation=0.01, autocorrelation=0.6, anchor=2))
    steps = np.diff(found, axis=0)
    assert np.corrcoef(steps[4], steps[5])[0, 1] == pytest.approx(0.6, abs=4 * 0.0032)
    # a constant is taken off for the mean, so deviations are around it
    assert steps[5].std() == pytest.approx(0.01, rel=4 / math.sqrt(2 * 40_000))


def test_the_region_starts_at_the_nation():
    found = regional_deviation(COMMON, deviation=0.013, autocorrelation=0.0, anchor=2)
    np.testing.assert_array_equal(found[2], 1.0)
    assert found.mean(axis=-1) == pytest.approx(np.ones(8), abs=4 * 0.013 * math.sqrt(5 / 40_000))


def test_the_acos_deviation_is_stationary_where_its_start_is_not_known():
    # SD .01 / sqrt(1 - .64) = .016667 in every year; lag-one correlation .8
    found = np.log(aco_deviation(COMMON, innovation_deviation=0.01, autocorrelation=0.8, known_start=False))
    np.testing.assert_allclose(found.std(axis=-1), 0.01 / 0.6, rtol=4 / math.sqrt(2 * 40_000))
    assert np.corrcoef(found[3], found[4])[0, 1] == pytest.approx(0.8, abs=4 * 0.36 / 200)


def test_the_acos_deviation_grows_from_a_known_start():
    # variance .01^2 in the first year, .01^2 x (1 + .64) in the second
    found = np.log(aco_deviation(COMMON, innovation_deviation=0.01, autocorrelation=0.8, known_start=True))
    np.testing.assert_allclose(found[0].var(), 1.0e-4, rtol=4 * math.sqrt(2 / 40_000))
    np.testing.assert_allclose(found[1].var(), 1.64e-4, rtol=4 * math.sqrt(2 / 40_000))


@given(autocorrelation=st.floats(-0.95, 0.95), known=st.booleans())
def test_level_loadings_give_the_closed_form_variance(autocorrelation, known):
    loadings = level_loadings(6, autocorrelation=autocorrelation, known_start=known)
    square = autocorrelation**2
    steps = np.arange(1, 7)
    expected = (1 - square**steps) / (1 - square) if known else np.full(6, 1 / (1 - square))
    np.testing.assert_allclose((loadings**2).sum(axis=1), expected, rtol=1e-9)


def test_walk_loadings_are_plus_and_minus_one_without_correlation():
    # anchor 2: year 0 lies two steps back (steps into years 1 and 2), year 4 two steps on (3 and 4)
    expected = [[0, -1, -1, 0, 0], [0, 0, -1, 0, 0], [0] * 5, [0, 0, 0, 1, 0], [0, 0, 0, 1, 1]]
    np.testing.assert_array_equal(walk_loadings(5, anchor=2, autocorrelation=0.0), expected)


def test_a_first_year_at_the_anchor_leaves_its_own_normal_out():
    # the step into the first year comes before benchmark year 3: no later level hangs on it
    loadings = walk_loadings(4, anchor=0, autocorrelation=0.5)
    np.testing.assert_array_equal(loadings[:, 0], 0.0)
    # variances of correlated sums: 1, 2 + 2 x .5, 3 + 4 x .5 + 2 x .25
    np.testing.assert_allclose((loadings**2).sum(axis=1), [0, 1, 3, 5.5])


@pytest.mark.parametrize("replicates", [1, 7, 1_000])
def test_the_first_replicates_are_the_same_to_the_last_bit(replicates):
    few = growth(NORMALS[..., :replicates], COMMON[..., :replicates], type_deviation=np.full(4, 0.013))
    np.testing.assert_array_equal(few, growth(type_deviation=np.full(4, 0.013))[..., :replicates])


def test_slips_of_a_programmer_are_refused():
    with pytest.raises(ValueError, match="anchor must lie in"):
        walk_loadings(5, anchor=5, autocorrelation=0.0)
    with pytest.raises(ValueError, match="autocorrelation must lie within"):
        level_loadings(5, autocorrelation=1.0, known_start=False)


def test_size_shock_falls_with_the_root_of_the_size():
    # SD 1.3 / sqrt(10,000) = .013 and 1.3 / sqrt(40,000) = .0065; mean one
    people = np.broadcast_to(np.array([[10_000.0], [40_000.0], [0.0]]), (3, 40_000))
    found = size_shock(COMMON[:3], people, size_dependent=1.3)
    assert np.log(found[0]).std() == pytest.approx(0.013, rel=4 / math.sqrt(2 * 40_000))
    assert np.log(found[1]).std() == pytest.approx(0.0065, rel=4 / math.sqrt(2 * 40_000))
    np.testing.assert_array_equal(found[2], 1.0)


def test_a_large_size_shock_still_has_a_mean_of_one():
    # SD of the logarithm 30 / sqrt(10,000) = .3; of the factor sqrt(exp(.09) - 1) = .307
    found = size_shock(COMMON, np.full(COMMON.shape, 10_000.0), size_dependent=30.0)
    assert found.mean() == pytest.approx(1.0, abs=4 * 0.307 / math.sqrt(found.size))


def test_coding_grows_from_benchmark_year_3():
    found = coding_growth(COMMON, yearly_growth=0.01, deviation=0.005, anchor=2)
    np.testing.assert_array_equal(found[2], 1.0)
    # five years: 1.01^5 = 1.0510100501; standard error .005 x sqrt(5/40,000)
    # a year of good draws raises the scores
    assert np.corrcoef(found[3], COMMON[3])[0, 1] > 0.99
    assert found[7].mean() == pytest.approx(1.0510100501, abs=4 * 1.051 * 0.005 * math.sqrt(5 / 40_000))
