"""The memory of a machine is what is built in, or what its container may use."""

from pathlib import Path

import pytest

from simcore import memory


def test_a_container_may_have_less(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built_in = memory.machine_memory()
    assert built_in is None or built_in > 100e6
    limits = [tmp_path / name for name in ("absent", "unlimited", "limit")]
    limits[1].write_text("max\n")
    limits[2].write_text("2000000\n")
    monkeypatch.setattr(memory, "_CONTROL_GROUPS", {path.name: path for path in limits})
    assert memory.machine_memory() == 2_000_000


@pytest.mark.parametrize(("controllers", "name"), [("", "memory.max"), ("memory", "memory.limit_in_bytes")])
def test_a_job_in_a_container_may_have_less_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, controllers: str, name: str
) -> None:
    """As Slurm and systemd give it: a group in a group, of which each has a limit, or none."""
    for folder, limit in (("slurm", "3000000"), ("slurm/job_7", "2000000"), ("slurm/job_7/step_0", "max")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(f"{limit}\n")
    (tmp_path / "self").write_text(f"3:cpu:/slurm\n2:{controllers}:/slurm/job_7/step_0/task_1\n")
    monkeypatch.setattr(memory, "_MEMBERSHIP", tmp_path / "self")
    monkeypatch.setattr(memory, "_CONTROL_GROUPS", {controllers: tmp_path / name})
    assert memory.machine_memory() == 2_000_000


def test_a_machine_may_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.sysconf")
    monkeypatch.setattr(memory, "_CONTROL_GROUPS", {})
    assert memory.machine_memory() is None
