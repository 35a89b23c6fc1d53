"""The whole flow of one ACO, a replicate at a time: people, world, benchmark, settlement, in plain numbers."""

from dataclasses import dataclass, field

import numpy as np
from scipy import special

from tests.twin import law
from tests.twin.people import Type

TYPES = ("ESRD", "DISABLED", "AGED_DUAL", "AGED_NON_DUAL")


@dataclass
class Question:
    """What the twin is asked: as the scenario of the test says, in its own words. Lists are by type."""

    start: int
    period: int
    simulated_benchmark: bool
    performance_years: int
    heads: list[int]
    score: list[float]
    per_capita: list[float | None]
    national: list[float]
    growth: list[float]
    prospective: list[float]
    common_deviation: float
    type_deviation: list[float]
    region_deviation: list[float]
    region_memory: float
    relative_region: list[float]
    share: float
    region_score_growth: float
    aco_innovation: float
    aco_memory: float
    aco_size: float
    coding_growth: float
    coding_deviation: float
    demographic_growth: float
    savings: list[float]
    uncertainty: float
    quality: tuple[float, float]
    standards: tuple[float, float]
    revenue: tuple[float, float]
    size_growth: float
    contracts: list[tuple[str, str]]
    people: list[Type | None] = field(init=False)

    def __post_init__(self) -> None:
        self.people = [
            Type(nation, heads, score, level, self.size_growth, kidneys_fail=name == "ESRD")
            if heads
            else None
            for name, nation, heads, score, level in zip(
                TYPES, self.national, self.heads, self.score, self.per_capita, strict=True
            )
        ]
        first = self.start - 3 if self.simulated_benchmark else self.start
        self.years = list(range(first, self.start + self.performance_years))
        # Growth is counted from benchmark year 3, whose dollars amounts are in.
        self.trend_years = list(range(min(first, self.start - 1), self.years[-1] + 1))


def simulate(question: Question, replicates: int, seed: int) -> dict[str, np.ndarray]:
    """Results by name, ``(replicate, …)``."""
    rng = np.random.default_rng(seed)
    told = [replicate(question, rng) for _ in range(replicates)]
    return {name: np.array([each[name] for each in told]) for name in told[0]}


def replicate(q: Question, rng: np.random.Generator) -> dict[str, object]:
    """One course of the world, from the first year to the last."""
    national, regional, coding = market(q, rng)
    people_years, dollars, scores = individuals(q, rng)
    course = own_course(q, rng)
    belief = q.uncertainty * rng.standard_normal()
    share, spread = q.revenue
    told: dict[str, list] = {name: [] for name in RESULTS}
    base_years: list[law.BaseYear] = []
    base: law.Base | None = None
    for at, year in enumerate(q.years):
        since = year - (q.start - 1)
        heads = sum(size(q, k, at) for k in range(4) if q.heads[k])
        shock = rng.standard_normal()
        factor = course[at] * np.exp(q.aco_size * shock / np.sqrt(heads) - q.aco_size**2 / heads / 2.0)
        nation = [n * g for n, g in zip(q.national, national[year], strict=True)]
        region = [n * r * g for n, r, g in zip(q.national, q.relative_region, regional[year], strict=True)]
        saved = 0.0 if since <= 0 else min(q.savings[since - 1] + belief, 0.99)
        spent = [d * g * factor * (1.0 - saved) for d, g in zip(dollars[at], regional[year], strict=True)]
        score = [s * coding[year] for s in scores[at]]
        demographic = [(1.0 + q.demographic_growth) ** since] * 4
        people = people_years[at]
        quality_normal, revenue_normal = rng.standard_normal(2)
        revenue = share * np.exp(spread * revenue_normal - spread**2 / 2.0) * sum(spent)
        if since <= 0:
            per_capita = [s / p if p else 1.0 for s, p in zip(spent, people, strict=True)]
            base_years.append(law.BaseYear(per_capita, people, score, demographic, nation, region))
            continue
        if base is None:
            base = begin(q, base_years, people)
        benchmark, two_way = law.updated_benchmark(
            base,
            law.Year(
                year,
                people,
                score,
                demographic,
                nation,
                region,
                [(1.0 + g) ** since for g in q.prospective],
                (1.0 + q.region_score_growth) ** since,
            ),
            q.share,
        )
        quality = min(max(q.quality[0] + q.quality[1] * quality_normal, 0.0), 1.0)
        settled = [
            law.settle(
                track,
                election,
                year=year,
                start=q.start,
                people=heads,
                benchmark=benchmark,
                two_way=two_way,
                expenditures=sum(spent),
                quality=quality,
                standard=standard(q, quality_normal),
                revenue=revenue,
            )
            for track, election in q.contracts
        ]
        values = (
            heads,
            sum(people),
            sum(spent),
            quality,
            revenue,
            saved,
            *(
                [getattr(each, name) for each in settled]
                for name in ("benchmark", "savings_rate", "minimum_savings_rate", "msr_met", "mlr_met")
            ),
            *(
                [getattr(each, name) for each in settled]
                for name in ("final_sharing_rate", "final_loss_rate", "earned", "owed")
            ),
            people,
            spent,
            score,
            list(national[year]),
            list(regional[year]),
        )
        for name, value in zip(RESULTS, values, strict=True):
            told[name].append(value)
    return dict(told)


RESULTS = (
    "assigned_beneficiaries",
    "person_years",
    "expenditures",
    "quality_score",
    "participant_revenue",
    "true_savings",
    "updated_benchmark",
    "savings_rate",
    "minimum_savings_rate",
    "msr_met",
    "mlr_met",
    "final_sharing_rate",
    "final_loss_rate",
    "earned_shared_savings",
    "owed_shared_losses",
    "type_person_years",
    "type_expenditures",
    "risk_score",
    "national_growth",
    "regional_growth",
)


def size(q: Question, k: int, at: int) -> int:
    return round(q.heads[k] * (1.0 + q.size_growth) ** at)


def individuals(q: Question, rng: np.random.Generator) -> tuple[list, list, list]:
    """Person-years, dollars of the dollar year, and mean risk scores, each by year and type."""
    people_years, dollars, scores = ([[0.0] * 4 for _ in q.years] for _ in range(3))
    for k, kind in enumerate(q.people):
        if kind is None:
            for at in range(len(q.years)):
                scores[at][k] = 1.0
            continue
        bands = kind.first_year(rng)
        for at in range(len(q.years)):
            if at:
                bands = kind.next_year(bands, size(q, k, at), rng)
            lived = kind.years[bands]
            people_years[at][k] = float(lived.sum())
            dollars[at][k] = float(kind.spend(bands, rng).sum())
            scores[at][k] = float((lived * kind.score[bands]).sum() / lived.sum())
    return people_years, dollars, scores


def walk(
    q: Question, deviation: np.ndarray, rng: np.random.Generator, columns: int, memory: float = 0.0
) -> dict[int, np.ndarray]:
    """Factors with mean one of a walk that stands still in benchmark year 3, by year; `columns` walks.

    A step remembers the step before it.
    """
    anchor, last = q.start - 1, q.trend_years[-1]
    steps: dict[int, np.ndarray] = {}
    for year in range(q.trend_years[0] + 1, last + 1):
        new = rng.standard_normal(columns)
        before = steps.get(year - 1)
        steps[year] = new if before is None else memory * before + np.sqrt(1.0 - memory**2) * new
    found = {}
    for year in q.trend_years:
        gone = range(anchor + 1, year + 1) if year > anchor else range(year + 1, anchor + 1)
        sign = 1.0 if year > anchor else -1.0
        level = sign * sum((steps[each] for each in gone), start=np.zeros(columns))
        variance = sum(memory ** abs(one - other) for one in gone for other in gone)
        found[year] = np.exp(deviation * level - deviation**2 * variance / 2.0)
    return found


def market(q: Question, rng: np.random.Generator) -> tuple[dict, dict, dict]:
    """National and regional growth by year and type, and the growth of the ACO's risk scores by year."""
    common = walk(q, np.array([q.common_deviation]), rng, 1)
    own = walk(q, np.array(q.type_deviation), rng, 4)
    # One shock of the region for all types, each as strongly as its deviation says.
    shared = walk(q, np.array(q.region_deviation), Repeated(rng), 4, q.region_memory)
    coding = walk(q, np.array([q.coding_deviation]), rng, 1)
    national, regional, codes = {}, {}, {}
    for year in q.trend_years:
        since = year - (q.start - 1)
        national[year] = (1.0 + np.array(q.growth)) ** since * common[year] * own[year]
        regional[year] = national[year] * shared[year]
        codes[year] = (1.0 + q.coding_growth) ** since * float(coding[year][0])
    return national, regional, codes


class Repeated:
    """A source of normals that gives every column the same one."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def standard_normal(self, columns: int) -> np.ndarray:
        return np.repeat(self.rng.standard_normal(), columns)


def own_course(q: Question, rng: np.random.Generator) -> list[float]:
    """The ACO's deviation: an AR(1), stationary, or known in the year before where the benchmark is given."""
    variance = q.aco_innovation**2
    level, found = 0.0, []
    spread = variance / (1.0 - q.aco_memory**2) if q.simulated_benchmark else 0.0
    for at in range(len(q.years)):
        if at == 0 and q.simulated_benchmark:
            level = np.sqrt(spread) * rng.standard_normal()
        else:
            level = q.aco_memory * level + q.aco_innovation * rng.standard_normal()
            spread = q.aco_memory**2 * spread + variance
        found.append(float(np.exp(level - spread / 2.0)))
    return found


def standard(q: Question, normal: float) -> str:
    """The better the score, the better the standard: one rank for both."""
    met, alternative = q.standards
    rank = special.ndtr(-normal)
    return "met" if rank <= met else "alternative" if rank <= met + alternative else "none"


def begin(q: Question, years: list[law.BaseYear], people: list[float]) -> law.Base:
    """The benchmark of the agreement: built, or given at the level that is expected of the ACO."""
    if q.simulated_benchmark:
        return law.build_base(years, start=q.start, period=q.period, share=q.share)
    level = [
        n if kind is None else float((kind.mix * kind.years) @ kind.mean / (kind.mix @ kind.years))
        for n, kind in zip(q.national, q.people, strict=True)
    ]
    region = [n * r for n, r in zip(q.national, q.relative_region, strict=True)]
    third = law.BaseYear(level, people, q.score, [1.0] * 4, q.national, region)
    return law.Base(level, third, [0.0] * 4, 0.0, 0.0, q.start, given=True)
