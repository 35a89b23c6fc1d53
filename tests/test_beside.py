"""What is done beside a run is done once, and written only on a word, whether in a copy of the process or here."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from simcore import beside
from simcore.beside import Beside

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
    monkeypatch.setattr(beside, "_may_copy", lambda: False)
    work = Beside(noting(tmp_path))
    assert not (tmp_path / "computed").exists()
    work.finish()
    assert (tmp_path / "written").read_text(encoding="utf-8") == str(os.getpid())


@linux
def test_a_copy_does_the_work_and_writes_on_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_may_copy", lambda: True)
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
    monkeypatch.setattr(beside, "_may_copy", lambda: True)

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
@pytest.mark.parametrize("number", [0, signal.SIGKILL], ids=["leaves", "is killed"])
def test_nothing_is_written_where_the_word_never_comes(number: int, tmp_path: Path) -> None:
    """A process that ends before the word leaves a copy that ends too, in silence: it holds the output open."""
    done = without_the_word(
        tmp_path,
        "work = beside.Beside(noting(folder))",
        "while not (folder / 'computed').exists(): time.sleep(0.01)",
        f"os.kill(os.getpid(), {int(number)})",
        "sys.exit(3)",
    )
    assert (done.returncode, done.stdout, done.stderr) == (-number or 3, "", "")
    assert not (tmp_path / "written").exists()


@linux
def test_a_copy_at_work_ends_with_a_process_that_fails(tmp_path: Path) -> None:
    """Its output is closed long before the copy's work would be done."""
    done = without_the_word(
        tmp_path,
        "def work(): (folder / 'computed').touch(); time.sleep(300); (folder / 'slept').touch()",
        "copy = beside.Beside(work)",
        "while not (folder / 'computed').exists(): time.sleep(0.01)",
        "sys.exit(3)",
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")
    assert not (tmp_path / "slept").exists()


@linux
def test_an_interruption_while_a_copy_is_made_is_heard(tmp_path: Path) -> None:
    """Python itself drops what comes in a function that it calls at a fork, as here."""
    done = without_the_word(
        tmp_path,
        "import signal",
        "os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGINT))",
        "try: beside.Beside(noting(folder))",
        "except KeyboardInterrupt: sys.exit(130)",
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    assert not (tmp_path / "written").exists()


def without_the_word(folder: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """Run some Python in another process, which may be copied, and wait until nobody holds its output."""
    before = (
        "import os, sys, time; from pathlib import Path; from simcore import beside",
        "from tests.test_beside import noting",
        "beside._may_copy = lambda: True; folder = Path(sys.argv[1])",
    )
    words = [sys.executable, "-c", "\n".join((*before, *lines)), str(folder)]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
