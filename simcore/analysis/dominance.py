"""Say which contracts are better whatever one's taste for risk: first and second order dominance."""

from typing import Final

import numpy as np
import xarray as xr

from simcore.analysis.comparison import OTHER
from simcore.analysis.estimates import Float64
from simcore.vocabulary import CONTRACT, REPLICATE

HALF_A_CENT: Final = 0.005
"""Outcomes nearer than this are the same money."""


def dominance(outcome: xr.DataArray) -> xr.Dataset:
    """Compare the distributions of every two contracts.

    Parameters
    ----------
    outcome
        What the ACO receives, USD, dims ``(contract, replicate)``: a year's net settlement, or the
        agreement's.

    Returns
    -------
    xr.Dataset
        Dims ``(contract, other)``. ``first_order``: every quantile of the contract is at least that of
        the other, and one is more, so whoever likes money prefers it. ``second_order``: every mean of
        the worst outcomes is at least that of the other's, and one is more, so whoever likes money and
        dislikes risk prefers it. ``largest_shortfall`` and ``largest_tail_shortfall``, USD: by how much
        the contract falls short where it does worst, nought where it never does.

    Notes
    -----
    A statement on the simulated distributions. Dominance fails by the smallest shortfall, so the
    shortfalls say how nearly a contract dominates.

    References
    ----------
    Hadar, J. and Russell, W. R. (1969), Rules for ordering uncertain prospects, American Economic
    Review 59(1), 25-34.
    """
    ordered = np.sort(outcome.transpose(CONTRACT, REPLICATE).values, axis=-1)
    # The mean of the worst k outcomes, for every k: the integral of the quantile function over its range.
    tails = np.cumsum(ordered, axis=-1) / np.arange(1, ordered.shape[-1] + 1)
    first, shortfall = _compare(ordered)
    second, tail_shortfall = _compare(tails)
    labels = outcome[CONTRACT].values
    dims = (CONTRACT, OTHER)
    money = {"units": outcome.attrs.get("units", "1")}
    flag = {"units": "bool"}
    return xr.Dataset(
        {
            "first_order": (dims, first, {**flag, "long_name": "Better or equal at every quantile"}),
            "second_order": (
                dims,
                second,
                {**flag, "long_name": "Better or equal in every mean of the worst"},
            ),
            "largest_shortfall": (dims, shortfall, {**money, "long_name": "Largest shortfall of a quantile"}),
            "largest_tail_shortfall": (
                dims,
                tail_shortfall,
                {**money, "long_name": "Largest shortfall of a mean of the worst outcomes"},
            ),
        },
        coords={CONTRACT: labels, OTHER: labels},
    )


def _compare(curves: Float64) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.bool_]], Float64]:
    """Say which curve lies nowhere below and somewhere above which other, and how far below it comes."""
    contracts = curves.shape[0]
    above = np.zeros((contracts, contracts), dtype=np.bool_)
    shortfall = np.zeros((contracts, contracts))
    for i in range(contracts):
        lead = curves[i] - curves
        lowest, highest = lead.min(axis=-1), lead.max(axis=-1)
        above[i] = (lowest >= -HALF_A_CENT) & (highest > HALF_A_CENT)
        shortfall[i] = np.where(lowest < -HALF_A_CENT, -lowest, 0.0)
    return above, shortfall
