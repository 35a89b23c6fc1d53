from dataclasses import replace

import numpy as np
import pytest

from simcore.model.bands import (
    BandPlan,
    head_shares,
    mortality,
    next_year_bands,
    person_year_shares,
    risk_of_bands,
)
from tests.model.people import BANDS, ONE_BAND

SHARES = BANDS.normalized_risk_shares


def test_the_published_share_dies_and_risk_kills():
    # 4.0 percent of heads (Kaiser Family Foundation 2016), in the decedents' band by construction.
    dying = mortality(BANDS)
    assert dying @ SHARES == pytest.approx(0.04, rel=1e-9)
    assert np.all(np.diff(dying) > 0.0)
    assert head_shares(BANDS)[-1] == pytest.approx(0.04, rel=1e-9)
    assert head_shares(BANDS).sum() == pytest.approx(1.0, rel=1e-12)


def test_half_a_year_of_four_percent_is_two_percent_of_person_years():
    # Half of 0.04 over 0.96 plus that half.
    assert person_year_shares(BANDS)[-1] == pytest.approx(0.02 / 0.98, rel=1e-9)


def test_without_loading_everybody_dies_alike():
    np.testing.assert_allclose(mortality(replace(BANDS, mortality_loading=0.0)), 0.04, rtol=1e-12)


def test_the_mix_of_the_nation_stays_what_it_is():
    # Risk is stationary: if nobody were lost, next year's bands would be this year's. A dead person's risk is
    # that of the band they died in.
    moves = next_year_bands(BANDS)
    np.testing.assert_allclose(moves.sum(axis=1), 1.0, rtol=1e-12)
    by_risk = np.asarray(SHARES) @ moves[:-1]
    np.testing.assert_allclose(by_risk, head_shares(BANDS), atol=1e-9)


def test_without_persistence_next_years_band_is_anybodys():
    moves = next_year_bands(replace(BANDS, persistence=0.0))
    np.testing.assert_allclose(moves, np.tile(head_shares(BANDS), (7, 1)), atol=1e-12)


def test_decedents_come_from_risk_bands_in_proportion_to_their_deaths():
    expected = np.asarray(SHARES) * mortality(BANDS) / 0.04
    np.testing.assert_allclose(risk_of_bands(BANDS)[-1], expected, rtol=1e-9)


def test_without_deaths_there_is_no_decedents_band():
    assert head_shares(ONE_BAND).tolist() == [1.0]
    assert next_year_bands(ONE_BAND).tolist() == [[1.0]]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("risk_shares", ()),
        ("risk_shares", (0.5, 0.0)),
        ("loading", 1.0),
        ("persistence", -0.1),
        ("decedent_share", 1.0),
    ],
)
def test_a_slip_is_refused(field, value):
    with pytest.raises(ValueError, match=field):
        replace(BANDS, **{field: value})


def test_person_years_of_a_decedent_lie_within_the_year():
    with pytest.raises(ValueError, match="decedent_person_years"):
        BandPlan((1.0,), 0.04, 0.0, 0.0, 0.0, 0.0)
