"""Sums of many people's spending are those of `aggregate`, of a Fourier power, and of scipy.

Oracle: aggregate (PyPI), a library of aggregate loss distributions, on the same severity; numpy's Fourier
transform; scipy's gamma law, of which a sum of gammas is one again.
"""

import numpy as np
import pytest
from aggregate import Aggregate
from scipy import stats

from simcore.kernels.pooled import pooled_spending
from simcore.kernels.spending import spending
from simcore.model.sum_tables import sum_tables
from tests.independent.exact_law import law_of_sum

REPLICATES = 40_000
LEVELS = np.array([0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99])


def drawn(amounts: np.ndarray, people: int, engine: str) -> np.ndarray:
    """Sums of one band of `people`, in the unit of the amounts."""
    heads = np.full(REPLICATES, people, np.int64)
    address = {"first_replicate": 0, "cell": 5, "seed": 3}
    if engine == "beneficiary":
        return spending(heads, amounts, **address)
    return pooled_spending(heads, sum_tables(amounts, people), **address)


def equally_likely(law: object, scale: float = 100.0) -> np.ndarray:
    """4,096 whole cents at the middle ranks of a law of dollars."""
    return np.rint(scale * law.ppf((np.arange(4_096) + 0.5) / 4_096)).astype(np.int64)


def assert_same_law(sample: np.ndarray, levels: np.ndarray, quantiles: np.ndarray) -> None:
    """As many sums lie below each quantile as should: within four standard errors of a share."""
    for level, quantile in zip(levels, quantiles, strict=True):
        error = np.sqrt(level * (1.0 - level) / sample.size)
        assert abs((sample <= quantile).mean() - level) < 4.0 * error, level


@pytest.mark.parametrize("engine", ["beneficiary", "pooled"])
@pytest.mark.parametrize("people", [37, 400, 5_000])
def test_sums_are_those_of_aggregate(people: int, engine: str) -> None:
    """Its own FFT, on a discrete severity of the table's amounts in steps of 50 USD."""
    amounts = 5_000 * np.rint(equally_likely(stats.lognorm(1.2, scale=8_000.0)) / 5_000).astype(np.int64)
    values, counts = np.unique(amounts // 5_000, return_counts=True)
    law = Aggregate(
        "sums",
        exp_en=people,
        sev_name="dhistogram",
        sev_xs=values,
        sev_ps=counts / counts.sum(),
        freq_name="fixed",
    )
    mean = people * (amounts / 5_000).mean()
    deviation = np.sqrt(people) * (amounts / 5_000).std()
    law.update(log2=int(np.ceil(np.log2(mean + 12.0 * deviation))), bs=1, normalize=False)
    sample = drawn(amounts, people, engine) / 5_000
    below = np.cumsum(law.agg_density)
    quantiles = np.searchsorted(below, LEVELS)
    # The pooled engine's quantiles are linear between points; at a step's middle it is the lattice's law.
    assert_same_law(sample, below[quantiles], quantiles + 0.5)


@pytest.mark.parametrize("engine", ["beneficiary", "pooled"])
def test_sums_are_those_of_a_fourier_power(engine: str) -> None:
    amounts = equally_likely(stats.weibull_min(0.5, scale=5_000.0))
    people, points = 1_000, 1 << 20
    step = 2.0 * people * amounts.mean() / points
    below = np.cumsum(law_of_sum(amounts, people, points=points, step=step))
    quantiles = np.searchsorted(below, LEVELS) * step
    assert_same_law(drawn(amounts, people, engine), LEVELS, quantiles)


@pytest.mark.parametrize("engine", ["beneficiary", "pooled"])
@pytest.mark.parametrize("people", [16, 300, 3_000])
def test_sums_of_gammas_are_gamma(people: int, engine: str) -> None:
    """Shape 2: 4,096 middle ranks lose a thousandth of the deviation, a fiftieth of what is resolved here."""
    amounts = equally_likely(stats.gamma(2.0, scale=5_000.0))
    whole = stats.gamma(2.0 * people, scale=100.0 * 5_000.0)
    assert_same_law(drawn(amounts, people, engine), LEVELS, whole.ppf(LEVELS))
