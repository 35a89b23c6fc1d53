"""Write the scenario of a real ACO from its public record."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pandas as pd

from simcore.cms.public_results import PublicResults
from simcore.errors import DataError, near_matches
from simcore.model.people import latest_per_capita
from simcore.regulation.participation import VARIABLE, election_label, elections
from simcore.regulation.reader import read_regulation
from simcore.scenario.schema import Scenario, parse_scenario
from simcore.vocabulary import ENROLLMENT_TYPES

REVENUE_SHARES = {"LOW REVENUE": 0.25, "HIGH REVENUE": 0.6}
"""Assumed revenue over expenditures by CMS's class, on either side of 0.35 (42 CFR 425.20): amounts are not public."""

CENTS = 2
LEAST_LEVEL, MOST_LEVEL = 0.3, 2.0
ELECTION_STEP, LARGEST_ELECTION = 0.005, 0.02
"""Elected rates are multiples of a half point up to two (42 CFR 425.605(b)(2), 425.610(b)(1))."""


def aco_scenario(results: PublicResults, aco_id: str) -> Scenario:
    """Return a scenario from an ACO's record of one performance year.

    Parameters
    ----------
    results
        A file of CMS's results.
    aco_id
        The ACO's id in it.

    Returns
    -------
    Scenario
        One performance year, the record's, in its dollars. Per-capita expenditures by type are the
        published ones over one less the published savings rate, so that with ``true_savings`` at that
        rate the expected expenditures are the published ones. The benchmark is given: what the ACO
        would have spent without savings.

    Raises
    ------
    DataError
        If the file has no such ACO, or its record lacks what a scenario needs.
    """
    row = _row(results, aco_id)
    rate = float(row["savings_rate"])
    if not rate < 1.0:
        raise DataError(f"{results.source}, {aco_id}", "expenditures are 0; a scenario needs what was spent")
    content: dict[str, Any] = {
        "title": f"{row['aco_name'] or aco_id} ({aco_id}), performance year {results.performance_year}, on its record",
        "aco": {
            "name": str(row["aco_name"] or aco_id),
            "aco_id": aco_id,
            "agreement_start": _start(row, results.performance_year),
            "agreement_period": _period(row),
            "performance_years": [results.performance_year],
            "dollar_year": results.performance_year,
            "person_years_per_beneficiary": round(
                float(row["person_years"] / row["assigned_beneficiaries"]), 6
            ),
            "population": _population(row, 1.0 / (1.0 - rate)),
        },
        "savings": {"true_savings": round(rate, 8)},
        "contract": {"options": "all", "current": current_contract(row)},
    }
    content["quality"] = _quality(row)
    revenue = REVENUE_SHARES.get(str(row["revenue_class"]).strip().upper())
    if revenue is not None:
        content["revenue"] = {"share_of_expenditures": revenue}
    return parse_scenario(content, source=f"{results.source}, {aco_id}")


def record_preamble(results: PublicResults, aco_id: str) -> str:
    """Return what stands on top of the scenario: where its figures come from, and what the year brought."""
    row = _row(results, aco_id)
    return "\n".join(
        [
            f"{row['aco_name'] or aco_id} ({aco_id}), {row['track']}, performance year {results.performance_year}.",
            "Source: CMS, Performance Year Financial and Quality Results.",
            f"Published: benchmark {row['updated_benchmark']:,.0f} USD, expenditures {row['expenditures']:,.0f} USD, "
            f"savings rate {row['savings_rate']:.4%},",
            f"minimum savings rate {row['minimum_savings_rate']:.2%}, quality score {row['quality_score']:.2%}, "
            f"settlement {row['net_settlement']:,.0f} USD.",
            "true_savings is set to the published savings rate. For the record's expenditures without any noise set",
            "savings.uncertainty = 0.0 and simulation.layers = [].",
        ]
    )


def _row(results: PublicResults, aco_id: str) -> pd.Series[Any]:
    """Return the record of an ACO."""
    frame = results.frame
    found = frame[frame["aco_id"].str.upper() == aco_id.upper()]
    if found.empty:
        hint = near_matches(aco_id, list(frame["aco_id"]))
        raise DataError(
            results.source,
            f"no ACO {aco_id!r}{hint}; the file has {len(frame)}, such as {frame['aco_id'].iloc[0]}",
        )
    return found.iloc[0]


def _by_type(row: pd.Series[Any]) -> dict[str, tuple[float, float]]:
    """Return person-years and per-capita expenditures by type; together they give the published totals.

    CMS suppresses a type with ten people or fewer. Those person-years and dollars are what the other
    types leave of the totals; they are given to the types that the record does not show.
    """
    shown = {name: _shown(row, name) for name in ENROLLMENT_TYPES}
    found = {name: pair for name, pair in shown.items() if pair is not None and pair[0] > 0.0}
    if not found:
        raise DataError(str(row["aco_id"]), "the record has no per-capita expenditures by enrollment type")
    hidden = [name for name, pair in shown.items() if pair is None]
    years = float(row["person_years"]) - sum(pair[0] for pair in found.values())
    if hidden and years >= len(hidden):
        dollars = float(row["expenditures"]) - sum(years_of * amount for years_of, amount in found.values())
        usual = {name: latest_per_capita(name) for name in hidden}
        # A few people's dollars are mostly rounding of the others': they are kept near the nation's.
        level = min(max(dollars / years * len(hidden) / sum(usual.values()), LEAST_LEVEL), MOST_LEVEL)
        found |= {name: (years / len(hidden), level * usual[name]) for name in hidden}
    scale = float(row["expenditures"]) / sum(years_of * amount for years_of, amount in found.values())
    return {name: (years_of, amount * scale) for name, (years_of, amount) in found.items()}


def _shown(row: pd.Series[Any], name: str) -> tuple[float, float] | None:
    """Return person-years and per-capita expenditures of a type, or nothing where CMS suppressed them."""
    amount, years = row[f"per_capita_expenditures_{name}_PY"], row[f"person_years_{name}_PY"]
    if pd.isna(years) or (years > 0.0 and not amount > 0.0):
        return None
    return float(years), float(amount) if years > 0.0 else 0.0


def _population(row: pd.Series[Any], scale: float) -> dict[str, dict[str, float | int]]:
    """Return head counts, levels times `scale` and scores by type; heads are shared out by person-years."""
    by_type = _by_type(row)
    total = sum(years for years, _ in by_type.values())
    heads = {
        name: round(row["assigned_beneficiaries"] * years / total) for name, (years, _) in by_type.items()
    }
    # What rounding leaves goes to the largest type, so that the head count is CMS's.
    heads[max(heads, key=lambda name: heads[name])] += int(row["assigned_beneficiaries"]) - sum(
        heads.values()
    )
    people: dict[str, dict[str, float | int]] = {}
    for name in (name for name in ENROLLMENT_TYPES if heads.get(name, 0) > 0):
        people[name] = {
            "assigned_beneficiaries": int(heads[name]),
            "per_capita_expenditures": round(by_type[name][1] * scale, CENTS),
        }
        for word in ("risk_score", "demographic_risk_score"):
            score = row[f"{word}_{name}_PY"]
            if pd.notna(score) and score > 0.0:
                people[name][word] = float(score)
    return people


def _start(row: pd.Series[Any], performance_year: int) -> date:
    """Return the agreement's start; without one, that of the performance year."""
    start = row["agreement_start"]
    return start if isinstance(start, date) else date(performance_year, 1, 1)


def _period(row: pd.Series[Any]) -> int:
    """Return the number of the agreement period; without one, the first."""
    period = row["agreement_period"]
    return min(max(int(period), 1), 6) if pd.notna(period) else 1


def _quality(row: pd.Series[Any]) -> dict[str, float]:
    """Return the quality of the record, taken as known."""
    score = row["quality_score"]
    standard = row["quality_standard"]
    return {
        "score": min(max(float(score), 0.0), 1.0) if pd.notna(score) else 1.0,
        "score_deviation": 0.0,
        "probability_standard_met": 1.0 if standard == "met" else 0.0,
        "probability_alternative_met": 1.0 if standard == "alternative" else 0.0,
    }


def current_contract(row: pd.Series[Any]) -> str:
    """Return the label of the contract that the ACO was in.

    A two-sided ACO elected the published minimum savings rate if that is on the menu of round rates;
    else it is the table's. Where nothing is elected, as in Track 2 before 2016, the track is the label.
    """
    track, rate, start = str(row["track"]), float(row["minimum_savings_rate"]), row["agreement_start"]
    if not row["two_sided"]:
        return track
    if isinstance(start, date) and len(elections(read_regulation(), track, start)) == 1:
        return track
    steps = rate / ELECTION_STEP
    # A rate that CMS did not publish is NaN, and no step of the menu.
    elected = math.isfinite(rate) and abs(steps - round(steps)) < 1e-6 and rate <= LARGEST_ELECTION
    return f"{track} msr={election_label(f'{rate:g}') if elected else VARIABLE}"
