"""Price specific stop-loss: what an insurer pays when one person's spending passes an attachment."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simcore.analysis import risk
from simcore.analysis.estimates import Float64
from simcore.errors import DataError
from simcore.vocabulary import MONEY

CENTS: Final = 100.0


@dataclass(frozen=True, slots=True)
class SpecificCover:
    """A cover of single persons, per person and performance year, USD.

    Attributes
    ----------
    attachment
        Spending of a person above which the insurer pays.
    coinsurance
        Share of the excess that the insurer pays, in (0, 1].
    maximum
        Most that the insurer pays for a person; infinite where there is no such limit.
    """

    attachment: float
    coinsurance: float = 1.0
    maximum: float = float("inf")

    def __post_init__(self) -> None:
        checks = (
            ("attachment", self.attachment >= 0.0, "not negative, USD"),
            ("coinsurance", 0.0 < self.coinsurance <= 1.0, "above 0 and at most 1"),
            ("maximum", self.maximum > 0.0, "above 0, USD"),
        )
        problems = [
            f"{name}: {getattr(self, name)}; allowed: {allowed}" for name, fits, allowed in checks if not fits
        ]
        if problems:
            raise DataError("specific cover", problems)

    def recovery(self, amounts: Float64) -> Float64:
        """Return what the insurer pays for persons who spend `amounts`, USD."""
        return np.minimum(self.coinsurance * np.maximum(amounts - self.attachment, 0.0), self.maximum)


class Recovery(NamedTuple):
    """Moments of what a cover pays in a year, exact from the tables of amounts, USD.

    ``truncated_already`` is the part of the covered excess that lies above the truncation point: the
    settlement never saw it, so that this part of the recovery does not offset a shared loss.
    """

    expected: float
    standard_deviation: float
    persons_above: float
    truncated_already: float


def expected_recovery(
    amounts: NDArray[np.int64],
    truncated_amounts: NDArray[np.int64] | NDArray[np.int32],
    head_counts: Float64,
    cover: SpecificCover,
) -> Recovery:
    """Return what a specific cover pays, from the model's tables of amounts.

    Parameters
    ----------
    amounts
        Untruncated spending of a person by band, equally likely amounts in whole cents of the year,
        shape ``(band, amount)``.
    truncated_amounts
        The same amounts after truncation, in the same order.
    head_counts
        Expected number of persons by band, shape ``(band,)``.
    cover
        The cover.

    Returns
    -------
    Recovery
        Given the head counts persons are independent, so the variance is the sum of theirs.

    Raises
    ------
    ValueError
        If the two tables differ in shape, or in bands from the head counts.
    """
    if amounts.shape != truncated_amounts.shape or amounts.shape[0] != head_counts.shape[0]:
        shapes = f"{amounts.shape}, {truncated_amounts.shape} and {head_counts.shape}"
        raise ValueError(f"tables and head counts do not fit: {shapes}")
    spending = amounts / CENTS
    paid = cover.recovery(spending)
    by_person = paid.mean(axis=-1)
    variance = paid.var(axis=-1)
    # What the same cover would pay on the spending that the settlement counts.
    counted = cover.recovery(truncated_amounts / CENTS).mean(axis=-1)
    return Recovery(
        expected=float(head_counts @ by_person),
        standard_deviation=float(np.sqrt(head_counts @ variance)),
        persons_above=float(head_counts @ (spending > cover.attachment).mean(axis=-1)),
        truncated_already=float(head_counts @ (by_person - counted)),
    )


def premium(expected: float, loading: float) -> float:
    """Return the premium for an expected recovery, USD; the loading is a fraction of it (0.25 is 25 %)."""
    if not loading >= 0.0:
        raise ValueError(f"a loading is not negative, got {loading}")
    return expected * (1.0 + loading)


def removed_by_truncation(result: xr.Dataset) -> xr.DataArray:
    """Return the mean spending that truncation keeps out of the settlement, with ``standard_error``.

    Parameters
    ----------
    result
        A result that holds ``untruncated_expenditures``.

    Returns
    -------
    xr.DataArray
        USD by performance year: the stop-loss that the program itself gives at no premium.
    """
    removed = result["untruncated_expenditures"] - result["expenditures"]
    named = removed.rename("removed_by_truncation")
    named.attrs.update(units=MONEY, long_name="Spending above the truncation point")
    return risk.mean(named)
