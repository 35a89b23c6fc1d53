"""What a back-test says: targets met and missed, calibration for plots, JSON, and tables to keep."""

from dataclasses import asdict, dataclass
from typing import Final

import pandas as pd
import xarray as xr

from simcore.analysis.display import reliability_bins
from simcore.analysis.pit import pit_bins
from simcore.cms.aco_layer import AcoLayer
from simcore.cms.backtest import FORECAST_COLUMNS, Backtest

EVENTS: Final = ("paid", "owed")
_COVERAGE: Final = (0.87, 0.93)
_LEAST_GAIN: Final = {"last rate": 0.07, "autoregression": 0.03}
_LARGEST_ERROR: Final = 0.0194
"""Mean absolute error of the best published forecast of a performance year, a fraction."""
_LARGEST_GAP: Final = 0.05
_LEAST_FORECASTS: Final = 30


@dataclass(frozen=True, slots=True)
class Target:
    """One demand on the forecasts, the number that came, and whether it is met."""

    target: str
    value: float
    allowed: str
    met: bool


def targets(backtest: Backtest) -> list[Target]:
    """Return every demand on forecasts of normal times, met or missed.

    The 90 % interval covers 87 to 93 % in each year; the score gains 7 % on last year's rate and 3 % on
    an autoregression with pooled SD, on average over years; the last year's mean absolute error is 1.94
    points at most; and where 30 forecasts or more of a payment fall in a tenth, its frequency is within
    5 points of their mean.
    """
    normal = backtest.years[backtest.years["normal"]]
    if normal.empty:
        return []
    low, high = _COVERAGE
    found = [
        Target(f"coverage of the 90 % interval, {year}", value, f"{low} to {high}", low <= value <= high)
        for year, value in zip(normal["performance_year"], normal["coverage_90"], strict=True)
    ]
    for name, least in _LEAST_GAIN.items():
        gain = float(normal[f"gain {name}"].mean())
        found.append(
            Target(f"gain in score on '{name}', mean over years", gain, f"{least} or more", gain >= least)
        )
    last = normal.iloc[-1]
    error = float(last["mean_absolute_error"])
    allowed = f"{_LARGEST_ERROR} or less"
    found.append(
        Target(f"mean absolute error, {last['performance_year']}", error, allowed, error <= _LARGEST_ERROR)
    )
    return [*found, *_reliability_targets(backtest)]


def _reliability_targets(backtest: Backtest) -> list[Target]:
    """Return a target for each tenth of the probability of a payment with enough forecasts."""
    table = reliability(backtest, "paid").to_dataframe()
    gaps = (table["observed"] - table["forecast"])[table["count"] >= _LEAST_FORECASTS]
    return [
        Target(
            f"frequency less probability of a payment, tenth from {place}0 %",
            float(gap),
            f"within {_LARGEST_GAP}",
            bool(abs(gap) <= _LARGEST_GAP),
        )
        for place, gap in gaps.items()
    ]


def reliability(backtest: Backtest, event: str) -> xr.Dataset:
    """Return probabilities of ``paid`` or ``owed`` beside frequencies, in normal times, ready to be drawn."""
    forecasts = backtest.normal_times()
    return reliability_bins(
        forecasts[f"probability_{event}"].to_numpy(dtype=float), forecasts[event].to_numpy(dtype=bool)
    )


def pit(backtest: Backtest, performance_year: int | None = None) -> xr.Dataset:
    """Return the histogram of what forecasts said of what came, of a year or of normal times."""
    forecasts = backtest.normal_times()
    if performance_year is not None:
        forecasts = backtest.forecasts[backtest.forecasts["performance_year"] == performance_year]
    return pit_bins(forecasts["pit"].to_numpy(dtype=float))


def backtest_json(backtest: Backtest) -> dict[str, object]:
    """Return what ``simcore backtest --json`` prints."""
    layer = backtest.layer
    return {
        "performance_years": backtest.years.to_dict("records"),
        "targets": [asdict(target) for target in targets(backtest)],
        "reliability": {event: _rows(reliability(backtest, event)) for event in EVENTS},
        "pit": {str(year): _rows(pit(backtest, year)) for year in backtest.models},
        "specifications": {str(year): scores for year, scores in backtest.choices.items()},
        "aco_layer": None if layer is None else _layer_json(layer),
        "notes": list(backtest.notes),
    }


def _layer_json(layer: AcoLayer) -> dict[str, object]:
    """Return the ACO layer's parameters with their standard errors."""
    names = (
        "autocorrelation",
        "innovation_deviation",
        "size_dependent",
        "variance_floor",
        "variance_by_size",
    )
    return {
        **{name: getattr(layer, name)._asdict() for name in names},
        "years": list(layer.years),
        "pairs": layer.pairs,
    }


def _rows(table: xr.Dataset) -> list[dict[str, object]]:
    """Return a labelled table as JSON's list of rows."""
    return [
        {str(key): value for key, value in row.items()} for row in table.to_dataframe().to_dict("records")
    ]


def backtest_tables(backtest: Backtest) -> dict[str, pd.DataFrame]:
    """Return the tables that ``--out`` keeps, by file name without ending."""
    return {
        "forecasts": backtest.forecasts,
        "years": backtest.years,
        "targets": pd.DataFrame([asdict(target) for target in targets(backtest)]),
        "pit": pd.concat(
            [pit(backtest, year).to_dataframe().assign(performance_year=year) for year in backtest.models]
        ),
        **{f"reliability_{event}": reliability(backtest, event).to_dataframe() for event in EVENTS},
        "columns": pd.DataFrame(FORECAST_COLUMNS.items(), columns=["column", "meaning"]),
    }
