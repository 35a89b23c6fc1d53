"""Write what a run leaves beside its result: summary, report, figures, manifest."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict
from functools import partial
from pathlib import Path

import xarray as xr

from simcore.beside import Beside
from simcore.cli.basis import Basis
from simcore.report.figures import PICTURES, Picture, draw_pictures, write_figures
from simcore.report.html import write_report
from simcore.run_folder import Folder
from simcore.scenario.default_values import default_sections
from simcore.store import written_whole

_AS_DEAR_AS_THE_OTHERS = ("stoplight", "comparison")
"""Pictures with all options: together they take as long to draw as the others."""


class PicturesBeside:
    """The pictures of a result, drawn in two copies of this process while it goes on.

    Parameters
    ----------
    result
        A result of ``simulate``.
    """

    def __init__(self, result: xr.Dataset) -> None:
        halves = (
            _AS_DEAR_AS_THE_OTHERS,
            tuple(name for name in PICTURES if name not in _AS_DEAR_AS_THE_OTHERS),
        )
        self._halves = [Beside(partial(_drawn, result, names)) for names in halves]

    def result(self) -> tuple[Picture, ...]:
        """Return the pictures in order, when they are drawn."""
        drawn = [picture for half in self._halves for picture in _read(half.result())]
        return tuple(sorted(drawn, key=lambda picture: PICTURES.index(picture.name)))


def _drawn(result: xr.Dataset, names: tuple[str, ...]) -> bytes:
    """Draw pictures, and write them down for another process."""
    drawn = [
        {**picture._asdict(), "png": base64.b64encode(picture.png).decode("ascii")}
        for picture in draw_pictures(result, names)
    ]
    return json.dumps(drawn).encode()


def _read(written: bytes) -> list[Picture]:
    """Return the pictures that another process wrote down."""
    return [Picture(**{**one, "png": base64.b64decode(one["png"])}) for one in json.loads(written)]


def write_run_files(result: xr.Dataset, pictures: tuple[Picture, ...], basis: Basis, folder: Path) -> None:
    """Write ``figures/*.png``, ``report.html`` and ``manifest.json``.

    Parameters
    ----------
    result
        A result of ``simulate``.
    pictures
        Its pictures.
    basis
        What it rests on.
    folder
        Folder of the run.
    """
    figures = write_figures(result, folder / "figures", pictures=pictures)
    write_report(
        result,
        folder / "report.html",
        citations=basis.law,
        contract_notes=basis.notes,
        defaults=default_sections(),
        pictures=pictures,
    )
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
