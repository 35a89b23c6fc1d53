"""List all problems of a scenario at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simcore.cli.printing import print_json, print_table, titled_by_file
from simcore.errors import SimcoreError


def validate(
    scenario: Annotated[Path, typer.Argument(help="Scenario file, TOML.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List all problems of a scenario at once: place, value, what is allowed, and the rule.

    Example: `simcore validate scenarios/track_choice.toml`
    """
    from simcore.model.contracts.in_force import doubts
    from simcore.model.flow import contract_notes, law_not_applied, law_used
    from simcore.model.mix_drift import mix_drifts
    from simcore.regulation.ledger import unverified
    from simcore.scenario.files import read_scenario
    from simcore.simulate import prepare

    try:
        content = read_scenario(scenario)
        with titled_by_file(content.title, scenario):
            plan = prepare(content).plan
        options = [choice.label for choice in plan.choices]
        remarks = [
            *mix_drifts(plan.people, plan.timeline),
            *unverified(law_used(plan)),
            *law_not_applied(plan),
            *doubts(contract_notes(plan)),
        ]
    except SimcoreError as error:
        if not as_json:
            raise
        print_json({"valid": False, "source": error.source, "problems": list(error.problems)})
        raise typer.Exit(2) from error
    if as_json:
        print_json(
            {
                "valid": True,
                "source": str(scenario),
                "problems": [],
                "notes": remarks,
                "contracts": options,
                "digest": content.digest(),
            }
        )
        return
    years = content.aco.performance_years
    rows = [
        ("title", content.title),
        ("agreement start", str(content.aco.agreement_start)),
        ("performance years", f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])),
        ("contract options", str(len(options))),
        ("digest", content.digest()[:16]),
    ]
    print_table(f"{scenario} is a valid scenario", ("", ""), rows)
    for remark in remarks:
        typer.echo(f"note: {remark}")
