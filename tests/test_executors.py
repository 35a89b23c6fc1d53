"""Whoever runs the blocks, the result is the same: serial, threads, and a real dask cluster that loses a worker."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import distributed
import pytest
from dask import config as dask_config

from simcore.errors import SimcoreError
from simcore.executors import dask, serial, threads
from simcore.scenario.schema import Scenario, parse_scenario
from simcore.scenario.templates import templates
from simcore.simulate import simulate
from tests.test_simulate import differing

LOOPBACK = "127.0.0.1:0"
DASK = (sys.executable, "-m", "dask")


def scenario() -> Scenario:
    options = {"contract.options": ["BASIC-B", "ENHANCED msr=0.010"], "aco.performance_years": 2}
    asked = parse_scenario(templates()["track_choice"].content, source="track_choice")
    return asked.with_changes({**options, "simulation.replicates": 800})


@pytest.mark.parametrize("executor", [serial(), threads(1), threads(3)])
def test_results_come_in_the_order_of_the_items(executor: object) -> None:
    assert list(executor(lambda x: x * x, range(50))) == [x * x for x in range(50)]


def test_work_is_handed_out_as_it_is_taken() -> None:
    """Memory does not grow with the number of blocks: two a thread are under way at the most."""
    given = []

    def items() -> Iterator[int]:
        for item in range(100):
            given.append(item)
            yield item

    results = threads(2)(lambda x: x, items())
    next(results)
    assert len(given) <= 6


def test_an_error_in_a_block_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        list(threads(2)(lambda x: 1 // x, [1, 0, 2]))


@pytest.fixture(scope="module")
def cluster() -> Iterator[distributed.LocalCluster]:
    """Two worker processes on loopback."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=LOOPBACK, host="127.0.0.1"
    ) as cluster:
        yield cluster


@pytest.mark.slow
def test_the_same_bits_as_here(cluster: distributed.LocalCluster) -> None:
    there = simulate(scenario(), executor=dask(cluster.scheduler_address), block=100)
    assert differing(simulate(scenario(), executor=serial()), there) == []


@pytest.mark.slow
def test_a_killed_worker_changes_nothing(cluster: distributed.LocalCluster) -> None:
    asked = scenario()
    run = dask(cluster.scheduler_address)
    killed = []

    def losing_a_worker(function: object, items: object, /) -> Iterator[object]:
        for position, part in enumerate(run(function, items)):
            if position == 1:
                with distributed.Client(cluster.scheduler_address) as client:
                    victim = next(iter(client.run(os.getpid).values()))
                os.kill(victim, signal.SIGKILL)
                killed.append(victim)
            yield part

    there = simulate(asked, executor=losing_a_worker, block=40)
    assert killed
    assert differing(simulate(asked, executor=serial()), there) == []


@pytest.mark.slow
def test_workers_do_not_share_a_kernel_cache(cluster: distributed.LocalCluster) -> None:
    simulate(scenario(), executor=dask(cluster.scheduler_address), block=400)
    with distributed.Client(cluster.scheduler_address) as client:
        settings = client.run(lambda: os.environ.get("SIMCORE_KERNEL_CACHE"))
    assert set(settings.values()) == {"off"}


@pytest.mark.slow
def test_workers_that_have_kernels_already_stop_keeping_them(
    cluster: distributed.LocalCluster, tmp_path: Path
) -> None:
    """A worker that ran something else before has imported kernels with a cache, and compiles none into it."""

    def import_kernels(folder: str) -> bool:
        import importlib
        import os
        import sys

        for name in [name for name in sys.modules if name.startswith("simcore.")]:
            del sys.modules[name]
        os.environ["SIMCORE_KERNEL_CACHE"] = folder
        importlib.import_module("simcore.simulate")
        return "simcore.kernels.pooled" in sys.modules

    with distributed.Client(cluster.scheduler_address) as client:
        client.unregister_worker_plugin("simcore-own-kernels")
        assert set(client.run(import_kernels, str(tmp_path)).values()) == {True}
    there = simulate(scenario(), executor=dask(cluster.scheduler_address), block=400)
    assert differing(simulate(scenario(), executor=serial()), there) == []
    assert list(tmp_path.rglob("*.nb?")) == []


def test_a_cluster_without_workers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simcore.executors.FIRST_WORKER", 0.5)
    with (
        distributed.LocalCluster(n_workers=0, dashboard_address=LOOPBACK, host="127.0.0.1") as empty,
        pytest.raises(
            SimcoreError, match=r"no worker has joined .* start one on each machine with: dask worker"
        ),
    ):
        list(dask(empty.scheduler_address)(len, [()]))


@pytest.mark.slow
def test_a_worker_with_other_code_is_refused(
    cluster: distributed.LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simcore.executors._installed", lambda: ("9.9.9", "0" * 64))
    with pytest.raises(SimcoreError, match=r"has another simcore .* install this one \(9.9.9\) there"):
        list(dask(cluster.scheduler_address)(len, [()]))


@pytest.mark.slow
def test_a_lone_worker_may_be_lost_and_replaced() -> None:
    """What the blocks need is made again when every worker that had it is gone."""
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=LOOPBACK, host="127.0.0.1"
    ) as lone:
        results = dask(lone.scheduler_address)(lambda x: x * x, range(40))
        first = next(results)
        with distributed.Client(lone.scheduler_address) as client:
            os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
        assert [first, *results] == [x * x for x in range(40)]


@pytest.mark.slow
def test_a_lost_scheduler_is_said_and_blocks_are_kept(tmp_path: Path) -> None:
    from simcore.runs import run_in_folder

    address = "tcp://127.0.0.1:18791"
    scheduler = subprocess.Popen(
        [*DASK, "scheduler", "--host", "127.0.0.1", "--port", "18791", "--no-dashboard"],
        stderr=subprocess.DEVNULL,
    )
    worker = subprocess.Popen(
        [*DASK, "worker", address, "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"],
        stderr=subprocess.DEVNULL,
    )
    taken = []

    def losing_the_scheduler(done: int, arrays: object) -> None:
        taken.append(done)
        scheduler.kill()

    asked = scenario().with_changes({"simulation.replicates": 60_000})
    try:
        with (
            dask_config.set({"distributed.comm.timeouts.connect": "2s"}),
            pytest.raises(SimcoreError, match="the scheduler was lost; blocks that are done are kept"),
        ):
            run_in_folder(asked, tmp_path, executor=dask(address), progress=losing_the_scheduler)
    finally:
        for process in (worker, scheduler):
            process.terminate()
            process.wait(30)
    kept = list(tmp_path.glob("partial/*.npz"))
    assert len(kept) == len(taken) > 0


def test_an_absent_scheduler_is_said() -> None:
    with pytest.raises(SimcoreError, match="no dask scheduler answers"):
        list(dask("tcp://127.0.0.1:1")(len, [()]))


@pytest.mark.parametrize("number", [0, -1, 1_025, 10**20])
def test_a_number_of_threads_is_one_that_a_machine_may_have(number: int) -> None:
    with pytest.raises(SimcoreError, match="allowed: 1 to 1,024"):
        threads(number)


def test_blocks_of_a_run_may_be_made_by_a_cluster_too(tmp_path: Path) -> None:
    """The seam of `run_in_folder` is any map that keeps order."""
    from simcore.runs import run_in_folder

    result = run_in_folder(scenario(), tmp_path, executor=lambda function, items: map(function, items))
    assert result.sizes["replicate"] == 800
