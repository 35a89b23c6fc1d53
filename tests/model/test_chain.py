from dataclasses import replace

import numpy as np
import pytest

from simcore.model.bands import head_shares, person_years
from simcore.model.chain import shifted_mix, stay_probability, turnover
from tests.model.people import BANDS, ONE_BAND

COST = np.array([0.07, 0.27, 0.73, 1.86, 4.47, 8.99, 6.98])


def after_a_year(mix, chain):
    stay = stay_probability(chain)
    return (mix * stay) @ chain.moves + (mix @ (1.0 - stay)) * chain.joiners


def test_the_published_share_is_assigned_again():
    # AJMC 25(9), 2019: 84.4 percent, deaths counted.
    mix = head_shares(BANDS)
    chain = turnover(BANDS, mix, assigned_again=0.844)
    assert mix @ stay_probability(chain) == pytest.approx(0.844, rel=1e-12)
    # Leavers among who lives: 1 - 0.844 / 0.96.
    np.testing.assert_allclose(chain.leave[:-1], 1.0 - 0.844 / 0.96, rtol=1e-9)
    assert chain.die.tolist() == [0.0] * 6 + [1.0]


@pytest.mark.parametrize("shift", [-0.3, 0.0, 0.2])
def test_joiners_keep_the_mix(shift):
    mix = head_shares(BANDS, shift=shift)
    chain = turnover(BANDS, mix, assigned_again=0.844)
    assert chain.joiners.min() >= 0.0
    np.testing.assert_allclose(after_a_year(mix, chain), mix, atol=1e-12)


def test_joiners_cannot_be_fewer_than_none():
    mix = head_shares(BANDS, shift=3.0)
    chain = turnover(BANDS, mix, assigned_again=0.844)
    assert chain.joiners.min() == 0.0
    assert chain.joiners.sum() == pytest.approx(1.0, rel=1e-12)


def test_without_turnover_nobody_goes():
    chain = turnover(
        replace(BANDS, decedent_share=0.0),
        head_shares(replace(BANDS, decedent_share=0.0)),
        assigned_again=None,
    )
    np.testing.assert_array_equal(stay_probability(chain), 1.0)


def test_a_population_that_is_all_new_each_year_is_possible():
    chain = turnover(ONE_BAND, np.ones(1), assigned_again=0.0)
    assert stay_probability(chain).tolist() == [0.0]


def test_more_people_than_live_cannot_be_assigned_again():
    with pytest.raises(ValueError, match="assigned_again"):
        turnover(BANDS, head_shares(BANDS), assigned_again=0.97)


@pytest.mark.parametrize("target", [0.6, 0.97, 1.0, 1.1, 2.0])
def test_a_shifted_mix_costs_what_was_asked(target):
    # The nation's own mean of these costs is not 1, so that the target is relative to what the bands say.
    years = person_years(BANDS)
    nation = head_shares(BANDS) * years
    cost = COST / (nation @ COST / nation.sum())
    mix = shifted_mix(BANDS, cost, target)
    assert mix @ (years * cost) / (mix @ years) == pytest.approx(target, rel=1e-10)
    assert mix.sum() == pytest.approx(1.0, rel=1e-12)


def test_a_mix_beyond_the_bands_is_refused():
    with pytest.raises(ValueError, match="outside of the bands"):
        shifted_mix(BANDS, COST, 20.0)


@pytest.mark.parametrize("size_growth", [-0.05, 0.0, 0.05, 0.3])
def test_a_growing_aco_keeps_its_mix(size_growth: float) -> None:
    """Who comes beyond those who replace others brings the mix: (1 + g) mix = mix stay P + joiners."""
    mix = head_shares(BANDS)
    chain = turnover(BANDS, mix, assigned_again=0.844, size_growth=size_growth)
    stayed = (mix * stay_probability(chain)) @ chain.moves
    came = (1.0 + size_growth - stayed.sum()) * chain.joiners
    np.testing.assert_allclose((stayed + came) / (1.0 + size_growth), mix, atol=1e-12)


def test_an_aco_cannot_shrink_faster_than_people_leave() -> None:
    mix = head_shares(BANDS)
    turnover(BANDS, mix, assigned_again=0.844, size_growth=-0.12)
    with pytest.raises(ValueError, match=r"faster than people leave: 84\.4% are assigned again"):
        turnover(BANDS, mix, assigned_again=0.844, size_growth=-0.2)
