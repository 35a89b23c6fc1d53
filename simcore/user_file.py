"""Take the bytes of a file that a user brings: so many at the most, and never wait for what does not come."""

import os
from pathlib import Path

from simcore.errors import DataError


def bytes_of(path: Path, most: int) -> bytes:
    """Return the content of a file, which may be the pipe of a shell.

    No more than `most` bytes are read, for a device such as ``/dev/zero`` has no end; a pipe that nobody
    writes to is empty.

    Raises
    ------
    DataError
        If it cannot be opened or holds more than `most` bytes.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(str(path), f"the file cannot be read: {reason}") from error
    if len(content) > most:
        raise DataError(str(path), f"the file has more than {most:,} bytes; allowed: at most {most:,}")
    return content


def _without_waiting(name: str, flags: int) -> int:
    """Open a file; a pipe without a writer is opened at once, one with a writer is then read as it writes."""
    opened = os.open(name, flags | getattr(os, "O_NONBLOCK", 0))
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(opened, True)
    return opened
