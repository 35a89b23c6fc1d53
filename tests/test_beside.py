"""What is computed beside a run is computed whole, whether in a copy of the process or here."""

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


def noting(folder: Path) -> Callable[[], bytes]:
    """Return work that notes, and sends, which process did it."""

    def work() -> bytes:
        with (folder / "computed").open("a") as file:
            print(os.getpid(), file=file)
        return str(os.getpid()).encode()

    return work


def test_where_no_copy_can_be_made_the_work_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "_may_copy", lambda: False)
    work = Beside(noting(tmp_path))
    assert not (tmp_path / "computed").exists()
    assert work.result() == str(os.getpid()).encode()


@linux
def test_a_copy_does_the_work_once_and_sends_what_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "_may_copy", lambda: True)
    found = Beside(noting(tmp_path)).result().decode()
    (computed,) = (tmp_path / "computed").read_text(encoding="utf-8").split()
    assert computed == found != str(os.getpid())


@linux
def test_two_copies_send_more_than_a_pipe_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_may_copy", lambda: True)
    size = 3_000_000
    work = [Beside(lambda letter=letter: letter * size) for letter in (b"a", b"b")]
    assert [one.result() for one in reversed(work)] == [b"b" * size, b"a" * size]


@linux
@pytest.mark.parametrize("way", ["raises", "is killed"])
def test_work_that_fails_in_a_copy_is_done_here(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "_may_copy", lambda: True)
    here = os.getpid()

    def fail_elsewhere() -> bytes:
        if os.getpid() != here and way == "raises":
            raise ValueError("it went wrong")
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return noting(tmp_path)()

    assert Beside(fail_elsewhere).result() == str(here).encode()


@linux
@pytest.mark.parametrize("call", ["pipe", "fork"])
def test_where_the_system_makes_no_copy_the_work_is_done_here(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "_may_copy", lambda: True)

    def refuse() -> None:
        raise OSError("no memory")

    monkeypatch.setattr(beside.os, call, refuse)
    before = len(os.listdir("/proc/self/fd"))
    work = Beside(noting(tmp_path))
    assert work.result() == work.result() == str(os.getpid()).encode()
    assert len(os.listdir("/proc/self/fd")) == before


@linux
def test_a_copy_holds_no_file_of_the_first_process_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "_may_copy", lambda: True)
    with (tmp_path / "held").open("w"):
        places = Beside(lambda: " ".join(os.listdir("/proc/self/fd")).encode()).result().split()
    # The three standard ones, the pipe, and the folder that is listed.
    assert len(places) == 5


@linux
def test_where_no_child_is_waited_for_the_work_is_done_here(tmp_path: Path) -> None:
    done = in_another_process(
        tmp_path,
        "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
        "print(beside.Beside(noting(folder)).result().decode() == str(os.getpid()))",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


@linux
def test_a_fault_of_the_work_is_told_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_may_copy", lambda: True)

    def fail() -> bytes:
        raise ValueError("it went wrong")

    with pytest.raises(ValueError, match="it went wrong"):
        Beside(fail).result()


@linux
@pytest.mark.parametrize("number", [0, signal.SIGKILL], ids=["leaves", "is killed"])
def test_copies_end_with_a_process_that_does_not_ask(number: int, tmp_path: Path) -> None:
    """They end in silence, also with more to send than a pipe holds: they hold the output open."""
    done = in_another_process(
        tmp_path,
        "def work(): noting(folder)(); return bytes(3_000_000)",
        "copies = [beside.Beside(work), beside.Beside(work)]",
        "noted = folder / 'computed'",
        "while not noted.exists() or len(noted.read_text().split()) < 2: time.sleep(0.01)",
        f"os.kill(os.getpid(), {int(number)})",
        "sys.exit(3)",
    )
    assert (done.returncode, done.stdout, done.stderr) == (-number or 3, "", "")


@linux
def test_a_copy_at_work_ends_with_a_process_that_fails(tmp_path: Path) -> None:
    """Its output is closed long before the copy's work would be done."""
    done = in_another_process(
        tmp_path,
        "def work(): (folder / 'computed').touch(); time.sleep(300); (folder / 'slept').touch()",
        "copy = beside.Beside(work)",
        "while not (folder / 'computed').exists(): time.sleep(0.01)",
        "sys.exit(3)",
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")
    assert not (tmp_path / "slept").exists()


@linux
def test_a_copy_ends_in_silence_where_python_would_drop_the_interruption(tmp_path: Path) -> None:
    """In the callback of a weak reference, which says so on standard error, and goes on."""
    done = in_another_process(
        tmp_path,
        "import weakref",
        "class Thing: pass",
        "def at_work(_): (folder / 'computed').touch(); time.sleep(300)",
        "def work(): thing = Thing(); kept = weakref.ref(thing, at_work); del thing; time.sleep(300)",
        "copy = beside.Beside(work)",
        "while not (folder / 'computed').exists(): time.sleep(0.01)",
        "sys.exit(3)",
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")


@linux
def test_an_interruption_while_a_copy_is_made_is_heard(tmp_path: Path) -> None:
    """Python itself drops what comes in a function that it calls at a fork, as here."""
    done = in_another_process(
        tmp_path,
        "import signal",
        "os.register_at_fork(after_in_parent=lambda: os.kill(os.getpid(), signal.SIGINT))",
        "try: beside.Beside(noting(folder))",
        "except KeyboardInterrupt: sys.exit(130)",
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def in_another_process(folder: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """Run some Python in another process, which may be copied, and wait until nobody holds its output."""
    before = (
        "import os, sys, time; from pathlib import Path; from simcore import beside",
        "from tests.test_beside import noting",
        "beside._may_copy = lambda: True; folder = Path(sys.argv[1])",
    )
    words = [sys.executable, "-c", "\n".join((*before, *lines)), str(folder)]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
