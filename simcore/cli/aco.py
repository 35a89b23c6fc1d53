"""Write a scenario from a real ACO's public record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simcore.errors import SimcoreError


def aco(
    file: Annotated[Path, typer.Argument(help="CMS's results file of one performance year, CSV.")],
    aco_id: Annotated[str, typer.Argument(help="The ACO's id in it, such as A2490.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="Scenario to write; - for standard output.")
    ] = Path("scenario.toml"),
    year: Annotated[
        int | None, typer.Option(help="Performance year, where the file does not tell it.")
    ] = None,
    true_savings: Annotated[
        float | None, typer.Option(help="True savings to assume; absent: the published savings rate.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an existing file.")] = False,
) -> None:
    """Write a scenario from a real ACO's public record: people, levels, scores, benchmark, quality, contract.

    Example: `simcore aco PY2023.csv A2490 -o my_aco.toml`, then `simcore run my_aco.toml`
    """
    from simcore.cli.printing import remarks
    from simcore.cms.aco_scenario import aco_scenario, record_preamble
    from simcore.cms.public_results import read_public_results
    from simcore.scenario.writer import scenario_toml
    from simcore.store import written_whole

    results = read_public_results(file, performance_year=year)
    scenario = aco_scenario(results, aco_id)
    if true_savings is not None:
        scenario = scenario.with_changes({"savings.true_savings": true_savings})
    text = scenario_toml(scenario, preamble=record_preamble(results, aco_id))
    if str(output) == "-":
        typer.echo(text, nl=False)
        return
    if output.exists() and not overwrite:
        raise SimcoreError(str(output), "exists already; add --overwrite to replace it")
    with written_whole(output) as temporary:
        temporary.write_text(text, encoding="utf-8")
    remarks().print(f"wrote {output}; run it with: simcore run {output}", soft_wrap=True)
