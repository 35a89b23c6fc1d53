"""Take a benchmark as it is given, instead of building it from benchmark years."""

from dataclasses import replace

import numpy as np

from simcore.model.arrays import Float64
from simcore.model.benchmark.construction import EstablishedBenchmark, establish_benchmark
from simcore.model.benchmark.inputs import BenchmarkYears
from simcore.model.benchmark.terms import BenchmarkTerms, HistoricalTerms, without_adjustments


def given_benchmark(
    per_capita: Float64, benchmark_year_3: BenchmarkYears, terms: BenchmarkTerms
) -> EstablishedBenchmark:
    """Return an established benchmark whose historical benchmark is known, adjustments included.

    Parameters
    ----------
    per_capita
        Historical benchmark by enrollment type, USD per person-year, ``(enrollment_type, replicate)``.
    benchmark_year_3
        What the update and the risk ratio start from, with one benchmark year, the third; its
        per-capita expenditures do not count.
    terms
        The rules of the agreement.
    """
    known = replace(benchmark_year_3, per_capita_expenditures=per_capita[np.newaxis])
    as_it_is = replace(
        without_adjustments(terms),
        historical=HistoricalTerms((1.0,), trend="none", severity="none"),
    )
    return replace(establish_benchmark(known, as_it_is), adjusted=True)
