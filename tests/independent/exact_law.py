"""The law of savings rates and payments of independent people, by characteristic functions and lattices.

Nothing here uses simcore: generalised gamma spending, truncated at its 99th percentile, from scipy's
incomplete gamma function, as the reference of the noise of a savings rate is defined.
"""

import numpy as np
from scipy import special

SHAPE, POWER = 0.56, 0.65
CELLS = 1 << 14


def truncated_cells(shape: float = SHAPE, power: float = POWER, percentile: float = 0.99) -> np.ndarray:
    """Equally likely cells of min(G^(1/power), T) over its mean, each its conditional mean."""
    edges = special.gammaincinv(shape, np.linspace(0.0, 1.0, CELLS + 1)[:-1])
    limit = special.gammaincinv(shape, percentile)
    moment = shape + 1.0 / power
    scale = np.exp(special.gammaln(moment) - special.gammaln(shape))
    inner = np.minimum(edges, limit)
    cumulative = scale * special.gammainc(moment, inner)
    cumulative += limit ** (1.0 / power) * np.maximum(special.gammainc(shape, edges) - percentile, 0.0)
    total = scale * special.gammainc(moment, limit) + limit ** (1.0 / power) * (1.0 - percentile)
    return np.diff(np.append(cumulative, total)) * CELLS / total


def probability_of_rate(cells: np.ndarray, people: int, rate: float, *, benchmark_years: int) -> float:
    """P(1 - PY / benchmark >= rate), all years independent; no benchmark years: the benchmark is the mean.

    Gil-Pelaez inversion of the law of PY - (1 - rate) benchmark, which is at most nought in that event.
    """
    pull = (1.0 - rate) / max(benchmark_years, 1)
    deviation = np.sqrt(people * cells.var() * (1.0 + benchmark_years * pull**2))
    step = 0.02 / deviation
    t = (np.arange(400) + 0.5) * step
    log_law = people * np.log(_characteristic(cells, t))
    if benchmark_years:
        log_law += benchmark_years * people * np.log(_characteristic(cells, -pull * t))
    else:
        log_law += -1j * t * people * (1.0 - rate)
    return float(0.5 - (np.imag(np.exp(log_law)) / t).sum() * step / np.pi)


def _characteristic(cells: np.ndarray, t: np.ndarray) -> np.ndarray:
    """E exp(i t X), one t at a time so that memory stays small."""
    return np.array([np.exp(1j * each * cells).mean() for each in t])


def law_of_sum(amounts: np.ndarray, people: int, *, points: int, step: float) -> np.ndarray:
    """Probabilities of a sum of equally likely amounts on a lattice of `step`, by one Fourier power.

    Each amount is split between its two neighbours, so that means are exact. A window that is too short
    wraps around: `points` times `step` must hold the sum.
    """
    place = amounts / step
    below = np.floor(place).astype(np.int64)
    share = place - below
    one = np.bincount(below, 1.0 - share, points) + np.bincount(below + 1, share, points)
    return np.maximum(np.fft.irfft(np.fft.rfft(one / amounts.size) ** people, points), 0.0)
