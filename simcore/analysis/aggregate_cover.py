"""Price aggregate stop-loss: what an insurer pays when the shared losses of a year pass an attachment."""

from dataclasses import dataclass

import xarray as xr

from simcore.analysis import risk
from simcore.analysis.comparison import with_errors
from simcore.errors import DataError
from simcore.vocabulary import MONEY

_COVERED = "owed_shared_losses"


@dataclass(frozen=True, slots=True)
class AggregateCover:
    """A cover of the shared losses that an ACO owes.

    Attributes
    ----------
    attachment
        Losses above which the insurer pays, a share of the updated benchmark.
    maximum
        Most that the insurer pays, a share of the updated benchmark; infinite where there is no limit.
    coinsurance
        Share of the excess that the insurer pays, in (0, 1].
    loading
        Premium over expected recovery, less one: 0.3 is 30 %.
    """

    attachment: float
    maximum: float = float("inf")
    coinsurance: float = 1.0
    loading: float = 0.0

    def __post_init__(self) -> None:
        checks = (
            ("attachment", self.attachment >= 0.0, "not negative, a share of the benchmark"),
            ("maximum", self.maximum > 0.0, "above 0, a share of the benchmark"),
            ("coinsurance", 0.0 < self.coinsurance <= 1.0, "above 0 and at most 1"),
            ("loading", self.loading >= 0.0, "not negative, 0.3 is 30 %"),
        )
        problems = [
            f"{name}: {getattr(self, name)}; allowed: {allowed}" for name, fits, allowed in checks if not fits
        ]
        if problems:
            raise DataError("aggregate cover", problems)


def recoveries(result: xr.Dataset, cover: AggregateCover) -> xr.DataArray:
    """Return what the insurer pays, replicate by replicate.

    Parameters
    ----------
    result
        A result of ``simulate``.
    cover
        Its attachment and maximum are shares of each replicate's own benchmark.

    Returns
    -------
    xr.DataArray
        USD, dims of ``net_settlement``.
    """
    owed, benchmark = result[_COVERED], result["updated_benchmark"]
    excess = (owed - cover.attachment * benchmark).clip(min=0.0)
    paid = cover.coinsurance * excess
    if cover.maximum != float("inf"):
        paid = paid.clip(max=cover.maximum * benchmark)
    named = paid.transpose(*owed.dims).rename("recovery")
    return named.assign_attrs(units=MONEY, long_name="Recovery from the cover of shared losses")


def price(result: xr.Dataset, cover: AggregateCover) -> xr.Dataset:
    """Return what a cover is expected to pay and what it costs.

    Parameters
    ----------
    result
        A result of ``simulate``.
    cover
        The cover.

    Returns
    -------
    xr.Dataset
        By contract and performance year, each with its ``…_standard_error``: ``expected_recovery`` and
        ``premium``, USD, and ``probability_of_recovery``.
    """
    paid = recoveries(result, cover)
    expected = risk.mean(paid)
    return with_errors(
        {
            "expected_recovery": expected,
            "premium": _loaded(expected, cover.loading),
            "probability_of_recovery": risk.probability(paid > 0.0),
        }
    )


def covered_settlement(result: xr.Dataset, cover: AggregateCover) -> xr.DataArray:
    """Return the net settlement of an ACO that has bought the cover.

    Parameters
    ----------
    result
        A result of ``simulate``.
    cover
        The cover; its premium is the expected recovery of each contract and year, loaded.

    Returns
    -------
    xr.DataArray
        Net settlement plus recovery less premium, USD, replicate by replicate: any measure of
        ``risk`` says what the cover has done.
    """
    paid = recoveries(result, cover)
    premiums = paid.mean("replicate") * (1.0 + cover.loading)
    net = (result["net_settlement"] + paid - premiums).transpose(*paid.dims).rename("covered_settlement")
    return net.assign_attrs(units=MONEY, long_name="Net settlement with the cover, premium paid")


def _loaded(expected: xr.DataArray, loading: float) -> xr.DataArray:
    """Scale an expected recovery and its error to a premium."""
    loaded = expected * (1.0 + loading)
    error = expected[risk.STANDARD_ERROR] * (1.0 + loading)
    named = loaded.assign_coords({risk.STANDARD_ERROR: (expected.dims, error.values)}).rename("premium")
    return named.assign_attrs(units=MONEY, long_name="Premium of the cover of shared losses")
