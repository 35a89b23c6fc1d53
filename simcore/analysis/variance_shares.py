"""Split the variance of an outcome by layer of randomness and by input."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import xarray as xr
from scipy import stats

from simcore.analysis import estimates
from simcore.analysis.estimates import Estimate, Float64
from simcore.analysis.risk import STANDARD_ERROR
from simcore.analysis.runs import ChangeableWorld, World
from simcore.analysis.sensitivity import InputRange
from simcore.errors import ResultError
from simcore.vocabulary import RATE, REPLICATE

LAYER: Final = "layer"
INPUT: Final = "input"


def individual_share(result: xr.Dataset) -> xr.DataArray:
    """Return which share of the savings rate's variance is the luck of individuals.

    Parameters
    ----------
    result
        A result that holds ``expected_expenditures``: given everything but individual luck.

    Returns
    -------
    xr.DataArray
        Unit ``"1"``, by performance year (and contract where the benchmark has one), with
        ``standard_error``. By the law of total variance the rest is of the other layers.

    Raises
    ------
    ResultError
        If the result does not hold the expected expenditures.
    """
    if "expected_expenditures" not in result:
        how = "simulate the scenario with simulation.detail = true"
        raise ResultError("result", f"expected_expenditures: not stored; {how}")
    rate = result["savings_rate"]
    luck = (result["expected_expenditures"] - result["expenditures"]) / result["updated_benchmark"]
    value, error = xr.apply_ufunc(
        _variance_ratio,
        luck,
        rate,
        input_core_dims=[[REPLICATE], [REPLICATE]],
        output_core_dims=[[], []],
    )
    share: xr.DataArray = value.assign_coords({STANDARD_ERROR: (value.dims, error.data)})
    return share.rename("individual_share").assign_attrs(
        units=RATE, long_name="Share of the savings rate's variance due to individuals"
    )


def variance_by_layer(
    simulate: Callable[[World], xr.Dataset],
    scenario_with: Callable[[tuple[str, ...]], World],
    layers: Sequence[str],
    outcome: Callable[[xr.Dataset], xr.DataArray],
) -> xr.Dataset:
    """Return which share of an outcome's variance each layer of randomness brings.

    Parameters
    ----------
    simulate
        Turns a scenario into a result.
    scenario_with
        Returns the scenario in which the layers that it is called with are random, on common draws,
        and all others are frozen at what is expected.
    layers
        The layers, such as ``("individuals", "aco", "market")``.
    outcome
        What is looked at, from a result, shape ``(replicate,)``.

    Returns
    -------
    xr.Dataset
        Dims ``(layer,)``, unit ``"1"``, each with its ``…_standard_error``: ``alone``, the variance that
        is left when all other layers are frozen, and ``last``, the variance that freezing this layer
        takes away, both as shares of the whole. They are the same, and add to one, where layers add up
        without acting on each other; gates and limits make them differ. Shares of an outcome that does not
        vary are zero.
    """
    whole = _draws(outcome(simulate(scenario_with(tuple(layers)))))
    alone, last = [], []
    # An amount may be zero throughout, as losses of a one-sided track: shares of nothing are nought.
    varies = bool(np.ptp(whole) > 0.0)
    for name in layers if varies else ():
        others = tuple(other for other in layers if other != name)
        alone.append(_variance_ratio(_draws(outcome(simulate(scenario_with((name,))))), whole))
        kept = _variance_ratio(_draws(outcome(simulate(scenario_with(others)))), whole)
        last.append(Estimate(1.0 - kept.value, kept.standard_error))
    if not varies:
        alone = last = [Estimate(np.zeros(()), np.zeros(()))] * len(layers)
    names = {
        "alone": "Variance with the other layers frozen",
        "last": "Variance that freezing the layer takes away",
    }
    return _by(LAYER, layers, {"alone": alone, "last": last}, names)


def shares_by_input(inputs: Mapping[str, Float64], outcome: Float64, *, classes: int = 20) -> xr.Dataset:
    r"""Return how much of an outcome's variance each simulated input explains by itself.

    Parameters
    ----------
    inputs
        By name, the draws of an input, such as a result's ``true_savings``, shape ``(replicate,)``.
    outcome
        The draws of the outcome, same shape.
    classes
        Into how many equally full classes an input is cut.

    Returns
    -------
    xr.Dataset
        Dims ``(input,)``, each with its ``…_standard_error``: ``variance_share``, that of the mean of
        the outcome given the input, and ``rank_correlation`` (Spearman).

    Notes
    -----
    The share is the correlation ratio by classes less its bias,
    :math:`1 - (1-\eta^2)(n-1)/(n-k)`; its error is by jackknife over twenty groups of replicates.

    References
    ----------
    Plischke, E., Borgonovo, E. and Smith, C. L. (2013), Global sensitivity measures from given data,
    European Journal of Operational Research 226(3), 536-550.
    """
    shares = [
        _jackknife(lambda x, y: _correlation_ratio(x, y, classes), draws, outcome)
        for draws in inputs.values()
    ]
    ranks = [_jackknife(_rank_correlation, draws, outcome) for draws in inputs.values()]
    names = {
        "variance_share": "Share of the variance that the input explains",
        "rank_correlation": "Rank correlation",
    }
    return _by(INPUT, list(inputs), {"variance_share": shares, "rank_correlation": ranks}, names)


def sobol_shares(
    simulate: Callable[[ChangeableWorld], xr.Dataset],
    scenario: ChangeableWorld,
    ranges: Sequence[InputRange],
    outcome: Callable[[xr.Dataset], xr.DataArray],
    *,
    points: int = 32,
    seed: int = 0,
) -> xr.Dataset:
    """Return how much of the variance of an expected outcome the inputs' ranges bring, by Sobol's indices.

    Parameters
    ----------
    simulate
        Turns a scenario into a result; run ``points * (inputs + 2)`` times, so keep replicates few.
    scenario
        The scenario; its draws are common to all runs.
    ranges
        Numeric inputs, each equally likely anywhere between its two ends and independent of the others.
    outcome
        What is looked at, from a result, shape ``(replicate,)``; its mean is what varies.
    points
        A power of two.
    seed
        Which scrambled Sobol sequence.

    Returns
    -------
    xr.Dataset
        Dims ``(input,)``, each with its ``…_standard_error`` by bootstrap over points: ``alone`` (first
        order) and ``total`` (all in which the input has a part).

    References
    ----------
    Saltelli, A. et al. (2010), Variance based sensitivity analysis of model output, Computer Physics
    Communications 181(2), 259-270 (Jansen's estimator of the total).
    """
    widths = [
        stats.uniform(float(str(one.low)), float(str(one.high)) - float(str(one.low))) for one in ranges
    ]

    def expected(inputs: Float64) -> Float64:
        changes = ({one.path: float(x) for one, x in zip(ranges, point, strict=True)} for point in inputs.T)
        return np.array(
            [float(_draws(outcome(simulate(scenario.with_changes(one)))).mean()) for one in changes]
        )

    found = stats.sobol_indices(func=expected, n=points, dists=widths, rng=np.random.default_rng(seed))
    spread = found.bootstrap(confidence_level=0.95)
    measured = {}
    for name, value, ends in (
        ("alone", found.first_order, spread.first_order.confidence_interval),
        ("total", found.total_order, spread.total_order.confidence_interval),
    ):
        errors = (ends.high - ends.low) / (2.0 * stats.norm.ppf(0.975))
        measured[name] = [Estimate(v, e) for v, e in zip(value, errors, strict=True)]
    names = {"alone": "Share that the input brings by itself", "total": "Share in which the input has a part"}
    return _by(INPUT, [one.name for one in ranges], measured, names)


def _by(
    dim: str, labels: Sequence[str], measured: Mapping[str, Sequence[Estimate]], long_names: Mapping[str, str]
) -> xr.Dataset:
    """Return estimates along one dimension, each variable beside its standard error."""
    variables = {}
    for name, column in measured.items():
        attrs = {"units": RATE, "long_name": long_names[name]}
        variables[name] = (dim, [float(estimate.value) for estimate in column], attrs)
        error = [float(estimate.standard_error) for estimate in column]
        variables[f"{name}_{STANDARD_ERROR}"] = (
            dim,
            error,
            {**attrs, "long_name": f"Standard error of {name}"},
        )
    return xr.Dataset(variables, coords={dim: list(labels)})


def _draws(outcome: xr.DataArray) -> Float64:
    """Return the draws of an outcome as numbers, shape ``(replicate,)``."""
    return np.asarray(outcome.transpose(REPLICATE).values, dtype=np.float64)


def _variance_ratio(part: Float64, whole: Float64) -> Estimate:
    """Return one variance over another on common draws, over the last axis, with its delta-method error."""
    squares = [np.square(draws - draws.mean(axis=-1, keepdims=True)) for draws in (part, whole)]
    below = squares[1].mean(axis=-1)
    ratio = squares[0].mean(axis=-1) / below
    influence = (squares[0] - ratio[..., None] * squares[1]) / below[..., None]
    return Estimate(ratio, estimates.mean(influence).standard_error)


def _correlation_ratio(draws: Float64, outcome: Float64, classes: int) -> float:
    """Return the share of the outcome's variance between classes of an input, bias removed; nought of none."""
    order = np.argsort(draws, kind="stable")
    inside = sum(
        float(np.square(group - group.mean()).sum()) for group in np.array_split(outcome[order], classes)
    )
    n = outcome.size
    total = float(np.square(outcome - outcome.mean()).sum())
    # A settlement may be zero throughout: there is no variance to explain.
    return 1.0 - inside / total * (n - 1) / (n - classes) if total > 0.0 else 0.0


def _rank_correlation(draws: Float64, outcome: Float64) -> float:
    """Return Spearman's rank correlation; nought where one of the two does not vary."""
    ranks = [stats.rankdata(values) for values in (draws, outcome)]
    deviations = [rank - rank.mean() for rank in ranks]
    scale = float(np.sqrt((deviations[0] @ deviations[0]) * (deviations[1] @ deviations[1])))
    return float(deviations[0] @ deviations[1]) / scale if scale > 0.0 else 0.0


def _jackknife(
    statistic: Callable[[Float64, Float64], float], draws: Float64, outcome: Float64, groups: int = 20
) -> Estimate:
    """Return a statistic of pairs with its error, leaving out one group of replicates after the other."""
    group = np.arange(outcome.size) % groups
    left = np.array([statistic(draws[group != g], outcome[group != g]) for g in range(groups)])
    error = np.sqrt((groups - 1.0) / groups * np.square(left - left.mean()).sum())
    return Estimate(np.asarray(statistic(draws, outcome)), np.asarray(error))
