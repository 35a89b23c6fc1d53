"""What may stand in a scenario: every key, its type, its bounds, its default and its meaning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from simcore.errors import ScenarioError
from simcore.scenario.aco import Aco
from simcore.scenario.default_values import default
from simcore.scenario.html import scenario_html
from simcore.scenario.problems import describe
from simcore.scenario.section import EnrollmentType, Section, Share
from simcore.scenario.world import AcoDeviation, NationalGrowth, PriorYear, Region, RiskScores, Spending

Layer = Literal["individuals", "aco", "market", "quality", "beliefs"]
SavingsRate = Annotated[float, Field(gt=-1.0, lt=1.0)]


class Savings(Section):
    """The care-management effect, and how surely it is known."""

    true_savings: SavingsRate | tuple[SavingsRate, ...] = Field(
        default=default("savings.true_savings"),
        description="Share of expenditures that care management saves: one number, or one a performance year",
    )
    uncertainty: float = Field(
        default=default("savings.uncertainty"),
        ge=0.0,
        le=0.5,
        description="SD of the belief about true savings",
    )


class Benchmark(Section):
    """Where the benchmark comes from."""

    mode: Literal["given", "simulated"] = Field(
        default=default("benchmark.mode"),
        description="given: the historical benchmark is known; simulated: built from simulated years",
    )
    per_capita: dict[EnrollmentType, Annotated[float, Field(gt=0.0)]] = Field(
        default={},
        description="given: historical benchmark per person-year by type, USD of the dollar year; "
        "absent: the type's per-capita expenditures before true savings",
    )
    methodology: Literal["rules", "neutral"] = Field(
        default=default("benchmark.methodology"),
        description="rules: trend, adjustments, risk ratio and update of the agreement's start; "
        "neutral: benchmark years weigh equally and nothing is adjusted",
    )
    prior_performance: tuple[PriorYear, ...] = Field(
        default=(),
        max_length=3,
        description="Settled performance years before the agreement, for prior savings",
    )
    risk_score: dict[EnrollmentType, Annotated[float, Field(gt=0.0, lt=20.0)]] = Field(
        default={},
        description="given: mean HCC risk score of benchmark year 3; absent: that of the first year",
    )


class Quality(Section):
    """Quality score and standard."""

    score: Share = Field(default=default("quality.score"), description="Mean quality score, a fraction")
    score_deviation: float = Field(
        default=default("quality.score_deviation"), ge=0.0, le=0.5, description="Its SD"
    )
    probability_standard_met: Share = Field(
        default=default("quality.probability_standard_met"),
        description="Chance that the quality standard is met",
    )
    probability_alternative_met: Share = Field(
        default=default("quality.probability_alternative_met"),
        description="Chance that only the alternative quality standard is met (performance year 2023 on)",
    )

    @model_validator(mode="after")
    def _chances_add_up(self) -> Self:
        """Leave no negative chance for meeting neither standard."""
        if self.probability_standard_met + self.probability_alternative_met > 1.0:
            raise ValueError("probability_standard_met and probability_alternative_met add to more than 1")
        return self


class Revenue(Section):
    """Participants' Medicare revenue, which sets the revenue class and revenue-based limits."""

    share_of_expenditures: float = Field(
        default=default("revenue.share_of_expenditures"),
        ge=0.0,
        le=5.0,
        description="Revenue over expenditures",
    )
    deviation: float = Field(
        default=default("revenue.deviation"), ge=0.0, le=1.0, description="SD of its logarithm"
    )


class Option(Section):
    """One contract option."""

    track: str = Field(
        default="", description="BASIC-A ... BASIC-E, ENHANCED, TRACK-1 ... or a contract's label"
    )
    msr_election: str = Field(
        default="", description="0, 0.005 ... 0.02, or variable; absent where none is open"
    )
    glide_path: tuple[str, ...] = Field(default=(), description="A track for each performance year")

    @field_validator("msr_election", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        """Accept an election written as a number."""
        return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else value


class Contract(Section):
    """Which contract options are settled, all on the same draws."""

    options: Literal["all"] | tuple[Option | str, ...] = Field(
        default=default("contract.options"),
        description='"all" open to the agreement start, or a list of { track = ..., msr_election = ... } and labels',
    )
    current: str = Field(
        default=default("contract.current"),
        description="Label of the contract the ACO is in: others are held to it",
    )
    custom: dict[str, dict[str, Any]] = Field(default={}, description="Contracts of your own, by label")


class Simulation(Section):
    """How many draws, which ones, and how they are made."""

    replicates: int = Field(
        default=default("simulation.replicates"), ge=2, le=100_000_000, description="How many"
    )
    seed: int = Field(default=default("simulation.seed"), ge=0, lt=2**63, description="Which draws")
    market_seed: int | None = Field(
        default=None,
        ge=0,
        lt=2**63,
        description="Draws of nation and region, to share them among scenarios; absent: seed",
    )
    engine: Literal["beneficiary", "pooled"] = Field(
        default=default("simulation.engine"),
        description="beneficiary: draws every person; pooled: draws their sum",
    )
    layers: tuple[Layer, ...] = Field(
        default=default("simulation.layers"),
        description="What is random: individuals, aco, market, quality, beliefs; others take their mean",
    )
    detail: bool = Field(
        default=default("simulation.detail"), description="Keep every step of benchmark and settlement"
    )


class RegulationChoice(Section):
    """Which law holds."""

    overlays: tuple[Path, ...] = Field(default=(), description="Folders of TOML laid over the law in force")
    proposed: bool = Field(
        default=default("regulation.proposed"), description="true: lay the CY2027 proposals over it"
    )


class Scenario(Section):
    """A question put to the simulation."""

    title: str = Field(min_length=1, max_length=300, description="What is asked, in a line")
    aco: Aco
    spending: Spending = Spending()
    growth: NationalGrowth = NationalGrowth()
    region: Region = Region()
    aco_deviation: AcoDeviation = AcoDeviation()
    risk_scores: RiskScores = RiskScores()
    savings: Savings = Savings()
    benchmark: Benchmark = Benchmark()
    quality: Quality = Quality()
    revenue: Revenue = Revenue()
    contract: Contract = Contract()
    simulation: Simulation = Simulation()
    regulation: RegulationChoice = RegulationChoice()

    @model_validator(mode="after")
    def _one_effect_a_year(self) -> Self:
        """Hold a path of true savings to the performance years."""
        path = self.savings.true_savings
        if isinstance(path, tuple) and len(path) != len(self.aco.performance_years):
            raise ValueError(
                f"savings.true_savings has {len(path)} numbers; allowed: one number, "
                f"or one for each of the {len(self.aco.performance_years)} performance years"
            )
        return self

    def canonical_json(self) -> str:
        """Return every key with its value, defaults included, in one fixed spelling."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))

    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()

    def _repr_html_(self) -> str:
        """Show the scenario in a notebook."""
        return scenario_html(self)

    def with_changes(self, changes: Mapping[str, Any], *, source: str = "with_changes") -> Scenario:
        """Return a scenario with some keys changed, each named by its dotted path; `source` names who asks.

        Raises
        ------
        ScenarioError
            If a path is no key of a scenario or a value is not allowed there.
        """
        content = self.model_dump()
        for path, value in changes.items():
            *tables, key = path.split(".")
            table = content
            for name in tables:
                table = table.setdefault(name, {})
            table[key] = value
        return parse_scenario(content, source=source)


def parse_scenario(content: Mapping[str, Any], *, source: str) -> Scenario:
    """Return the scenario that `content` describes.

    Raises
    ------
    ScenarioError
        With all problems at once, each with its place, the value found and what is allowed.
    """
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        raise ScenarioError(source, describe(error, Scenario)) from error
