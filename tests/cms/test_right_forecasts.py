"""Outcomes of forecasts that are right: their spread, what a year has in common, and their events."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from simcore.cms.forecast import Forecast
from simcore.cms.right_forecasts import events_if_right, outcomes_if_right

DRAWS = 20_000


PROBABILITIES = pd.DataFrame(
    {
        "degrees_of_freedom": 8.0,
        "probability_paid": [0.9, 0.3, 0.0],
        "probability_owed": [0.01, 0.2, 0.5],
    }
)


def years(deviation: float) -> list[Forecast]:
    """Return forecasts of two ACOs in one year and of one in the next, with an SD in common."""
    return [
        Forecast(np.zeros(2), np.array([0.02, 0.04]), 8.0, np.full((2, 1), deviation)),
        Forecast(np.zeros(1), np.array([0.02]), 8.0, np.full((1, 1), deviation)),
    ]


def test_each_forecast_comes_out_of_its_own_law() -> None:
    outcomes = outcomes_if_right(years(0.004), draws=DRAWS)
    # What is common is normal and not t: of a scale of 2 points it is 0.4, which moves a share less than 0.003.
    for level in (0.5, 0.9):
        share = (np.abs(outcomes) <= stats.t.ppf(0.5 + level / 2.0, 8.0)).mean(axis=0)
        np.testing.assert_allclose(share, level, atol=4 * 0.0036 + 0.003)


def test_a_year_has_its_shift_in_common() -> None:
    outcomes = outcomes_if_right(years(0.01), draws=DRAWS)
    correlation = np.corrcoef(outcomes.T)
    # Common variance 1e-4; own variance (scale^2 - 1e-4) x 8/6, of a t law.
    first, second = (1e-4 + (scale**2 - 1e-4) * 8.0 / 6.0 for scale in (0.02, 0.04))
    assert correlation[0, 1] == pytest.approx(1e-4 / np.sqrt(first * second), abs=4 * 0.0071)
    assert correlation[0, 2] == pytest.approx(0.0, abs=4 * 0.0071)
    alone = outcomes_if_right(years(0.0), draws=DRAWS)
    assert np.corrcoef(alone.T)[0, 1] == pytest.approx(0.0, abs=4 * 0.0071)


@pytest.mark.parametrize("event", ["paid", "owed"])
def test_events_come_as_often_as_forecast(event: str) -> None:
    outcomes = outcomes_if_right(years(0.004), draws=DRAWS)
    share = events_if_right(outcomes, PROBABILITIES, event).mean(axis=0)
    np.testing.assert_allclose(share, PROBABILITIES[f"probability_{event}"], atol=4 * 0.0036 + 0.003)


def test_savings_and_losses_do_not_come_together() -> None:
    outcomes = outcomes_if_right(years(0.004))
    paid, owed = (events_if_right(outcomes, PROBABILITIES, event) for event in ("paid", "owed"))
    assert not (paid & owed).any()
