"""Show a scenario in a notebook: what is asked on top, every key with its value and meaning folded below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from pydantic import BaseModel


def scenario_html(scenario: BaseModel) -> str:
    """Return a scenario as HTML.

    Parameters
    ----------
    scenario
        A scenario, or one of its sections.

    Returns
    -------
    str
        The title, then one block a section, folded, with each key, its value and what it means. Keys
        that have the model's default are marked so; every value is escaped.
    """
    fields = type(scenario).model_fields
    sections = [
        _section(name, value) for name in fields if isinstance(value := getattr(scenario, name), BaseModel)
    ]
    title = escape(str(getattr(scenario, "title", "")))
    return f"<div><strong>{title}</strong>{''.join(sections)}</div>"


def _section(name: str, section: BaseModel) -> str:
    """Return one section as a block that unfolds; what the scenario itself sets is told while it is folded."""
    rows = list(_rows(section, ""))
    own = ", ".join(f"{escape(key)} = {escape(value)}" for key, value, _, default in rows if not default)
    body = "".join(
        f"<tr><td><code>{escape(key)}</code></td><td>{escape(value)}{' (default)' if default else ''}</td>"
        f'<td style="text-align:left">{escape(meaning)}</td></tr>'
        for key, value, meaning, default in rows
    )
    head = "<tr><th>key</th><th>value</th><th>meaning</th></tr>"
    return (
        f"<details><summary><code>[{escape(name)}]</code> {own or 'defaults'}</summary>"
        f"<table>{head}{body}</table></details>"
    )


def _rows(section: BaseModel, prefix: str) -> Iterator[tuple[str, str, str, bool]]:
    """Yield key, value, meaning and whether it is the default, tables inside tables with dotted keys."""
    for name, field in type(section).model_fields.items():
        value, key = getattr(section, name), prefix + name
        is_default = value == field.get_default(call_default_factory=True)
        tables = isinstance(value, Mapping) and any(isinstance(item, BaseModel) for item in value.values())
        if isinstance(value, BaseModel):
            yield from _rows(value, f"{key}.")
        elif tables:
            for group, table in value.items():
                yield from _rows(table, f"{key}.{group}.")
        else:
            yield key, _words(value), field.description or "", is_default


def _words(value: object) -> str:
    """Return a value as a reader says it."""
    if value is None:
        return "absent"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_words(item)}" for key, item in value.items()) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(_words, value)) or "none"
    if isinstance(value, int) and abs(value) < 1_000_000_000 and not 1900 <= value < 2100:
        return f"{value:,}"
    return str(value)
