"""Build an ACO's people: for each enrollment type the bands, the yearly chain, the amounts and the scores."""

from dataclasses import dataclass

import numpy as np

from simcore.model.arrays import Float64, Int32, Int64
from simcore.model.bands import BandPlan, head_shares, person_year_shares, person_years
from simcore.model.chain import Turnover, shifted_mix, turnover
from simcore.model.spending import AmountTables, NationalSpending, amount_tables, local_scale, national_scale


@dataclass(frozen=True, slots=True)
class TypePlan:
    """What is known of one enrollment type before its tables are built.

    Parameters
    ----------
    enrollment_type
        ``ESRD``, ``DISABLED``, ``AGED_DUAL`` or ``AGED_NON_DUAL``.
    spending
        The nation's distribution of spending.
    bands
        The bands of persistent risk.
    assigned_again
        Probability to be assigned to the same ACO next year, deaths counted; ``None``: only the dead leave.
    score_explains
        Share of the variance of individual truncated spending that the HCC risk score explains.
    relative_cost
        Truncated spending of the ACO against the nation's at equal risk.
    mean_risk_score
        Mean renormalised HCC score of the ACO; 1 is the nation's.
    head_counts
        Heads by band in the first year, if they are known; otherwise they are drawn.
    size_growth
        Yearly growth of the head count, a fraction.

    Raises
    ------
    ValueError
        If a value lies outside of its range.
    """

    enrollment_type: str
    spending: NationalSpending
    bands: BandPlan
    assigned_again: float | None
    score_explains: float
    relative_cost: float = 1.0
    mean_risk_score: float = 1.0
    head_counts: tuple[int, ...] | None = None
    size_growth: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.score_explains <= 1.0:
            raise ValueError(f"score_explains must lie in [0, 1], got {self.score_explains}")
        for name in ("relative_cost", "mean_risk_score"):
            if not getattr(self, name) > 0.0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        bands = head_shares(self.bands).size
        if self.head_counts is not None and len(self.head_counts) != bands:
            raise ValueError(f"head_counts must name {bands} bands, got {len(self.head_counts)}")


@dataclass(frozen=True, slots=True)
class TypeModel:
    """The people of one enrollment type, ready to be drawn; the decedents' band, if there is one, is last.

    Parameters
    ----------
    enrollment_type
        The type.
    shares
        Stationary head shares of the nation, shape ``(band,)``.
    initial
        Head shares of the ACO in its first year, shape ``(band,)``; joiners keep them.
    head_counts
        Heads by band in the first year if they are fixed, shape ``(band,)``; ``None`` if they are drawn.
    moves, leave, die, joiners
        The yearly chain, see `simcore.model.chain.Turnover`.
    person_years
        Person-years of a head, shape ``(band,)``.
    tables
        Equally likely amounts of a head in a year.
    risk_score
        Mean HCC score by band, shape ``(band,)``.
    truncation_point
        USD of annualised spending; infinite where nothing is truncated.
    national_per_capita
        The nation's truncated mean, USD per person-year.
    """

    enrollment_type: str
    shares: Float64
    initial: Float64
    head_counts: Int64 | None
    moves: Float64
    leave: Float64
    die: Float64
    joiners: Float64
    person_years: Float64
    tables: AmountTables
    risk_score: Float64
    truncation_point: float
    national_per_capita: float

    @property
    def amounts(self) -> Int32:
        """Equally likely truncated amounts of a head in a year, whole cents, shape ``(band, 4096)``."""
        return self.tables.truncated

    @property
    def untruncated_amounts(self) -> Int64:
        """The same cells without truncation."""
        return self.tables.untruncated

    @property
    def stay(self) -> Float64:
        """Probability to be assigned again next year, by band, shape ``(band,)``."""
        return np.asarray((1.0 - self.die) * (1.0 - self.leave), np.float64)

    @property
    def per_capita(self) -> float:
        """Expected truncated spending in the first year, USD per person-year."""
        dollars = self.amounts.mean(axis=1) / 100.0
        return float(self.initial @ dollars / (self.initial @ self.person_years))

    @property
    def mean_risk_score(self) -> float:
        """Person-year-weighted expected risk score in the first year."""
        weights = self.initial * self.person_years
        return float(weights @ self.risk_score / weights.sum())


def build_type_model(plan: TypePlan) -> TypeModel:
    """Return the people of one enrollment type.

    Raises
    ------
    ValueError
        If the mean risk score or the relative cost cannot be reached with these bands.
    """
    bands, nation = plan.bands, national_scale(plan.spending)
    # With a single risk band a higher score cannot be another mix of people: it is a higher level.
    mixes = len(bands.risk_shares) > 1
    scale = local_scale(plan.spending, plan.relative_cost * (1.0 if mixes else plan.mean_risk_score))
    tables = amount_tables(plan.spending.family, scale, bands)
    years = person_years(bands)
    per_person_year = tables.truncated / years[:, None] / 100.0
    relative = per_person_year.mean(axis=1) / scale.truncated_mean
    mix = head_shares(bands)
    initial = shifted_mix(bands, relative, plan.mean_risk_score) if mixes else mix
    if plan.head_counts is not None:
        initial = np.asarray(plan.head_counts, np.float64) / sum(plan.head_counts)
    chain: Turnover = turnover(
        bands, initial, assigned_again=plan.assigned_again, size_growth=plan.size_growth
    )
    score = risk_scores(relative, _variance(per_person_year, bands) / scale.truncated_mean**2, plan)
    weights = initial * years
    return TypeModel(
        enrollment_type=plan.enrollment_type,
        shares=mix,
        initial=initial,
        head_counts=None if plan.head_counts is None else np.asarray(plan.head_counts, np.int64),
        moves=chain.moves,
        leave=chain.leave,
        die=chain.die,
        joiners=chain.joiners,
        person_years=years,
        tables=tables,
        risk_score=score * plan.mean_risk_score / float(weights @ score / weights.sum()),
        truncation_point=scale.truncation_point,
        national_per_capita=nation.truncated_mean,
    )


def risk_scores(relative_cost: Float64, variance: float, plan: TypePlan) -> Float64:
    r"""Return the mean HCC score of each band before it is set to the ACO's level, shape ``(band,)``.

    Parameters
    ----------
    relative_cost
        Mean truncated spending of a person-year by band over the nation's, shape ``(band,)``.
    variance
        Variance of individual spending over the squared mean.
    plan
        The bands, and the share of variance that the score explains.

    Notes
    -----
    A person's score :math:`r` is right on average, :math:`E[Y \mid r] = r`, so it explains
    :math:`R^2 = \mathrm{Cov}(r, Y)/\mathrm{Var}\,Y`. If it tells no more of a year than the band does, the
    covariance is that of the bands' means: with :math:`E[r \mid b] = 1 + \kappa(\mu_b - 1)`,
    :math:`\kappa = R^2\,\mathrm{Var}\,Y / \mathrm{Var}\,\mu_b`, one at the most.
    """
    between = float(person_year_shares(plan.bands) @ (relative_cost - 1.0) ** 2)
    if between <= 1e-12:
        return np.ones_like(relative_cost)
    shrinkage = min(plan.score_explains * variance / between, 1.0)
    return np.asarray(1.0 + shrinkage * (relative_cost - 1.0), np.float64)


def _variance(per_person_year: Float64, bands: BandPlan) -> float:
    """Return the variance of annualised spending over the nation's person-years."""
    shares = person_year_shares(bands)
    first, second = shares @ per_person_year.mean(axis=1), shares @ (per_person_year**2).mean(axis=1)
    return float(second - first**2)


def counts_by_rank(assigned_beneficiaries: int, shares: Float64) -> tuple[int, ...]:
    """Return whole head counts by band that add up, by largest remainder, from low to high risk."""
    exact = assigned_beneficiaries * shares / shares.sum()
    counts = np.floor(exact).astype(np.int64)
    largest = np.argsort(-(exact - counts), kind="stable")[: assigned_beneficiaries - int(counts.sum())]
    counts[largest] += 1
    return tuple(int(count) for count in counts)
