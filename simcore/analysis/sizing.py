"""Answer how many beneficiaries an ACO needs, and what two ACOs gain by becoming one."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import xarray as xr
from scipy import special

from simcore.analysis import risk
from simcore.analysis.comparison import with_errors
from simcore.analysis.crossing import rising_crossing
from simcore.analysis.estimates import Float64
from simcore.analysis.risk import STANDARD_ERROR
from simcore.analysis.runs import World, line, summarize_grid
from simcore.analysis.summary import AGREEMENT
from simcore.vocabulary import RATE

BENEFICIARIES: Final = "beneficiaries"
TRUE_SAVINGS: Final = "true_savings"

SIZE_MEASURES: Final = (
    "probability_shared_savings",
    "probability_shared_losses",
    "probability_msr_met",
    "probability_mlr_met",
    "savings_rate mean",
    "savings_rate sd",
    "net_settlement mean",
)
"""What a table of sizes holds."""


def size_table(
    simulate: Callable[[World], xr.Dataset],
    scenario_at: Callable[..., World],
    *,
    sizes: Sequence[int],
    true_savings: Sequence[float],
) -> xr.Dataset:
    """Simulate an ACO at every size and true savings.

    Parameters
    ----------
    simulate
        Turns a scenario into a result.
    scenario_at
        Called with ``beneficiaries`` and ``true_savings``, returns the scenario.
    sizes
        Assigned beneficiaries.
    true_savings
        Care-management effects, fractions of expenditures.

    Returns
    -------
    xr.Dataset
        ``value`` and ``standard_error``, dims ``(contract, period, measure, beneficiaries,
        true_savings)``; the measures are `SIZE_MEASURES`, periods as in ``summarize``.
    """
    axes: dict[str, Sequence[float]] = {BENEFICIARIES: sorted(sizes), TRUE_SAVINGS: sorted(true_savings)}
    table = summarize_grid(simulate, scenario_at, axes, measures=SIZE_MEASURES)
    table[BENEFICIARIES].attrs.update(units=RATE, long_name="Assigned beneficiaries")
    table[TRUE_SAVINGS].attrs.update(units=RATE, long_name="Care-management effect on expenditures")
    return table


def beneficiaries_needed(
    table: xr.Dataset,
    probability: float,
    *,
    measure: str = "probability_shared_savings",
    period: str = AGREEMENT,
) -> xr.DataArray:
    """Return how many beneficiaries make a payment so likely.

    Parameters
    ----------
    table
        What `size_table` returned.
    probability
        The wished chance, for example 0.8.
    measure
        A probability that rises with size when savings are real.
    period
        A performance year as text, or ``"all"``: in any year of the agreement.

    Returns
    -------
    xr.DataArray
        Beneficiaries, dims ``(contract, true_savings)``, with ``standard_error``. Not a number where no
        size of the table suffices; the smallest size, its error not a number, where that is enough.

    Notes
    -----
    The nearest curve that rises with size, linear in the logarithm of size.
    """
    chance = line(table, measure, period).transpose("contract", TRUE_SAVINGS, BENEFICIARIES)
    size = np.log(table[BENEFICIARIES].values.astype(np.float64))
    value = np.empty(chance.shape[:-1])
    error = np.empty(chance.shape[:-1])
    for point in np.ndindex(value.shape):
        found = rising_crossing(size, chance.values[point], chance[STANDARD_ERROR].values[point], probability)
        value[point] = np.exp(found.value)
        # The error of a logarithm is a relative error.
        error[point] = value[point] * found.standard_error
    needed = chance.isel({BENEFICIARIES: 0}, drop=True).copy(data=value).rename("beneficiaries_needed")
    needed = needed.assign_coords({STANDARD_ERROR: (needed.dims, error)})
    return needed.assign_attrs(units=RATE, long_name=f"Beneficiaries for a {measure} of {probability:g}")


def value_of_merging(
    simulate: Callable[[World], xr.Dataset], first: World, second: World, merged: World
) -> xr.Dataset:
    """Return what two ACOs gain or lose by becoming one.

    Parameters
    ----------
    simulate
        Turns a scenario into a result.
    first, second
        The two ACOs, with the same contracts, years, seed and replicates.
    merged
        The ACO that they would be together.

    Returns
    -------
    xr.Dataset
        Over the agreement, by contract, each with its ``standard_error``: ``net_settlement``, the
        merged ACO's expected net settlement less the two of the parts, USD; ``first``, ``second`` and
        ``merged``, the SD of each one's savings rate of the agreement.
    """
    parts = {"first": simulate(first), "second": simulate(second), "merged": simulate(merged)}
    net = {name: risk.agreement_total(part["net_settlement"]) for name, part in parts.items()}
    # Replicate by replicate: right for the error whether or not the runs share draws.
    gain = risk.mean((net["merged"] - net["first"] - net["second"]).rename("net_settlement"))
    gain = gain.assign_attrs(units="USD", long_name="Net settlement of the merged ACO less that of its parts")
    spread = {name: risk.standard_deviation(agreement_savings_rate(part)) for name, part in parts.items()}
    return with_errors({"net_settlement": gain, **spread})


def agreement_savings_rate(result: xr.Dataset) -> xr.DataArray:
    """Return gross savings over the agreement as a share of its benchmarks, by replicate."""
    saved, benchmark = (
        result[name].sum("performance_year") for name in ("gross_savings", "updated_benchmark")
    )
    return (saved / benchmark).rename("savings_rate").assign_attrs(result["savings_rate"].attrs)


def normal_chance(
    true_savings: Float64, beneficiaries: Float64, *, threshold: float, noise: float
) -> Float64:
    r"""Return the chance that a savings rate reaches a threshold when only individual luck is at work.

    Parameters
    ----------
    true_savings
        Fractions; broadcasts against `beneficiaries`.
    beneficiaries
        Assigned beneficiaries.
    threshold
        The minimum savings rate, a fraction.
    noise
        The constant c of ``SD = c / sqrt(beneficiaries)``.

    Returns
    -------
    ndarray
        :math:`\Phi((s - m) \sqrt n / c)`, the closed form beside which a simulated table is read.
    """
    from_threshold = (np.asarray(true_savings) - threshold) * np.sqrt(beneficiaries) / noise
    chance: Float64 = special.ndtr(from_threshold)
    return chance
