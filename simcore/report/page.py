"""Make one page that a board reads on top and an actuary below: a single HTML text that needs no network."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import jinja2
import xarray as xr

from simcore.analysis.display import choose_contracts
from simcore.analysis.risk import agreement_total
from simcore.plots.words import contract_name
from simcore.report.answer import answer_sentences, contract_rows, yearly_rows
from simcore.report.assumptions import assumptions, scenario_of
from simcore.report.checks import check_result
from simcore.report.citations import CitedNumber, ContractNote, citation_texts, note_texts
from simcore.report.model_documentation import limitations, model_documentation
from simcore.report.percentiles import badges
from simcore.report.pictures import Picture
from simcore.vocabulary import PERFORMANCE_YEAR, PROVENANCE, REPLICATE

TEMPLATES: Final = Path(__file__).with_name("templates")


def render_report(
    result: xr.Dataset,
    pictures: Sequence[Picture],
    *,
    citations: Sequence[CitedNumber] = (),
    contract_notes: Sequence[ContractNote] = (),
    defaults: Mapping[str, Any] | None = None,
) -> str:
    """Return the report as text; arguments as for `page_around`, and what ``draw_pictures`` returned."""
    page = page_around(result, citations=citations, contract_notes=contract_notes, defaults=defaults)
    return page(pictures)


def page_around(
    result: xr.Dataset,
    *,
    citations: Sequence[CitedNumber] = (),
    contract_notes: Sequence[ContractNote] = (),
    defaults: Mapping[str, Any] | None = None,
) -> Callable[[Sequence[Picture]], str]:
    """Make all of a report but its pictures, which may still be drawn meanwhile.

    Parameters
    ----------
    result
        A result of ``simulate``, or a stored one.
    citations, contract_notes, defaults
        As for `simcore.report.html.write_report`.

    Returns
    -------
    Callable
        Takes the pictures, and returns the page as text.

    Raises
    ------
    ResultError
        If the result does not carry its scenario.
    """
    rows = contract_rows(result)
    checks = check_result(result)
    scenario = scenario_of(result)
    best = choose_contracts(agreement_total(result["net_settlement"]))[0]
    content = {
        "title": scenario.get("title") or "A simulated agreement",
        "aco": _aco_line(result, scenario),
        "answer": answer_sentences(result, rows),
        "rows": rows,
        "best": rows[0],
        "yearly": yearly_rows(result, best),
        "yearly_contract": contract_name(best),
        "badges": badges(result),
        "assumptions": assumptions(result, defaults),
        "limitations": limitations(),
        "citations": [citation_texts(number) for number in citations],
        "contract_notes": [note_texts(note) for note in contract_notes],
        "documentation": model_documentation(result, rows, checks),
        "checks": checks,
        "replicates": result.sizes[REPLICATE],
        "provenance": [(name, result.attrs[name]) for name in PROVENANCE if name != "scenario"],
    }
    template = _environment().get_template("report.html.jinja")

    def page(pictures: Sequence[Picture]) -> str:
        encoded = [(picture, base64.b64encode(picture.png).decode("ascii")) for picture in pictures]
        return template.render(content, pictures=encoded)

    return page


def _environment() -> jinja2.Environment:
    """Return templates that escape every value and refuse a name that is not there."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _aco_line(result: xr.Dataset, scenario: Mapping[str, Any]) -> str:
    """Return who and when in a line."""
    aco = scenario.get("aco")
    name = aco.get("name", "") if isinstance(aco, dict) else ""
    number = aco.get("aco_id", "") if isinstance(aco, dict) else ""
    years = result[PERFORMANCE_YEAR].values
    size = float(result["assigned_beneficiaries"].isel({PERFORMANCE_YEAR: 0}).mean())
    who = f"{name} ({number})" if name and number else name
    span = (
        f"performance years {years[0]} to {years[-1]}" if years.size > 1 else f"performance year {years[0]}"
    )
    return " · ".join(part for part in (who, f"{size:,.0f} assigned beneficiaries", span) if part)
