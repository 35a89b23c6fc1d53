"""The back-test with a later year in the layout of 2024, and with files missing or odd."""

from pathlib import Path

import numpy as np
import pytest

from simcore.cms.backtest import Backtest, run_backtest
from simcore.cms.backtest_report import targets
from simcore.cms.panel import build_panel, transitions
from simcore.cms.public_results import PublicResults, read_public_results
from simcore.errors import DataError
from simcore.model.minimum_savings_rate import rate_bands, table_rate
from simcore.regulation.reader import Regulation, read_regulation
from tests.cms.built_2024 import JOINED, LEFT, as_2024

pytestmark = pytest.mark.cms_data
YEARS = (2020, 2021, 2022, 2023)


@pytest.fixture(scope="module")
def regulation() -> Regulation:
    return read_regulation()


@pytest.fixture(scope="module")
def files(cms_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, PublicResults]:
    known = {year: cms_data / "puf" / f"PY{year}.csv" for year in YEARS}
    later = as_2024(known[2023], tmp_path_factory.mktemp("later") / "PY2024.csv")
    return {year: read_public_results(path) for year, path in {**known, 2024: later}.items()}


@pytest.fixture(scope="module")
def with_2024(files: dict[int, PublicResults], regulation: Regulation) -> Backtest:
    return run_backtest(list(files.values()), regulation)


def test_2024_is_forecast_and_held_to_the_targets_of_normal_times(
    with_2024: Backtest, files: dict[int, PublicResults]
) -> None:
    last = with_2024.years.iloc[-1]
    assert (last["performance_year"], last["normal"], last["earlier_years"]) == (2024, True, 3)
    # Who left and who came under a new identifier has no pair of years.
    assert last["acos"] == len(files[2023].frame) - LEFT - JOINED
    names = [target.target for target in targets(with_2024)]
    assert "coverage of the 90 % interval, 2024" in names
    assert "mean absolute error, 2024" in names
    chances = [target.if_right for target in targets(with_2024) if target.if_right is not None]
    assert all(0.0 <= chance <= 1.0 for chance in chances)
    assert not with_2024.forecasts.isna().any().any()


def test_a_later_file_changes_no_earlier_forecast(
    with_2024: Backtest, files: dict[int, PublicResults], regulation: Regulation
) -> None:
    alone = run_backtest([files[year] for year in YEARS], regulation).forecasts
    within = with_2024.forecasts[with_2024.forecasts["performance_year"] <= 2023]
    for name in ("forecast", "scale", "probability_paid"):
        np.testing.assert_array_equal(alone[name], within[name])


def test_low_revenue_acos_of_2024_share_below_the_minimum(
    with_2024: Backtest, files: dict[int, PublicResults], regulation: Regulation
) -> None:
    pairs = transitions(build_panel(list(files.values()), regulation)).query("forecast_year == 2024")
    forecast = with_2024.forecasts.query("performance_year == 2024").set_index("aco_id")
    law = with_2024.models[2024].forecast(pairs)
    positive = 1.0 - law.probability_below(np.zeros(len(pairs)))
    # 42 CFR 425.605(h): BASIC, an agreement from 2024, low revenue and 5,000 beneficiaries.
    new = (pairs["next_agreement_start"].map(lambda day: day.year) == 2024) & (
        pairs["next_track"] != "ENHANCED"
    )
    big = pairs["assigned_beneficiaries"] >= 5_000
    low = (pairs["revenue_class"] == "Low Revenue").to_numpy()
    half_rate = (new & big).to_numpy() & low
    by_table = (new & big & (pairs["next_election"] == "variable")).to_numpy() & ~low
    chance = forecast.loc[pairs["aco_id"], "probability_paid"].to_numpy()
    assert half_rate.sum() > 10
    assert by_table.sum() > 10
    # The middles of 200 equally likely parts: a quarter of a point.
    np.testing.assert_allclose(chance[half_rate], positive[half_rate], atol=0.0026)
    people = pairs["assigned_beneficiaries"].to_numpy(dtype=float)
    bands = rate_bands(
        regulation, performance_year=2024, agreement_start=pairs[new]["next_agreement_start"].iloc[0]
    )
    reached = 1.0 - law.probability_below(np.asarray(table_rate(bands, people)))
    np.testing.assert_allclose(chance[by_table], reached[by_table], atol=0.0026)


@pytest.mark.parametrize("first", [2021, 2022])
def test_fewer_files_forecast_2024_too(
    first: int, files: dict[int, PublicResults], regulation: Regulation
) -> None:
    scored = run_backtest([file for year, file in files.items() if year >= first], regulation)
    assert scored.years.iloc[-1]["performance_year"] == 2024
    assert scored.years.iloc[-1]["earlier_years"] == 2023 - first


def test_a_missing_year_is_said_and_its_neighbours_are_not_linked(
    files: dict[int, PublicResults], regulation: Regulation
) -> None:
    scored = run_backtest([file for year, file in files.items() if year != 2022], regulation)
    assert any("no file of 2022" in note for note in scored.notes)
    assert scored.years["performance_year"].tolist() == [2024]


def test_one_file_and_two_are_too_few(files: dict[int, PublicResults], regulation: Regulation) -> None:
    for years in ((2024,), (2023, 2024)):
        with pytest.raises(DataError, match="three performance years in a row"):
            run_backtest([files[year] for year in years], regulation)
