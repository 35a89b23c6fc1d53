"""What is done beside a run is done once, and written only on a word, whether in a copy of the process or here."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from simcore import executors
from simcore.executors import Beside

linux = pytest.mark.skipif(sys.platform != "linux", reason="copies of a process are made on Linux alone")


def noting(folder: Path) -> Callable[[], Callable[[], None]]:
    """Return work that notes each of its two steps with the process that did it."""

    def work() -> Callable[[], None]:
        with (folder / "computed").open("a") as file:
            print(os.getpid(), file=file)
        return lambda: (folder / "written").write_text(str(os.getpid()), encoding="utf-8") and None

    return work


def test_where_no_copy_can_be_made_the_work_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_may_copy", lambda: False)
    work = Beside(noting(tmp_path))
    assert not (tmp_path / "computed").exists()
    work.finish()
    assert (tmp_path / "written").read_text(encoding="utf-8") == str(os.getpid())


@linux
def test_a_copy_does_the_work_and_writes_on_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "_may_copy", lambda: True)
    work = Beside(noting(tmp_path))
    assert not (tmp_path / "written").exists()
    work.finish()
    (computed,) = (tmp_path / "computed").read_text(encoding="utf-8").split()
    assert computed == (tmp_path / "written").read_text(encoding="utf-8") != str(os.getpid())


@linux
@pytest.mark.parametrize("step", ["computing", "writing"])
def test_work_that_fails_in_a_copy_is_done_here_and_its_fault_told(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_may_copy", lambda: True)

    def fail() -> Callable[[], None]:
        if step == "computing":
            raise ValueError(f"{step} went wrong")
        return fail_to_write

    def fail_to_write() -> None:
        raise ValueError(f"{step} went wrong")

    work = Beside(fail)
    with pytest.raises(ValueError, match=f"{step} went wrong"):
        work.finish()


@linux
def test_nothing_is_written_where_the_word_never_comes(tmp_path: Path) -> None:
    """A process that ends before the word leaves a copy that ends too, in silence: it holds the output open."""
    code = (
        "import sys; from pathlib import Path; from simcore import executors; "
        "executors._may_copy = lambda: True; from tests.test_beside import noting; "
        "executors.Beside(noting(Path(sys.argv[1]))); sys.exit(3)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")
    assert (tmp_path / "computed").exists()
    assert not (tmp_path / "written").exists()
