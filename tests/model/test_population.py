import time

import numpy as np
import pytest

from simcore.errors import ScenarioError
from simcore.model.bands import head_shares
from simcore.model.default_people import default_plan
from simcore.model.population import build_type_model, counts_by_rank
from simcore.model.spending import NationalSpending
from tests.model.people import BANDS, MIXTURE, ONE_BAND, plan

PER_CAPITA = {"ESRD": 85_829.0, "DISABLED": 11_099.0, "AGED_DUAL": 17_054.0, "AGED_NON_DUAL": 10_604.0}


def defaults(name, **choices):
    return default_plan(name, per_capita=PER_CAPITA[name], truncation_percentile=0.99, **choices)


@pytest.mark.parametrize("score", [0.75, 1.0, 1.2])
@pytest.mark.parametrize("level", [0.9, 1.0])
def test_an_acos_per_capita_is_nation_times_level_times_score(score, level):
    model = build_type_model(plan(relative_cost=level, mean_risk_score=score))
    assert model.per_capita == pytest.approx(10_604.0 * level * score, rel=1e-7)
    assert model.mean_risk_score == pytest.approx(score, rel=1e-12)


def test_one_band_has_the_acos_score_as_its_level():
    model = build_type_model(plan(bands=ONE_BAND, mean_risk_score=1.1))
    assert model.per_capita == pytest.approx(1.1 * 10_604.0, rel=1e-7)
    assert model.mean_risk_score == pytest.approx(1.1, rel=1e-12)


def test_the_score_explains_what_the_published_model_explains():
    # CMS evaluations: 11 to 12 percent of the variance; it is the covariance of score and spending over
    # the variance of spending, per person-year of the nation.
    model = build_type_model(plan())
    weights = model.shares * model.person_years / (model.shares @ model.person_years)
    annualised = model.amounts / model.person_years[:, None] / 100.0
    by_band = annualised.mean(axis=1)
    mean = weights @ by_band
    variance = weights @ (annualised**2).mean(axis=1) - mean**2
    covariance = weights @ ((model.risk_score - 1.0) * mean * (by_band - mean))
    assert covariance / variance == pytest.approx(0.115, rel=1e-9)
    assert weights @ model.risk_score == pytest.approx(1.0, rel=1e-12)


def test_known_head_counts_are_kept():
    counts = (300, 250, 200, 140, 60, 10, 40)
    model = build_type_model(plan(head_counts=counts))
    assert model.head_counts.tolist() == list(counts)
    np.testing.assert_allclose(model.initial, np.array(counts) / 1000.0, rtol=1e-12)


def test_the_mix_stays_without_a_new_draw():
    model = build_type_model(plan(mean_risk_score=1.1))
    after = (model.initial * model.stay) @ model.moves + model.initial @ (1.0 - model.stay) * model.joiners
    np.testing.assert_allclose(after, model.initial, atol=1e-12)


def test_counts_by_rank_add_up():
    shares = head_shares(BANDS)
    for people in (1, 7, 999, 100_000):
        counts = counts_by_rank(people, shares)
        assert sum(counts) == people
        np.testing.assert_allclose(counts, people * shares, atol=1.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"score_explains": 1.5}, "score_explains"),
        ({"head_counts": (1, 2)}, "7 bands"),
        ({"mean_risk_score": 0.0}, "mean_risk_score"),
        ({"relative_cost": -1.0}, "relative_cost"),
    ],
)
def test_a_slip_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        plan(**changes)


def test_a_score_that_no_mix_has_is_refused():
    with pytest.raises(ValueError, match="outside of the bands"):
        build_type_model(plan(mean_risk_score=15.0))


@pytest.mark.parametrize("persistence", [True, False])
@pytest.mark.parametrize("name", list(PER_CAPITA))
def test_default_people_cost_the_nations_mean(name, persistence):
    # CMS public results 2022: 85,829 / 11,099 / 17,054 / 10,604.
    model = build_type_model(defaults(name, persistence=persistence))
    assert model.per_capita == pytest.approx(PER_CAPITA[name], rel=1e-7)
    # 4.0 percent die (KFF 2016), 84.4 percent are assigned again (AJMC 2019).
    assert model.initial @ model.die == pytest.approx(0.04, rel=1e-9)
    assert model.initial @ model.stay == pytest.approx(0.844, rel=1e-9)


def test_a_year_by_itself_knows_nothing_of_persistence():
    on, off = (build_type_model(defaults("AGED_DUAL", persistence=choice)) for choice in (True, False))
    np.testing.assert_array_equal(on.amounts, off.amounts)
    np.testing.assert_array_equal(on.initial, off.initial)


def test_without_turnover_everybody_stays_a_whole_year():
    model = build_type_model(defaults("AGED_DUAL", turnover=False))
    np.testing.assert_array_equal(model.stay, 1.0)
    np.testing.assert_array_equal(model.person_years, 1.0)


def test_without_both_a_single_table_is_drawn_from():
    model = build_type_model(defaults("ESRD", persistence=False, turnover=False))
    assert model.amounts.shape == (1, 4096)


def test_a_scenarios_own_distribution_is_taken():
    law = {"family": "lognormal", "coefficient_of_variation": 1.2, "basis": "truncated"}
    model = build_type_model(defaults("ESRD", distribution=law, persistence=False, turnover=False))
    # Cells of 1/4096 lose less than 1e-5 of the spread.
    assert model.amounts.std() / model.amounts.mean() == pytest.approx(1.2, rel=1e-5)


def test_a_faulty_distribution_names_its_place():
    with pytest.raises(ScenarioError, match=r"spending\.distribution\.ESRD"):
        defaults("ESRD", distribution={"family": "gauss"})


def test_people_are_built_quickly():
    # Grids of scenarios build them by the hundred; 0.15 s for four types is the promise, 0.02 s was measured.
    start = time.perf_counter()
    for name in PER_CAPITA:
        build_type_model(defaults(name))
    assert time.perf_counter() - start < 1.0


def test_a_cent_of_rounding_is_all_that_a_scale_moves():
    # Scaling money by a power of two scales every amount but for rounding of the running sum.
    one = build_type_model(plan())
    four = build_type_model(plan(spending=NationalSpending(MIXTURE, 4 * 10_604.0, 0.99)))
    difference = four.amounts.astype(np.int64) - 4 * one.amounts.astype(np.int64)
    assert np.abs(difference).max() <= 5
