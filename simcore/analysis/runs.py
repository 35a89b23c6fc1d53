"""Run scenarios that differ in a few keys on common draws, and measure what the change does."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Protocol, Self, TypeVar

import numpy as np
import xarray as xr

from simcore.analysis import risk
from simcore.analysis.risk import STANDARD_ERROR
from simcore.analysis.summary import MEASURE, PERIOD, measure_named, summarize
from simcore.vocabulary import MONEY, REPLICATE


class Changeable(Protocol):
    """A scenario of which a changed copy can be made, key by dotted path."""

    def with_changes(self, changes: Mapping[str, object], /) -> Self:
        """Return a copy with `changes` made."""
        ...


World = TypeVar("World")
ChangeableWorld = TypeVar("ChangeableWorld", bound=Changeable)


def summarize_grid(
    simulate: Callable[[World], xr.Dataset],
    scenario_at: Callable[..., World],
    axes: Mapping[str, Sequence[float]],
    *,
    measures: Sequence[str],
) -> xr.Dataset:
    """Simulate a scenario at every point of a grid, and keep some lines of each summary.

    Parameters
    ----------
    simulate
        Turns a scenario into a result. Seed and replicates are the scenario's, so that all points of
        the grid share their draws.
    scenario_at
        Returns the scenario at a point; called with one keyword for each axis.
    axes
        The values of each axis, by its name.
    measures
        Lines of ``summarize``.

    Returns
    -------
    xr.Dataset
        ``value`` and ``standard_error``, dims ``(contract, period, measure, *axes)``.
    """
    names = list(axes)
    chosen = [measure_named(measure).name for measure in measures]
    points = list(product(*axes.values()))
    runs = []
    for point in points:
        result = simulate(scenario_at(**dict(zip(names, point, strict=True))))
        runs.append(summarize(result, measures=chosen))
    stacked = xr.concat(runs, dim="point", coords="minimal", compat="override", join="exact")
    shape = tuple(len(values) for values in axes.values())
    dims = (*runs[0]["value"].dims, *names)
    arrays = {
        name: (
            dims,
            stacked[name].transpose(..., "point").values.reshape(*runs[0][name].shape, *shape),
            attrs,
        )
        for name, attrs in ((name, runs[0][name].attrs) for name in ("value", STANDARD_ERROR))
    }
    grid = {name: (name, np.asarray(values)) for name, values in axes.items()}
    return xr.Dataset(arrays, coords={**runs[0].coords, **grid}, attrs=runs[0].attrs)


def paired_effect(
    simulate: Callable[[ChangeableWorld], xr.Dataset],
    scenario: ChangeableWorld,
    changes: Mapping[str, object],
    *,
    outcome: str = "net_settlement",
) -> xr.DataArray:
    """Return what a rule of the world is worth: the scenario as it is, less the scenario without the rule.

    Parameters
    ----------
    simulate
        Turns a scenario into a result.
    scenario
        The scenario with the rule, such as the cap on risk-score growth or truncation.
    changes
        By dotted path, what takes the rule away.
    outcome
        The variable that is compared.

    Returns
    -------
    xr.DataArray
        Mean difference by contract and year, with the ``standard_error`` of differences on common draws.
    """
    return paired_difference(simulate(scenario)[outcome], simulate(scenario.with_changes(changes))[outcome])


def paired_difference(outcome: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
    """Return the mean of `outcome` less `other`, replicate by replicate, with ``standard_error``.

    Parameters
    ----------
    outcome, other
        The same variable of two runs with the same seed and replicates.
    """
    difference = (outcome - other).transpose(*outcome.dims)
    return risk.mean(difference.rename(outcome.name).assign_attrs(outcome.attrs))


def agreement_outcome(result: xr.Dataset, contract: str) -> xr.DataArray:
    """Return the agreement's net settlement under one contract, USD, shape ``(replicate,)``."""
    net = risk.agreement_total(result["net_settlement"].sel(contract=contract))
    return net.transpose(REPLICATE).assign_attrs(units=MONEY)


def line(summary: xr.Dataset, measure: str, period: str) -> xr.DataArray:
    """Return one measure of one period of a summary or a grid, with ``standard_error`` going along."""
    values = summary.set_coords(STANDARD_ERROR)["value"]
    return values.sel({MEASURE: measure_named(measure).name, PERIOD: period})
