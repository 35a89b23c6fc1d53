"""Compare contract options, or two results, on the same draws: differences, their errors, who beats whom."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import xarray as xr

from simcore.analysis import risk
from simcore.analysis.risk import STANDARD_ERROR
from simcore.errors import ResultError, near_matches
from simcore.vocabulary import CONTRACT, PERFORMANCE_YEAR, REPLICATE

OTHER: Final = "other"
"""The contract that a contract is compared with."""


def choose(outcome: xr.DataArray | xr.Dataset, contract: str) -> str:
    """Return `contract` when the result has it.

    Raises
    ------
    ResultError
        If it has not, with the near matches.
    """
    known = [str(label) for label in outcome[CONTRACT].values]
    if contract not in known:
        hint = near_matches(contract, known)
        raise ResultError("contract", f"{contract!r} is not in the result{hint}; it has {', '.join(known)}")
    return contract


def paired_differences(outcome: xr.DataArray, baseline: str) -> xr.DataArray:
    """Return by how much every contract's mean exceeds that of `baseline`, replicate against replicate.

    Parameters
    ----------
    outcome
        ``result["net_settlement"]`` or its sum over years, dims ``(contract, …, replicate)``.
    baseline
        The contract that the others are measured against.

    Returns
    -------
    xr.DataArray
        Mean difference, dims without the replicate; ``standard_error`` is that of paired differences,
        far smaller than that of two runs, because all contracts share their draws.
    """
    against = outcome.sel({CONTRACT: choose(outcome, baseline)}, drop=True)
    named = (outcome - against).assign_attrs(outcome.attrs).rename(outcome.name)
    named.attrs["long_name"] = f"{outcome.attrs.get('long_name', outcome.name)}, over that of {baseline}"
    return risk.mean(named)


def probability_better(outcome: xr.DataArray) -> xr.DataArray:
    """Return the probability that one contract brings strictly more than another.

    Parameters
    ----------
    outcome
        Dims ``(contract, …, replicate)``.

    Returns
    -------
    xr.DataArray
        Dims ``(contract, other, …)``, with ``standard_error``. What is left of one after both
        directions is the probability that the two bring the same.
    """
    rows = []
    for label in outcome[CONTRACT].values:
        beaten = (outcome.sel({CONTRACT: label}, drop=True) > outcome).rename({CONTRACT: OTHER})
        # The parts of the label describe the contract, not the one it is compared with.
        rows.append(risk.probability(beaten.drop_vars(["track", "msr_election"], errors="ignore")))
    along = xr.DataArray(outcome[CONTRACT].values, dims=CONTRACT, name=CONTRACT)
    better = xr.concat(rows, dim=along, coords="different", compat="equals", join="exact")
    return better.rename("probability_better").assign_attrs(
        units="1", long_name="Probability that a contract brings more than the other"
    )


def regret(outcome: xr.DataArray) -> xr.Dataset:
    """Return what each contract leaves on the table against the best one in hindsight.

    Parameters
    ----------
    outcome
        Dims ``(contract, …, replicate)``.

    Returns
    -------
    xr.Dataset
        ``mean_regret`` in the unit of `outcome` and ``probability_best`` (ties count for every contract
        that shares them), each with its ``…_standard_error``, dims ``(contract, …)``.
    """
    best = outcome.max(CONTRACT)
    foregone = risk.mean((best - outcome).transpose(*outcome.dims).assign_attrs(outcome.attrs))
    winner = risk.probability((outcome == best).transpose(*outcome.dims))
    return with_errors({"mean_regret": foregone, "probability_best": winner})


def with_errors(measured: dict[str, xr.DataArray]) -> xr.Dataset:
    """Return several estimates in one dataset, each beside its own ``…_standard_error``."""
    variables = {}
    for name, estimate in measured.items():
        variables[name] = estimate.drop_vars(STANDARD_ERROR)
        units = {"units": estimate.attrs["units"]} if "units" in estimate.attrs else {}
        error = estimate[STANDARD_ERROR].drop_vars(STANDARD_ERROR)
        variables[f"{name}_{STANDARD_ERROR}"] = error.assign_attrs(
            long_name=f"Standard error of {name}", **units
        )
    return xr.Dataset(variables)


def difference_between(
    result: xr.Dataset, other: xr.Dataset, variables: Sequence[str] = ("net_settlement",)
) -> dict[str, xr.DataArray]:
    """Return how the means of a result differ from those of another: what a law or a world changes.

    Parameters
    ----------
    result, other
        Two results that share contracts and performance years; what only one has is left out.
    variables
        Words of the vocabulary.

    Returns
    -------
    dict
        By variable the mean of `result` less that of `other`, by contract and year, with
        ``standard_error`` and the attribute ``pairing``, a sentence that says whether the error is of
        paired differences. It is when both ran with one seed, on the replicates that both have.

    Raises
    ------
    ResultError
        If the two share no contract or no performance year.
    """
    here, there = xr.align(
        result[list(variables)], other[list(variables)], join="inner", exclude=[REPLICATE], copy=False
    )
    empty = [dim for dim in (CONTRACT, PERFORMANCE_YEAR) if here.sizes.get(dim, 1) == 0]
    if empty:
        raise ResultError("the two results", [f"{dim}: none is in both" for dim in empty])
    why_not = _unpaired_because(result, other)
    differences = {}
    for name in variables:
        if why_not:
            difference = _unpaired_difference(here[name], there[name])
            pairing = f"not paired: {why_not}"
        else:
            mine, theirs = xr.align(here[name], there[name], join="inner", copy=False)
            difference = risk.mean((mine - theirs).rename(name).assign_attrs(mine.attrs))
            pairing = f"paired on {mine.sizes[REPLICATE]} common replicates"
        long_name = f"{here[name].attrs.get('long_name', name)}, less that of the other result"
        differences[name] = difference.assign_attrs(long_name=long_name, pairing=pairing)
    return differences


def _unpaired_because(result: xr.Dataset, other: xr.Dataset) -> str:
    """Return why two results share no draws, or an empty text when they do."""
    for attribute, plural in (
        ("seed", "seeds"),
        ("stream_version", "stream versions"),
        ("engine", "engines"),
    ):
        mine, theirs = result.attrs.get(attribute), other.attrs.get(attribute)
        if mine is None or mine != theirs:
            return f"their {plural} are {mine} and {theirs}"
    common = np.intersect1d(result[REPLICATE].values, other[REPLICATE].values).size
    return "" if common >= 2 else "they have no replicates in common"


def _unpaired_difference(mine: xr.DataArray, theirs: xr.DataArray) -> xr.DataArray:
    """Return the difference of two means that share nothing: the squares of their errors add up."""
    first, second = risk.mean(mine), risk.mean(theirs)
    error = np.hypot(first[STANDARD_ERROR].values, second[STANDARD_ERROR].values)
    difference = first.copy(data=first.values - second.transpose(*first.dims).values)
    return difference.assign_coords({STANDARD_ERROR: (first.dims, error)})
