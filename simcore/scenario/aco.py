"""What a scenario says of the ACO: who is assigned, and under which agreement."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from simcore.scenario.default_values import default
from simcore.scenario.section import EnrollmentType, Section

_MOST_YEARS = 10
_FIRST_YEAR, _LAST_YEAR = 2013, 2045


def _as_date(value: object) -> object:
    """Read a date that was written as text, as TOML's own dates need no quotes."""
    return date.fromisoformat(value) if isinstance(value, str) else value


class TypePopulation(Section):
    """The assigned beneficiaries of one enrollment type."""

    assigned_beneficiaries: int = Field(
        ge=0, le=100_000_000, description="Head count in the first simulated year"
    )
    per_capita_expenditures: float | None = Field(
        default=None,
        gt=0.0,
        description="Truncated expenditures per person-year, USD of the dollar year, before true savings; "
        "absent: the national mean of the type",
    )
    risk_score: float | None = Field(
        default=None, gt=0.0, lt=20.0, description="Mean HCC risk score, renormalised; absent: 1.0"
    )
    demographic_risk_score: float | None = Field(
        default=None, gt=0.0, lt=20.0, description="Mean demographic risk score; absent: 1.0"
    )


class Aco(Section):
    """Who is assigned, and under which agreement."""

    name: str = Field(default=default("aco.name"), max_length=200, description="Name to show")
    aco_id: str = Field(
        default=default("aco.aco_id"), max_length=20, description="CMS's id of a real ACO, if any"
    )
    agreement_start: Annotated[date, BeforeValidator(_as_date)] = Field(
        description="First day of the agreement"
    )
    agreement_period: int = Field(
        default=default("aco.agreement_period"),
        ge=1,
        le=6,
        description="1 for a first agreement, 2 for a second, ...",
    )
    performance_years: tuple[int, ...] = Field(
        min_length=1,
        max_length=_MOST_YEARS,
        description="How many performance years from the start, or a list of calendar years",
    )
    dollar_year: int | None = Field(
        default=None,
        ge=2000,
        le=2045,
        description="Year whose dollars amounts are in; absent: benchmark year 3, the year before the start",
    )
    size_growth: Annotated[float, Field(gt=-0.5, lt=1.0)] = Field(
        default=default("aco.size_growth"), description="Yearly growth of the head count, a fraction"
    )
    person_years_per_beneficiary: float | None = Field(
        default=None, gt=0.0, le=1.0, description="Person-years over head count; absent: what deaths leave"
    )
    population: dict[EnrollmentType, TypePopulation] = Field(
        default={}, description="Head counts by enrollment type"
    )
    beneficiary_file: Path | None = Field(
        default=None,
        description="CSV or parquet with enrollment_type, risk_score, months: instead of head counts",
    )

    @field_validator("performance_years", mode="before")
    @classmethod
    def _count_years_from_the_start(cls, years: object, info: ValidationInfo) -> object:
        """Spell out a number of performance years as calendar years."""
        if not isinstance(years, int) or isinstance(years, bool):
            return years
        if not 1 <= years <= _MOST_YEARS:
            raise ValueError(
                f"{years} is not allowed; allowed: 1 to {_MOST_YEARS} (two agreements), or a list of years"
            )
        # A start that is at fault is reported by itself; the years then stand in for any.
        start = info.data.get("agreement_start", date(_FIRST_YEAR, 1, 1))
        return tuple(range(start.year, start.year + years))

    @field_validator("performance_years")
    @classmethod
    def _years_in_order(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        """Accept consecutive years of the program only."""
        if years != tuple(range(years[0], years[0] + len(years))):
            raise ValueError("performance years must follow one another without a gap")
        if years[0] < _FIRST_YEAR or years[-1] > _LAST_YEAR:
            raise ValueError(
                f"performance years lie between {_FIRST_YEAR}, the program's first, and {_LAST_YEAR}"
            )
        return years

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Hold the agreement, its years and its people to one another."""
        if self.performance_years[0] < self.agreement_start.year:
            raise ValueError(
                f"performance_years: {self.performance_years[0]} is before agreement_start, {self.agreement_start}"
            )
        counted = sum(group.assigned_beneficiaries for group in self.population.values())
        if self.beneficiary_file is None and counted == 0:
            raise ValueError(
                "population: no beneficiary is assigned; allowed: at least 1 in all, or a beneficiary_file"
            )
        if self.beneficiary_file is not None and counted > 0:
            raise ValueError(
                "population: head counts and a beneficiary_file are given; allowed: one of the two"
            )
        return self

    @property
    def benchmark_year_3(self) -> int:
        """The calendar year before the agreement, the last of its benchmark years."""
        return self.agreement_start.year - 1
