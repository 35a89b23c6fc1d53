"""Benchmark and settlement of one ACO in one year, in plain numbers, written from the rules alone.

Numbers are typed here again with their sections. Nothing of simcore is used: this is the other account that
simcore's is held to. Lists are by enrollment type: ESRD, disabled, aged dual, aged non-dual.
"""

from dataclasses import dataclass

DUAL = 2

# 425.605(b)(1): from, to, rate at the low and at the high end in percent.
MINIMUM_SAVINGS_RATES = (
    (500, 999, 12.2, 8.7),
    (1_000, 2_999, 8.7, 5.0),
    (3_000, 4_999, 5.0, 3.9),
    (5_000, 5_999, 3.9, 3.6),
    (6_000, 6_999, 3.6, 3.4),
    (7_000, 7_999, 3.4, 3.2),
    (8_000, 8_999, 3.2, 3.1),
    (9_000, 9_999, 3.1, 3.0),
    (10_000, 14_999, 3.0, 2.7),
    (15_000, 19_999, 2.7, 2.5),
    (20_000, 49_999, 2.5, 2.2),
    (50_000, 59_999, 2.2, 2.0),
)


def table_rate(people: float) -> float:
    """425.605(b)(1), as a fraction; below the table its highest rate, above it its lowest."""
    if people < 500:
        return 0.122
    for low, high, at_low, at_high in MINIMUM_SAVINGS_RATES:
        if low <= people <= high:
            return (at_low + (people - low) / (high - low) * (at_high - at_low)) / 100.0
    return 0.02


@dataclass
class BaseYear:
    """One benchmark year: of the ACO, and of nation and region at a risk score of one."""

    per_capita: list[float]
    person_years: list[float]
    score: list[float]
    demographic: list[float]
    national: list[float]
    regional: list[float]


@dataclass
class Base:
    """A historical benchmark with what its update and its risk ratio start from."""

    historical: list[float]
    year: BaseYear
    regional_adjustment: list[float]
    regional_single: float
    prior_savings: float
    start: int
    given: bool


@dataclass
class Year:
    """A performance year as the benchmark sees it."""

    year: int
    person_years: list[float]
    score: list[float]
    demographic: list[float]
    national: list[float]
    regional: list[float]
    prospective: list[float]
    regional_score_growth: float


def mean(amounts: list[float], weights: list[float]) -> float:
    return sum(a * w for a, w in zip(amounts, weights, strict=True)) / sum(weights)


def historical_benchmark(years: list[BaseYear], start: int, period: int, share: float) -> list[float]:
    """425.601(a), 425.652(a)(1)-(6): severity, blended trend, weights 10/30/60 or thirds."""
    weights = [0.1, 0.3, 0.6] if period == 1 else [1 / 3, 1 / 3, 1 / 3]
    third = years[2]
    found = []
    for k in range(4):
        amounts, total = 0.0, 0.0
        for weight, year in zip(weights, years, strict=True):
            if year.person_years[k] == 0.0:
                continue
            severity = third.score[k] / year.score[k]
            trend = share * third.national[k] / year.national[k]
            trend += (1.0 - share) * third.regional[k] / year.regional[k]
            amounts += weight * year.per_capita[k] * severity * trend
            total += weight
        found.append(amounts / total if total else 0.0)
    return found


def regional_adjustment(
    historical: list[float], third: BaseYear, start: int, period: int
) -> tuple[list[float], float]:
    """425.601(a)(8) and (f) before 2024, 425.656 since."""
    lower = [0.35, 0.50, 0.50, 0.50][min(period, 4) - 1]
    higher = [0.15, 0.25, 0.35, 0.50][min(period, 4) - 1]
    gap = [
        third.regional[k] * third.score[k] - historical[k] if historical[k] > 0.0 else 0.0 for k in range(4)
    ]
    spends_less = sum(g * p for g, p in zip(gap, third.person_years, strict=True)) > 0.0
    weight = lower if spends_less else higher
    dollars = [e * p for e, p in zip(third.per_capita, third.person_years, strict=True)]
    dual = third.person_years[DUAL] / sum(third.person_years)
    offset = min(max(dual + mean(third.score, dollars) - 1.0, 0.0), 1.0)
    found = []
    for k in range(4):
        floor = 0.05 if start < 2024 else 0.015
        adjusted = min(max(weight * gap[k], -floor * third.national[k]), 0.05 * third.national[k])
        if adjusted < 0.0 and start >= 2024:
            adjusted *= 1.0 - offset
        found.append(adjusted)
    return found, mean(found, third.person_years)


def prior_savings(settled: list[tuple[float, float, float]], years: list[BaseYear], national: float) -> float:
    """425.658: half of the average savings of three years, prorated, at most 5 percent of the nation's."""
    average = sum((b - e) / p for b, e, p in settled) / 3
    if average <= 0.0:
        return 0.0
    before = sum(p for _, _, p in settled) / 3
    proration = min(1.0, before / (sum(sum(year.person_years) for year in years) / 3))
    return min(0.5 * average * proration, 0.05 * national)


def build_base(
    years: list[BaseYear],
    *,
    start: int,
    period: int,
    share: float,
    settled: list[tuple[float, float, float]] | None = None,
) -> Base:
    """The benchmark of an agreement that starts on January 1 of `start`."""
    historical = historical_benchmark(years, start, period, share)
    adjustment, single = regional_adjustment(historical, years[2], start, period)
    prior = 0.0
    if settled is not None and start >= 2024:
        prior = prior_savings(settled, years, mean(years[2].national, years[2].person_years))
    return Base(historical, years[2], adjustment, single, prior, start, given=False)


def adjusted_historical(base: Base, year: Year) -> list[float]:
    """425.601(a)(8); 425.652(a)(8) from 2024; 425.662 from 2025: the highest, none below nought since 2024."""
    if base.given:
        return base.historical
    if base.start < 2024:
        return [h + a for h, a in zip(base.historical, base.regional_adjustment, strict=True)]
    population = 0.0
    if base.start >= 2025:
        low_income = year.person_years[DUAL] / sum(year.person_years)
        if low_income >= 0.15:
            room = 0.05 * mean(base.year.national, base.year.person_years)
            room -= max(base.regional_single, base.prior_savings, 0.0)
            population = max(room, 0.0) * low_income
    flat = max(base.prior_savings, population)
    if base.regional_single > 0.0 and base.regional_single >= flat:
        return [h + a for h, a in zip(base.historical, base.regional_adjustment, strict=True)]
    return [h + max(flat, 0.0) for h in base.historical]


def updated_benchmark(base: Base, year: Year, share: float) -> tuple[float, float | None]:
    """425.605(a)(1), 425.601(b), 425.652(b), 425.655, 425.660: the total, and without the prospective trend."""
    historical = adjusted_historical(base, year)
    third = base.year
    weights = [h * p for h, p in zip(historical, year.person_years, strict=True)]
    score = [now / before for now, before in zip(year.score, third.score, strict=True)]
    demographic = [now / before for now, before in zip(year.demographic, third.demographic, strict=True)]
    three_way = base.start >= 2024
    factor = 1.0
    if three_way:
        cap = mean(demographic, weights) + 0.03
        ratio = [min(r, cap) for r in score] if mean(score, weights) > cap else score
        # The region's scores grow alike in all types, and its demographic scores do not.
        least = 1.0 + 0.03
        regional_cap = least + share * max(year.regional_score_growth - least, 0.0)
        if year.regional_score_growth > regional_cap:
            factor = year.regional_score_growth / regional_cap
    else:
        ratio = [min(r, 1.03) for r in score]
    total = two_way_total = 0.0
    for k in range(4):
        if historical[k] == 0.0:
            continue
        national = year.national[k] / third.national[k]
        regional = year.regional[k] / third.regional[k]
        two_way = share * national + (1.0 - share) * regional * factor
        flat = third.national[k] * (year.prospective[k] - 1.0) * third.score[k]
        update = two_way * 2 / 3 + (1.0 + flat / historical[k]) / 3 if three_way else two_way
        total += historical[k] * ratio[k] * update * year.person_years[k]
        two_way_total += historical[k] * ratio[k] * two_way * year.person_years[k]
    return total, two_way_total if three_way else None


@dataclass
class Outcome:
    """What a settlement comes to."""

    benchmark: float
    savings_rate: float
    minimum_savings_rate: float
    msr_met: bool
    mlr_met: bool
    final_sharing_rate: float
    final_loss_rate: float
    earned: float
    owed: float


LEVELS = {  # 425.605(d)(1), 425.610: sharing rate, payment limit, loss limits of revenue and of benchmark
    "BASIC-A": (0.40, 0.10, None, None),
    "BASIC-B": (0.40, 0.10, None, None),
    "BASIC-C": (0.50, 0.10, 0.02, 0.01),
    "BASIC-D": (0.50, 0.10, 0.04, 0.02),
    "BASIC-E": (0.50, 0.10, 0.08, 0.04),
    "ENHANCED": (0.75, 0.20, None, 0.15),
}
# 425.605(f): months of the public health emergency; CMS's results show losses relieved in full to 2022.
EMERGENCY_MONTHS = {2020: 12, 2021: 12, 2022: 12, 2023: 5}


def settle(
    track: str,
    election: str,
    *,
    year: int,
    start: int,
    people: float,
    benchmark: float,
    two_way: float | None,
    expenditures: float,
    quality: float,
    standard: str,
    revenue: float,
) -> Outcome:
    """425.605 and 425.610 for an agreement that starts on or after January 1, 2020."""
    maximum, payment_limit, of_revenue, of_benchmark = LEVELS[track]
    two_sided = of_benchmark is not None
    minimum = float(election) if two_sided and election != "variable" else table_rate(people)
    if people < 5_000:
        minimum = table_rate(people)  # 425.110(b)(3)

    no_settlement = False
    rate = (benchmark - expenditures) / benchmark
    if two_way is not None and rate <= -minimum and two_way > benchmark:  # 425.652(b)(5)
        benchmark = two_way
        no_settlement = expenditures < benchmark
        rate = (benchmark - expenditures) / benchmark

    if year <= 2020:
        part = quality if standard == "met" else 0.0
        counts = quality if standard == "met" else 0.0
    elif year <= 2022:
        part = 1.0 if standard == "met" else 0.0
        counts = quality if standard == "met" else 0.0
    else:
        part = {"met": 1.0, "alternative": quality, "none": 0.0}[standard]
        counts = 0.0 if standard == "none" else quality
    sharing = maximum * part
    gross = benchmark - expenditures
    met = gross > 0.0 and rate >= minimum
    low_revenue = revenue < 0.35 * expenditures and people >= 5_000
    reduced = track != "ENHANCED" and start >= 2024 and low_revenue and 0.0 < rate < minimum  # 425.605(h)
    if reduced:
        sharing = sharing / 2
    earned = sharing * gross if (met or reduced) and not no_settlement else 0.0
    sequestration = 0.0 if year in (2019, 2020) else 0.02
    earned = min(earned * (1.0 - sequestration), payment_limit * benchmark)

    loss_rate, owed, lost = 0.0, 0.0, False
    if two_sided:
        loss_rate = 0.30
        if track == "ENHANCED":
            loss_rate = min(max(1.0 - maximum * counts, 0.40), 0.75)
        lost = gross < 0.0 and rate <= -minimum
        if lost:
            limit = of_benchmark * benchmark
            if of_revenue is not None:
                limit = min(limit, of_revenue * revenue)
            owed = min(loss_rate * -gross, limit) * (1.0 - EMERGENCY_MONTHS.get(year, 0) / 12)
    return Outcome(benchmark, rate, minimum, met, lost, sharing, loss_rate, earned, owed)
