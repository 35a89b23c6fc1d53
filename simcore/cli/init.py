"""Write a commented scenario to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simcore.errors import SimcoreError, near_matches


def init(
    file: Annotated[Path, typer.Argument(help="File to write; - for standard output.")] = Path(
        "scenario.toml"
    ),
    template: Annotated[
        str, typer.Option(help="What to start from; `simcore init --list` shows all.")
    ] = "track_choice",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
    show: Annotated[bool, typer.Option("--list", help="List the templates and leave.")] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of a scenario, for editors.")
    ] = False,
) -> None:
    """Write a scenario with every key and its meaning, to start from.

    Examples: `simcore init my_aco.toml`, `simcore init --template small_rural`,
    `simcore init --schema > scenario.json`
    """
    from simcore.cli.printing import print_json, print_table, remarks
    from simcore.scenario.schema import Scenario, parse_scenario
    from simcore.scenario.templates import templates
    from simcore.scenario.writer import scenario_toml
    from simcore.store import written_whole

    if schema:
        print_json(Scenario.model_json_schema())
        return
    known = templates()
    if show:
        print_table(
            "Templates",
            ("name", "what for"),
            [(name, item.about.splitlines()[0]) for name, item in known.items()],
        )
        return
    if template not in known:
        allowed = ", ".join(known)
        raise SimcoreError(
            "--template",
            f"{template!r} is no template{near_matches(template, list(known))}; allowed: {allowed}",
        )
    about, content = known[template]
    text = scenario_toml(
        parse_scenario(content, source=template), preamble=f"{about}\nRun it: simcore run {file}"
    )
    if str(file) == "-":
        typer.echo(text, nl=False)
        return
    if file.exists() and not overwrite:
        raise SimcoreError(str(file), "exists already; add --overwrite to replace it")
    with written_whole(file) as temporary:
        temporary.write_text(text, encoding="utf-8")
    remarks().print(f"wrote {file}; run it with: simcore run {file}", soft_wrap=True)
