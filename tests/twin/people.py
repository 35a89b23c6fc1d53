"""People one by one: how each is ill, who leaves, dies and joins, and what each spends in a year.

Written from the model's description and the defaults' data alone; nothing of simcore is used but its data files.
Slow and plain: a person is an entry of an array, a year is a step of a loop.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import optimize, special, stats

DEFAULTS = Path(__file__).parents[2] / "simcore" / "scenario" / "defaults"
NODES = 1_200
GONE = -1


def data(name: str) -> dict:
    return tomllib.loads((DEFAULTS / f"{name}.toml").read_text(encoding="utf-8"))


def within_bands(edges: np.ndarray, nodes: int = NODES) -> np.ndarray:
    """Equally likely values of a standard normal in each band, ``(band, node)``."""
    middles = (np.arange(nodes) + 0.5) / nodes
    return special.ndtri(edges[:-1, None] + np.diff(edges)[:, None] * middles)


@dataclass
class Shape:
    """Annualised spending of the nation: a share with none, and two lognormals, in any money."""

    zero: float
    weights: list[float]
    means: list[float]
    deviations: list[float]

    def __post_init__(self) -> None:
        self.money = np.concatenate([[0.0], np.exp(np.linspace(-9.0, 14.0, 60_001))])
        self.below = self.zero + (1.0 - self.zero) * sum(
            w * stats.lognorm.cdf(self.money, s, scale=np.exp(m))
            for w, m, s in zip(self.weights, self.means, self.deviations, strict=True)
        )

    def quantile(self, rank: np.ndarray) -> np.ndarray:
        return np.where(rank <= self.zero, 0.0, np.interp(rank, self.below, self.money))

    def truncated_mean(self, limit: float) -> float:
        money = np.minimum(self.money, limit)
        return float(np.trapezoid(1.0 - self.below, money))

    def truncated_variation(self) -> float:
        """Coefficient of variation of what is cut at the 99th percentile."""
        money = np.minimum(self.money, self.quantile(np.array([0.99]))[0])
        mean, square = (np.trapezoid(1.0 - self.below, power) for power in (money, money**2))
        return float(np.sqrt(square / mean**2 - 1.0))


def kidney_failure() -> Shape:
    """One lognormal whose truncated spending varies as the defaults say."""
    told = data("spending")["end_stage_renal_disease"]["value"]

    def shape(deviation: float) -> Shape:
        return Shape(told["share_with_no_spending"], [1.0], [0.0], [deviation])

    wanted = told["coefficient_of_variation"]
    return shape(optimize.brentq(lambda s: shape(s).truncated_variation() - wanted, 0.3, 1.5, xtol=1e-6))


class Type:
    """One enrollment type of one ACO: bands of persistent risk, a level of spending, and risk scores."""

    def __init__(
        self,
        national: float,
        heads: int,
        score: float,
        per_capita: float | None,
        growth: float,
        *,
        kidneys_fail: bool = False,
    ) -> None:
        fit, people, turnover = data("calibrated"), data("population"), data("turnover")
        form = fit["spending_shape"]["value"]
        self.shape = (
            kidney_failure()
            if kidneys_fail
            else Shape(
                form["share_with_no_spending"],
                form["weights"],
                form["log_means"],
                form["log_standard_deviations"],
            )
        )
        self.loading, self.memory = fit["loading"]["value"], fit["persistence"]["value"]
        self.dying, self.heads = turnover["decedent_share"]["value"], heads
        self.last_year = turnover["decedent_person_years"]["value"]
        self.again = turnover["assigned_again"]["value"] / (1.0 - self.dying)
        shares = np.array(people["risk_shares"]["value"])
        self.shares = shares / shares.sum()
        self.edges = np.concatenate([[0.0], np.cumsum(self.shares)[:-1], [1.0]])
        self.scores = within_bands(self.edges)
        # Who dies: a normal score correlated with risk is above its 96th percentile.
        mu = fit["mortality_loading"]["value"]
        at = (special.ndtri(1.0 - self.dying) - mu * self.scores) / np.sqrt(1.0 - mu**2)
        self.mortality = special.ndtr(-at).mean(axis=1)
        self._set_spending(national, score, per_capita)
        self._set_mix(score, growth)
        self._set_scores(score, people["score_explains"]["value"])

    def _set_spending(self, national: float, score: float, per_capita: float | None) -> None:
        """The nation's truncation point, and the dollars of one unit of the ACO's spending."""
        unit_limit = float(self.shape.quantile(np.array([0.99]))[0])
        dollars = national / self.shape.truncated_mean(unit_limit)
        self.limit = unit_limit * dollars
        self.level = national if per_capita is None else per_capita / score
        self.dollars = optimize.brentq(
            lambda d: d * self.shape.truncated_mean(self.limit / d) - self.level, dollars / 4, dollars * 4
        )
        # Person-years, not heads, carry the nation's law of annualised spending.
        living = self.shares * (1.0 - self.mortality)
        weight = living + self.shares * self.mortality * self.last_year
        self.spending_edges = np.concatenate([[0.0], np.cumsum(weight / weight.sum())[:-1], [1.0]])
        risk = within_bands(self.spending_edges)
        other = special.ndtri((np.arange(NODES) + 0.5) / NODES)
        self.mean, self.square = np.zeros(7), np.zeros(7)
        for band in range(6):
            z = self.loading * risk[band][:, None] + np.sqrt(1.0 - self.loading**2) * other
            money = np.minimum(self.dollars * self.shape.quantile(special.ndtr(z)), self.limit)
            self.mean[band], self.square[band] = money.mean(), (money**2).mean()
        dead = self.shares * self.mortality / (self.shares @ self.mortality)
        self.dead_risk = dead
        self.mean[6], self.square[6] = dead @ self.mean[:6], dead @ self.square[:6]
        self.years = np.append(np.ones(6), self.last_year)

    def _mix(self, shift: float) -> np.ndarray:
        """Head shares of the bands and of decedents where mean risk is shifted."""
        cuts = special.ndtri(self.edges[1:-1])
        shares = np.diff(np.concatenate([[0.0], special.ndtr(cuts - shift), [1.0]]))
        return np.append(shares * (1.0 - self.mortality), shares @ self.mortality)

    def _set_mix(self, score: float, growth: float) -> None:
        """The ACO's first mix, how bands follow each other, and joiners that keep the mix as it grows."""

        def miss(shift: float) -> float:
            weight = self._mix(shift) * self.years
            return float(weight @ self.mean / weight.sum() / self.level - score)

        self.mix = self._mix(0.0 if score == 1.0 else optimize.brentq(miss, -2.0, 2.0))
        cuts = special.ndtri(self.edges[1:-1])
        spread = np.sqrt(1.0 - self.memory**2)
        below = special.ndtr((cuts[:, None, None] - self.memory * self.scores) / spread).mean(axis=2).T
        moves = np.diff(np.column_stack([np.zeros(6), below, np.ones(6)]), axis=1)
        living = np.column_stack([moves * (1.0 - self.mortality), moves @ self.mortality])
        joiners = np.maximum((1.0 + growth) * self.mix - (self.mix[:6] * self.again) @ living, 0.0)
        self.joiners = joiners / joiners.sum()

    def _set_scores(self, score: float, explained: float) -> None:
        """A band's mean score: its relative cost, shrunk until scores explain what they do in life."""
        weight = self._mix(0.0) * self.years
        weight = weight / weight.sum()
        relative = self.mean / self.level
        variance = (weight @ self.square - (weight @ self.mean) ** 2) / self.level**2
        between = weight @ (relative - 1.0) ** 2
        raw = 1.0 + min(explained * variance / between, 1.0) * (relative - 1.0)
        held = self.mix * self.years
        self.score = raw * score * held.sum() / (held @ raw)

    def spend(self, bands: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """What each person spends in the year, truncated, USD of the dollar year."""
        risk_band = np.where(bands == 6, rng.choice(6, bands.size, p=self.dead_risk), bands)
        low, high = self.spending_edges[risk_band], self.spending_edges[risk_band + 1]
        risk = special.ndtri(low + (high - low) * rng.random(bands.size))
        z = self.loading * risk + np.sqrt(1.0 - self.loading**2) * rng.standard_normal(bands.size)
        annual = np.minimum(self.dollars * self.shape.quantile(special.ndtr(z)), self.limit)
        return annual * self.years[bands]

    def next_year(self, bands: np.ndarray, heads: int, rng: np.random.Generator) -> np.ndarray:
        """Decedents are gone, some leave, who stays may fall ill or die, and joiners come in.

        Where more stay than an ACO that shrinks has room for, some of them go, each as likely as another.
        """
        stays = bands[(bands < 6) & (rng.random(bands.size) < self.again)]
        low, high = self.edges[stays], self.edges[stays + 1]
        risk = special.ndtri(low + (high - low) * rng.random(stays.size))
        risk = self.memory * risk + np.sqrt(1.0 - self.memory**2) * rng.standard_normal(stays.size)
        arrived = np.searchsorted(self.edges[1:-1], special.ndtr(risk), side="right")
        arrived = np.where(rng.random(stays.size) < self.mortality[arrived], 6, arrived)
        if arrived.size > heads:
            return rng.permutation(arrived)[:heads]
        return np.concatenate([arrived, rng.choice(7, heads - arrived.size, p=self.joiners)])

    def first_year(self, rng: np.random.Generator) -> np.ndarray:
        return rng.choice(7, self.heads, p=self.mix)
