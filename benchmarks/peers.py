"""Draw sums of many people's spending with simcore, NumPy, aggregate and gemact: same law, same heads, same replicates.

    python -m benchmarks.peers [--quick] [--out FILE]

The work is the sum over 5,000 people of a lognormal amount cut at its 99th percentile, 2,000 replicates
of it. Whatever a side needs besides (tables of sums, a Fourier transform) is in its time. Mean, standard deviation
and P(S >= x) of every side are held to closed forms and a Fourier power before its time counts. A peer that is
not installed is left out and named: `pip install simcore[bench]` brings them.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measuring import rates, ratios, run_part, spread
from benchmarks.peer_work import TOLERANCE, Exact, Work, deviations, exact, work_of
from simcore.cli.throughput import Group, Population, numpy_tasks, seconds_by_round
from simcore.kernels.pooled import pooled_spending
from simcore.kernels.spending import spending
from simcore.model.sum_tables import sum_tables

PEOPLE, REPLICATES, QUICK_REPLICATES = 5_000, 2_000, 200
ROUNDS, QUICK_ROUNDS = 7, 2
LATTICE_BITS = 17
"""Aggregate's lattice: the coarsest power of two on which its mean is right within a tenth of the error."""

Sample = NDArray[np.float64]
Draw = Callable[[int], Sample]
"""A side's work: a seed in, the sums of all replicates in USD out."""


def measure(quick: bool) -> dict[str, Any]:
    """Measure every side on one thread, in turn."""
    work = work_of(PEOPLE, QUICK_REPLICATES if quick else REPLICATES)
    return compare(work, rounds=QUICK_ROUNDS if quick else ROUNDS)


def compare(work: Work, *, rounds: int) -> dict[str, Any]:
    """Return seconds of each side, how far its answer is from the truth in standard errors, and ratios."""
    known = exact(work)
    found, missing = sides(work)
    answers = {name: _checked(name, draw(1), known) for name, draw in found.items()}
    times = seconds_by_round(found, rounds=rounds)
    return {
        "people": work.people,
        "replicates": work.replicates,
        "exact": known._asdict(),
        "sides": {
            name: {
                "seconds": spread(seconds),
                "beneficiary_years_per_second": rates(work.people * work.replicates, seconds),
                "deviations_in_standard_errors": answers[name],
                "over_beneficiary": ratios(seconds, times["simcore, beneficiary"]),
                "over_pooled": ratios(seconds, times["simcore, pooled"]),
            }
            for name, seconds in times.items()
        },
        "missing": missing,
    }


def sides(work: Work) -> tuple[dict[str, Draw], dict[str, str]]:
    """Return all sides that can run here, and why the others cannot."""
    found: dict[str, Draw] = {
        "simcore, beneficiary": lambda seed: _beneficiary(work, seed),
        "simcore, pooled": lambda seed: _pooled(work, seed),
        "NumPy, lognormal": lambda seed: _numpy_lognormal(work, seed),
        "NumPy, fastest way on the same table": _numpy_fastest(work),
    }
    missing = {}
    for name, draw in {"aggregate": _aggregate, "gemact": _gemact}.items():
        if importlib.util.find_spec(name) is None:
            missing[name] = "not installed"
        else:
            found[name] = lambda seed, draw=draw: draw(work, seed)
    return found, missing


def _checked(name: str, sample: Sample, known: Exact) -> dict[str, float]:
    """Return a side's deviations; refuse a side that answers another question."""
    found = deviations(sample, known)
    if max(abs(value) for value in found.values()) > TOLERANCE:
        raise ValueError(f"{name} does not do the same work: {found} standard errors from the truth")
    return found


def _beneficiary(work: Work, seed: int) -> Sample:
    """Draw every person."""
    heads = np.full(work.replicates, work.people)
    return spending(heads, work.amounts, first_replicate=0, cell=1, seed=seed) / 100.0


def _pooled(work: Work, seed: int) -> Sample:
    """Build the tables of sums, and draw from them."""
    heads = np.full(work.replicates, work.people)
    tables = sum_tables(work.amounts, work.people)
    return pooled_spending(heads, tables, first_replicate=0, cell=1, seed=seed) / 100.0


def _numpy_lognormal(work: Work, seed: int) -> Sample:
    """Draw as one would write it down."""
    generator = np.random.default_rng(seed)
    sums = np.empty(work.replicates)
    for replicate in range(work.replicates):
        drawn = generator.lognormal(work.location, work.shape, work.people)
        sums[replicate] = np.minimum(drawn, work.limit).sum()
    return sums


def _numpy_fastest(work: Work) -> Draw:
    """Return the way of NumPy that is the fastest here, among those that `simcore bench` tries."""
    group = Group(work.people, work.amounts, sum_tables(work.amounts, work.people), 1)
    ways = numpy_tasks(Population(work.people, (), (group,)))
    trial = seconds_by_round(ways, rounds=2)
    way = ways[min(trial, key=lambda name: min(trial[name]))]

    def draw(seed: int) -> Sample:
        first = 1_000_000 * seed
        return np.array([np.sum(way(first + replicate)) for replicate in range(work.replicates)]) / 100.0

    return draw


def _aggregate(work: Work, seed: int) -> Sample:
    """Let aggregate find the law by its Fourier transform, and draw from it by inversion."""
    from aggregate import Aggregate

    law = Aggregate(
        "sums",
        exp_en=work.people,
        exp_attachment=0,
        exp_limit=work.limit,
        sev_name="lognorm",
        sev_a=work.shape,
        sev_scale=math.exp(work.location),
        freq_name="fixed",
    )
    step = work.window / 2**LATTICE_BITS
    law.update(log2=LATTICE_BITS, bs=step)
    below = np.cumsum(law.agg_density)
    uniforms = np.random.default_rng(seed).random(work.replicates)
    return np.searchsorted(below, uniforms * below[-1]) * step


def _gemact(work: Work, seed: int) -> Sample:
    """Let gemact simulate; its Fourier transform refuses so many people, for which P(S = 0) rounds below 0."""
    import twiggy
    from gemact import Frequency, Layer, LossModel, PolicyStructure, Severity

    twiggy.quick_setup(twiggy.levels.CRITICAL)
    model = LossModel(
        frequency=Frequency("binom", {"n": work.people, "p": 1.0}),
        severity=Severity("lognormal", {"shape": work.shape, "scale": math.exp(work.location)}),
        policystructure=PolicyStructure(Layer(cover=work.limit)),
        aggr_loss_dist_method="mc",
        n_sim=work.replicates,
        random_state=seed,
    )
    # The simulated sums, in order: gemact keeps them as the nodes of its distribution.
    return np.asarray(model.dist[0].nodes)[-work.replicates :]


if __name__ == "__main__":
    run_part("peers", measure, __doc__)
