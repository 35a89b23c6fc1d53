"""Make the reference pages from the code itself: words of a result, keys of a scenario, verbs, modules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer.main

from simcore.analysis.summary import MEASURES
from simcore.cli.main import VERBS, app
from simcore.scenario.schema import Scenario
from simcore.vocabulary import PROVENANCE, REQUIRED, VARIABLES

PACKAGE = Path(__file__).parents[1] / "simcore"
NOTE = "<!-- Written by docs/generate.py; not to be edited by hand. -->\n"

RESULT = """\
`simulate` returns an `xarray.Dataset`, and `load` reads one back. Money is in USD, rates are fractions, a loss is a
positive number in a variable named for losses. A dimension in *italics* is there only where a rule makes the variable
depend on it. Variables that are not in every result are kept with `simulation.detail = true`, or where the scenario
makes them."""

SCENARIO = """\
A scenario is a TOML file. `simcore init` writes one with every key and its meaning, `simcore validate` lists all
problems at once, `simcore init --schema` prints the JSON Schema for an editor. An unknown key is an error. Amounts are
in USD of the dollar year, rates are fractions."""

COMMANDS = """\
Exit status 0: done; 1: a check did not hold; 2: the input is at fault, with a message that says what to mend. `--json`
prints one JSON object on standard output and nothing else there."""

GROUND_FLOOR = tuple(sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__"))

ROOMS = {
    "face": ("The ground floor: simulate, store, executors", GROUND_FLOOR),
    "scenario": ("Scenarios", ("scenario",)),
    "analysis": ("Analysis of a result", ("analysis",)),
    "plots": ("Plots", ("plots",)),
    "report": ("Report and exhibits", ("report",)),
    "regulation": ("The program's numbers", ("regulation",)),
    "cms": ("CMS's public files", ("cms",)),
    "model": ("The model", ("model",)),
    "kernels": ("Compiled kernels", ("kernels",)),
}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def result_page() -> str:
    """Return the page of a result's variables, attributes and summary measures."""
    rows = [
        (
            f"`{name}`",
            ", ".join(f"*{dim}*" if dim in word.optional_dims else dim for dim in word.dims),
            word.units,
            word.long_name,
            "always" if name in REQUIRED else "",
        )
        for name, word in VARIABLES.items()
    ]
    measures = [(f"`{measure.name}`", measure.units, measure.long_name) for measure in MEASURES]
    return "\n".join(
        [
            "# What a result holds",
            NOTE,
            RESULT,
            "",
            "## Variables",
            "",
            table(("variable", "dimensions", "unit", "meaning", "in every result"), rows),
            "",
            "## Attributes",
            "",
            "No times, hosts or users: the same scenario gives the same file. "
            + ", ".join(f"`{a}`" for a in PROVENANCE)
            + ".",
            "",
            "## Measures of `summarize`",
            "",
            "By contract, and by performance year and for the agreement (`all`), each with its standard error.",
            "",
            table(("measure", "unit", "meaning"), measures),
            "",
        ]
    )


def scenario_page() -> str:
    """Return the page of a scenario's keys."""
    schema = Scenario.model_json_schema()
    parts = [
        "# Keys of a scenario",
        NOTE,
        SCENARIO,
        "",
        f"`title`: {schema['properties']['title']['description']}.",
    ]
    for name, section in schema["properties"].items():
        if "$ref" in section:
            parts += _section(f"[{name}]", _resolved(schema, section), schema)
    return "\n".join([*parts, ""])


def _section(heading: str, section: Mapping[str, Any], schema: Mapping[str, Any]) -> list[str]:
    """Return one table of a scenario, and the tables inside it."""
    required = section.get("required", [])
    rows, inner = [], []
    for key, value in section["properties"].items():
        default = "required" if key in required else _shown(value.get("default"))
        rows.append((f"`{key}`", _allowed(value), default, value.get("description", "")))
        for reference in re.findall(r"#/\$defs/\w+", str(value)):
            target = _resolved(schema, {"$ref": reference})
            if "properties" in target:
                by = ".ENROLLMENT_TYPE" if "propertyNames" in value else ""
                inner += _section(f"{heading[:-1]}.{key}{by}]", target, schema)
    head = [f"## `{heading}`", "", section.get("description", ""), ""]
    return ["", *head, table(("key", "allowed", "default", "meaning"), rows), *inner]


def _resolved(schema: Mapping[str, Any], value: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference inside the schema."""
    found: Mapping[str, Any] = schema["$defs"][value["$ref"].rsplit("/", 1)[1]]
    return found


def _allowed(value: Mapping[str, Any]) -> str:
    """Return in words what a key may hold."""
    if "anyOf" in value:
        return " or ".join(_allowed(one) for one in value["anyOf"] if one.get("type") != "null")
    if "$ref" in value:
        return "a table"
    if "const" in value:
        return f'"{value["const"]}"'
    if "enum" in value:
        return ", ".join(f'"{one}"' for one in value["enum"])
    kind = value.get("type", "any value")
    if kind == "array":
        return f"a list, each {_allowed(value.get('items', {}))}"
    if kind == "object":
        inside = value.get("additionalProperties")
        by = " by enrollment type" if "propertyNames" in value else ""
        return f"{_allowed(inside)}{by}" if isinstance(inside, Mapping) and by else f"a table{by}"
    words = {"integer": "whole number", "number": "number", "string": "text", "boolean": "true, false"}
    name = "date" if value.get("format") == "date" else words.get(kind, str(kind))
    return f"{name}{_bounds(value)}"


def _bounds(value: Mapping[str, Any]) -> str:
    """Return the bounds of a number."""
    signs = {"exclusiveMinimum": ">", "minimum": "≥", "maximum": "≤", "exclusiveMaximum": "<"}
    bounds = [
        f"{sign} {_number(value[key])}"
        for key, sign in signs.items()
        if key in value and abs(value[key]) < 2**53
    ]
    return f" {', '.join(bounds)}" if bounds else ""


def _number(value: float) -> str:
    """Return a bound; a year has no comma."""
    return f"{value:,}" if abs(value) >= 10_000 else f"{value:g}"


def _shown(value: object) -> str:
    """Return a default as a scenario writes it."""
    if value is None:
        return "absent"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(one)}" for name, one in value.items()) or "empty"
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value)) or "empty"
    return f'"{value}"' if isinstance(value, str) else str(value)


def verbs_table() -> str:
    """Return the table of verbs."""
    return table(("verb", "what it does"), [(f"`simcore {verb}`", about) for verb, about in VERBS.items()])


def commands_page() -> str:
    """Return the page of all verbs with their options."""
    group = typer.main.get_command(app)
    parts = [
        "# Commands",
        NOTE,
        COMMANDS,
        "",
        verbs_table(),
    ]
    for verb in VERBS:
        _, command, _ = group.resolve_command(None, [verb])
        rows = [
            (
                f"`{' / '.join([*one.opts, *one.secondary_opts])}`",
                one.help or "",
                "yes" if one.required else "",
            )
            for one in command.params
        ]
        parts += [
            "",
            f"## simcore {verb}",
            "",
            command.help,
            "",
            table(("argument or option", "meaning", "required"), rows),
        ]
    return "\n".join([*parts, ""])


def api_pages() -> Iterator[tuple[str, str]]:
    """Yield the API pages, one a room, made of the docstrings of its modules."""
    for room, (title, names) in ROOMS.items():
        parts = [f"# {title}", NOTE]
        for module in sorted(_modules(names)):
            parts += [
                f"## `{module}`",
                "",
                f"```{{eval-rst}}\n.. automodule:: {module}\n   :members:\n```",
                "",
            ]
        yield f"{room}.md", "\n".join(parts)


def _modules(names: Sequence[str]) -> Iterator[str]:
    """Yield the modules of rooms that define anything public, in dotted form."""
    for name in names:
        single = PACKAGE / f"{name}.py"
        for path in [single] if single.is_file() else sorted((PACKAGE / name).rglob("*.py")):
            body = ast.parse(path.read_text(encoding="utf-8")).body
            public = (ast.FunctionDef, ast.ClassDef)
            if any(isinstance(node, public) and not node.name.startswith("_") for node in body):
                yield ".".join(("simcore", *path.relative_to(PACKAGE).with_suffix("").parts))
