"""The presets settle Direct Contracting and ACO REACH as CMS did, to the cent."""

import csv
from pathlib import Path

import numpy as np
import pytest

from simcore.cms.reach import reach_details, replay_reach
from simcore.cms.reach_results import read_reach_results
from simcore.cms.replay import EXACT, UNEXPLAINED, WITHIN, Replay
from simcore.cms.replay_summary import replay_json
from simcore.errors import DataError
from simcore.regulation.presets import read_presets
from tests.cms.built_files import write_csv

PRESETS = read_presets()
CENT = 0.01

HEADER = (
    *("perf_year", "aco_id", "risk_arrangement", "stop_loss", "final_benchmark", "heba_up_amt"),
    *("heba_down_amt", "tot_cost_care_net", "shared_savings", "shared_savings_seq"),
)
# Performance year 2022 of CMS's public results (data.cms.gov, ACO REACH Financial and Quality Results, PY2), as a third
# party transcribed them (trynytyhealthSmithson/reach-lead-explorer, reach_performance.json); ten digits an amount.
ROWS_2022 = tuple(
    ("2022", aco, option, stop_loss, benchmark, "", "", net_expenditures, shared, after)
    for aco, option, stop_loss, benchmark, net_expenditures, shared, after in (
        ("D0160", "Global", "Yes", "29570394.36", "32023006.71", "-2452612.35", "-2452612.35"),
        ("D0154", "Global", "No", "161614917.3", "174653665.0", "-13038747.63", "-13038747.63"),
        ("D0027", "Global", "Yes", "73601581.81", "72538488.57", "1063093.23", "1041831.37"),
        ("D0105", "Global", "Yes", "113714027.4", "109093354.3", "4620673.13", "4528259.67"),
        ("D0181", "Global", "Yes", "206314024.1", "187350752.2", "18963271.96", "18584006.52"),
        ("D0004", "Global", "Yes", "172527112.6", "134020983.8", "38506128.76", "37736006.19"),
        ("D0088", "Global", "Yes", "43984166.24", "30651714.43", "12164246.69", "11920961.75"),
        ("D0127", "Professional", "Yes", "105182603.2", "116351494.6", "-4567855.29", "-4567855.29"),
        ("D0052", "Professional", "Yes", "17660028.01", "18943346.94", "-581611.84", "-581611.84"),
        ("D0207", "Professional", "Yes", "416458912.1", "418246382.9", "-893735.42", "-893735.42"),
        ("D0217", "Professional", "Yes", "238884918.4", "234388962.1", "2247978.18", "2203018.62"),
        ("D0061", "Professional", "Yes", "13088878.32", "12461190.7", "313843.80", "307566.93"),
        ("D0128", "Professional", "Yes", "7227745.38", "6128888.94", "362122.00", "0.00"),
        ("D0143", "Professional", "Yes", "40642472.85", "33255957.86", "2096630.85", "2054698.23"),
    )
)


def of_row(replay: Replay, aco: str) -> dict[str, object]:
    return replay.frame.set_index("aco_id").loc[aco].to_dict()


@pytest.fixture(scope="module")
def published(cms_data: Path) -> tuple[Replay, ...]:
    return replay_reach([cms_data / "reach_results.csv"], PRESETS)


@pytest.mark.cms_data
def test_every_row_agrees_to_the_cent_before_sequestration(published: tuple[Replay, ...]) -> None:
    for replay in published:
        frame = replay.frame
        np.testing.assert_allclose(frame["simcore_shared"], frame["cms_shared"], rtol=0.0, atol=CENT)


@pytest.mark.cms_data
def test_every_row_but_one_forfeiture_agrees_to_the_cent_after_it(published: tuple[Replay, ...]) -> None:
    differing = {
        (replay.performance_year, aco)
        for replay in published
        for aco in replay.frame.loc[replay.frame["verdict"] != EXACT, "aco_id"]
    }
    assert differing == {(2023, "D0120")}
    assert of_row(published[1], "D0120")["cms"] == 0.0


@pytest.mark.cms_data
def test_the_totals_are_cms_s(published: tuple[Replay, ...]) -> None:
    # 2021: 53 ACOs, 38 gains; 2023: 132 ACOs, 96 gains, of which one was forfeited.
    totals = [
        (replay.performance_year, len(replay.frame), round(float(replay.frame["simcore_shared"].sum())))
        for replay in published
    ]
    assert totals == [(2021, 53, 48_602_206), (2023, 132, 923_284_472)]
    content = replay_json(published)
    assert (content["aco_years"], content["exact"], content["unexplained"]) == (185, 184, 1)
    assert all(replay.gates_right for replay in published)


@pytest.mark.cms_data
def test_the_published_discount_is_the_contract_s(published: tuple[Replay, ...]) -> None:
    assert not any("discount" in note for replay in published for note in replay.notes)


def test_2022_agrees_within_its_digits(tmp_path: Path) -> None:
    (replay,) = replay_reach([write_csv(tmp_path / "py2.csv", HEADER, ROWS_2022)], PRESETS)
    assert replay.performance_year == 2022
    assert replay.count(EXACT) + replay.count(WITHIN) == 13
    assert list(replay.frame.loc[replay.frame["verdict"] == UNEXPLAINED, "aco_id"]) == ["D0128"]
    assert "forfeited" in str(of_row(replay, "D0128")["reason"])


def test_a_row_by_hand(tmp_path: Path) -> None:
    # D0127, 2022: a loss of 11,168,891.40, 10.6186 % of 105,182,603.20: 5 % x 0.5 + 5 % x 0.35 +
    # 0.6186 % x 0.15 = 4.3428 % of it, 4,567,855.3; the benchmark has one decimal: +-0.05.
    (replay,) = replay_reach([write_csv(tmp_path / "py2.csv", HEADER, ROWS_2022[7:8])], PRESETS)
    assert of_row(replay, "D0127")["simcore"] == pytest.approx(-4_567_855.29, abs=0.05)


def test_capitals_percent_years_and_equity_are_read(tmp_path: Path) -> None:
    # D0242, 2023 (same source): the base of the corridor includes the equity adjustment.
    row = ("PY3", "D0242", "PROF", "Yes", "471,075,382.48", "$1,576,356.00", "(600,000.00)")
    amounts = ("502,789,941.39", "-14298759.06", "-14298759.06")
    path = write_csv(tmp_path / "py3.csv", [name.upper() for name in HEADER], [(*row, *amounts)])
    (replay,) = replay_reach([path], PRESETS)
    assert (replay.performance_year, replay.count(UNEXPLAINED)) == (2023, 0)
    assert of_row(replay, "D0242")["equity_adjustment"] == 976_356.0


def test_a_file_without_years_needs_one(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "py2.csv", HEADER[1:], [row[1:] for row in ROWS_2022])
    with pytest.raises(DataError, match="PERF_YEAR is missing; give the performance year"):
        read_reach_results(path)
    assert set(read_reach_results(path, performance_year=2022).frame["performance_year"]) == {2022}


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    header = [name if name != "shared_savings" else "shared_saving" for name in HEADER]
    rows = [list(row) for row in ROWS_2022[:3]]
    rows[0][0], rows[1][2], rows[2][4] = "1999", "Partial", "-"
    with pytest.raises(DataError) as error:
        read_reach_results(write_csv(tmp_path / "broken.csv", header, rows))
    assert len(error.value.problems) == 4
    told = str(error.value)
    for part in (
        "column SHARED_SAVINGS (shared) is missing; did you mean",
        "row 2, PERF_YEAR: '1999'; allowed: 2021 or later",
        "row 3, RISK_ARRANGEMENT: 'Partial'; allowed: Global, Professional",
        "final_benchmark: row 4 ('-'); allowed: an amount above 0",
    ):
        assert part in told


def test_details_name_file_rows_and_reasons(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "py2.csv", HEADER, ROWS_2022)
    details = reach_details(replay_reach([path], PRESETS))
    details.to_csv(tmp_path / "details.csv", index=False)
    with (tmp_path / "details.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 14
    assert {"file", "aco_id", "simcore_shared", "cms_shared", "verdict", "reason"} <= set(rows[0])
