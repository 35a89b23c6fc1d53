"""The verb that settles, for contracts beyond the program: single years, tables, all at once, and faults."""

import csv
import json
from pathlib import Path

import pytest

from simcore.cli.main import app
from tests.cli.test_settle import LOSS, options, problems, run, runner, write

# CMS's results, 2021 D0006, REACH Professional: the loss is 11.2833 % of the benchmark, and of it
# .05 x .50 + .05 x .35 + .012833 x .15 = 4.4425 % of the benchmark is shared.
PROFESSIONAL = {
    "contract": "REACH-PROFESSIONAL",
    "benchmark": "26652184.86",
    "expenditures": "29659424.43",
    "performance_year": "2021",
    "quality_score": "1",
}
# 5 % of 100 M is the most that counts, and 80 % of it is 4 M; x .98. The discount of 2021 is turned off.
CAPPED = {
    "contract": "NGACO-A cap=0.05 discount=0",
    "benchmark": "100000000",
    "expenditures": "80000000",
}
# Next Generation carries no losses, PGP does: (5 M - 2 M - 1 M) x .80 x (.60 + .40 x .8) = 1,472,000.
CARRIED = {
    "contract": "PGP",
    "benchmark": "100000000",
    "expenditures": "95000000",
    "performance_year": "2006",
    "quality_score": "0.8",
    "carried_losses": "1000000",
}


def test_json_of_a_published_settlement() -> None:
    record = json.loads(run(*options(PROFESSIONAL), "--json"))
    assert record["owed_shared_losses"] == 1_184_021.02
    assert (record["earned_shared_savings"], record["net_settlement"]) == (0.0, -1_184_021.02)
    track = json.loads(run(*options(LOSS), "--json"))
    assert record.keys() == track.keys()
    assert record["steps"][0].keys() == track["steps"][0].keys()


def test_the_limit_before_sharing_and_losses_of_earlier_years() -> None:
    capped = json.loads(run(*options(CAPPED), "--json"))
    assert (capped["net_settlement"], capped["payment_limit_binds"]) == (3_920_000.0, True)
    assert "assumed performance year 2021, as none is given" in capped["notes"]
    carried = json.loads(run(*options(CARRIED), "--json"))
    assert carried["net_settlement"] == 1_472_000.0
    assert any(note.startswith("PGP 2006: unverified") for note in carried["notes"])


def test_an_equity_adjustment_moves_the_benchmark() -> None:
    # 2023 D0101, REACH Global: 53,814,407.60 - 128,004.00 against 61,972,554.63. The published benchmark
    # has discount and withhold behind it. Loss 15.4344 % within the first band of 25 %: shared in full.
    words = {
        "contract": "REACH-GLOBAL discount=0 quality_withhold=0",
        "benchmark": "53814407.60",
        "expenditures": "61972554.63",
        "equity_adjustment": "-128004",
        "performance_year": "2023",
    }
    assert json.loads(run(*options(words), "--json"))["owed_shared_losses"] == 8_286_151.03


def test_lines_show_sources_and_notes_what_is_unverified() -> None:
    done = runner.invoke(app, ["settle", *options(CAPPED)])
    assert "The limit before sharing binds" in done.stdout
    assert "$3,920,000.00" in done.stdout
    assert "NGACO-A cap=0.05 discount=0 2021: not comparable" in done.stderr
    assert runner.invoke(app, ["settle", *options(CAPPED), "--quiet"]).stderr == ""


def test_tracks_and_contracts_stand_in_one_table(tmp_path: Path) -> None:
    rows = [{"aco_id": "A2029", **LOSS}, {"aco_id": "D0006", **PROFESSIONAL}, CARRIED]
    run("--table", write(tmp_path / "in.csv", rows), "--out", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        settled = [float(row["net_settlement"]) for row in csv.DictReader(file)]
    assert settled == [-3_704_703.20, -1_184_021.02, 1_472_000.0]


def test_an_overlay_of_contracts_alone_changes_the_answer(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "own.toml").write_text(
        '[[term]]\nname = "cap_gross"\nvalue = 0.10\ncontracts = ["REACH-PROFESSIONAL"]\nyears = [2021, 2021]\n'
        'evidence = "illustrative"\ncitation = "our own"\n',
        encoding="utf-8",
    )
    record = json.loads(run(*options(PROFESSIONAL), "--json", "--overlay", tmp_path))
    # .05 x .50 + .05 x .35 = 4.25 % of 26,652,184.86
    assert record["owed_shared_losses"] == 1_132_717.86


def test_every_contract_in_one_object() -> None:
    words = {"contract": "all", "benchmark": "10000000", "expenditures": "8000000"}
    record = json.loads(run(*options(words), "--json"))
    assert (record["benchmark"], record["expenditures"]) == (10_000_000.0, 8_000_000.0)
    by_name = {line["contract"]: line for line in record["contracts"]}
    # PGP: (2,000,000 - 200,000) x .80 = 1,440,000, limited to 5 % of the benchmark.
    pgp = by_name["PGP"]
    assert (pgp["net_settlement"], pgp["limit"], pgp["limit_binds"]) == (500_000.0, 500_000.0, True)
    assert (by_name["ENHANCED"]["limit"], by_name["REACH-GLOBAL"]["limit"]) == (2_000_000.0, None)
    assert any("program's floor" in note for note in record["notes"])
    dated = json.loads(run(*options({**words, "performance_year": "2018"}), "--json"))
    assert not any(line["contract"].startswith("BASIC") for line in dated["contracts"])
    assert any(note.startswith("not settled in performance year 2018: BASIC-A") for note in dated["notes"])


def test_every_contract_in_a_table() -> None:
    shown = run("--contract", "all", "--benchmark", "10000000", "--expenditures", "10600000")
    owing = [line for line in shown.splitlines() if "REACH-GLOBAL" in line]
    # Benchmark 9,700,000 after the discount of 3 %: 900,000 more was spent, and all of it is owed.
    assert "-$900,000.00" in owing[0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"contract": "REACH-GLOBL"}, "--contract: 'REACH-GLOBL' is no contract; did you mean"),
        ({"contract": "ENHANCED"}, "--contract: ENHANCED is a track"),
        ({"contract": "NGACO-A cap=0.5"}, "--contract: cap: 0.5 is not allowed"),
        ({"track": "ENHANCED"}, "--contract: stands beside track"),
        ({"msr_election": "0.01"}, "--msr-election: is for a track"),
        ({"benchmark": ""}, "--benchmark: is missing"),
        ({"expenditures": "nan"}, "--expenditures: 'nan' is not allowed"),
        ({"performance_year": "1999"}, "--performance-year: '1999' is not allowed"),
        ({"carried_losses": "5"}, "--carried-losses: REACH-PROFESSIONAL has none"),
        ({"contract": "PGP", "equity_adjustment": "5"}, "--equity-adjustment: PGP has none"),
        ({"equity_adjustment": "5"}, "--equity-adjustment: REACH-PROFESSIONAL has none"),
        ({"performance_year": "2023", "equity_adjustment": "-9e9"}, "leaves no benchmark"),
        ({"contract": "", "equity_adjustment": "5", **LOSS}, "--equity-adjustment: no track has any"),
    ],
)
def test_one_fault(change: dict[str, str], says: str) -> None:
    found = problems(*options({**PROFESSIONAL, **change}))
    assert len(found) == 1, found
    assert found[0].startswith(says) or says in found[0]


def test_all_faults_at_once() -> None:
    words = {**PROFESSIONAL, "contract": "PGP disc=1", "benchmark": "-1", "months": "6"}
    assert [problem.partition(":")[0] for problem in problems(*options(words))] == [
        "--benchmark",
        "--months",
        "--contract",
    ]
    everything = {"contract": "all", "benchmark": "0", "msr_election": "0"}
    assert [problem.partition(":")[0] for problem in problems(*options(everything))] == [
        "--benchmark",
        "--expenditures",
        "--msr-election",
    ]
