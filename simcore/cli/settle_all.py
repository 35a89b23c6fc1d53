"""Settle one benchmark and its expenditures under every contract there is, one line a contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from simcore.cli.settle_case import Case, Rules, read_case, settle_case
from simcore.cli.settle_contract import ContractInput
from simcore.cli.settle_fields import CONTRACT_FIELDS, FIELDS, as_option, read_values
from simcore.cli.settle_outcome import Outcome, rounded_results
from simcore.errors import ScenarioError
from simcore.model.settlement import Settlement
from simcore.model.steps import round_half_away
from simcore.regulation.participation import LATEST_PUBLISHED_YEAR
from simcore.regulation.tracks import TRACKS

ALL = "all"
"""The word that stands for every contract."""

_COMMON = ("benchmark", "expenditures", "quality_score", "performance_year", "assigned_beneficiaries")


class Line(NamedTuple):
    """What one contract makes of the year."""

    contract: str
    performance_year: int
    outcome: Outcome


def settle_all(words: Mapping[str, str], rules: Rules) -> tuple[list[Line], list[str]]:
    """Return a line for every track and every contract beyond the program, and notes.

    Parameters
    ----------
    words
        Texts by option name: benchmark and expenditures, and if wished quality score, performance
        year and assigned beneficiaries. Without a year each contract has the one nearest to the last
        published; without beneficiaries there are as many as the program's floor.
    rules
        The program's numbers and the contracts.

    Raises
    ------
    ScenarioError
        With all that is wrong with `words`.
    """
    _refuse(words)
    floor = int(
        rules.regulation.number("minimum_assigned_beneficiaries", performance_year=LATEST_PUBLISHED_YEAR)
    )
    people = {"assigned_beneficiaries": words.get("assigned_beneficiaries") or str(floor)}
    own = {name: text for name, text in words.items() if name in CONTRACT_FIELDS}
    asked = [(track, {"track": track, **words, **people}) for track in TRACKS]
    asked += [(label, {**own, "contract": label}) for label in rules.presets.labels]
    lines, left_out = [], []
    for name, given in asked:
        case, _ = read_case({key: text for key, text in given.items() if text != ALL}, rules)
        if case is None:
            left_out.append(name)
        else:
            lines.append(Line(name, _year(case), settle_case(case, rules)))
    notes = [f"assumed {floor:,} assigned beneficiaries, the program's floor"] * (
        "assigned_beneficiaries" not in words
    )
    if left_out:
        notes.append(f"not settled in performance year {words['performance_year']}: {', '.join(left_out)}")
    return lines, [*notes, *_doubts(lines)]


def line_json(line: Line, *, decimals: int) -> dict[str, object]:
    """Return a line as ``settle --json`` has it, with the limit that is nearest."""
    return {
        "contract": line.contract,
        "performance_year": line.performance_year,
        **rounded_results(line.outcome.settlement, decimals=decimals),
        "limit": round(limit_of(line.outcome.settlement), decimals),
        "limit_binds": bool(limit_binds(line.outcome.settlement)),
        "notes": list(line.outcome.notes),
    }


def limit_of(settlement: Settlement) -> float:
    """Return the most that could be paid, or owed in a year of losses, USD; infinite without a limit."""
    loses = float(settlement.gross_savings) < 0.0
    limit = settlement.loss_recoupment_limit if loses else settlement.performance_payment_limit
    return float(round_half_away(limit, decimals=2))


def limit_binds(settlement: Settlement) -> bool:
    """Say whether a limit cut what is paid or owed."""
    return bool(settlement.payment_limit_binds) or bool(settlement.loss_limit_binds)


def _refuse(words: Mapping[str, str]) -> None:
    """Raise `ScenarioError` for what cannot be read or is not the same for every contract."""
    fields = {"contract": CONTRACT_FIELDS["contract"], **{name: FIELDS[name] for name in _COMMON}}
    fields["performance_year"] = CONTRACT_FIELDS["performance_year"]
    known = {name: text for name, text in words.items() if name in fields}
    _, problems = read_values(known, fields, required=("benchmark", "expenditures"))
    problems += [
        f"{name}: is not the same for every contract; allowed beside contract {ALL}: {', '.join(_COMMON)}"
        for name in words
        if name not in fields
    ]
    if problems:
        raise ScenarioError("simcore settle", [as_option(problem) for problem in problems])


def _year(case: Case) -> int:
    """Return the performance year of a case."""
    return case.performance_year if isinstance(case, ContractInput) else case.aco.performance_year


def _doubts(lines: list[Line]) -> list[str]:
    """Return a note that names the contracts with numbers that nobody has read in their source."""
    doubtful = [line.contract for line in lines if any(step.unverified for step in line.outcome.steps)]
    if not doubtful:
        return []
    return [f"unverified numbers stand behind {', '.join(doubtful)}; settle one alone to see which"]
