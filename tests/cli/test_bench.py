"""The verbs that measure and warm up: what they print, and that both sides do the same work."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from simcore.cli import bench as bench_module
from simcore.cli.main import app
from simcore.cli.throughput import (
    beneficiary_task,
    counts_task,
    default_models,
    default_population,
    numpy_tasks,
    pooled_task,
    rate,
    seconds_by_round,
)


@pytest.fixture(scope="module")
def population():
    return default_population(2_000, default_models())


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(bench_module, "SIZES", (1_000, 2_000))
    monkeypatch.setattr(bench_module, "MAIN_SIZE", 2_000)
    monkeypatch.setattr("simcore.cli.throughput.ROUND_SECONDS", 0.001)
    monkeypatch.setattr("simcore.cli.throughput.PEOPLE_A_CALL", 4_000)
    monkeypatch.setattr("simcore.cli.throughput.BLOCK", 2)


def test_json_has_both_sides_of_both_engines(small):
    outcome = CliRunner().invoke(app, ["bench", "--json", "--rounds", "2", "--threads", "2"])
    assert outcome.exit_code == 0, outcome.output
    found = json.loads(outcome.stdout)
    assert found["threads"] == 2
    assert {"processor", "cores", "numpy", "numba", "python"} <= set(found["machine"])
    assert [entry["engine"] for entry in found["engine"]] == ["beneficiary", "pooled"]
    for entry in found["engine"]:
        own, other = entry["beneficiary_years_per_second"], entry["numpy_beneficiary_years_per_second"]
        assert entry["ratio"] == pytest.approx(own / other)
    # Heads are rounded by type and band, so a size is met within one person a band.
    np.testing.assert_allclose([size["people"] for size in found["sizes"]], [1_000, 2_000], atol=28)


def test_the_table_names_numpy(small):
    outcome = CliRunner().invoke(app, ["bench", "--rounds", "1"])
    assert outcome.exit_code == 0, outcome.output
    assert "NumPy" in outcome.stdout


def test_every_way_of_numpy_draws_the_same_mean(population):
    # Each way's sum of a year within 4 standard errors of the tables' mean, at 20 fixed seeds.
    mean = sum(group.heads * group.amounts.mean() for group in population.groups)
    variance = sum(group.heads * group.amounts.astype(float).var() for group in population.groups)
    for name, task in numpy_tasks(population).items():
        sums = [np.sum(task(seed)) for seed in range(20)]
        assert abs(np.mean(sums) - mean) < 4.0 * np.sqrt(variance / 20.0), name


def test_all_work_runs(population):
    for task in (beneficiary_task(population, 2), pooled_task(population, 2), counts_task(population, 2)):
        task(0)


def test_rate_is_work_over_the_median_time():
    assert rate(10.0, [2.0, 1.0, 5.0]).value == 5.0


def test_times_have_one_entry_a_round():
    assert {name: len(times) for name, times in seconds_by_round({"a": id, "b": id}, rounds=3).items()} == {
        "a": 3,
        "b": 3,
    }


def test_no_threads_are_refused():
    outcome = CliRunner().invoke(app, ["bench", "--threads", "0"])
    assert outcome.exit_code != 0


def test_warmup_tells_of_each_kernel():
    outcome = CliRunner().invoke(app, ["warmup", "--json"])
    assert outcome.exit_code == 0, outcome.output
    found = json.loads(outcome.stdout)
    assert len(found["kernels"]) == 5
    assert all(
        kernel["how"] in {"compiled", "read from the cache", "plain Python"} for kernel in found["kernels"]
    )
