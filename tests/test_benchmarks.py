"""The benchmarks run at tiny sizes, their JSON has the promised shape, and the documentation is made from it.

Oracle: what each function says it returns; closed forms for the peers' answers. Time is measured, never asserted.
"""

import importlib
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import end_to_end, engines, kernels, peers, scaling, settlement
from benchmarks.__main__ import PARTS, WHOLE_PROGRAM, command_of
from benchmarks.machine import machine
from benchmarks.measuring import ratios, run_part, spread
from benchmarks.one_run import scenario_of
from benchmarks.peer_work import deviations, exact, work_of
from benchmarks.plots import scaling_png
from benchmarks.processes import costs, run_process

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
SPREAD = {"median", "low", "high", "n"}


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simcore.cli.throughput.ROUND_SECONDS", 0.001)


def committed() -> dict[str, dict]:
    return {part: json.loads((RESULTS / f"{part}.json").read_text()) for part in (*PARTS, WHOLE_PROGRAM)}


def test_a_spread_is_the_median_with_quartiles_within_the_values() -> None:
    assert spread([3.0, 1.0, 2.0]) == {"median": 2.0, "low": 1.0, "high": 3.0, "n": 3}
    assert spread([5.0]) == {"median": 5.0, "low": 5.0, "high": 5.0, "n": 1}


def test_a_ratio_is_taken_within_a_round() -> None:
    # Twice as much in both rounds, though the second round was ten times as slow.
    assert ratios([2.0, 20.0], [1.0, 10.0])["median"] == 2.0


def test_small_kernels_do_the_work_they_are_timed_for() -> None:
    """Oracle: numpy's sum over the same places."""
    random = np.random.default_rng(3)
    amounts = random.integers(0, 1_000, kernels.AMOUNTS + 1).astype(np.uint32)
    places = random.integers(0, kernels.AMOUNTS, kernels.TURN_PEOPLE).astype(np.int32)
    for look_up in (kernels.gathers, kernels.single_look_ups):
        sums = np.zeros(kernels.RUNS * kernels.LANES, np.int64)
        look_up(3, amounts, places, sums)
        assert sums.sum() == 3 * amounts[places].sum()
    assert kernels.read_memory(np.arange(10)) == 45


def test_limits_of_the_kernel_are_made_of_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "QUICK_ROUNDS", 1)
    found = kernels.measure(True)
    words, look_ups = (found["rates"][name]["median"] for name in ("random_words", kernels.OWN))
    assert found["limit_of_its_own_mix"]["median"] == pytest.approx(1.0 / (1.0 / words + 1.0 / look_ups))
    share = found["rates"]["kernel"]["median"] / found["limit_of_its_own_mix"]["median"]
    assert found["share_of_its_own_mix"]["median"] == pytest.approx(share)


def test_a_year_costs_its_draws_and_its_head_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PEOPLE_A_CALL", 2_000)
    monkeypatch.setattr(engines, "BLOCK", 2)
    found = engines.by_size(1, (1_000, 2_000))
    few, many = (
        {name: size[name]["median"] for name in ("pooled", "head counts")} for size in found["sizes"]
    )
    assert found["pooled_largest_over_small"]["median"] == pytest.approx(
        sum(many.values()) / sum(few.values())
    )
    assert found["pooled_draws_largest_over_small"]["median"] == pytest.approx(many["pooled"] / few["pooled"])


def test_peers_answer_the_question_that_simcore_answers() -> None:
    """Each side within four standard errors of the closed forms; a side that is not installed is named."""
    work = work_of(500, 400)
    found, missing = peers.sides(work)
    assert {"simcore, beneficiary", "simcore, pooled", "NumPy, lognormal", "aggregate"} <= set(found)
    assert set(missing) <= {"gemact"}
    for name, draw in found.items():
        off = deviations(draw(1), exact(work))
        assert max(abs(value) for value in off.values()) < 4.0, name


def test_a_peer_that_answers_another_question_is_refused() -> None:
    known = exact(work_of(500, 400))
    with pytest.raises(ValueError, match="does not do the same work"):
        peers._checked("a peer", np.full(400, 1.01 * known.mean), known)


def test_the_truth_of_the_peers_is_that_of_the_table() -> None:
    """Oracle: the table's own moments; the mean is exact, the deviation smaller by what a cell hides."""
    work = work_of(1_000, 1)
    known = exact(work)
    assert work.amounts.mean() * 10.0 == pytest.approx(known.mean, rel=1e-6)
    assert work.amounts.std() / 100.0 * np.sqrt(1_000) == pytest.approx(known.deviation, rel=1e-3)
    # Near the normal law's 0.0968 at 1.3 standard deviations, with a little skewness.
    assert known.exceedance == pytest.approx(0.0968, abs=0.004)


def test_a_process_is_measured_and_a_failing_one_is_an_error(tmp_path: Path) -> None:
    fill = "bytearray(80_000_000)"
    found = costs([run_process([sys.executable, "-c", fill], folder=tmp_path)])
    assert found["peak_memory_bytes"] > 80_000_000
    assert set(found["seconds"]) == SPREAD
    with pytest.raises(RuntimeError, match="no such thing"):
        run_process([sys.executable, "-c", "raise SystemExit('no such thing')"])


def test_a_size_is_simulated_in_a_process_of_its_own() -> None:
    asked = {"engine": "pooled", "people": 2_000, "replicates": 20, "threads": 1}
    found = scaling.simulated(asked, repeats=2)
    assert found["seconds"]["n"] == 2
    assert found["peak_memory_bytes"] > found["result_bytes"]
    assert {name: found[name] for name in asked} == asked


def test_a_size_keeps_the_mix_of_types() -> None:
    population = scenario_of(30_000, 10, "pooled").aco.population
    assert {name: kind.assigned_beneficiaries for name, kind in population.items()} == {
        "ESRD": 210,
        "DISABLED": 3_210,
        "AGED_DUAL": 1_920,
        "AGED_NON_DUAL": 24_660,
    }


def test_settlements_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settlement, "QUICK_REPLICATES", 100)
    found = settlement.measure(True)
    assert found["settlements"] == 100
    assert found["seconds"]["n"] == settlement.REPETITIONS


def test_every_part_is_a_program_and_the_whole_program_needs_a_file(tmp_path: Path) -> None:
    for part in PARTS:
        module = command_of(part, tmp_path, quick=True, cms_results=None)[2]
        assert callable(importlib.import_module(module).measure)
    assert command_of(WHOLE_PROGRAM, tmp_path, quick=False, cms_results=None) == []
    assert "PY2023.csv" in command_of(WHOLE_PROGRAM, tmp_path, quick=True, cms_results=Path("PY2023.csv"))[2]


def test_a_part_writes_what_it_measured_with_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["a part", "--quick", "--out", str(tmp_path / "new" / "part.json")])
    run_part("a part", lambda quick: {"was_quick": quick}, None)
    found = json.loads((tmp_path / "new" / "part.json").read_text())
    assert (found["part"], found["quick"], found["result"]) == ("a part", True, {"was_quick": True})
    assert found["machine"] == json.loads(json.dumps(machine()))


@pytest.mark.parametrize("name", ["beneficiaries", "replicates", "threads"])
def test_growth_is_drawn(name: str) -> None:
    assert scaling_png(committed()["scaling"]["result"], name).startswith(b"\x89PNG")


@pytest.mark.parametrize("part", PARTS)
def test_kept_figures_are_of_a_full_run(part: str) -> None:
    found = committed()[part]
    assert found["quick"] is False
    assert {"processor", "cores", "caches", "memory_bytes", "numpy", "numba", "python"} <= set(
        found["machine"]
    )


def test_kept_figures_name_every_command_and_size() -> None:
    found = {part: content.get("result", content) for part, content in committed().items()}
    assert set(found["end_to_end"]) == set(end_to_end.SHOWN)
    assert [round(size["people"], -3) for size in found["engines"]["sizes"]] == list(engines.SIZES)
    assert set(found["peers"]["sides"]) >= {"simcore, beneficiary", "simcore, pooled", "aggregate", "gemact"}
    for name, sizes in scaling.grids(2, quick=False).items():
        kept = [{key: row[key] for key in sizes[0]} for row in found["scaling"][name]]
        assert [{**row, "threads": 0} for row in kept] == [{**row, "threads": 0} for row in sizes]


def test_what_is_missed_is_called_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Oracle: the limit itself, a little above it and a little below."""
    monkeypatch.syspath_prepend(ROOT / "docs")
    readme_benchmarks = importlib.import_module("benchmark_readme").readme_benchmarks
    found = committed()
    help_page = found["end_to_end"]["result"]["help"]
    help_page["seconds"]["median"] = 1.01 * help_page["limit_seconds"]
    assert "| ≤ 0.5 s: missed |" in row_of(readme_benchmarks(found), "`simcore --help`")
    help_page["seconds"]["median"] = 0.99 * help_page["limit_seconds"]
    assert "| ≤ 0.5 s |" in row_of(readme_benchmarks(found), "`simcore --help`")


def row_of(table: str, start: str) -> str:
    (row,) = (line for line in table.splitlines() if line.startswith(f"| {start}"))
    return row
