"""Small worlds to build benchmarks in: four types, round numbers, one key changed at a time."""

from dataclasses import replace

import numpy as np

from simcore.model.benchmark.inputs import BenchmarkYears, PerformanceYear, PriorPerformance


def by_type(esrd: float, disabled: float, aged_dual: float, aged_non_dual: float) -> np.ndarray:
    """One column of numbers by enrollment type, one replicate."""
    return np.array([[esrd], [disabled], [aged_dual], [aged_non_dual]], dtype=np.float64)


def benchmark_years(**changes) -> BenchmarkYears:
    """100, 1,000, 900 and 8,000 person-years at national cost, without growth, at risk scores of one."""
    level = by_type(80_000.0, 11_000.0, 17_000.0, 10_000.0)
    same = np.stack([level] * 3)
    people = np.stack([by_type(100.0, 1_000.0, 900.0, 8_000.0)] * 3)
    start = BenchmarkYears(
        per_capita_expenditures=same,
        person_years=people,
        risk_score=np.ones_like(same),
        national_per_capita=same,
        regional_per_capita=same,
        national_weight=0.25,
        demographic_risk_score=np.ones_like(level),
        dual_share=np.array([0.0]),
    )
    return replace(start, **changes)


def performance_year(**changes) -> PerformanceYear:
    """The same world a year later, with nothing changed."""
    level = by_type(80_000.0, 11_000.0, 17_000.0, 10_000.0)
    start = PerformanceYear(
        person_years=by_type(100.0, 1_000.0, 900.0, 8_000.0),
        risk_score=np.ones_like(level),
        demographic_risk_score=np.ones_like(level),
        national_per_capita=level,
        regional_per_capita=level,
        national_weight=0.25,
        prospective_growth=1.0,
        regional_risk_ratio=np.ones_like(level),
        regional_demographic_ratio=np.ones_like(level),
        market_share=0.25,
        newly_assigned_share=0.2,
        low_income_share=np.array([0.0]),
    )
    return replace(start, **changes)


def prior_performance(savings_per_capita: list[float], **changes) -> PriorPerformance:
    """Three settled years of 10,000 person-years with a benchmark of 10,000 USD each."""
    person_years = np.full((3, 1), 10_000.0)
    benchmark = 10_000.0 * person_years
    start = PriorPerformance(
        benchmark=benchmark,
        expenditures=benchmark - np.reshape(savings_per_capita, (3, 1)) * person_years,
        person_years=person_years,
        final_sharing_rate=0.5,
    )
    return replace(start, **changes)
