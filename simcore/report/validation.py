"""Write the validation report: every published figure beside the model's, with its error and a verdict."""

from __future__ import annotations

from collections.abc import Sequence

from simcore.analysis.findings import Chapter, Finding, Grid

PREAMBLE = """# Validation

Written by `simcore validation`; not to be edited by hand. Every figure was published by others or can be worked out
exactly; beside it stands what simcore shows, with the standard error of simulation (none: a closed form, or a count).
An exact figure holds within four standard errors, a published one within the range that is stated."""


def validation_markdown(chapters: Sequence[Chapter], *, replicates: int) -> str:
    """Return the report as Markdown.

    Parameters
    ----------
    chapters
        What was found.
    replicates
        Of each simulation, to say how often they were run.
    """
    found = [finding for chapter in chapters for finding in chapter.findings]
    missed = sum(finding.holds is False for finding in found)
    judged = sum(finding.holds is not None for finding in found)
    count = (
        f"{judged - missed} of {judged} figures hold; {missed} are missed. {replicates:,} replicates each."
    )
    return "\n\n".join([PREAMBLE, count, *(_chapter(chapter) for chapter in chapters)]) + "\n"


def finding_row(finding: Finding) -> tuple[str, str, str, str]:
    """Return a finding as text: what, published, ours with its error, verdict."""
    return finding.title, finding.published, _ours(finding), finding.verdict


def _chapter(chapter: Chapter) -> str:
    """Return one chapter."""
    head = ("figure", "published", "simcore", "verdict")
    parts = [f"## {chapter.title}", chapter.about]
    parts.append(_table(head, [finding_row(finding) for finding in chapter.findings]))
    parts += [_grid(grid) for grid in chapter.grids if grid.rows]
    parts += [f"![{shown}]({file})" for file, shown in chapter.pictures]
    sources = dict.fromkeys(finding.source for finding in chapter.findings)
    return "\n\n".join([*parts, "Sources: " + "; ".join(sources) + "."])


def _grid(grid: Grid) -> str:
    """Return a grid under its title."""
    return f"**{grid.title}**\n\n{_table(grid.columns, grid.rows)}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; its first column is text, the others are numbers."""
    rule = [":--", *["--:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in (head, rule, *rows))


def _cell(text: str) -> str:
    """Return text that cannot end its cell."""
    return text.replace("|", "\\|").replace("\n", " ")


def _ours(finding: Finding) -> str:
    """Return the model's figure with as many digits as its error bears."""
    if finding.standard_error > 0.0:
        digits = max(2, 1 - _exponent(finding.standard_error))
        return f"{finding.value:.{digits}f} ± {finding.standard_error:.{digits}f}"
    return f"{finding.value:.4g}" if abs(finding.value) < 1e3 else f"{finding.value:,.0f}"


def _exponent(value: float) -> int:
    """Return the power of ten of a positive number's first digit."""
    return int(f"{value:e}".partition("e")[2])
