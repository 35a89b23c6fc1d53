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
    monkeypatch.setattr(memory, "_CONTROL_GROUPS", tuple(limits))
    assert memory.machine_memory() == 2_000_000


def test_a_machine_may_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.sysconf")
    monkeypatch.setattr(memory, "_CONTROL_GROUPS", ())
    assert memory.machine_memory() is None
