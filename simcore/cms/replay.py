"""Recompute what CMS paid to every ACO of a results file, and explain each difference."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from simcore.cms.public_results import PublicResults
from simcore.model.aco_year import QUALITY_STANDARDS, AcoYear, year_rules
from simcore.model.arrays import Bool, Float64
from simcore.model.settlement import Settlement, SharingTerms, settle
from simcore.model.terms import track_terms
from simcore.regulation.participation import VARIABLE, elections
from simcore.regulation.reader import Regulation

EXACT: Final = "exact"
WITHIN: Final = "within_published_rounding"
UNEXPLAINED: Final = "unexplained"

DOLLAR: Final = 1.0
"""CMS publishes whole dollars: what agrees within one is the same."""

MONTHS_IN_YEAR: Final = 12
_SMALLEST_HALF_UNIT: Final = 1e-9
_GROUP: Final = ["track", "agreement_start", "election", "months"]


@dataclass(frozen=True, slots=True)
class Replay:
    """One file's settlements beside CMS's.

    ``frame`` has a row for each ACO: ``cms`` and ``simcore`` are net settlements in USD, ``lowest``
    and ``highest`` what the rounding of the published rates allows, ``verdict`` one of ``exact``,
    ``within_published_rounding`` and ``unexplained``, ``gate_right`` whether the ACO earns, owes or gets
    nothing as CMS has it, ``reason`` a sentence where the two are not the same.
    """

    performance_year: int
    source: str
    frame: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def gates_right(self) -> bool:
        """Whether it is decided for every ACO as CMS did: who earns, who owes, who gets nothing."""
        return bool(self.frame["gate_right"].all())

    def count(self, verdict: str) -> int:
        """Return the number of ACOs with one verdict."""
        return int((self.frame["verdict"] == verdict).sum())


def replay_results(results: PublicResults, regulation: Regulation) -> Replay:
    """Settle every ACO of a results file by the rules and compare with what CMS paid.

    Inputs are what CMS alone knows: benchmark, expenditures, head count, quality, the elected minimum
    savings rate of a two-sided ACO, disaster relief, the guardrail and half-rate flags. Gates and
    rates come from the rules.

    Parameters
    ----------
    results
        A file as `read_public_results` returns it.
    regulation
        The program's numbers.

    Raises
    ------
    RegulationError
        If the rules hold no number for a track and its dates.
    """
    frame = results.frame.assign(election=elections_of(results, regulation))
    parts = [
        _settled(group, results, regulation) for _, group in frame.groupby(_GROUP, sort=False, dropna=False)
    ]
    settled = pd.concat(parts).loc[frame.index]
    compared = pd.concat([frame[["performance_year", "aco_id", "track", "agreement_start"]], settled], axis=1)
    cms = frame["net_settlement"].astype(float)
    compared["cms"] = cms
    compared["gate_right"] = np.sign(
        np.where(np.abs(settled["simcore"]) < 0.5, 0.0, settled["simcore"])
    ) == np.sign(cms)
    exact = (settled["simcore"] - cms).abs() <= DOLLAR
    within = cms.between(settled["lowest"], settled["highest"])
    compared["verdict"] = np.where(exact, EXACT, np.where(within, WITHIN, UNEXPLAINED))
    compared["reason"] = [_reason(row) for row in compared.to_dict("records")]
    return Replay(results.performance_year, results.source, compared, results.notes)


def elections_of(results: PublicResults, regulation: Regulation) -> list[str]:
    """Return each ACO's election: the rate on its menu that CMS applied, else the table."""
    frame = results.frame
    half_unit = max(results.half_unit["minimum_savings_rate"], _SMALLEST_HALF_UNIT)
    menus: dict[tuple[str, date], tuple[str, ...]] = {}
    found = []
    for track, start, published, two_sided in zip(
        frame["track"],
        frame["agreement_start"],
        frame["minimum_savings_rate"],
        frame["two_sided"],
        strict=True,
    ):
        if (track, start) not in menus:
            menus[track, start] = elections(regulation, track, start)
        fixed = [
            word
            for word in menus[track, start]
            if word != VARIABLE and abs(float(word) - published) <= half_unit
        ]
        found.append(fixed[0] if two_sided and fixed else VARIABLE)
    return found


def _settled(group: pd.DataFrame, results: PublicResults, regulation: Regulation) -> pd.DataFrame:
    """Settle ACOs that have track, agreement start, election and months in common."""
    middle, contract = _settlement(group, 0.0, results, regulation)
    # A published quality score of 0.9084 was between 0.90835 and 0.90845.
    half_unit = results.half_unit["quality_score"]
    edges = np.array(
        [_settlement(group, side * half_unit, results, regulation)[0].net_settlement for side in (-1.0, 1.0)]
    )
    # Benchmark and expenditures are published in whole dollars, and so are relief and payment.
    rate = np.where(middle.gross_savings > 0.0, middle.final_sharing_rate, middle.final_loss_rate)
    dollars = np.where(middle.net_settlement == 0.0, 0.0, rate * DOLLAR + DOLLAR / 2.0)
    dollars += np.where(middle.disaster_relief > 0.0, DOLLAR / 2.0, 0.0)
    return pd.DataFrame(
        {
            "simcore": middle.net_settlement,
            "lowest": edges.min(axis=0) - dollars,
            "highest": edges.max(axis=0) + dollars,
            "minimum_savings_rate": contract.minimum_savings_rate,
            "minimum_savings_rate_cms": group["minimum_savings_rate"],
            "final_sharing_rate": middle.final_sharing_rate,
            "final_sharing_rate_cms": group["final_sharing_rate"],
            "final_loss_rate": middle.final_loss_rate,
            "final_loss_rate_cms": group["final_loss_rate"],
            "gross_savings": group["gross_savings"],
            "shared_losses_before_limit": middle.shared_losses_before_limit
            * group["months"]
            / MONTHS_IN_YEAR,
            "disaster_relief": middle.disaster_relief * group["months"] / MONTHS_IN_YEAR,
            "revenue_limited": _has_revenue_limit(group, regulation, results.performance_year),
            "quality_matters": np.ptp(edges, axis=0) > DOLLAR,
            "quality_half_unit": half_unit,
        },
        index=group.index,
    )


def _settlement(
    group: pd.DataFrame, quality_shift: float, results: PublicResults, regulation: Regulation
) -> tuple[Settlement, SharingTerms]:
    """Settle ACOs with one contract, with a quality score moved within its published rounding."""
    track, start, election, months = (group.iloc[0][name] for name in _GROUP)
    aco = AcoYear(
        performance_year=results.performance_year,
        agreement_start=start,
        assigned_beneficiaries=_numbers(group, "assigned_beneficiaries"),
        quality_score=_quality_score(group, quality_shift),
        quality_standard=np.array([QUALITY_STANDARDS[word] for word in group["quality_standard"]]),
        low_revenue=_low_revenue(group),
        disaster_relief=_disaster_relief(group, regulation, results.performance_year),
        year_in_track=results.performance_year - start.year + 1,
        months=int(months),
    )
    rules = year_rules(regulation, aco)
    terms = track_terms(regulation, aco, rules, track=track, msr_election=election).terms
    # 425.652(b)(5): where the guardrail's benchmark shows savings, none are shared. CMS publishes that
    # benchmark only, so that the flag must say where it was used.
    closed = (_numbers(group, "guardrail") == 1.0) & (_numbers(group, "gross_savings") > 0.0)
    terms = replace(
        terms,
        final_sharing_rate=np.where(closed, 0.0, terms.final_sharing_rate),
        reduced_sharing_rate=np.where(closed, 0.0, terms.reduced_sharing_rate),
    )
    # Dollars of a six-month year are published halved; the rules halve at the end.
    full_year = MONTHS_IN_YEAR / int(months)
    return (
        settle(
            _numbers(group, "updated_benchmark") * full_year,
            _numbers(group, "expenditures") * full_year,
            terms,
        ),
        terms,
    )


def _numbers(group: pd.DataFrame, word: str) -> Float64:
    """Return a column as an array."""
    return group[word].to_numpy(dtype=np.float64)


def _quality_score(group: pd.DataFrame, shift: float) -> Float64:
    """Return quality scores; full where reporting alone counted, zero where CMS publishes none."""
    scored = np.clip(np.nan_to_num(_numbers(group, "quality_score")) + shift, 0.0, 1.0)
    return np.where(group["pay_for_reporting"], 1.0, scored)


def _low_revenue(group: pd.DataFrame) -> Bool:
    """Say which ACOs share below the minimum: CMS's flag of the half rate where there is one."""
    half_rate = _numbers(group, "half_rate")
    low: Bool = group["revenue_class"].str.lower().str.startswith("low").to_numpy(dtype=bool)
    return np.where(np.isnan(half_rate), low, half_rate == 1.0)


def _disaster_relief(group: pd.DataFrame, regulation: Regulation, year: int) -> Float64 | None:
    """Return the published relief, USD of a full year; None where all the country was affected all year."""
    nationwide = regulation.number("nationwide_disaster_months", performance_year=year)
    if nationwide == regulation.number("months_in_year", performance_year=year):
        return None
    return _numbers(group, "disaster_relief")


def _has_revenue_limit(group: pd.DataFrame, regulation: Regulation, year: int) -> Bool:
    """Say whose losses may be limited by their participants' revenue, which CMS does not publish."""
    first = group.iloc[0]
    if not first["two_sided"]:
        return np.zeros(len(group), dtype=bool)
    rule = regulation.entry(
        "loss_limit_rule",
        performance_year=year,
        agreement_start=first["agreement_start"],
        track=first["track"],
    ).value
    # Of Track 1+, CMS says for which ACOs it is the revenue and not the benchmark.
    by_benchmark = _numbers(group, "revenue_loss_limit") == 0.0 if first["track"] == "TRACK-1+" else False
    limited: Bool = np.full(len(group), "revenue" in str(rule)) & np.logical_not(by_benchmark)
    return limited


def _reason(row: dict[Hashable, Any]) -> str:
    """Explain in a sentence why two settlements differ; empty where they agree to the dollar."""
    if row["verdict"] == EXACT:
        return ""
    if row["verdict"] == WITHIN:
        rounded = (
            f"the quality score to within {row['quality_half_unit']:.2g}"
            if row["quality_matters"]
            else "benchmark, expenditures and payment to whole dollars"
        )
        return f"CMS rounds {rounded}: unrounded it is from {row['lowest']:,.2f} to {row['highest']:,.2f} USD"
    limit = -row["cms"] + row["disaster_relief"]
    if row["revenue_limited"] and row["cms"] < 0.0 and limit < row["shared_losses_before_limit"]:
        return (
            f"a loss limit of {limit:,.0f} USD by the participants' revenue, which CMS does not publish, "
            f"binds: the losses before it are {row['shared_losses_before_limit']:,.0f} USD"
        )
    return "no rule and no published rounding explains the difference"
