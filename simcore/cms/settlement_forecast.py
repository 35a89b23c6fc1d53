"""Settle a forecast of the savings rate: the chance of a payment, of losses owed, and the mean settlement."""

from typing import Final

import numpy as np
import pandas as pd

from simcore.cms.forecast import Forecast
from simcore.cms.panel import NEXT
from simcore.cms.replay import MONTHS_IN_YEAR
from simcore.model.aco_year import MET, AcoYear, year_rules
from simcore.model.arrays import Float64
from simcore.model.settlement import Settlement, settle
from simcore.model.terms import track_terms
from simcore.regulation.reader import Regulation
from simcore.scenario.default_values import default_table

_CONTRACT: Final = [NEXT + word for word in ("track", "agreement_start", "election", "months")]


def settle_forecast(
    pairs: pd.DataFrame, forecast: Forecast, earlier: pd.DataFrame, regulation: Regulation
) -> pd.DataFrame:
    """Settle each ACO's forecast under its contract of the forecast year.

    The contract (track, start, elected minimum savings rate) is signed before the year begins, and so is
    known; head count, quality score and revenue class are those of the last record, the benchmark is
    the last one times its typical growth, and the chance that quality is met is the last year's share.

    Parameters
    ----------
    pairs
        ACOs of one forecast year, with their record.
    forecast
        Their savings rates, in the order of `pairs`.
    earlier
        Pairs of years before, on which the growth of benchmarks is estimated.
    regulation
        The program's numbers.

    Returns
    -------
    pandas.DataFrame
        ``probability_paid``, ``probability_owed``, and ``expected_settlement`` in USD (earned less owed),
        indexed as `pairs`.
    """
    points = int(default_table("forecast")["quantile_points"]["value"])
    rates = forecast.quantile((np.arange(points) + 0.5) / points)
    quality_met = float((pairs["quality_standard"] != "not-met").mean())
    benchmark = _full_year_benchmark(pairs, "") * _benchmark_growth(earlier)
    settled = pd.DataFrame(
        index=pairs.index,
        columns=["probability_paid", "probability_owed", "expected_settlement"],
        dtype=float,
    )
    places = pd.Series(np.arange(len(pairs)), index=pairs.index)
    for _, group in pairs.groupby(_CONTRACT, sort=False):
        place = places[group.index].to_numpy()
        outcome = _settled(group, rates[place], benchmark[place], regulation)
        earned, owed = np.asarray(outcome.earned_shared_savings), np.asarray(outcome.owed_shared_losses)
        settled.loc[group.index, "probability_paid"] = quality_met * (earned > 0.0).mean(axis=1)
        settled.loc[group.index, "probability_owed"] = (owed > 0.0).mean(axis=1)
        settled.loc[group.index, "expected_settlement"] = (quality_met * earned - owed).mean(axis=1)
    return settled


def _settled(group: pd.DataFrame, rates: Float64, benchmark: Float64, regulation: Regulation) -> Settlement:
    """Settle ACOs with one contract at every point of their forecasts, shape ``(aco, point)``."""
    track, start, election, months = (group.iloc[0][name] for name in _CONTRACT)
    year = int(group.iloc[0]["forecast_year"])
    score = group["quality_score"].where(~group["pay_for_reporting"])
    typical = float(score.mean()) if score.notna().any() else 1.0
    aco = AcoYear(
        performance_year=year,
        agreement_start=start,
        assigned_beneficiaries=group["assigned_beneficiaries"].to_numpy(dtype=np.float64)[:, None],
        quality_score=score.fillna(typical).to_numpy(dtype=np.float64)[:, None],
        quality_standard=MET,
        low_revenue=group["revenue_class"].str.lower().str.startswith("low").to_numpy(dtype=bool)[:, None],
        year_in_track=year - start.year + 1,
        months=int(months),
    )
    terms = track_terms(
        regulation, aco, year_rules(regulation, aco), track=track, msr_election=election
    ).terms
    return settle(benchmark[:, None], benchmark[:, None] * (1.0 - rates), terms)


def _full_year_benchmark(pairs: pd.DataFrame, prefix: str) -> Float64:
    """Return total benchmarks of a full year: those of six months are published halved."""
    months = pairs[prefix + "months"].to_numpy(dtype=np.float64)
    benchmark: Float64 = pairs[prefix + "updated_benchmark"].to_numpy(dtype=np.float64) * (
        MONTHS_IN_YEAR / months
    )
    return benchmark


def _benchmark_growth(earlier: pd.DataFrame) -> float:
    """Return the median growth of an ACO's total benchmark from one year to the next, a factor."""
    before = earlier["updated_benchmark"] / earlier["months"]
    after = earlier[NEXT + "updated_benchmark"] / earlier[NEXT + "months"]
    return float((after / before).median())
