"""Write what a run leaves beside its result: summary, report, figures, manifest."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import xarray as xr

from simcore.cli.basis import basis_of_plan, remarks_on
from simcore.report.figures import draw_pictures, write_figures
from simcore.report.html import write_report
from simcore.run_folder import Folder
from simcore.scenario.default_values import default_sections
from simcore.scenario.schema import parse_scenario
from simcore.simulate import prepare
from simcore.store import written_whole


def write_run_files(result: xr.Dataset, summary: xr.Dataset, folder: Path) -> list[str]:
    """Write ``summary.csv``, ``report.html``, ``figures/*.png`` and ``manifest.json`` into `folder`.

    Returns
    -------
    list of str
        Short lines on what the result rests on that nobody has verified.
    """
    scenario = parse_scenario(json.loads(result.attrs["scenario"]), source="result")
    basis = basis_of_plan(prepare(scenario).plan)
    table = summary.to_dataframe().reset_index()
    with written_whole(folder / "summary.csv") as temporary:
        table.to_csv(temporary, index=False)
    pictures = draw_pictures(result)
    figures = write_figures(result, folder / "figures", pictures=pictures)
    write_report(
        result,
        folder / "report.html",
        citations=basis.law,
        contract_notes=basis.notes,
        defaults=default_sections(),
        pictures=pictures,
    )
    manifest = {
        **{key: value for key, value in result.attrs.items() if key != "scenario"},
        "replicates": result.sizes["replicate"],
        "files": [
            Folder(folder).result.name,
            "summary.csv",
            "report.html",
            *(f"figures/{path.name}" for path in figures),
        ],
        "unverified": [f"{entry.name} ({entry.citation})" for entry in basis.law if entry.unverified],
        "not_applied": list(basis.not_applied),
        "contract_notes": [asdict(note) for note in basis.notes],
        "scenario": json.loads(result.attrs["scenario"]),
    }
    with written_whole(folder / "manifest.json") as temporary:
        temporary.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return remarks_on(basis)
