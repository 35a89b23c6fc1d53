"""Reduce replicates to the few numbers that a picture needs: bins, bands, shares and points of a curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simcore.analysis import risk
from simcore.errors import ResultError
from simcore.vocabulary import CONTRACT, PERFORMANCE_YEAR, REPLICATE

Float64 = NDArray[np.float64]

BAND_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles of every band: the middle half, and nine outcomes in ten."""

OUTCOMES = ("loss", "nothing", "savings")
"""What a settlement can come to, from the ACO's side."""

CORRIDOR_OUTCOMES = ("loss crossed", "inside", "savings crossed")
"""Where a savings rate can lie against the minimum loss and the minimum savings rate."""

NORMAL_95 = 1.959963984540054
"""Two-sided 95 % point of the standard normal law."""


def choose_contracts(net_settlement: xr.DataArray, most: int = 6) -> list[str]:
    """Return at most `most` contracts that stand for all: the best of each track, best mean first.

    Parameters
    ----------
    net_settlement
        Dims ``(contract, …, replicate)``; a coordinate ``track`` groups the contracts when there is one.
    most
        How many contracts a picture bears.
    """
    others = [dim for dim in net_settlement.dims if dim != CONTRACT]
    means = net_settlement.mean(others).values
    labels = [str(label) for label in net_settlement[CONTRACT].values]
    tracks = net_settlement.coords["track"].values if "track" in net_settlement.coords else labels
    order = np.argsort(-means, kind="stable")
    if len(labels) <= most:
        return [labels[i] for i in order]
    best: dict[str, str] = {}
    for i in order:
        best.setdefault(str(tracks[i]), labels[i])
    return list(best.values())[:most]


def contract_slice(outcome: xr.DataArray, contracts: Sequence[str] | None) -> xr.DataArray:
    """Return `outcome` for `contracts` (all when None), refusing names it does not have.

    Raises
    ------
    ResultError
        With every name that is no contract of the result.
    """
    if contracts is None or CONTRACT not in outcome.dims:
        return outcome
    known = [str(label) for label in outcome[CONTRACT].values]
    unknown = [name for name in contracts if name not in known]
    if unknown:
        raise ResultError(
            "contract", [f"{name!r} is not in the result; it has {', '.join(known)}" for name in unknown]
        )
    return outcome.sel({CONTRACT: list(contracts)})


def histogram_apart(outcome: xr.DataArray, bins: int = 48) -> xr.Dataset:
    """Count outcomes in equal bins, those that are exactly zero apart.

    Parameters
    ----------
    outcome
        Dims ``(contract, replicate)`` or ``(replicate,)``.
    bins
        Number of bins between the 0.1st and 99.9th percentile; zero is an edge, and the outermost
        bins take what lies beyond them.

    Returns
    -------
    xarray.Dataset
        ``probability (contract, bin)`` of each bin without the zeros, ``zero_probability (contract,)``,
        and the edges ``left (bin,)`` and ``right (bin,)`` in the outcome's units.
    """
    edges = _edges_with_zero(outcome.values, bins)
    counts = xr.apply_ufunc(
        _count_nonzero_in_bins,
        outcome,
        kwargs={"edges": edges},
        input_core_dims=[[REPLICATE]],
        output_core_dims=[["bin"]],
    )
    number = outcome.sizes[REPLICATE]
    return xr.Dataset(
        {
            "probability": (counts / number).assign_attrs(
                units="1", long_name="Probability of the bin, zeros apart"
            ),
            "zero_probability": (outcome == 0.0)
            .mean(REPLICATE)
            .assign_attrs(units="1", long_name="Probability of exactly zero"),
        },
        coords={"left": ("bin", edges[:-1]), "right": ("bin", edges[1:])},
        attrs=dict(outcome.attrs),
    )


def _edges_with_zero(values: Float64, bins: int) -> Float64:
    """Return equal bin edges over the central 99.8 % of `values`, zero among them."""
    low, high = (float(edge) for edge in np.quantile(values, [0.001, 0.999]))
    low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        return np.array([-0.5, 0.0, 0.5])
    width = (high - low) / bins
    return np.arange(np.floor(low / width), np.ceil(high / width) + 0.5) * width


def _count_nonzero_in_bins(values: Float64, edges: Float64) -> Float64:
    """Return counts of nonzero `values` (…, replicate) in equal bins."""
    return _count_in_bins(values, values != 0.0, edges)


def _count_in_bins(values: Float64, counted: NDArray[np.bool_], edges: Float64) -> Float64:
    """Return counts of the `counted` values (…, replicate) in equal bins, the outermost open outwards."""
    bins = edges.size - 1
    width = edges[1] - edges[0]
    index = np.clip(np.floor((values - edges[0]) / width), 0, bins - 1).astype(np.int64)
    replicates = values.shape[-1]
    rows = zip(index.reshape(-1, replicates), counted.reshape(-1, replicates), strict=True)
    counts = [np.bincount(row[chosen], minlength=bins) for row, chosen in rows]
    return np.asarray(counts, dtype=np.float64).reshape(*values.shape[:-1], bins)


def curve_levels(outcome: xr.DataArray, points: int = 120) -> list[float]:
    """Return levels at which an exceedance curve of `outcome` is drawn, in its units.

    They span the central 99.9 % of all outcomes; zero and the number before it are among them where
    outcomes lie on both sides, so that the curve steps there by the mass at zero.
    """
    low, high = (float(edge) for edge in np.quantile(outcome.values, [0.0005, 0.9995]))
    if low == high:
        low, high = low - max(0.05 * abs(low), 0.01), high + max(0.05 * abs(high), 0.01)
    step = [0.0, float(np.nextafter(0.0, -1.0))] if low <= 0.0 <= high else []
    return sorted({*np.linspace(low, high, points).tolist(), *step})


def _wilson(probability: xr.DataArray, number: xr.DataArray | int) -> tuple[xr.DataArray, xr.DataArray]:
    """Return Wilson's 95 % interval (E. B. Wilson, JASA 22, 1927) of a share seen in `number` replicates."""
    square = NORMAL_95**2 / number
    centre = (probability + square / 2.0) / (1.0 + square)
    half = (
        NORMAL_95
        * np.sqrt(probability * (1.0 - probability) / number + square / (4.0 * number))
        / (1.0 + square)
    )
    # The interval holds the share itself: rounding must not take 0 or 1 out of it.
    lower, upper = centre - half, centre + half
    return lower.where(lower < probability, probability), upper.where(upper > probability, probability)


def outcome_shares(net_settlement: xr.DataArray) -> xr.DataArray:
    """Return the chances of a loss, of nothing and of savings, dims ``(…, outcome)``, with their errors."""
    events = [net_settlement < 0.0, net_settlement == 0.0, net_settlement > 0.0]
    shares = xr.concat(
        [risk.probability(event) for event in events], dim="outcome", coords="different", compat="equals"
    )
    labelled = shares.transpose(..., "outcome").assign_coords(outcome=list(OUTCOMES))
    return labelled.assign_attrs(
        units="1", long_name=f"Sign of {net_settlement.attrs.get('long_name', 'the outcome')}"
    )


def bands(outcome: xr.DataArray) -> xr.Dataset:
    """Return ``mean``, its ``standard_error``, and ``value (…, quantile)`` at the `BAND_QUANTILES`."""
    quantiles = xr.apply_ufunc(
        _band_quantiles, outcome, input_core_dims=[[REPLICATE]], output_core_dims=[["quantile"]]
    )
    mean = risk.mean(outcome)
    variables = {
        "mean": mean.drop_vars(risk.STANDARD_ERROR),
        "standard_error": mean[risk.STANDARD_ERROR].drop_vars(risk.STANDARD_ERROR),
        "value": quantiles,
    }
    return xr.Dataset(variables, coords={"quantile": list(BAND_QUANTILES)}, attrs=dict(outcome.attrs))


def _band_quantiles(values: Float64) -> Float64:
    """Return the band quantiles over the last axis, as the last axis."""
    return np.moveaxis(np.quantile(values, BAND_QUANTILES, axis=-1), 0, -1)


def corridor(result: xr.Dataset, contract: str, bins: int = 60) -> xr.Dataset:
    """Count the savings rates of each year in bins, by where they lie against the corridor.

    Parameters
    ----------
    result
        A result of the vocabulary; its own flags say what crossed, since a minimum savings rate from the
        table differs by replicate.
    contract
        The contract whose corridor is drawn.

    Returns
    -------
    xarray.Dataset
        ``probability (performance_year, corridor_outcome, bin)``, ``crossed (performance_year,
        corridor_outcome)``, ``minimum_savings_rate (performance_year,)`` (median), edges ``left`` and
        ``right``; the attribute ``two_sided`` is 1 where the contract can lose.
    """
    chosen = result.sel({CONTRACT: contract}) if CONTRACT in result.dims else result
    rate = chosen["savings_rate"].transpose(PERFORMANCE_YEAR, REPLICATE)
    met = chosen["msr_met"].transpose(PERFORMANCE_YEAR, REPLICATE).values.astype(np.bool_)
    lost = chosen["mlr_met"].transpose(PERFORMANCE_YEAR, REPLICATE).values.astype(np.bool_)
    low, high = np.quantile(rate.values, [0.001, 0.999])
    # Rates that are all alike stand in the middle of a narrow window.
    low, high = (low, high) if high > low else (low - 0.01, high + 0.01)
    edges = np.linspace(low, high, bins + 1)
    states = [lost, ~lost & ~met, met]
    number = rate.sizes[REPLICATE]
    counts = [_count_in_bins(rate.values, state, edges) for state in states]
    crossed = np.stack([state.mean(axis=-1) for state in states], axis=-1)
    dims = (PERFORMANCE_YEAR, "corridor_outcome")
    return xr.Dataset(
        {
            "probability": ((*dims, "bin"), np.stack(counts, axis=1) / number),
            "crossed": (dims, crossed, {"units": "1", "long_name": "Probability"}),
            "minimum_savings_rate": chosen["minimum_savings_rate"].median(REPLICATE),
        },
        coords={
            PERFORMANCE_YEAR: rate[PERFORMANCE_YEAR],
            "corridor_outcome": list(CORRIDOR_OUTCOMES),
            "left": ("bin", edges[:-1]),
            "right": ("bin", edges[1:]),
        },
        attrs={"contract": contract, "two_sided": int(bool((chosen["final_loss_rate"] > 0.0).any()))},
    )


def reliability_bins(forecast: Float64, happened: NDArray[np.bool_], bins: int = 10) -> xr.Dataset:
    """Group forecasts by probability, and count how often the event came in each group.

    Parameters
    ----------
    forecast
        Probabilities, shape ``(forecast,)``.
    happened
        Whether the event came, same shape.
    bins
        Number of equal groups between 0 and 1.

    Returns
    -------
    xarray.Dataset
        ``forecast`` (mean), ``observed``, ``lower`` and ``upper`` (Wilson, 95 %), ``count``, dim ``bin``;
        a group without forecasts holds NaN.
    """
    group = np.minimum((forecast * bins).astype(np.int64), bins - 1)
    count = np.bincount(group, minlength=bins).astype(np.float64)
    number = xr.DataArray(np.where(count > 0.0, count, np.nan), dims="bin")
    observed = xr.DataArray(np.bincount(group, weights=happened, minlength=bins), dims="bin") / number
    lower, upper = _wilson(observed, number)
    variables = {
        "forecast": xr.DataArray(np.bincount(group, weights=forecast, minlength=bins), dims="bin") / number,
        "observed": observed,
        "lower": lower,
        "upper": upper,
        "count": ("bin", count),
    }
    return xr.Dataset(variables)
