"""A run goes on where it stopped, with the bits of an undisturbed one."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from simcore.errors import ResultError
from simcore.executors import serial
from simcore.partial_result import finished_part
from simcore.runs import run_in_folder
from simcore.scenario.schema import Scenario, parse_scenario
from simcore.scenario.templates import templates
from simcore.simulate import simulate
from tests.test_simulate import differing


def scenario(replicates: int = 6_000, **changes: object) -> Scenario:
    options = {"contract.options": ["BASIC-B", "ENHANCED msr=0.010"], "aco.performance_years": 2}
    asked = parse_scenario(templates()["small_rural"].content, source="small_rural")
    effect = {"savings.true_savings": 0.01}
    return asked.with_changes({**effect, **options, "simulation.replicates": replicates, **changes})


class StoppedError(Exception):
    """Stands for whatever ends a process."""


def stopping_after(blocks: int) -> Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]:
    """Return an executor that dies after some blocks."""

    def run(function: Callable[[Any], Any], items: Iterable[Any], /) -> Iterator[Any]:
        for position, item in enumerate(items):
            if position == blocks:
                raise StoppedError
            yield function(item)

    return run


def test_an_interrupted_run_resumes_to_the_same_bits(tmp_path: Path) -> None:
    for blocks in (1, 1):
        with pytest.raises(StoppedError):
            run_in_folder(scenario(), tmp_path, executor=stopping_after(blocks), resume=True)
    part = finished_part(scenario(), tmp_path)
    assert part is not None
    assert part.sizes["replicate"] == 5_000
    result = run_in_folder(scenario(), tmp_path, executor=serial(), resume=True)
    assert differing(simulate(scenario()), result) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["result.nc"]


def test_replicates_are_added_to_a_stored_result(tmp_path: Path) -> None:
    run_in_folder(scenario(700), tmp_path, executor=serial())
    result = run_in_folder(scenario(), tmp_path, executor=serial(), resume=True)
    assert differing(simulate(scenario()), result) == []


def test_a_result_that_is_there_is_kept(tmp_path: Path) -> None:
    run_in_folder(scenario(100), tmp_path, executor=serial())
    with pytest.raises(ResultError, match="exists already"):
        run_in_folder(scenario(100), tmp_path, executor=serial())
    run_in_folder(scenario(100), tmp_path, executor=serial(), overwrite=True)


def test_blocks_of_another_scenario_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        run_in_folder(scenario(), tmp_path, executor=stopping_after(1))
    with pytest.raises(ResultError, match="another scenario"):
        run_in_folder(scenario(**{"simulation.seed": 3}), tmp_path, executor=serial(), resume=True)


def test_a_damaged_block_is_drawn_again(tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        run_in_folder(scenario(), tmp_path, executor=stopping_after(2))
    block = sorted((tmp_path / "partial").glob("*.npz"))[0]
    block.write_bytes(block.read_bytes()[:100])
    result = run_in_folder(scenario(), tmp_path, executor=serial(), resume=True)
    assert differing(simulate(scenario()), result) == []


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    """The second would take the blocks of the first away."""
    first_heard = []

    def second_begins(done: int, arrays: dict[str, Any]) -> None:
        for choice in ({}, {"resume": True}, {"overwrite": True}):
            with pytest.raises(ResultError, match="another run is at work there"):
                run_in_folder(scenario(), tmp_path, executor=serial(), **choice)
            first_heard.append(done)

    result = run_in_folder(scenario(), tmp_path, executor=serial(), progress=second_begins)
    assert len(first_heard) == 9
    assert differing(simulate(scenario()), result) == []
    run_in_folder(scenario(), tmp_path, executor=serial(), overwrite=True)


def test_the_lock_of_a_folder_ends_with_a_run_that_fails(tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        run_in_folder(scenario(), tmp_path, executor=stopping_after(1))
    run_in_folder(scenario(), tmp_path, executor=serial(), resume=True)
