"""What a back-test says: targets met and missed, calibration for plots, JSON, and tables to keep."""

from dataclasses import asdict, dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from scipy import stats

from simcore.analysis.chance import reliability_beside_chance
from simcore.analysis.pit import pit_bins
from simcore.cms.aco_layer import AcoLayer
from simcore.cms.backtest import FORECAST_COLUMNS, Backtest
from simcore.cms.right_forecasts import events_if_right
from simcore.model.arrays import Float64

EVENTS: Final = {"paid": "shared savings paid", "owed": "shared losses owed"}
"""What is forecast with a probability, in words."""
_COVERAGE: Final = (0.87, 0.93)
_LEAST_GAIN: Final = {"last rate": 0.07, "autoregression": 0.03}
_LARGEST_ERROR: Final = 0.0194
"""Mean absolute error of the best published forecast of a performance year, a fraction."""
_LARGEST_GAP: Final = 0.05
_LEAST_FORECASTS: Final = 30


@dataclass(frozen=True, slots=True)
class Target:
    """One demand on the forecasts, the number that came, and whether it is met.

    ``if_right`` is the probability that forecasts which are right meet it, with these ACOs; None where it is
    not simulated.
    """

    target: str
    value: float
    allowed: str
    met: bool
    if_right: float | None = None


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
    found = [_coverage_target(backtest, int(year)) for year in normal["performance_year"]]
    for name, least in _LEAST_GAIN.items():
        gain = float(normal[f"gain {name}"].mean())
        found.append(
            Target(f"gain in score on '{name}', mean over years", gain, f"{least} or more", gain >= least)
        )
    return [
        *found,
        _error_target(backtest, int(normal.iloc[-1]["performance_year"])),
        *_reliability_targets(backtest),
    ]


def _coverage_target(backtest: Backtest, year: int) -> Target:
    """Return the demand on the coverage of a year."""
    low, high = _COVERAGE
    freedom, _, outcomes = _year_if_right(backtest, year)
    share = (np.abs(outcomes) <= stats.t.ppf(0.95, freedom)).mean(axis=1)
    value = _score_of(backtest, year, "coverage_90")
    return Target(
        f"coverage of the 90 % interval, {year}",
        value,
        f"{low} to {high}",
        low <= value <= high,
        float(((low <= share) & (share <= high)).mean()),
    )


def _error_target(backtest: Backtest, year: int) -> Target:
    """Return the demand on the mean absolute error of the last year."""
    _, scale, outcomes = _year_if_right(backtest, year)
    errors = (np.abs(outcomes) * scale).mean(axis=1)
    error = _score_of(backtest, year, "mean_absolute_error")
    return Target(
        f"mean absolute error, {year}",
        error,
        f"{_LARGEST_ERROR} or less",
        error <= _LARGEST_ERROR,
        float((errors <= _LARGEST_ERROR).mean()),
    )


def _score_of(backtest: Backtest, year: int, name: str) -> float:
    """Return one score of a year."""
    years = backtest.years
    return float(years.loc[years["performance_year"] == year, name].iloc[0])


def _year_if_right(backtest: Backtest, year: int) -> tuple[Float64, Float64, Float64]:
    """Return degrees of freedom and scales of a year's forecasts, and what came of them if they are right."""
    normal = backtest.normal_times()
    of_year = (normal["performance_year"] == year).to_numpy()
    freedom, scale = normal.loc[of_year, ["degrees_of_freedom", "scale"]].to_numpy(dtype=np.float64).T
    return freedom, scale, backtest.if_right[:, of_year]


def _reliability_targets(backtest: Backtest) -> list[Target]:
    """Return a target for each tenth of the probability of a payment with enough forecasts."""
    table = reliability(backtest, "paid").to_dataframe()
    judged = table[table["count"] >= _LEAST_FORECASTS]
    return [
        Target(
            f"frequency less probability of a payment, tenth from {10 * int(str(place))} %",
            float(row["observed"] - row["forecast"]),
            f"within {_LARGEST_GAP}",
            bool(abs(row["observed"] - row["forecast"]) <= _LARGEST_GAP),
            float(row["probability_within"]),
        )
        for place, row in judged.iterrows()
    ]


def reliability(backtest: Backtest, event: str) -> xr.Dataset:
    """Return probabilities of ``paid`` or ``owed`` beside frequencies, in normal times, ready to be drawn.

    What right forecasts would show stands beside what came (`reliability_beside_chance`).
    """
    forecasts = backtest.normal_times()
    table = reliability_beside_chance(
        forecasts[f"probability_{event}"].to_numpy(dtype=np.float64),
        forecasts[event].to_numpy(dtype=bool),
        events_if_right(backtest.if_right, forecasts, event),
        largest_gap=_LARGEST_GAP,
        least_count=_LEAST_FORECASTS,
    )
    table["observed"].attrs["long_name"] = EVENTS[event]
    return table


def pit(backtest: Backtest, performance_year: int | None = None) -> xr.Dataset:
    """Return the histogram of what forecasts said of what came, of a year or of normal times."""
    forecasts = backtest.normal_times()
    if performance_year is not None:
        forecasts = backtest.forecasts[backtest.forecasts["performance_year"] == performance_year]
    return pit_bins(forecasts["pit"].to_numpy(dtype=float))


def backtest_json(backtest: Backtest) -> dict[str, object]:
    """Return what ``simcore backtest --json`` prints."""
    layer = backtest.layer
    tables = {event: reliability(backtest, event) for event in EVENTS}
    return {
        "performance_years": backtest.years.to_dict("records"),
        "targets": [asdict(target) for target in targets(backtest)],
        "reliability": {event: _rows(table) for event, table in tables.items()},
        "reliability_by_chance": {event: dict(table.attrs) for event, table in tables.items()},
        "pit": {str(year): _rows(pit(backtest, year)) for year in backtest.models},
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
        "reliability_by_chance": pd.DataFrame(
            [{"event": event, **reliability(backtest, event).attrs} for event in EVENTS]
        ),
        "columns": pd.DataFrame(FORECAST_COLUMNS.items(), columns=["column", "meaning"]),
    }
