"""A file that a user brings is read to its end, refused where it has none, and never waited for."""

import os
import threading
from pathlib import Path

import pytest

from simcore.errors import DataError
from simcore.user_file import bytes_of


def test_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"a\0" * 50)
    assert bytes_of(path, 100) == b"a\0" * 50
    with pytest.raises(DataError, match="more than 99 bytes; allowed: at most 99"):
        bytes_of(path, 99)


def test_what_has_no_end_is_refused() -> None:
    with pytest.raises(DataError, match="more than 1,000 bytes"):
        bytes_of(Path("/dev/zero"), 1_000)


def test_a_pipe_that_nobody_writes_to_is_empty(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert bytes_of(tmp_path / "pipe", 100) == b""


def test_a_pipe_of_a_shell_is_read_as_it_is_written() -> None:
    """As ``simcore validate <(program)`` hands it over: the writer is there, and slow."""
    out, into = os.pipe()

    def write() -> None:
        for part in (b"title", b" = ", b"'x'"):
            threading.Event().wait(0.05)
            os.write(into, part)
        os.close(into)

    writer = threading.Thread(target=write)
    writer.start()
    assert bytes_of(Path(f"/dev/fd/{out}"), 100) == b"title = 'x'"
    writer.join()
    os.close(out)


@pytest.mark.parametrize("kind", ["absent", "folder", "loop", "null", "long"])
def test_what_cannot_be_opened_is_told(tmp_path: Path, kind: str) -> None:
    path = {"folder": tmp_path, "null": Path("a\0b"), "long": tmp_path / ("a" * 300)}.get(
        kind, tmp_path / kind
    )
    if kind == "loop":
        path.symlink_to(path)
    with pytest.raises(DataError, match="the file cannot be read: "):
        bytes_of(path, 100)
