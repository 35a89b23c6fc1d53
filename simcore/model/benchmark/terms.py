"""The rules of a benchmark as plain values: what is done, and with which numbers, without any date."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from simcore.regulation.reader import Entry

Severity: TypeAlias = Literal["risk_ratio", "none"]
Trend: TypeAlias = Literal["national", "regional", "national_regional_blend", "none"]
PriorSavingsMethod: TypeAlias = Literal["none", "earned_share", "scaled"]
RiskAdjustment: TypeAlias = Literal[
    "newly_and_continuously_assigned", "capped_by_type", "capped_in_aggregate", "none"
]
Update: TypeAlias = Literal["flat_dollar", "regional", "national_regional_blend", "three_way", "none"]


@dataclass(frozen=True, slots=True)
class HistoricalTerms:
    """How three benchmark years become one amount per capita.

    Attributes
    ----------
    benchmark_year_weights
        Weights of benchmark years 1, 2 and 3; they add to one.
    trend
        Growth that brings benchmark years 1 and 2 to benchmark year 3.
    severity
        Whether years 1 and 2 are brought to the risk score of year 3.
    """

    benchmark_year_weights: tuple[float, ...]
    trend: Trend
    severity: Severity


@dataclass(frozen=True, slots=True)
class RegionalAdjustmentTerms:
    """How far the benchmark moves toward the region's expenditures.

    Attributes
    ----------
    lower_spending_weight, higher_spending_weight
        Share of the difference that counts, where the ACO spends less, or more, than its region.
    upper_cap, lower_cap
        Largest positive and negative adjustment, fractions of national expenditures; may be infinite.
    offset
        Whether a negative adjustment shrinks with dual eligibility and risk.
    net_negative
        Whether an adjustment that is negative over all types applies.
    """

    lower_spending_weight: float
    higher_spending_weight: float
    upper_cap: float
    lower_cap: float
    offset: bool
    net_negative: bool


@dataclass(frozen=True, slots=True)
class PriorSavingsTerms:
    """How savings of the agreement before are put back into a rebased benchmark.

    Attributes
    ----------
    method
        ``"earned_share"``: the ACO's own final sharing rate of them; ``"scaled"``: a fixed share.
    scaling
        That fixed share; one where there is none.
    cap
        Most that is added, a fraction of national expenditures; may be infinite.
    cap_risk_adjusted
        Whether the cap follows the ACO's risk score in benchmark year 3.
    """

    method: PriorSavingsMethod
    scaling: float
    cap: float
    cap_risk_adjusted: bool


@dataclass(frozen=True, slots=True)
class PopulationAdjustmentTerms:
    """What is added for beneficiaries with low incomes.

    Attributes
    ----------
    cap
        Most that all adjustments add, a fraction of national expenditures.
    minimum_share
        Least share of low-income or dually eligible beneficiaries that brings an adjustment.
    """

    cap: float
    minimum_share: float


@dataclass(frozen=True, slots=True)
class RiskTerms:
    """How changes of the risk score since benchmark year 3 count.

    ``growth_cap`` and ``regional_growth_cap`` are fractions; infinite where there is no cap.
    """

    method: RiskAdjustment
    growth_cap: float
    regional_growth_cap: float


@dataclass(frozen=True, slots=True)
class UpdateTerms:
    """How the historical benchmark is brought to the performance year.

    Attributes
    ----------
    method
        Which growth updates it.
    prospective_trend_weight
        Weight of the accountable care prospective trend.
    prospective_trend_below, prospective_trend_above
        How far that trend may lie below and above national growth; infinite where it is unbounded.
    guardrail
        Whether losses are judged by the two-way benchmark where that is higher.
    """

    method: Update
    prospective_trend_weight: float
    prospective_trend_below: float
    prospective_trend_above: float
    guardrail: bool


@dataclass(frozen=True, slots=True)
class BenchmarkTerms:
    """Everything the rules say about one ACO's benchmark for one performance year.

    A part that is ``None`` does not apply. ``entries`` are the numbers of the regulation that these
    terms were collected from; none for terms that come from elsewhere.
    """

    historical: HistoricalTerms
    regional_adjustment: RegionalAdjustmentTerms | None
    prior_savings: PriorSavingsTerms | None
    population_adjustment: PopulationAdjustmentTerms | None
    risk: RiskTerms
    update: UpdateTerms
    entries: tuple[Entry, ...] = ()

    @property
    def unverified(self) -> tuple[Entry, ...]:
        """The numbers used that nobody has read in their source."""
        return tuple(entry for entry in self.entries if entry.unverified)

    def citation(self, name: str) -> str:
        """Return the citation of the number `name`, empty where these terms did not use it."""
        return next((entry.citation for entry in self.entries if entry.name == name), "")


def neutral(terms: BenchmarkTerms) -> BenchmarkTerms:
    """Return `terms` with equally weighted benchmark years and nothing trended, adjusted or updated.

    The savings rate is then one less performance year expenditures per capita over the plain mean of
    the benchmark years': the quantity that closed forms and the literature speak of.
    """
    years = len(terms.historical.benchmark_year_weights)
    unbounded = float("inf")
    return BenchmarkTerms(
        historical=HistoricalTerms((1.0 / years,) * years, trend="none", severity="none"),
        regional_adjustment=None,
        prior_savings=None,
        population_adjustment=None,
        risk=RiskTerms("none", growth_cap=unbounded, regional_growth_cap=unbounded),
        update=UpdateTerms("none", 0.0, unbounded, unbounded, guardrail=False),
    )


def without_adjustments(terms: BenchmarkTerms) -> BenchmarkTerms:
    """Return `terms` without regional, prior savings and population adjustment.

    For a historical benchmark that is given with its adjustments already in it.
    """
    return replace(terms, regional_adjustment=None, prior_savings=None, population_adjustment=None)
