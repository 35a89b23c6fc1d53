"""Write the report of a result: its pictures, and the page that holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xarray as xr

from simcore.report.citations import CitedNumber, ContractNote
from simcore.report.figures import draw_pictures
from simcore.report.page import render_report
from simcore.report.pictures import Picture
from simcore.store import written_whole


def write_report(
    result: xr.Dataset,
    path: str | Path,
    *,
    citations: Sequence[CitedNumber] = (),
    contract_notes: Sequence[ContractNote] = (),
    defaults: Mapping[str, Any] | None = None,
    pictures: Sequence[Picture] | None = None,
) -> Path:
    """Write the report of `result` and return its path.

    Parameters
    ----------
    result
        A result of ``simulate``, or a stored one.
    path
        The HTML file. It is written whole or not at all.
    citations
        The numbers of the rules that the run used, each with its source.
    contract_notes
        What there is to know about contracts outside of the Shared Savings Program.
    defaults
        The shipped defaults by section and key: with them the report says which assumptions are the
        scenario's own.
    pictures
        What ``draw_pictures`` returned, so that a report and its files are drawn once.

    Raises
    ------
    ResultError
        If the file cannot be written, or the result does not carry its scenario.
    """
    drawn = pictures if pictures is not None else draw_pictures(result)
    page = render_report(result, drawn, citations=citations, contract_notes=contract_notes, defaults=defaults)
    target = Path(path)
    with written_whole(target) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return target
