"""The printed standard error of every summary measure is the spread of that measure over runs.

Oracle: 200 independent runs of 500 replicates, which are slices of one run, for a draw has an address.
"""

import numpy as np
import pytest

from simcore.analysis.summary import summarize
from simcore.simulate import simulate
from tests.acceptance.asked import template

RUNS, REPLICATES = 200, 500
WITHIN = 0.15
# With 200 runs a standard deviation is itself uncertain by 5 %: three of these make the 15 %.
MEASURES = [
    "probability_shared_savings",
    "probability_shared_losses",
    "probability_msr_met",
    "probability_mlr_met",
    "savings_rate mean",
    "savings_rate sd",
    "earned_shared_savings mean",
    "owed_shared_losses mean",
    "net_settlement mean",
    "net_settlement sd",
    "net_settlement quantile 0.05",
    "net_settlement quantile 0.25",
    "net_settlement quantile 0.5",
    "net_settlement quantile 0.75",
    "net_settlement quantile 0.95",
    "net_settlement value_at_risk 0.95",
    "net_settlement tail_value_at_risk 0.95",
]


@pytest.mark.slow
def test_error_bars_are_the_spread_over_two_hundred_runs() -> None:
    asked = template(
        "track_choice",
        aco__performance_years=2,
        # So that no quantile lies on the atom at nought, where payments begin: there a quantile has no
        # density, and the printed error was 20 % too large (measured with true savings of 1 %).
        savings__true_savings=0.03,
        contract__options=["ENHANCED msr=0", "BASIC-E msr=0"],
        simulation__replicates=RUNS * REPLICATES,
    )
    result = simulate(asked)
    runs = [
        summarize(result.isel(replicate=slice(run * REPLICATES, (run + 1) * REPLICATES)), measures=MEASURES)
        for run in range(RUNS)
    ]
    values = np.stack([run["value"].values for run in runs])
    printed = np.sqrt(np.mean([run["standard_error"].values ** 2 for run in runs], axis=0))
    spread = values.std(axis=0, ddof=1)
    resolved = printed > 0.0
    ratio = np.divide(spread, printed, out=np.ones_like(spread), where=resolved)
    worst = np.argwhere(np.abs(ratio - 1.0) > WITHIN)
    assert resolved.sum() > 80
    assert worst.size == 0, [(MEASURES[at[2]], ratio[tuple(at)]) for at in worst]
