from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcore.model.benchmark.prior_savings import prior_savings
from simcore.model.benchmark.terms import PriorSavingsTerms
from tests.model.benchmark.worlds import prior_performance

SCALED = PriorSavingsTerms(method="scaled", scaling=0.5, cap=0.05, cap_risk_adjusted=False)
EARNED = PriorSavingsTerms(method="earned_share", scaling=1.0, cap=inf, cap_risk_adjusted=False)


def adjustment(prior, terms=SCALED, *, person_years=10_000.0, national=10_000.0, risk_score=1.0):
    return prior_savings(prior, terms, person_years=person_years, national=national, risk_score=risk_score)


def test_hand_worked_average_of_savings_and_losses():
    # (600 - 300 + 900) / 3 = 400; half of it 200; below 5 percent of 10,000
    result = adjustment(prior_performance([600, -300, 900]))
    np.testing.assert_allclose(result.yearly[:, 0], [600, -300, 900])
    assert result.adjustment[0] == pytest.approx(200)


def test_the_cap_is_a_share_of_national_expenditures():
    # half of 1,200 = 600 > .05 x 10,000 = 500
    assert adjustment(prior_performance([1_200] * 3)).adjustment[0] == pytest.approx(500)


def test_a_proposed_cap_follows_the_risk_score():
    # .05 x 10,000 x 1.1 = 550
    terms = PriorSavingsTerms(method="scaled", scaling=0.5, cap=0.05, cap_risk_adjusted=True)
    result = adjustment(prior_performance([1_200] * 3), terms, risk_score=1.1)
    assert result.adjustment[0] == pytest.approx(550)


def test_growth_of_the_aco_prorates():
    # 10,000 prior person-years over 12,500 now: .8 x .5 x 400 = 160; shrinking does not enlarge
    prior = prior_performance([400] * 3)
    assert adjustment(prior, person_years=12_500.0).adjustment[0] == pytest.approx(160)
    assert adjustment(prior, person_years=5_000.0).adjustment[0] == pytest.approx(200)


def test_a_year_not_reconciled_counts_as_zero_savings_but_not_in_person_years():
    # (0 + 300 + 600) / 3 = 300; person-years stay 10,000 on average over the two settled years
    prior = prior_performance([900, 300, 600], reconciled=np.array([[False], [True], [True]]))
    result = adjustment(prior)
    assert result.proration[0] == 1.0
    assert result.adjustment[0] == pytest.approx(150)


def test_savings_withheld_count_as_zero_and_losses_still_count():
    # 900 withheld -> 0; -300 stays; (0 - 300 + 600) / 3 = 100
    prior = prior_performance([900, -300, 600], eligible=np.array([[False], [False], [True]]))
    assert adjustment(prior).average[0] == pytest.approx(100)


@pytest.mark.parametrize("savings", [[0, 0, 0], [-10, 5, 5], [-100, -100, 100]])
def test_no_net_savings_no_adjustment(savings):
    assert adjustment(prior_performance(savings)).adjustment[0] == 0.0


def test_agreements_of_2016_add_back_what_the_aco_earned():
    # mean savings 400 x mean final sharing rate (.5 + .4 + .45) / 3 = .45 -> 180, without a cap
    prior = prior_performance([300, 400, 500], final_sharing_rate=np.array([[0.5], [0.4], [0.45]]))
    assert adjustment(prior, EARNED, national=1.0).adjustment[0] == pytest.approx(180)


@given(savings=st.lists(st.floats(-3_000, 3_000), min_size=3, max_size=3), people=st.floats(100, 1e6))
def test_between_zero_and_the_cap(savings, people):
    result = adjustment(prior_performance(savings), person_years=people)
    assert 0.0 <= result.adjustment[0] <= 500.0
