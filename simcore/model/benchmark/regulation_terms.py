"""Collect from the regulation what it says about the benchmark of an agreement in a performance year."""

from collections.abc import Sequence
from datetime import date
from math import inf
from typing import Final, cast

from simcore.errors import RegulationError
from simcore.model.benchmark.terms import (
    BenchmarkTerms,
    HistoricalTerms,
    PopulationAdjustmentTerms,
    PriorSavingsMethod,
    PriorSavingsTerms,
    RegionalAdjustmentTerms,
    RiskAdjustment,
    RiskTerms,
    Severity,
    Trend,
    Update,
    UpdateTerms,
)
from simcore.regulation.reader import Entry, Regulation, table

TRENDS: Final = ("national", "regional", "national_regional_blend")
UPDATES: Final = ("flat_dollar", "regional", "national_regional_blend", "three_way")


def benchmark_terms(
    regulation: Regulation,
    *,
    agreement_start: date,
    agreement_period: int,
    performance_year: int,
    regional_adjustments: int | None = None,
    track: str | None = None,
) -> BenchmarkTerms:
    """Return the rules of a benchmark.

    Parameters
    ----------
    regulation
        The program's numbers.
    agreement_start
        First day of the agreement period.
    agreement_period
        1 for a first agreement period, 2 for a second, and so on.
    performance_year
        Calendar year that is settled.
    regional_adjustments
        How many agreement periods, this one included, the ACO has been subject to the regional
        adjustment; by default counted from the first period whose rules had one.
    track
        Only proposed rules make the benchmark depend on it.

    Raises
    ------
    RegulationError
        If a number is not in force for these dates, or is not of the kind that it must be.
    """
    look = _Look(regulation, agreement_start, agreement_period, performance_year, track)
    return BenchmarkTerms(
        historical=HistoricalTerms(
            benchmark_year_weights=look.weights("benchmark_year_weights"),
            trend=cast(Trend, look.text("benchmark_trend", TRENDS)),
            severity=cast(Severity, look.text("severity_adjustment", ("risk_ratio", "none"))),
        ),
        regional_adjustment=_regional_adjustment(look, agreement_period, regional_adjustments),
        prior_savings=_prior_savings(look),
        population_adjustment=_population_adjustment(look),
        risk=_risk(look),
        update=_update(look),
        entries=tuple(look.used),
    )


class _Look:
    """Looks numbers up for one agreement and year, and remembers which it found."""

    def __init__(
        self,
        regulation: Regulation,
        agreement_start: date,
        agreement_period: int,
        performance_year: int,
        track: str | None,
    ) -> None:
        self.regulation = regulation
        self.agreement_start = agreement_start
        self.performance_year = performance_year
        self.track = track
        self.where = {"agreement_period": "first" if agreement_period == 1 else "later"}
        self.used: list[Entry] = []

    def entry(self, name: str) -> Entry:
        entry = self.regulation.entry(
            name,
            performance_year=self.performance_year,
            agreement_start=self.agreement_start,
            track=self.track,
            where=self.where,
        )
        self.used.append(entry)
        return entry

    def number(self, name: str) -> float:
        return float(table(self.entry(name)))

    def flag(self, name: str) -> bool:
        return bool(self.entry(name).value)

    def weights(self, name: str) -> tuple[float, ...]:
        return tuple(map(float, table(self.entry(name))))

    def text(self, name: str, allowed: Sequence[str]) -> str:
        value = self.entry(name).value
        if value not in allowed:
            raise RegulationError(
                "regulation", f"{name}: {value!r} is not known; allowed: {', '.join(allowed)}"
            )
        return str(value)


def _regional_adjustment(
    look: _Look, agreement_period: int, regional_adjustments: int | None
) -> RegionalAdjustmentTerms | None:
    if not look.flag("regional_adjustment_applies"):
        return None
    if regional_adjustments is None:
        regional_adjustments = agreement_period - int(look.number("regional_adjustment_first_period")) + 1
    if regional_adjustments < 1:
        raise ValueError(f"regional_adjustments must be at least 1, got {regional_adjustments}")
    lower = look.weights("regional_adjustment_weights_lower_spending")
    higher = look.weights("regional_adjustment_weights_higher_spending")
    capped = look.flag("regional_adjustment_capped")
    return RegionalAdjustmentTerms(
        lower_spending_weight=lower[min(regional_adjustments, len(lower)) - 1],
        higher_spending_weight=higher[min(regional_adjustments, len(higher)) - 1],
        upper_cap=look.number("regional_adjustment_upper_cap") if capped else inf,
        lower_cap=look.number("regional_adjustment_lower_cap") if capped else inf,
        offset=look.flag("regional_adjustment_offset"),
        net_negative=look.flag("net_negative_regional_adjustment"),
    )


def _prior_savings(look: _Look) -> PriorSavingsTerms | None:
    method = look.text("prior_savings_adjustment", ("none", "earned_share", "scaled"))
    if method == "none":
        return None
    scaled = method == "scaled"
    return PriorSavingsTerms(
        method=cast(PriorSavingsMethod, method),
        scaling=look.number("prior_savings_scaling") if scaled else 1.0,
        cap=look.number("prior_savings_cap") if scaled else inf,
        cap_risk_adjusted=look.flag("prior_savings_cap_risk_adjusted") if scaled else False,
    )


def _population_adjustment(look: _Look) -> PopulationAdjustmentTerms | None:
    if not look.flag("population_adjustment_applies"):
        return None
    return PopulationAdjustmentTerms(
        cap=look.number("population_adjustment_cap"),
        minimum_share=look.number("population_adjustment_minimum_share"),
    )


def _risk(look: _Look) -> RiskTerms:
    uncapped = "newly_and_continuously_assigned"
    method = look.text("risk_adjustment", (uncapped, "capped_by_type", "capped_in_aggregate"))
    regional = look.flag("regional_risk_score_cap_applies")
    return RiskTerms(
        method=cast(RiskAdjustment, method),
        growth_cap=inf if method == uncapped else look.number("risk_score_growth_cap"),
        regional_growth_cap=look.number("regional_risk_score_growth_cap") if regional else inf,
    )


def _update(look: _Look) -> UpdateTerms:
    below = look.flag("prospective_trend_bounded_below")
    above = look.flag("prospective_trend_bounded_above")
    return UpdateTerms(
        method=cast(Update, look.text("benchmark_update", UPDATES)),
        prospective_trend_weight=look.number("prospective_trend_weight"),
        prospective_trend_below=look.number("prospective_trend_lower_bound") if below else inf,
        prospective_trend_above=look.number("prospective_trend_upper_bound") if above else inf,
        guardrail=look.flag("benchmark_guardrail"),
    )
