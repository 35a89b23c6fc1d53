"""The back-test: on CMS's files against what came, on invented ACOs against the law they follow."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from simcore.cms.aco_layer import aco_layer_toml, estimate_aco_layer
from simcore.cms.backtest import FORECAST_COLUMNS, Backtest, run_backtest
from simcore.cms.backtest_report import backtest_json, backtest_tables, pit, reliability, targets
from simcore.cms.baselines import BASELINES, baseline_scores
from simcore.cms.forecast import Settings
from simcore.cms.forecast_fit import fit, weighted_median
from simcore.cms.panel import FEATURES, NEXT, NOISE_FEATURES, build_panel, transitions
from simcore.cms.public_results import PublicResults, read_public_results
from simcore.cms.published_results import backtest_chapter
from simcore.cms.settlement_forecast import settle_forecast
from simcore.errors import DataError
from simcore.regulation.reader import Regulation, read_regulation
from simcore.scenario.default_values import default_table
from tests.cms.built_panel import ACOS, write_years


@pytest.fixture(scope="module")
def regulation() -> Regulation:
    return read_regulation()


@pytest.fixture(scope="module")
def results(cms_data: Path) -> list[PublicResults]:
    return [read_public_results(path) for path in sorted((cms_data / "puf").glob("PY*.csv"))]


@pytest.fixture(scope="module")
def backtest(results: list[PublicResults], regulation: Regulation) -> Backtest:
    return run_backtest(results, regulation)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> list[PublicResults]:
    return [read_public_results(path) for path in write_years(tmp_path_factory.mktemp("years"))]


@pytest.fixture(scope="module")
def pairs(invented: list[PublicResults], regulation: Regulation) -> pd.DataFrame:
    return transitions(build_panel(invented, regulation))


@pytest.mark.slow
@pytest.mark.cms_data
def test_forecasts_of_2022_and_2023_meet_their_targets(backtest: Backtest) -> None:
    years = backtest.years.set_index("performance_year")
    for year in (2022, 2023):
        assert 0.87 <= years.loc[year, "coverage_90"] <= 0.93
        assert years.loc[year, "gain last rate"] >= 0.07
        assert years.loc[year, "gain autoregression"] >= 0.03
    # 1.94 points: the best published forecast.
    assert years.loc[2023, "mean_absolute_error"] <= 0.0194
    assert not years.loc[2020, "normal"]


@pytest.mark.slow
@pytest.mark.cms_data
def test_a_forecast_knows_nothing_of_its_year_or_later(
    backtest: Backtest, results: list[PublicResults], regulation: Regulation
) -> None:
    until_2022 = [result for result in results if result.performance_year <= 2022]
    known = ["aco_id", "forecast", "scale", "probability_paid", "crps autoregression"]
    alone = run_backtest(until_2022, regulation).forecasts.query("performance_year == 2022")[known]
    within = backtest.forecasts.query("performance_year == 2022")[known]
    pd.testing.assert_frame_equal(
        alone.reset_index(drop=True), within.reset_index(drop=True), check_exact=True
    )


@pytest.mark.cms_data
def test_the_shipped_aco_layer_is_what_the_files_say(backtest: Backtest) -> None:
    shipped = default_table("aco_layer")
    assert backtest.layer is not None
    for name in ("autocorrelation", "innovation_deviation", "size_dependent"):
        # Four published digits.
        assert shipped[name]["value"] == pytest.approx(getattr(backtest.layer, name).value, rel=5e-4)


@pytest.mark.cms_data
def test_the_variance_of_yearly_changes_is_the_published_one(backtest: Backtest) -> None:
    # Var = 1.46e-4 + 8.31 / n over 2020-2024 (calibration.md 1): other years here, so within 4 standard errors.
    assert backtest.layer is not None
    for estimate, published in (
        (backtest.layer.variance_floor, 1.46e-4),
        (backtest.layer.variance_by_size, 8.31),
    ):
        assert abs(estimate.value - published) < 4.0 * estimate.standard_error


@pytest.mark.cms_data
def test_tables_say_what_their_columns_mean(backtest: Backtest) -> None:
    assert list(backtest.forecasts.columns) == list(FORECAST_COLUMNS)
    tables = backtest_tables(backtest)
    assert tables["pit"].groupby("performance_year")["share"].sum().to_numpy() == pytest.approx(1.0)
    assert reliability(backtest, "paid")["count"].sum() == len(backtest.normal_times())
    assert len(pit(backtest)["share"]) == 10
    assert {target.met for target in targets(backtest)} == {True, False}
    assert set(backtest_json(backtest)) >= {"performance_years", "targets", "reliability", "pit", "aco_layer"}


def test_pairs_hold_the_earlier_record_and_the_later_outcome(pairs: pd.DataFrame) -> None:
    assert len(pairs) == 3 * ACOS
    rebased = pairs[pairs["forecast_year"] == 2022]["rebased"]
    assert rebased.sum() == ACOS / 3
    # Features are measured from their year's mean.
    means = pairs.groupby("forecast_year")[["rate", "low_revenue", "esrd_share", *NOISE_FEATURES]].mean()
    np.testing.assert_allclose(means, 0.0, atol=1e-12)
    assert (
        (pairs.loc[~pairs["rebased"], [name for name in FEATURES if name.endswith("rebased")]] == 0.0)
        .all()
        .all()
    )


def test_the_fit_finds_the_slope_that_made_the_rates(pairs: pd.DataFrame) -> None:
    model = fit(pairs, Settings.default(), forecast_year=2024)
    # 270 pairs, residual SD 0.01 + 1.5 / sqrt(n) of about 0.022, SD of rates about 0.035: standard
    # error of the slope 0.022 / (0.035 sqrt(270)) = 0.04.
    assert abs(model.slopes[0] - 0.8) < 4 * 0.04
    people = pairs["assigned_beneficiaries"].to_numpy(dtype=float)
    true_scale = 0.01 + 1.5 / np.sqrt(people)
    fitted = model.forecast(pairs).scale
    # 270 draws tell a scale within 1 / sqrt(540) = 4 %; the prior and the t law add as much.
    assert abs(np.log(fitted / true_scale).mean()) < 0.2


def test_a_forecast_is_a_student_law(pairs: pd.DataFrame) -> None:
    forecast = fit(pairs, Settings.default(), forecast_year=2024).forecast(pairs)
    quantiles = forecast.quantile(np.array([0.05, 0.5, 0.95]))
    np.testing.assert_allclose(quantiles[:, 1], forecast.location)
    np.testing.assert_allclose(forecast.probability_below(quantiles[:, 2]), 0.95, rtol=1e-12)


def test_the_chance_of_a_payment_is_that_of_reaching_the_minimum(
    pairs: pd.DataFrame, regulation: Regulation
) -> None:
    earlier, current = pairs[pairs["forecast_year"] < 2023], pairs[pairs["forecast_year"] == 2023]
    model = fit(earlier, Settings.default(), forecast_year=2023)
    forecast = model.forecast(current)
    settled = settle_forecast(current, forecast, earlier, regulation)
    # Elected 2 %, quality met: P(rate >= 0.02), and losses from -2 % on; 200 points resolve half a percent.
    expected = 1.0 - forecast.probability_below(np.full(len(current), 0.02))
    np.testing.assert_allclose(settled["probability_paid"], expected, atol=0.005)
    owed = forecast.probability_below(np.full(len(current), -0.02))
    np.testing.assert_allclose(settled["probability_owed"], owed, atol=0.005)
    # Mean of a sure saving s is 0.75 x 0.98 x s x B: an ACO far above the minimum earns nearly that.
    place = int(np.argmax((forecast.location - 0.02) / forecast.scale))
    row = current.iloc[place]
    growth = (earlier[NEXT + "updated_benchmark"] / earlier["updated_benchmark"]).median()
    sure = 0.735 * forecast.location[place] * row["updated_benchmark"] * growth
    assert settled["expected_settlement"].iloc[place] == pytest.approx(sure, rel=0.03)


def test_baselines_by_hand(pairs: pd.DataFrame) -> None:
    scores = baseline_scores(pairs, pairs)
    assert list(scores) == list(BASELINES)
    before, after = pairs["savings_rate"], pairs[NEXT + "savings_rate"]
    deviation = np.std(after - before)
    z = (after - before) / deviation
    by_hand = deviation * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
    np.testing.assert_allclose(scores["last rate"], by_hand)
    # A straight line through the rates forecasts invented AR(1) rates better than last year's rate.
    assert scores["autoregression"].mean() < scores["last rate"].mean()


@pytest.mark.cms_data
def test_the_shipped_effects_are_what_the_files_say(
    results: list[PublicResults], regulation: Regulation
) -> None:
    settings = Settings.default()
    until = settings.effects_known_until
    pairs = transitions(build_panel(results, regulation))
    known = pairs[pairs["forecast_year"] <= until]
    without_means = replace(settings, effects_known_until=until + 1)
    slopes = fit(known, without_means, forecast_year=until + 1).slopes
    for name, slope in zip(FEATURES, slopes, strict=True):
        mean, deviation = settings.effects[name]
        # Two published digits; what is nought within a hundredth of its prior SD may be any small number.
        assert mean == pytest.approx(slope, rel=0.05, abs=0.01 * deviation), name


def test_prior_means_count_in_years_after_those_they_rest_on() -> None:
    settings = Settings.default()
    until = settings.effects_known_until
    before, deviations = settings.prior_of_slopes(until)
    after, same = settings.prior_of_slopes(until + 1)
    assert not before.any()
    assert after[FEATURES.index("rate_rebased")] < -0.4
    np.testing.assert_array_equal(deviations, same)


def test_an_effect_that_no_pair_shows_comes_from_its_prior(pairs: pd.DataFrame) -> None:
    # No ACO of 2021 begins a new agreement: what that does to a rate is what was known before.
    earlier, current = pairs[pairs["forecast_year"] == 2021], pairs[pairs["forecast_year"] == 2022]
    assert not earlier["rebased"].any()
    model = fit(earlier, Settings.default(), forecast_year=2022)
    mean, deviation = Settings.default().effects["rate_rebased"]
    place = FEATURES.index("rate_rebased")
    assert model.slopes[place] == pytest.approx(mean)
    assert model.slope_covariance[place, place] == pytest.approx(deviation**2)
    # So a rate two points off the mean is forecast 0.3 x 0.02 more widely in a new agreement.
    features = current.assign(**dict.fromkeys(FEATURES, 0.0))
    plain = model.forecast(features).scale
    off = model.forecast(features.assign(rate_rebased=0.02)).scale
    np.testing.assert_allclose(off**2 - plain**2, (deviation * 0.02) ** 2)


def test_weighted_median_by_hand() -> None:
    # Weights 1, 1, 2: half of the weight lies at 2 of 4, between the middle value and the last.
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 1.0])) == 2.0
    assert 2.0 < weighted_median(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 2.0])) < 3.0


def known_course(acos: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return panel and pairs of an AR(1), correlation 0.7, innovation SD 0.012, plus noise of variance 12 / n."""
    random = np.random.default_rng(7)
    people = random.integers(5_000, 80_000, acos).astype(float)
    course = 0.012 / np.sqrt(1.0 - 0.7**2) * random.standard_normal(acos)
    record = {"aco_id": [f"A{number}" for number in range(acos)], "agreement_start": "2018-01-01"}
    frames = []
    for year in range(2018, 2024):
        rate = course + np.sqrt(12.0 / people) * random.standard_normal(acos)
        frames.append(
            pd.DataFrame(
                {**record, "performance_year": year, "savings_rate": rate, "assigned_beneficiaries": people}
            )
        )
        course = 0.7 * course + 0.012 * random.standard_normal(acos)
    panel = pd.concat(frames, ignore_index=True)
    outcome = {name: NEXT + name for name in ("savings_rate", "assigned_beneficiaries")}
    later = panel.drop(columns="agreement_start").rename(columns=outcome)
    later["performance_year"] -= 1
    both = panel.merge(later, on=["aco_id", "performance_year"])
    return panel, both.assign(rebased=False, forecast_year=both["performance_year"] + 1)


def test_the_aco_layer_of_a_known_course() -> None:
    layer = estimate_aco_layer(*known_course(3_000))
    # Two years' noise is 2 x 12 / n; individuals are taken to add 4.84 / n, so that 2 nu^2 = 24 - 4.84.
    truth = {"autocorrelation": 0.7, "innovation_deviation": 0.012, "size_dependent": np.sqrt(19.16 / 2.0)}
    for name, value in truth.items():
        estimate = getattr(layer, name)
        assert abs(estimate.value - value) < 4.0 * estimate.standard_error, name
        assert estimate.standard_error < 0.1 * value
    assert layer.years == (2019, 2022, 2023)
    assert "[innovation_deviation]" in aco_layer_toml(layer)


def test_too_few_acos_for_the_layer() -> None:
    panel, both = known_course(5)
    with pytest.raises(DataError, match="three files in a row"):
        estimate_aco_layer(panel, both)


def test_years_at_fault(invented: list[PublicResults], regulation: Regulation) -> None:
    with pytest.raises(DataError, match="more than one file of"):
        run_backtest([*invented, invented[0]], regulation)
    with pytest.raises(
        DataError, match="2020 and 2021; it takes the files of three performance years in a row"
    ):
        run_backtest(invented[:2], regulation)


def test_years_that_are_not_normal_alone_have_no_targets(tmp_path: Path, regulation: Regulation) -> None:
    results = [read_public_results(path) for path in write_years(tmp_path, (2019, 2020, 2021))]
    scored = run_backtest(results, regulation)
    assert scored.years["acos"].tolist() == [ACOS]
    assert targets(scored) == []
    assert any(
        note.startswith("no normal times, so held to no target: 2021 (COVID-19") for note in scored.notes
    )
    assert scored.if_right.shape[1] == 0


def test_the_chapter_has_all_baselines_and_both_events(
    invented: list[PublicResults], regulation: Regulation
) -> None:
    scored = run_backtest(invented, regulation)
    scores, paid, owed, _ = backtest_chapter(scored).grids
    assert {f"gain on {name}" for name in BASELINES} <= set(scores.columns)
    assert [row[-2] for row in scores.rows] == [f"{value:.3f}" for value in scored.years["brier_paid"]]
    for grid, event in ((paid, "paid"), (owed, "owed")):
        assert grid.title.startswith(f"Shared {'savings' if event == 'paid' else 'losses'} {event}")
        normal = scored.normal_times()
        assert sum(int(row[-1]) for row in grid.rows) == len(normal)
        came = sum(float(row[1].rstrip("%")) / 100.0 * int(row[-1]) for row in grid.rows)
        assert came == pytest.approx(normal[event].sum(), abs=0.0005 * len(normal))
