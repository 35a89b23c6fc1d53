"""Write what a run leaves beside its result: summary, report, figures, manifest."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import xarray as xr

from simcore.cli.basis import Basis
from simcore.report.page import page_around
from simcore.report.pictures import Picture, write_pictures
from simcore.run_folder import Folder
from simcore.scenario.default_values import default_sections
from simcore.store import written_whole


def write_run_files(
    result: xr.Dataset, pictures: Callable[[], Sequence[Picture]], basis: Basis, folder: Path
) -> None:
    """Write ``figures/*.png``, ``report.html`` and ``manifest.json``.

    Parameters
    ----------
    result
        A result of ``simulate``.
    pictures
        Waits for its pictures, while all else of the report is made.
    basis
        What it rests on.
    folder
        Folder of the run.
    """
    page = page_around(result, citations=basis.law, contract_notes=basis.notes, defaults=default_sections())
    drawn = pictures()
    figures = write_pictures(drawn, folder / "figures")
    with written_whole(folder / "report.html") as temporary:
        temporary.write_text(page(drawn), encoding="utf-8")
    with written_whole(folder / "manifest.json") as temporary:
        temporary.write_text(_manifest(result, basis, folder, figures), encoding="utf-8")


def _manifest(result: xr.Dataset, basis: Basis, folder: Path, figures: list[Path]) -> str:
    """Return what was run, on which numbers of the law, and which files it left, as JSON."""
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
        "drifts": list(basis.drifts),
        "contract_notes": [asdict(note) for note in basis.notes],
        "scenario": json.loads(result.attrs["scenario"]),
    }
    return json.dumps(manifest, indent=2, sort_keys=True) + "\n"
