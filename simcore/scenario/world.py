"""What a scenario says of the world: spending, growth, region, risk scores, the ACO's own course."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from simcore.scenario.default_values import default
from simcore.scenario.section import Correlation, Deviation, EnrollmentType, Growth, Section, Share

Money = Annotated[float, Field(gt=0.0)]


class Spending(Section):
    """How people spend, and who stays."""

    persistence: bool = Field(
        default=default("spending.persistence"),
        description="Whether costly people tend to stay costly; false: years are independent",
    )
    turnover: bool = Field(
        default=default("spending.turnover"),
        description="Whether people die, leave and join; false: the same people",
    )
    assigned_again: Share | None = Field(
        default=None,
        description="Share assigned again next year, deaths counted; absent: the published share",
    )
    distribution: dict[EnrollmentType, dict[str, Any]] = Field(
        default={},
        description="Spending distribution by type (family and its numbers); absent: the calibrated default",
    )
    truncation_point: dict[EnrollmentType, Money] = Field(
        default={}, description="Truncation point by type, USD; absent: the percentile that the law names"
    )


class NationalGrowth(Section):
    """National growth of per-capita expenditures."""

    projected: dict[EnrollmentType, Growth] = Field(
        default=default("growth.projected"), description="Expected yearly growth by type, fractions"
    )
    common_deviation: Deviation = Field(
        default=default("growth.common_deviation"),
        description="SD of a year's shock to all types, of log growth",
    )
    type_deviation: dict[EnrollmentType, Deviation] = Field(
        default=default("growth.type_deviation"),
        description="SD of a year's shock to one type, of log growth",
    )
    prospective: dict[EnrollmentType, Growth] = Field(
        default=default("growth.prospective"),
        description="Yearly growth that Medicare projects when the agreement begins (the ACPT)",
    )


class Region(Section):
    """The ACO's regional service area."""

    market_share: Share = Field(
        default=default("region.market_share"),
        description="ACO's share of the region's assignable beneficiaries",
    )
    relative_per_capita: dict[EnrollmentType, Money] = Field(
        default={},
        description="Region's risk-adjusted expenditures over the nation's, by type; absent: 1.0",
    )
    deviation: dict[EnrollmentType, Deviation] = Field(
        default=default("region.deviation"),
        description="SD of the region's yearly deviation from national growth, by type",
    )
    autocorrelation: Correlation = Field(
        default=default("region.autocorrelation"),
        description="Correlation of that deviation from year to year",
    )
    risk_score_growth: Growth = Field(
        default=default("region.risk_score_growth"), description="Yearly growth of the region's risk scores"
    )


class AcoDeviation(Section):
    """The ACO's own course against its region: what no count of people explains."""

    autocorrelation: Correlation = Field(
        default=default("aco_deviation.autocorrelation"),
        description="Correlation of the deviation from year to year",
    )
    innovation_deviation: Deviation = Field(
        default=default("aco_deviation.innovation_deviation"), description="SD of what a year adds to it"
    )
    size_dependent: Annotated[float, Field(ge=0.0, le=100.0)] = Field(
        default=default("aco_deviation.size_dependent"),
        description="SD of a yearly shock times the root of the head count: list changes and the like",
    )


class RiskScores(Section):
    """Risk scores beyond the mix of people."""

    coding_growth: Growth = Field(
        default=default("risk_scores.coding_growth"),
        description="Yearly growth of the ACO's scores above the nation's, to which they are renormalised",
    )
    coding_deviation: Deviation = Field(
        default=default("risk_scores.coding_deviation"), description="SD of a year's coding growth"
    )
    demographic_growth: Growth = Field(
        default=default("risk_scores.demographic_growth"),
        description="Yearly growth of the demographic scores",
    )
    low_income_share: Share | None = Field(
        default=None,
        description="Share with the Part D low-income subsidy or dual; absent: the aged duals' share",
    )


class PriorYear(Section):
    """One settled performance year before the agreement."""

    benchmark: Money = Field(description="Updated benchmark, USD")
    expenditures: Money = Field(description="Expenditures, USD")
    person_years: Money = Field(description="Person-years")
    final_sharing_rate: Share = Field(
        default=default("prior_performance.final_sharing_rate"), description="Sharing rate"
    )
