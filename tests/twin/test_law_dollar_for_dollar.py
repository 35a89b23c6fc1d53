"""From benchmark to settlement every simulated dollar is the dollar that plain arithmetic comes to.

Oracle: `tests/twin/law.py`, written from the rules alone, fed with what the simulation says happened.
"""

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pytest
import xarray as xr

from simcore.simulate import simulate
from tests.acceptance.asked import template
from tests.twin import law

REPLICATES = 40
FLAGS = (
    "guardrail_applies",
    "reduced_sharing",
    "loss_limit_binds",
    "revenue_limit_binds",
    "msr_met",
    "mlr_met",
)
TYPES = ("ESRD", "DISABLED", "AGED_DUAL", "AGED_NON_DUAL")
PER_CAPITA = [90_000.0, 12_500.0, 18_000.0, 11_300.0]
NATIONAL = [91_542.0, 11_930.0, 18_220.0, 11_552.0]  # CMS public results 2023
PROSPECTIVE = [0.02, 0.04, 0.04, 0.04]
RELATIVE_REGION = [1.02, 1.05, 1.01, 1.03]
SHARE = 0.2
REGIONAL_SCORE_GROWTH = 0.011

# Agreement start, agreement period, performance years, people by type, mean revenue over expenditures.
CASES: dict[str, tuple[int, int, int, list[int], float]] = {
    "three-way, then population adjustment": (2024, 1, 10, [60, 900, 1_500, 5_200], 0.30),
    "two-way, then three-way": (2020, 2, 10, [40, 600, 500, 4_100], 0.34),
    "small and low revenue": (2025, 1, 3, [9, 300, 400, 4_350], 0.05),
}


@cache
def question(name: str) -> xr.Dataset:
    start, period, years, people, revenue = CASES[name]
    by_type: Any = lambda values: dict(zip(TYPES, values, strict=True))  # noqa: E731
    asked = template(
        "rebasing",
        aco__agreement_start=date(start, 1, 1),
        aco__agreement_period=period,
        aco__performance_years=years,
        aco__dollar_year=start - 1,
        aco__population={
            name: {"assigned_beneficiaries": heads, "risk_score": 1.04}
            for name, heads in by_type(people).items()
        },
        benchmark__mode="given",
        benchmark__per_capita=by_type(PER_CAPITA),
        benchmark__risk_score=by_type([1.03] * 4),
        growth__projected=by_type([0.0] * 4),
        growth__prospective=by_type(PROSPECTIVE),
        region__market_share=SHARE,
        region__relative_per_capita=by_type(RELATIVE_REGION),
        region__risk_score_growth=REGIONAL_SCORE_GROWTH,
        risk_scores__coding_growth=0.008,
        risk_scores__coding_deviation=0.02,
        risk_scores__demographic_growth=0.002,
        quality__probability_standard_met=0.6,
        quality__probability_alternative_met=0.2,
        revenue__share_of_expenditures=revenue,
        revenue__deviation=0.3,
        savings__uncertainty=0.05,
        contract__options="all",
        simulation__replicates=REPLICATES,
        simulation__detail=True,
    )
    return simulate(asked)


class Account:
    """One replicate of a result, told year by year in plain numbers."""

    def __init__(self, result: xr.Dataset, name: str, replicate: int) -> None:
        self.start, self.period, self.years, _, _ = CASES[name]
        self.result, self.replicate = result, replicate
        self.totals: list[float] = []

    def by_type(self, word: str, year: int) -> list[float]:
        return [float(value) for value in self.result[word].values[:, year, self.replicate]]

    def levels(self, year: int) -> tuple[list[float], list[float]]:
        national = [n * g for n, g in zip(NATIONAL, self.by_type("national_growth", year), strict=True)]
        regional = [
            n * r * g
            for n, r, g in zip(NATIONAL, RELATIVE_REGION, self.by_type("regional_growth", year), strict=True)
        ]
        return national, regional

    def base_year(self, year: int) -> law.BaseYear:
        dollars, people = self.by_type("type_expenditures", year), self.by_type("type_person_years", year)
        per_capita = [d / p for d, p in zip(dollars, people, strict=True)]
        scores = self.by_type("risk_score", year), self.by_type("demographic_risk_score", year)
        return law.BaseYear(per_capita, people, *scores, *self.levels(year))

    def base(self, year: int) -> law.Base:
        """The benchmark of the agreement that a year, counted from nought, belongs to."""
        if year < 5:
            people = self.by_type("type_person_years", 0)
            regional = [n * r for n, r in zip(NATIONAL, RELATIVE_REGION, strict=True)]
            start = law.BaseYear(PER_CAPITA, people, [1.03] * 4, [1.0] * 4, NATIONAL, regional)
            return law.Base(PER_CAPITA, start, [0.0] * 4, 0.0, 0.0, self.start, given=True)
        settled = [
            (
                self.totals[y],
                float(self.result["expenditures"].values[y, self.replicate]),
                sum(self.by_type("type_person_years", y)),
            )
            for y in (2, 3, 4)
        ]
        return law.build_base(
            [self.base_year(y) for y in (2, 3, 4)],
            start=self.start + 5,
            period=self.period + 1,
            share=SHARE,
            settled=settled,
        )

    def benchmark(self, year: int) -> tuple[float, float | None]:
        elapsed = year + 1 if year < 5 else year - 4
        found = law.updated_benchmark(
            self.base(year),
            law.Year(
                self.start + year,
                self.by_type("type_person_years", year),
                self.by_type("risk_score", year),
                self.by_type("demographic_risk_score", year),
                *self.levels(year),
                [(1.0 + g) ** elapsed for g in PROSPECTIVE],
                (1.0 + REGIONAL_SCORE_GROWTH) ** elapsed,
            ),
            SHARE,
        )
        self.totals.append(found[0])
        return found

    def standard(self, year: int) -> str:
        """Which quality standard ENHANCED's sharing rate betrays: the whole rate, the score's part, or none."""
        enhanced = self.result["track"].values == "ENHANCED"
        rate = float(self.result["final_sharing_rate"].values[enhanced, year, self.replicate][0])
        quality = float(self.result["quality_score"].values[year, self.replicate])
        if rate == 0.0:
            return "none"
        return "met" if rate == (0.75 * quality if self.start + year <= 2020 else 0.75) else "alternative"


def tracks(track: str, year: int, start: int) -> str:
    """The level of a year on the automatic glide path A, B, C, D, E; it stays at E."""
    if track != "GLIDE-PATH":
        return track
    return "BASIC-" + "ABCDE"[min(year, 4)]


@pytest.mark.parametrize("name", sorted(CASES))
def test_every_dollar_is_plain_arithmetic(name: str) -> None:
    result = question(name)
    start = CASES[name][0]
    settled = 0
    for replicate in range(REPLICATES):
        account = Account(result, name, replicate)
        for year in range(account.years):
            benchmark, two_way = account.benchmark(year)
            agreement = start if year < 5 else start + 5
            for contract, (track, election) in enumerate(
                zip(result["track"].values, result["msr_election"].values, strict=True)
            ):
                level = tracks(str(track), year, start)
                outcome = law.settle(
                    level,
                    str(election),
                    year=start + year,
                    start=agreement,
                    people=float(result["assigned_beneficiaries"].values[year, replicate]),
                    benchmark=benchmark,
                    two_way=two_way,
                    expenditures=float(result["expenditures"].values[year, replicate]),
                    quality=float(result["quality_score"].values[year, replicate]),
                    standard=account.standard(year),
                    revenue=float(result["participant_revenue"].values[year, replicate]),
                )
                compare(result, (contract, year, replicate), outcome)
                settled += 1
    assert settled == REPLICATES * CASES[name][2] * result.sizes["contract"]


def compare(result: xr.Dataset, at: tuple[int, int, int], outcome: law.Outcome) -> None:
    """Dollars to a hundredth of a cent, rates to 1e-12, crossings as they are."""
    dollars = {
        "updated_benchmark": outcome.benchmark,
        "earned_shared_savings": outcome.earned,
        "owed_shared_losses": outcome.owed,
        "net_settlement": outcome.earned - outcome.owed,
    }
    rates = {
        "savings_rate": outcome.savings_rate,
        "minimum_savings_rate": outcome.minimum_savings_rate,
        "final_sharing_rate": outcome.final_sharing_rate,
        "final_loss_rate": outcome.final_loss_rate,
        "msr_met": float(outcome.msr_met),
        "mlr_met": float(outcome.mlr_met),
    }
    for plain, room in ((dollars, 1e-4), (rates, 1e-12)):
        for word, expected in plain.items():
            values = result[word].values
            simulated = float(values[at] if values.ndim == 3 else values[at[1:]])
            assert abs(simulated - expected) < room, (word, at, result["contract"].values[at[0]])


def test_the_cases_reach_every_branch() -> None:
    """A rule that no draw touches is not tested: each of these happens somewhere, and fails to happen."""
    results = [question(name) for name in CASES]
    for word in (
        "guardrail_applies",
        "reduced_sharing",
        "loss_limit_binds",
        "revenue_limit_binds",
        "msr_met",
        "mlr_met",
    ):
        flags = np.concatenate([result[word].values.ravel() for result in results])
        assert 0 < flags.sum() < flags.size, word
