"""The verb that settles: real settlements on the command line and in tables, and its faults."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from simcore.errors import SimcoreError

runner = CliRunner()

# 2023 A2029, ENHANCED: .40 x 15,884,998 = 6,353,999.20, less 2,649,296: CMS took 3,704,703.
LOSS = {
    "track": "ENHANCED",
    "assigned_beneficiaries": "36551",
    "benchmark": "411787704",
    "expenditures": "427672702",
    "quality_score": "0.8245",
    "quality_standard": "met",
    "performance_year": "2023",
    "agreement_start": "2022-01-01",
    "msr_election": "0",
    "disaster_relief": "2649296",
}
# 2024 A5334, BASIC-A: 5,349,765 x .40 x .98 = 2,097,107.88; 1,630,434 of it is recouped.
ADVANCE = {
    "track": "BASIC-A",
    "assigned_beneficiaries": "10000",
    "benchmark": "100000000",
    "expenditures": "94650235",
    "agreement_start": "2024-01-01",
    "aip_balance": "1630434",
}


def options(words: dict[str, str]) -> list[str]:
    return [part for name, value in words.items() for part in (f"--{name.replace('_', '-')}", value)]


def run(*arguments: object) -> str:
    done = runner.invoke(app, ["settle", *map(str, arguments)])
    if isinstance(done.exception, SimcoreError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def problems(*arguments: object) -> tuple[str, ...]:
    with pytest.raises(SimcoreError) as caught:
        run(*arguments)
    return caught.value.problems


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_json_of_a_real_settlement() -> None:
    record = json.loads(run(*options(LOSS), "--json"))
    assert record["owed_shared_losses"] == 3_704_703.20
    assert record["net_settlement"] == -3_704_703.20
    assert record["earned_shared_savings"] == 0.0
    # 1 - .75 x .8245 = .381625, raised to .40
    assert (record["minimum_savings_rate"], record["final_loss_rate"]) == (0.0, pytest.approx(0.40))
    assert record["savings_rate"] == pytest.approx(-15_884_998 / 411_787_704)
    by_name = {step["step"]: step for step in record["steps"]}
    assert by_name["Relief for a disaster"]["value"] == 2_649_296.0
    assert all(step["citation"] for step in record["steps"])
    assert record["notes"] == []


def test_money_rounds_to_cents_or_dollars() -> None:
    record = json.loads(run(*options(LOSS), "--json", "--round", "dollar"))
    assert record["net_settlement"] == -3_704_703.0
    assert all(step["value"] == round(step["value"]) for step in record["steps"] if step["unit"] == "USD")


def test_lines_with_citations_and_what_was_assumed() -> None:
    done = runner.invoke(app, ["settle", *options(ADVANCE)])
    assert "Earned shared savings" in done.stdout
    assert "$2,097,107.88" in done.stdout
    assert "42 CFR 425.605(d)(1)(i)" in done.stdout
    assert "$466,673.88" in done.stdout  # the payment after recoupment
    assert "assumed performance year 2024" in done.stderr
    assert "assumed a quality score of 1" in done.stderr
    assert runner.invoke(app, ["settle", *options(ADVANCE), "--quiet"]).stderr == ""


def test_unverified_numbers_are_named() -> None:
    # Sequestration of 2025 is an assumption; so is the table's first row.
    words = {**ADVANCE, "assigned_beneficiaries": "400", "performance_year": "2025", "aip_balance": ""}
    done = runner.invoke(app, ["settle", *options(words)])
    assert "unverified: sequestration" in done.stderr
    assert "unverified: minimum_savings_rate_band" in done.stderr
    assert done.stdout.count("[unverified]") == 2


def test_revenue_class_follows_the_revenue() -> None:
    # 1 % saved is below the table: a low-revenue ACO gets 1 M x half of 40 % x .98 = 196,000.
    words = {**ADVANCE, "expenditures": "99000000", "aip_balance": ""}

    def earned(**more: str) -> float:
        return json.loads(run(*options({**words, **more}), "--json"))["earned_shared_savings"]

    assert earned(participant_revenue="34000000") == 196_000.0
    assert earned(participant_revenue="35000000") == 0.0
    assert earned(revenue_class="low") == 196_000.0
    assert earned(revenue_class="high", participant_revenue="34000000") == 0.0
    assert earned() == 0.0


def test_proposals_and_overlays_change_the_answer(tmp_path: Path) -> None:
    words = {**ADVANCE, "track": "BASIC-E", "agreement_start": "2027-01-01", "aip_balance": ""}
    assert json.loads(run(*options(words), "--json"))["final_sharing_rate"] == 0.50
    assert json.loads(run(*options(words), "--json", "--proposed"))["final_sharing_rate"] == 0.60
    (tmp_path / "own.toml").write_text(
        '[[number]]\nname = "maximum_sharing_rate"\nvalue = 0.65\nunit = "1"\ndated_by = "performance_year"\n'
        'from = 2027-01-01\ncitation = "our own"\nevidence = "illustrative"\nstatus = "final"\n',
        encoding="utf-8",
    )
    assert json.loads(run(*options(words), "--json", "--overlay", tmp_path))["final_sharing_rate"] == 0.65


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"track": "BASIC-F"}, "--track: 'BASIC-F' is not allowed.*did you mean"),
        ({"track": ""}, "--track: is missing"),
        ({"assigned_beneficiaries": "-5"}, "--assigned-beneficiaries: '-5' is not allowed"),
        ({"assigned_beneficiaries": "5000.5"}, "a whole number"),
        ({"benchmark": "nan"}, "--benchmark: 'nan' is not allowed"),
        ({"benchmark": "0"}, "above 0"),
        ({"expenditures": "1e400"}, "--expenditures"),
        ({"quality_score": "82"}, "a fraction from 0 to 1"),
        ({"performance_year": "1990"}, "a year from 2013"),
        ({"performance_year": "2029"}, "allowed: 2022 to 2026"),
        ({"agreement_start": "July 2019"}, "a date such as 2024-01-01"),
        ({"msr_election": "0.03"}, "not open to ENHANCED; allowed: 0, 0.005"),
        ({"track": "TRACK-1"}, "TRACK-1 is not open to an agreement from 2022-01-01"),
        ({"disaster_relief": "-3"}, "by which losses are reduced"),
        (
            {"performance_year": "2022", "quality_standard": "alternative"},
            "does not exist in performance year 2022",
        ),
        ({"two_way_benchmark": "5e8"}, "no guardrail"),
        ({"aip_balance": "5"}, "no advance investment payments"),
        ({"months": "6"}, "allowed: 12 "),
        ({"termination_date": "2024-03-01"}, "2023-01-01 to 2023-12-31"),
        ({"terminated_by": "cms"}, "without a termination_date"),
    ],
)
def test_one_fault(change: dict[str, str], says: str) -> None:
    found = problems(*options({**LOSS, **change}))
    with pytest.raises(SimcoreError, match=says):
        raise SimcoreError("settle", found)
    assert len(found) == 1


def test_all_faults_at_once() -> None:
    found = problems(
        *options({"track": "BASIC-X", "benchmark": "nan", "quality_score": "80", "performance_year": "1990"})
    )
    assert [problem.partition(":")[0] for problem in found] == [
        "--track",
        "--assigned-beneficiaries",
        "--benchmark",
        "--expenditures",
        "--quality-score",
        "--performance-year",
    ]


def test_relief_before_2017_and_shortened_years_of_2019() -> None:
    early = {**LOSS, "track": "TRACK-3", "performance_year": "2016", "agreement_start": "2016-01-01"}
    assert problems(*options(early))[0].startswith("--disaster-relief: 2649296.0 is not possible")
    half = {
        **LOSS,
        "track": "TRACK-3",
        "performance_year": "2019",
        "agreement_start": "2016-01-01",
        "months": "6",
    }
    # Half of .40 x 15,884,998 - 2,649,296: limit and relief before the half.
    assert json.loads(run(*options(half), "--json"))["owed_shared_losses"] == 1_852_351.60


def test_a_table_gains_the_results(tmp_path: Path) -> None:
    table = write(tmp_path / "in.csv", [{"aco_id": "A2029", **LOSS}, {"aco_id": "A5334", **ADVANCE}])
    run("--table", table, "--out", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["aco_id"] for row in rows] == ["A2029", "A5334"]
    assert [float(row["net_settlement"]) for row in rows] == [-3_704_703.20, 2_097_107.88]
    assert list(rows[0])[-7:] == [
        "savings_rate",
        "minimum_savings_rate",
        "final_sharing_rate",
        "final_loss_rate",
        "earned_shared_savings",
        "owed_shared_losses",
        "net_settlement",
    ]
    assert run("--table", table) == (tmp_path / "out.csv").read_text(encoding="utf-8")
    record = json.loads(run("--table", table, "--out", tmp_path / "again.csv", "--json"))
    assert record["rows"] == 2


def test_all_faults_of_all_rows_and_no_output(tmp_path: Path) -> None:
    rows = [LOSS, {**LOSS, "benchmark": "nan", "quality_score": "82"}, {**LOSS, "track": "TRACK-1"}]
    table = write(tmp_path / "in.csv", rows)
    out = tmp_path / "out.csv"
    out.write_text("kept", encoding="utf-8")
    found = problems("--table", table, "--out", out)
    assert [problem.partition(":")[0] for problem in found] == [
        "row 3, column benchmark",
        "row 3, column quality_score",
        "row 4, column track",
    ]
    assert out.read_text(encoding="utf-8") == "kept"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_an_unknown_column_is_an_error(tmp_path: Path) -> None:
    table = write(tmp_path / "in.csv", [{**LOSS, "quality_scor": "1"}])
    assert "did you mean 'quality_score'" in problems("--table", table)[0]
    assert "cannot be read" in problems("--table", tmp_path / "none.csv")[0]
    assert "beside --table" in problems("--table", table, "--track", "ENHANCED")[0]
    assert "without --table" in problems("--out", tmp_path / "out.csv", *options(LOSS))[0]


def test_a_fault_ends_with_status_2_and_no_traceback() -> None:
    command = [sys.executable, "-m", "simcore.cli.main", "settle", "--track", "BASIC-F"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "did you mean 'BASIC-E'" in done.stderr
