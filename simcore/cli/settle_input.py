"""Make a settlement of its options: what is not given is assumed aloud, what the law forbids is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from simcore.cli.settle_fields import Given, read_fields
from simcore.model.aco_year import MET, QUALITY_STANDARDS, AcoYear, is_low_revenue
from simcore.regulation.ledger import Ledger
from simcore.regulation.participation import (
    VARIABLE,
    agreement_problems,
    default_year,
    elections,
    latest_start,
    option_problems,
)
from simcore.regulation.reader import Regulation, table


@dataclass(frozen=True, slots=True)
class SettlementInput:
    """One settlement to compute; ``notes`` say what was assumed."""

    aco: AcoYear
    track: str
    msr_election: str
    benchmark: float
    expenditures: float
    two_way_benchmark: float | None
    aip_balance: float | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """What is given, and the track and dates that decide which rules hold."""

    given: Given
    track: str
    year: int
    start: date
    regulation: Regulation

    @property
    def ledger(self) -> Ledger:
        return Ledger(
            self.regulation, performance_year=self.year, agreement_start=self.start, track=self.track
        )


def read_settlement(
    words: Mapping[str, str], regulation: Regulation
) -> tuple[SettlementInput | None, list[str]]:
    """Return the settlement that `words` describe, or None and all that is wrong with them.

    Parameters
    ----------
    words
        Texts by option name with underscores; an empty text is an option that is not given.
    regulation
        The program's numbers.
    """
    given, problems = read_fields(words)
    unread = {problem.partition(":")[0] for problem in problems}
    # What the law allows depends on these: it is judged as soon as they can be read.
    if not given.track or unread & {"performance_year", "agreement_start"}:
        return None, problems
    year = given.performance_year or default_year(regulation, given.track, given.agreement_start)
    start = given.agreement_start or latest_start(regulation, given.track, year) or date(year, 1, 1)
    case = _Case(given, given.track, year, start, regulation)
    problems += _law_problems(case)
    if problems:
        return None, problems
    return _completed(case), []


def _law_problems(case: _Case) -> list[str]:
    """Return what the rules forbid in options that can be read."""
    given, year, start = case.given, case.year, case.start
    problems = option_problems(
        case.regulation,
        track=case.track,
        msr_election=given.msr_election or "",
        agreement_start=start,
        performance_years=(year,),
    ) + agreement_problems(case.regulation, agreement_start=start, performance_years=(year,))
    if problems:
        return problems
    ledger = case.ledger
    if given.quality_standard == "alternative" and ledger.entry("quality_rule").value != "alternative":
        problems.append(
            f"quality_standard: 'alternative' does not exist in performance year {year}; "
            "allowed: met, not-met (42 CFR 425.512(a))"
        )
    relief = {"disaster_relief": given.disaster_relief, "disaster_share": given.disaster_share}
    if not ledger.flag("disaster_relief_of_losses"):
        source = ledger.entry("disaster_relief_of_losses").citation
        problems += [
            f"{name}: {value} is not possible in performance year {year}; allowed: 0 ({source})"
            for name, value in relief.items()
            if value
        ]
    if given.two_way_benchmark is not None and not ledger.flag("benchmark_guardrail"):
        problems.append(
            f"two_way_benchmark: agreements from {start} have no guardrail; "
            "allowed: agreements from 2024 (42 CFR 425.652(b)(5))"
        )
    if given.aip_balance and not ledger.holds("advance_investment_recoupment_share"):
        problems.append(
            f"aip_balance: agreements from {start} have no advance investment payments; "
            "allowed: agreements from 2024 (42 CFR 425.630)"
        )
    return problems + _calendar_problems(case)


def _calendar_problems(case: _Case) -> list[str]:
    """Return what is wrong with the length of the year and with the termination."""
    given, year, problems = case.given, case.year, []
    usual, shortened = (
        case.ledger.entry("performance_year_months"),
        case.ledger.find("shortened_performance_year_months"),
    )
    allowed = sorted({int(table(entry)) for entry in (usual, shortened) if entry})
    if given.months is not None and given.months not in allowed:
        problems.append(
            f"months: {given.months} is not the length of performance year {year}; "
            f"allowed: {' or '.join(map(str, allowed))} (42 CFR 425.609)"
        )
    if given.termination_date is not None and given.termination_date.year != year:
        problems.append(
            f"termination_date: {given.termination_date} does not lie in performance year {year}; "
            f"allowed: {year}-01-01 to {year}-12-31"
        )
    if given.terminated_by is not None and given.termination_date is None:
        problems.append("terminated_by: stands without a termination_date")
    return problems


def _completed(case: _Case) -> SettlementInput:
    """Fill in what is not given, and say so."""
    given = case.given
    election, notes = _election(case)
    aco = AcoYear(
        performance_year=case.year,
        agreement_start=case.start,
        assigned_beneficiaries=float(given.assigned_beneficiaries),
        quality_score=1.0 if given.quality_score is None else given.quality_score,
        quality_standard=QUALITY_STANDARDS.get(given.quality_standard or "", MET),
        participant_revenue=given.participant_revenue,
        low_revenue=_low_revenue(case),
        disaster_share=given.disaster_share,
        disaster_relief=given.disaster_relief,
        year_in_track=given.year_in_track or case.year - case.start.year + 1,
        months=given.months,
        termination=given.termination_date,
        terminated_by_cms=given.terminated_by == "cms",
    )
    return SettlementInput(
        aco=aco,
        track=case.track,
        msr_election=election,
        benchmark=given.benchmark,
        expenditures=given.expenditures,
        two_way_benchmark=given.two_way_benchmark,
        aip_balance=given.aip_balance,
        notes=(*_assumptions(case), *notes),
    )


def _election(case: _Case) -> tuple[str, list[str]]:
    """Return the elected minimum savings rate, and what was assumed about it."""
    if case.given.msr_election is not None:
        return case.given.msr_election, []
    menu = elections(case.regulation, case.track, case.start)
    if len(menu) == 1:
        return menu[0], []
    return VARIABLE, ["assumed that the minimum savings rate by number of beneficiaries is elected"]


def _low_revenue(case: _Case) -> bool:
    """Say whether the ACO is low revenue: as given, or by its participants' revenue."""
    given = case.given
    if given.revenue_class is not None or given.participant_revenue is None:
        return given.revenue_class == "low"
    if case.ledger.find("high_revenue_share") is None:
        return False
    return bool(
        is_low_revenue(
            case.regulation,
            performance_year=case.year,
            participant_revenue=given.participant_revenue,
            expenditures=given.expenditures,
        )
    )


def _assumptions(case: _Case) -> list[str]:
    """Say what is taken for what is not given."""
    given = case.given
    assumed = {
        f"performance year {case.year}": given.performance_year is None,
        f"an agreement from {case.start}": given.agreement_start is None,
        "a quality performance standard that is met": given.quality_standard is None,
        "a quality score of 1": given.quality_score is None,
    }
    notes = [f"assumed {what}, as none is given" for what, missing in assumed.items() if missing]
    if given.participant_revenue is None and case.ledger.find("loss_limit_of_revenue"):
        notes.append("without the participants' revenue only the benchmark limits losses")
    if given.participant_revenue is None and given.revenue_class is None and _could_be_reduced(case):
        notes.append("assumed a high-revenue ACO, as neither class nor revenue is given (42 CFR 425.605(h))")
    return notes


def _could_be_reduced(case: _Case) -> bool:
    """Say whether a low-revenue ACO would share savings below the minimum."""
    return (
        case.given.expenditures < case.given.benchmark and case.ledger.number("reduced_sharing_factor") > 0.0
    )
