"""Say where a simulated ACO stands among real ones: larger than how many, saving more than how many."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import xarray as xr

from simcore.plots.words import money, percent
from simcore.vocabulary import PERFORMANCE_YEAR, REPLICATE

REAL_ACOS: Final = Path(__file__).with_name("real_acos.toml")


class Badge(NamedTuple):
    """Where one figure of the result stands among real ACOs.

    ``position`` is the share of real ACOs below, held to the published 5 % to 95 %; None where the
    comparison is of another kind.
    """

    label: str
    value: str
    sentence: str
    position: float | None
    source: str


@cache
def real_acos() -> Mapping[str, Any]:
    """Return the figures of real ACOs."""
    return tomllib.loads(REAL_ACOS.read_text(encoding="utf-8"))


def badges(result: xr.Dataset) -> list[Badge]:
    """Compare size, expenditures, savings rate, quality and its yearly swings with real ACOs.

    Parameters
    ----------
    result
        A result of ``simulate``. Its means over replicates are compared; of several contracts the first.
    """
    one = result.isel(contract=0) if "contract" in result.dims else result
    first = one.isel({PERFORMANCE_YEAR: 0})
    size = float(first["assigned_beneficiaries"].mean())
    rate = float(
        one["gross_savings"].sum(PERFORMANCE_YEAR).mean()
        / one["updated_benchmark"].sum(PERFORMANCE_YEAR).mean()
    )
    spent = float(first["expenditures"].mean() / first["person_years"].mean())
    found = [
        _badge("assigned_beneficiaries", "Assigned beneficiaries", size, said=f"{size:,.0f}"),
        _badge(
            "per_capita_expenditures",
            f"Expenditures per person, {int(first[PERFORMANCE_YEAR])}",
            spent,
            said=money(spent, 4),
        ),
        _badge("savings_rate", "Mean savings rate of the agreement", rate, said=percent(rate, 1)),
    ]
    if "quality_score" in first:
        quality = float(first["quality_score"].mean())
        found.append(_badge("quality_score", "Mean quality score", quality, said=percent(quality, 1)))
    if one.sizes[PERFORMANCE_YEAR] > 1:
        found.append(_yearly_change(one["savings_rate"], size))
    return found


def _badge(name: str, label: str, value: float, *, said: str) -> Badge:
    """Return the badge of one figure against its published percentiles."""
    table = real_acos()["percentiles"]
    levels, real = np.asarray(table["levels"]), np.asarray(table[name], dtype=np.float64)
    position = float(np.interp(value, real, levels))
    if value < real[0]:
        sentence = f"below {percent(1.0 - levels[0])} of real ACOs"
    elif value > real[-1]:
        sentence = f"above {percent(levels[-1])} of real ACOs"
    else:
        sentence = f"above {percent(position)} of real ACOs"
    return Badge(label, said, sentence, position, real_acos()["source"]["distribution"])


def _yearly_change(savings_rate: xr.DataArray, size: float) -> Badge:
    """Return the badge of how much the savings rate swings from year to year."""
    change = savings_rate.transpose(PERFORMANCE_YEAR, REPLICATE).diff(PERFORMANCE_YEAR)
    swing = float(change.std(REPLICATE, ddof=1).mean())
    table = real_acos()["yearly_change"]
    sizes = np.log(np.asarray(table["assigned_beneficiaries"], dtype=np.float64))
    real = float(np.interp(np.log(size), sizes, table["standard_deviation"]))
    return Badge(
        "Yearly change of the savings rate, SD",
        f"{100.0 * swing:.1f} points",
        f"real ACOs of this size: {100.0 * real:.1f} points",
        None,
        real_acos()["source"]["yearly_change"],
    )
