"""What chance alone does to a table of reliability: against the binomial law."""

import numpy as np
import pytest
from scipy import stats

from simcore.analysis.chance import reliability_beside_chance

DRAWS = 20_000


def table_of(forecast: np.ndarray, happened: np.ndarray, **changes: float):
    generator = np.random.default_rng(5)
    simulated = generator.random((DRAWS, forecast.size)) < forecast
    asked = {"largest_gap": 0.05, "least_count": 30} | changes
    return reliability_beside_chance(forecast, happened, simulated, **asked)


def test_groups_stray_as_often_as_binomial_shares_do() -> None:
    # Two groups of one probability each, of sizes at which no count lies on the edge of 5 points.
    forecast = np.repeat([0.45, 0.85], [61, 201])
    happened = np.concatenate([np.arange(61) < 21, np.arange(201) < 172])
    table = table_of(forecast, happened)
    off = 0.0
    for place, (count, probability) in {4: (61, 0.45), 8: (201, 0.85)}.items():
        law = stats.binom(count, probability)
        low, high = (count * (probability + side * 0.05) for side in (-1.0, 1.0))
        within = law.cdf(np.floor(high)) - law.cdf(np.ceil(low) - 1.0)
        # Four standard errors of 20,000 draws.
        assert table["probability_within"].values[place] == pytest.approx(within, abs=4 * 0.0036)
        assert table["consistent_lower"].values[place] == pytest.approx(
            law.ppf(0.025) / count, abs=1.01 / count
        )
        assert table["consistent_upper"].values[place] == pytest.approx(
            law.ppf(0.975) / count, abs=1.01 / count
        )
        off += 1.0 - within
    assert table.attrs["expected_outside"] == pytest.approx(off, abs=4 * 0.0055)
    # 21 of 61 is 11 points below, 172 of 201 is 1 point above.
    assert (table.attrs["judged"], table.attrs["outside"]) == (2, 1)
    by_hand = (21 - 27.45) ** 2 / (61 * 0.45 * 0.55) + (172 - 170.85) ** 2 / (201 * 0.85 * 0.15)
    assert table.attrs["chi_square"] == pytest.approx(by_hand)
    # Two degrees of freedom, as nothing is estimated; shares are counts, so the law is a little coarse.
    assert table.attrs["p_value"] == pytest.approx(stats.chi2(2).sf(by_hand), abs=0.03)


def test_small_groups_are_shown_and_not_judged() -> None:
    forecast = np.repeat([0.05, 0.96], [29, 30])
    table = table_of(forecast, np.ones(59, dtype=bool))
    assert (table.attrs["judged"], table.attrs["outside"]) == (1, 0)
    assert np.isfinite(table["probability_within"].values[[0, 9]]).all()
    assert np.isnan(table["probability_within"].values[1:9]).all()


def test_wrong_forecasts_are_told_from_bad_luck() -> None:
    forecast = np.linspace(0.02, 0.98, 2_000)
    came = np.random.default_rng(8).random(2_000)
    right, wrong = table_of(forecast, came < forecast), table_of(forecast, came < forecast**2)
    assert right.attrs["p_value"] > 0.01
    assert wrong.attrs["p_value"] < 0.001
    assert wrong.attrs["probability_as_many_outside"] < 0.001


def test_no_forecast_is_no_fault() -> None:
    table = table_of(np.empty(0), np.empty(0, dtype=bool))
    assert table.attrs["judged"] == 0
    assert table.attrs["probability_none_outside"] == 1.0
