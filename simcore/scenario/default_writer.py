"""Write default values as the TOML that the model reads, each with its title, unit and source."""

import json
from collections.abc import Mapping


def defaults_toml(content: Mapping[str, Mapping[str, object]], *, preamble: str) -> str:
    """Return the text of a file of defaults: a table a value, under a comment that says what they are."""
    lines = [f"# {line}" for line in preamble.splitlines()]
    for name, entry in content.items():
        lines += ["", f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in entry.items())]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """Spell a text, a number, a list or a table in TOML."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    # A JSON string or number is one of TOML's, too.
    return json.dumps(value, ensure_ascii=False)
