"""Read a TOML file that a user brings, or say in a sentence why it cannot be read."""

import re
import tomllib
from pathlib import Path
from typing import Final

from simcore.errors import DataError
from simcore.user_file import bytes_of

LARGEST_FILE_BYTES: Final = 4_000_000
"""A scenario, a portfolio or a rule file is a page or two; a larger file is something else."""
DEEPEST_KEY: Final = 50
"""Names that a dotted key may join. Memory for one grows with the square: 400 KB of ``a.a.a.`` took 20 GB."""

_NAME = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_TOO_DEEP: Final = re.compile(rf"(?<![\w-])(?:{_NAME}[ \t]*\.[ \t]*){{{DEEPEST_KEY}}}")


def read_toml(path: Path) -> dict[str, object]:
    """Return the content of a TOML file.

    Raises
    ------
    DataError
        If it cannot be opened, is too large, is not UTF-8, or is not TOML.
    """
    try:
        text = bytes_of(path, LARGEST_FILE_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 text: byte {error.start} cannot be read; save it as UTF-8"
        raise DataError(str(path), message) from error
    if _TOO_DEEP.search(text):
        message = f"cannot be read as TOML: a key joins more than {DEEPEST_KEY} names by dots"
        raise DataError(str(path), message)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise DataError(str(path), "cannot be read as TOML: it is nested too deeply") from error
    except ValueError as error:
        # A number of more than 4,300 digits is a ValueError of Python's own.
        raise DataError(str(path), f"cannot be read as TOML: {error}") from error
