import numpy as np
import pytest

from simcore.model.benchmark.guardrail import apply_guardrail


@pytest.mark.parametrize(
    ("benchmark", "two_way", "expenditures", "settled", "applies", "neither"),
    [
        # losses of 3 percent of 100; against 102 they are 1/102: judged again on the two-way benchmark
        (100.0, 102.0, 103.0, 102.0, True, False),
        # against 105 it would be savings: neither savings nor losses
        (100.0, 105.0, 103.0, 105.0, True, True),
        # exactly the minimum loss rate of 2 percent opens the guardrail
        (100.0, 101.0, 102.0, 101.0, True, False),
        # within the minimum: nothing to guard against
        (100.0, 105.0, 101.9, 100.0, False, False),
        # the two-way benchmark is lower: the three-way one stays
        (100.0, 99.0, 103.0, 100.0, False, False),
        # the two are equal: nothing is replaced
        (100.0, 100.0, 103.0, 100.0, False, False),
        # savings are settled on the three-way benchmark
        (100.0, 105.0, 95.0, 100.0, False, False),
        # expenditures at the two-way benchmark: no losses and no savings from the arithmetic itself
        (100.0, 103.0, 103.0, 103.0, True, False),
    ],
)
def test_hand_worked(benchmark, two_way, expenditures, settled, applies, neither):
    result = apply_guardrail(
        np.array([benchmark]), np.array([two_way]), np.array([expenditures]), minimum_loss_rate=0.02
    )
    assert (result.benchmark[0], result.applies[0], result.neither[0]) == (settled, applies, neither)


def test_a_minimum_of_zero_is_no_loss_at_equal_amounts():
    result = apply_guardrail(np.array([100.0]), np.array([101.0]), np.array([100.0]), minimum_loss_rate=0.0)
    assert not result.applies[0]


def test_published_guardrail_cases_of_2024_show_savings_that_are_not_shared():
    # A5321, performance year 2024: CMS publishes the two-way benchmark, a savings rate of +0.108 percent
    # at a minimum of zero, Guardrail = 1, and no savings.
    expenditures = 1.0
    two_way = expenditures / (1.0 - 0.00108)
    result = apply_guardrail(
        np.array([0.999]), np.array([two_way]), np.array([expenditures]), minimum_loss_rate=0.0
    )
    assert result.neither[0]
    assert result.benchmark[0] == two_way
