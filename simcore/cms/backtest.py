"""Forecast every real ACO's next year from earlier years alone, and score the forecasts against what came."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from simcore.cms.aco_layer import AcoLayer, estimate_aco_layer
from simcore.cms.baselines import BASELINES, baseline_scores
from simcore.cms.forecast import Forecast, Model, Settings
from simcore.cms.forecast_fit import fit
from simcore.cms.panel import NEXT, build_panel, transitions
from simcore.cms.public_results import PublicResults
from simcore.cms.right_forecasts import outcomes_if_right
from simcore.cms.scores import LEVELS, brier_score, coverage, student_crps
from simcore.cms.settlement_forecast import settle_forecast
from simcore.errors import DataError
from simcore.model.arrays import Float64
from simcore.regulation.reader import Regulation
from simcore.scenario.default_values import default_table

FORECAST_COLUMNS: Final = {
    "performance_year": "year that is forecast",
    "aco_id": "CMS's identifier",
    "track": "track in that year",
    "rebased": "whether a new agreement began",
    "assigned_beneficiaries": "head count of the last record",
    "savings_rate_before": "savings rate of the last record, a fraction",
    "savings_rate": "savings rate that came, a fraction",
    "forecast": "median of the forecast, a fraction",
    "scale": "scale of the forecast's Student t law, a fraction",
    "degrees_of_freedom": "its degrees of freedom",
    "pit": "probability that the forecast gave to a rate as low as what came or lower",
    "crps": "continuous ranked probability score, a fraction",
    **{f"crps {name}": f"the same of the baseline '{name}'" for name in BASELINES},
    "probability_paid": "forecast probability that shared savings are paid",
    "paid": "whether they were",
    "probability_owed": "forecast probability that shared losses are owed",
    "owed": "whether they were",
    "expected_settlement": "mean of the forecast settlement, USD, earned less owed",
    "net_settlement": "settlement that came, USD",
}
"""Columns of ``Backtest.forecasts``, with their meaning."""


@dataclass(frozen=True, slots=True)
class Backtest:
    """Forecasts of real ACOs beside what came.

    ``forecasts`` has a row for each ACO and year (`FORECAST_COLUMNS`). ``years`` has a row for each year
    that was forecast: ``performance_year``, ``normal`` (whether it counts as normal times), ``acos``,
    ``earlier_years`` (how many pairs of years the estimates rest on),
    ``coverage_50`` … ``coverage_95``, ``mean_absolute_error`` and ``bias`` (fractions), ``crps`` and
    ``crps BASELINE`` (fractions), ``gain BASELINE`` (share of the baseline's score that is saved),
    ``brier_paid``, ``brier_owed``, ``settlement_forecast`` and ``settlement`` (sums, USD).
    ``if_right`` holds what would come of the forecasts of normal times if they were right, in scales from
    each forecast, shape ``(draw, forecast)``: the yardstick for what chance alone does to a score.
    """

    forecasts: pd.DataFrame
    years: pd.DataFrame
    models: dict[int, Model]
    if_right: Float64
    layer: AcoLayer | None
    notes: tuple[str, ...]

    def normal_times(self) -> pd.DataFrame:
        """Return the forecasts of years that count as normal."""
        normal = self.years.loc[self.years["normal"], "performance_year"]
        return self.forecasts[self.forecasts["performance_year"].isin(normal)]


def run_backtest(
    results: Sequence[PublicResults], regulation: Regulation, settings: Settings | None = None
) -> Backtest:
    """Forecast and score every year that has both an earlier record and an earlier pair of years.

    Parameters
    ----------
    results
        Results files of several performance years. Parameters of a year's forecast are estimated on
        pairs of years that ended before it.
    regulation
        The program's numbers.
    settings
        Settings of the forecast; the shipped ones when not given.

    Raises
    ------
    DataError
        If a year stands in two files, or no year can be forecast.
    """
    settings = settings or Settings.default()
    years = sorted(result.performance_year for result in results)
    repeated = sorted({year for year in years if years.count(year) > 1})
    if repeated:
        raise DataError(
            "backtest", f"more than one file of {_listed(repeated)}; name one for each performance year"
        )
    panel = build_panel(results, regulation)
    pairs = transitions(panel)
    rows, summaries, normal, models, notes = [], [], [], {}, _gaps(years)
    for year in sorted(pairs["forecast_year"].unique()):
        earlier, current = pairs[pairs["forecast_year"] < year], pairs[pairs["forecast_year"] == year]
        if earlier.empty:
            notes.append(f"{year} is not forecast: no pair of years ends before it to estimate anything from")
            continue
        model = fit(earlier, settings, forecast_year=int(year))
        forecast = model.forecast(current)
        scored = _score(current, earlier, forecast, regulation)
        models[int(year)] = model
        if year not in settings.years_not_normal:
            normal.append(forecast)
        rows.append(scored)
        summaries.append(_summary(scored, earlier["forecast_year"].nunique(), settings))
    if not rows:
        raise DataError(
            "backtest",
            f"nothing can be forecast from {_listed(years)}; it takes the files of three performance years in a row"
            " whose ACOs keep their identifiers (those up to 2017 and those from 2018 on differ)",
        )
    forecasts, scores = pd.concat(rows, ignore_index=True), pd.DataFrame(summaries)
    notes.extend(_not_normal(scores))
    layer = _layer(panel, pairs, notes)
    return Backtest(forecasts, scores, models, outcomes_if_right(normal), layer, tuple(notes))


def _gaps(years: Sequence[int]) -> list[str]:
    """Return a note for years between the first and the last that are not in any file."""
    missing = sorted(set(range(min(years), max(years) + 1)) - set(years))
    return [f"no file of {year}: the years beside it are not linked" for year in missing]


def _not_normal(scores: pd.DataFrame) -> list[str]:
    """Return a note on the years that are scored, but are no normal times, with the reason."""
    years = scores.loc[~scores["normal"], "performance_year"].tolist()
    reason = default_table("forecast")["years_not_normal"]["source"]
    return [f"no normal times, so held to no target: {_listed(years)} ({reason})"] if years else []


def _listed(years: Sequence[int]) -> str:
    """Return years in words, as ``2019, 2020 and 2021``."""
    *first, last = map(str, years)
    return f"{', '.join(first)} and {last}" if first else last


def _layer(panel: pd.DataFrame, pairs: pd.DataFrame, notes: list[str]) -> AcoLayer | None:
    """Return the ACO layer, or a note why it cannot be estimated."""
    try:
        return estimate_aco_layer(panel, pairs)
    except DataError as error:
        notes.extend(error.problems)
        return None


def _score(
    pairs: pd.DataFrame, earlier: pd.DataFrame, forecast: Forecast, regulation: Regulation
) -> pd.DataFrame:
    """Return one year's forecasts with their scores, a row for each ACO."""
    outcome = pairs[NEXT + "savings_rate"].to_numpy(dtype=np.float64)
    net = pairs[NEXT + "net_settlement"].to_numpy(dtype=np.float64)
    settled = settle_forecast(pairs, forecast, earlier, regulation)
    scores = {f"crps {name}": score for name, score in baseline_scores(earlier, pairs).items()}
    table = pd.DataFrame(
        {
            "performance_year": pairs["forecast_year"].to_numpy(),
            "aco_id": pairs["aco_id"].to_numpy(),
            "track": pairs[NEXT + "track"].to_numpy(),
            "rebased": pairs["rebased"].to_numpy(),
            "assigned_beneficiaries": pairs["assigned_beneficiaries"].to_numpy(),
            "savings_rate_before": pairs["savings_rate"].to_numpy(),
            "savings_rate": outcome,
            "forecast": forecast.location,
            "scale": forecast.scale,
            "degrees_of_freedom": forecast.degrees_of_freedom,
            "pit": forecast.probability_below(outcome),
            "crps": student_crps(
                outcome, forecast.location, forecast.scale, degrees_of_freedom=forecast.degrees_of_freedom
            ),
            **scores,
            **{name: settled[name].to_numpy() for name in settled.columns},
            "paid": net > 0.0,
            "owed": net < 0.0,
            "net_settlement": net,
        }
    )
    return table[list(FORECAST_COLUMNS)]


def _summary(scored: pd.DataFrame, earlier_years: int, settings: Settings) -> dict[str, object]:
    """Return one year's scores."""
    year = int(scored["performance_year"].iloc[0])
    pit = scored["pit"].to_numpy(dtype=np.float64)
    error = scored["savings_rate"] - scored["forecast"]
    crps = float(scored["crps"].mean())
    baselines = {name: float(scored[f"crps {name}"].mean()) for name in BASELINES}
    return {
        "performance_year": year,
        "normal": year not in settings.years_not_normal,
        "acos": len(scored),
        "earlier_years": earlier_years,
        **{f"coverage_{100 * level:.0f}": coverage(pit, level) for level in LEVELS},
        "mean_absolute_error": float(error.abs().mean()),
        "bias": float(error.mean()),
        "crps": crps,
        **{f"crps {name}": score for name, score in baselines.items()},
        **{f"gain {name}": 1.0 - crps / score for name, score in baselines.items()},
        "brier_paid": brier_score(scored["probability_paid"].to_numpy(), scored["paid"].to_numpy()),
        "brier_owed": brier_score(scored["probability_owed"].to_numpy(), scored["owed"].to_numpy()),
        "settlement_forecast": float(scored["expected_settlement"].sum()),
        "settlement": float(scored["net_settlement"].sum()),
    }
