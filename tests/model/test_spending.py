from dataclasses import replace

import numpy as np
import pytest

from simcore.model.bands import person_year_shares, person_years, risk_of_bands
from simcore.model.families import LognormalMixture, limited_moment, mean
from simcore.model.spending import TABLE_SIZE, NationalSpending, amount_tables, local_scale, national_scale
from tests.model.people import BANDS, MIXTURE, ONE_BAND, REFERENCE_LAW

NATION = NationalSpending(MIXTURE, 10_604.0, 0.99)


def marginal_moment(tables, bands, order):
    """Return a moment of annualised spending over the nation's person-years, USD to the order's power."""
    annualised = tables / person_years(bands)[:, None] / 100.0
    return float(person_year_shares(bands) @ (annualised**order).mean(axis=1))


def test_tables_give_back_the_mean_to_a_thousandth_of_a_cent():
    scale = national_scale(NATION)
    tables = amount_tables(MIXTURE, scale, BANDS)
    assert marginal_moment(tables.truncated, BANDS, 1) == pytest.approx(10_604.0, abs=1e-5)
    whole = mean(MIXTURE) * scale.dollars
    assert marginal_moment(tables.untruncated, BANDS, 1) == pytest.approx(whole, abs=1e-3)


@pytest.mark.parametrize("family", [MIXTURE, REFERENCE_LAW])
@pytest.mark.parametrize(("bands", "tolerance"), [(BANDS, 1e-4), (ONE_BAND, 1e-5)])
def test_tables_keep_the_truncated_spread_and_skewness(family, bands, tolerance):
    # Oracle: closed-form limited moments. The cells lose less of a moment than the tolerance.
    spending = NationalSpending(family, 10_000.0, 0.99)
    scale = national_scale(spending)
    tables = amount_tables(family, scale, bands)
    for order in (2, 3):
        expected = (
            limited_moment(family, scale.truncation_point / scale.dollars, order) * scale.dollars**order
        )
        assert marginal_moment(tables.truncated, bands, order) == pytest.approx(expected, rel=tolerance)


def test_tables_are_whole_cents_in_rising_order():
    tables = amount_tables(MIXTURE, national_scale(NATION), BANDS)
    assert tables.truncated.shape == (7, TABLE_SIZE)
    assert tables.truncated.dtype == np.int32
    assert tables.untruncated.dtype == np.int64
    # Rounding the running sum moves an amount by a cent at most.
    assert np.diff(tables.truncated.astype(np.int64), axis=1).min() >= -1
    assert tables.truncated.min() >= 0


def test_nobody_counts_beyond_the_truncation_point():
    scale = national_scale(NATION)
    tables = amount_tables(MIXTURE, scale, BANDS)
    limits = scale.truncation_point * person_years(BANDS) * 100.0
    assert np.all(tables.truncated.max(axis=1) <= limits + 1.0)
    assert tables.untruncated.sum() > tables.truncated.sum()


def test_costs_rise_with_risk_and_the_dying_cost_what_their_risk_does():
    tables = amount_tables(MIXTURE, national_scale(NATION), BANDS)
    annualised = tables.truncated.mean(axis=1) / person_years(BANDS)
    assert np.all(np.diff(annualised[:-1]) > 0.0)
    assert annualised[-1] == pytest.approx(risk_of_bands(BANDS)[-1] @ annualised[:-1], rel=1e-7)


def test_without_loading_all_bands_spend_alike():
    tables = amount_tables(
        MIXTURE, national_scale(NATION), replace(BANDS, loading=0.0, mortality_loading=0.0)
    )
    alone = amount_tables(MIXTURE, national_scale(NATION), ONE_BAND).truncated[0]
    for amounts in tables.truncated[:-1]:
        np.testing.assert_array_equal(amounts, alone)


def test_a_given_truncation_point_holds_and_the_mean_is_met():
    spending = replace(NATION, truncation_point=60_000.0)
    scale = national_scale(spending)
    assert scale.truncation_point == 60_000.0
    assert scale.dollars * limited_moment(MIXTURE, 60_000.0 / scale.dollars, 1) == pytest.approx(
        10_604.0, rel=1e-10
    )


def test_an_untruncated_mean_can_be_given():
    scale = national_scale(replace(NATION, per_capita_basis="untruncated"))
    assert scale.dollars * mean(MIXTURE) == pytest.approx(10_604.0, rel=1e-12)
    # 95.2 percent of dollars are kept (calibration.md section 2).
    assert scale.truncated_mean / 10_604.0 == pytest.approx(0.952, abs=5e-4)


@pytest.mark.parametrize("relative_cost", [0.8, 1.0, 1.25])
def test_an_acos_level_is_of_truncated_spending(relative_cost):
    scale = local_scale(NATION, relative_cost)
    tables = amount_tables(MIXTURE, scale, BANDS)
    assert marginal_moment(tables.truncated, BANDS, 1) == pytest.approx(relative_cost * 10_604.0, rel=1e-8)
    assert scale.truncation_point == national_scale(NATION).truncation_point


def test_without_truncation_both_tables_agree():
    spending = replace(NATION, truncation_percentile=1.0)
    scale = national_scale(spending)
    tables = amount_tables(MIXTURE, scale, ONE_BAND)
    np.testing.assert_array_equal(tables.truncated, tables.untruncated)


@pytest.mark.parametrize(
    ("field", "value"), [("per_capita", 0.0), ("truncation_percentile", 0.0), ("truncation_point", -1.0)]
)
def test_a_slip_is_refused(field, value):
    with pytest.raises(ValueError, match=field):
        replace(NATION, **{field: value})


def test_a_level_above_the_truncation_point_is_refused():
    with pytest.raises(ValueError, match="relative_cost"):
        local_scale(NATION, 20.0)


def test_an_amount_beyond_32_bits_is_refused():
    spending = replace(NATION, per_capita=2e7, truncation_percentile=1.0)
    with pytest.raises(ValueError, match="32 bits"):
        amount_tables(MIXTURE, national_scale(spending), ONE_BAND)


def test_a_mean_that_no_scale_reaches_is_refused_in_words():
    # Nobody's truncated spending is above the limit, and one in twenty spends nothing.
    family = LognormalMixture(0.05, (1.0,), (0.0,), (1.0,))
    spending = NationalSpending(family, 9_600.0, 0.99, truncation_point=10_000.0)
    with pytest.raises(
        ValueError, match="has a mean below 9,500 USD, whatever its scale; 9,600 USD is asked"
    ):
        national_scale(spending)
    reached = national_scale(replace(spending, per_capita=9_400.0))
    assert reached.truncated_mean == pytest.approx(9_400.0, rel=1e-12)


def test_a_nation_where_nobody_below_the_truncation_point_spends_is_refused():
    family = LognormalMixture(0.99, (1.0,), (0.0,), (1.0,))
    with pytest.raises(ValueError, match=r"nobody below the truncation percentile 0\.99 spends anything"):
        national_scale(NationalSpending(family, 9_600.0, 0.99))


def test_amounts_that_fall_by_rank_are_refused():
    # A part so narrow, and so far above the other, that its quantiles are lost to rounding.
    weights = np.array([0.1770120701696769, 0.5637244933385037])
    family = LognormalMixture(
        0.3302288052078403,
        tuple(weights / weights.sum()),
        (5.639911732973216, -15.50038190579951),
        (0.0011902179538933846, 2.111807629178294),
    )
    nation = NationalSpending(family, 10_604.0, 0.99, truncation_point=200_000.0)
    with pytest.raises(ValueError, match="cannot be computed: they fall"):
        amount_tables(family, national_scale(nation), BANDS)
