"""Follow ACOs from one performance year to the next: what their record says, and what came."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from simcore.cms.public_results import ONE_SIDED, PublicResults
from simcore.cms.replay import elections_of
from simcore.model.arrays import Float64
from simcore.regulation.reader import Regulation
from simcore.scenario.default_values import default_table
from simcore.vocabulary import ENROLLMENT_TYPES

NEXT: Final = "next_"
"""What the following year brought, or its contract, which is known before it begins."""

FEATURES: Final = (
    "rate",
    "rate_rebased",
    "rate_small",
    "low_revenue",
    "esrd_share",
    "own_growth",
    "own_growth_rebased",
    "risk_growth_rebased",
    "update_rebased",
    "last_change",
    "two_sided",
    "enhanced_rebased",
)
"""What a forecast may use, each less its mean over the ACOs of the year; ``*_rebased`` are zero unless rebased."""

NOISE_FEATURES: Final = ("dual_share", "volatility")
"""What widens or narrows a forecast, measured in the same way."""

_HIGHEST_RISK: Final = ("TRACK-3", "ENHANCED")
_KEPT: Final = (
    *(
        "aco_id",
        "performance_year",
        "track",
        "agreement_start",
        "election",
        "months",
        "assigned_beneficiaries",
    ),
    *("savings_rate", "net_settlement", "updated_benchmark", "quality_score", "quality_standard"),
    *("revenue_class", "pay_for_reporting"),
)
_CONTRACT_AND_OUTCOME: Final = (
    *(
        "track",
        "agreement_start",
        "election",
        "months",
        "savings_rate",
        "net_settlement",
        "updated_benchmark",
    ),
    "assigned_beneficiaries",
)


def build_panel(results: Sequence[PublicResults], regulation: Regulation) -> pd.DataFrame:
    """Return one row for each ACO and year, with what the record of that year alone says.

    Parameters
    ----------
    results
        Files of several performance years, in any order.
    regulation
        The program's numbers, to tell elections of the minimum savings rate.
    """
    frames = [_record(result, regulation) for result in results]
    return pd.concat(frames, ignore_index=True).sort_values(["aco_id", "performance_year"], ignore_index=True)


def transitions(panel: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each ACO that was settled in two consecutive years.

    Parameters
    ----------
    panel
        Rows of `build_panel`.

    Returns
    -------
    pandas.DataFrame
        The earlier record, `FEATURES` and `NOISE_FEATURES`; ``forecast_year``; ``rebased``, whether a
        new agreement begins; and under ``next_`` the contract and the outcome of the later year. ACOs of
        2013 to 2017 have other identifiers than those of 2018 and later, so that no pair spans them.
    """
    before = panel[["aco_id", "performance_year", "savings_rate"]].rename(
        columns={"savings_rate": "rate_before"}
    )
    after = panel[["aco_id", "performance_year", *_CONTRACT_AND_OUTCOME]]
    after = after.rename(columns={word: NEXT + word for word in _CONTRACT_AND_OUTCOME})
    key = ["aco_id", "performance_year"]
    pairs = panel.merge(before.assign(performance_year=before["performance_year"] + 1), on=key, how="left")
    pairs = pairs.merge(after.assign(performance_year=after["performance_year"] - 1), on=key)
    pairs["forecast_year"] = pairs["performance_year"] + 1
    pairs["rebased"] = pairs["agreement_start"] != pairs[NEXT + "agreement_start"]
    return _with_features(pairs)


def _record(result: PublicResults, regulation: Regulation) -> pd.DataFrame:
    """Return what one file says of each ACO: mix, growth since the benchmark, risk, update, class."""
    frame = result.frame.assign(election=elections_of(result, regulation))
    person_years = _by_type(frame, "person_years_{}_PY")
    spending = person_years * _by_type(frame, "per_capita_expenditures_{}_PY")
    base_spending = person_years * _by_type(frame, "per_capita_expenditures_{}_BY3")
    risk_ratio = _by_type(frame, "risk_score_{}_PY") / _by_type(frame, "risk_score_{}_BY3")
    known_ratio = np.where(np.isfinite(risk_ratio), risk_ratio, 1.0)
    people = np.nansum(person_years, axis=1)
    total = np.nansum(spending, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        own_growth = np.log(total / np.nansum(base_spending, axis=1))
        risk_growth = np.log(np.nansum(spending * known_ratio, axis=1) / total)
        update = np.log(frame["per_capita_updated_benchmark"] / frame["per_capita_historical_benchmark"])
        esrd, _, dual, _ = np.nan_to_num(person_years / people[:, None]).T
    low_revenue = frame["revenue_class"].str.lower().str.startswith("low").astype(float)
    return frame[list(_KEPT)].assign(
        record_own_growth=own_growth,
        record_risk_growth=risk_growth,
        record_update=update.astype(float),
        record_esrd_share=esrd,
        record_dual_share=dual,
        record_low_revenue=low_revenue.where(frame["revenue_class"] != ""),
    )


def _by_type(frame: pd.DataFrame, pattern: str) -> Float64:
    """Return columns by enrollment type as one array, shape ``(aco, enrollment_type)``."""
    return frame[[pattern.format(name) for name in ENROLLMENT_TYPES]].to_numpy(dtype=np.float64)


def _with_features(pairs: pd.DataFrame) -> pd.DataFrame:
    """Add the features, each from its mean over the ACOs of the earlier year, zero where not known."""
    settings = default_table("forecast")
    growth = settings["largest_growth"]["value"]
    change = settings["largest_change"]["value"]
    rebased = pairs["rebased"].to_numpy(dtype=np.float64)
    track = pairs[NEXT + "track"]
    size = pairs["assigned_beneficiaries"] / settings["half_credibility_size"]["value"]
    rate = _centered(pairs, pairs["savings_rate"], np.inf)
    last_change = _centered(pairs, pairs["rate_before"], np.inf) - rate
    last_change = np.where(pairs["rate_before"].notna() & ~pairs["rebased"], last_change, 0.0)
    own_growth = _centered(pairs, pairs["record_own_growth"], growth)
    known = pairs["rate_before"].notna()
    volatility = pd.Series(np.minimum(np.abs(last_change), change), index=pairs.index).where(known)
    return pairs.assign(
        rate=rate,
        rate_rebased=rate * rebased,
        rate_small=rate * _centered(pairs, 1.0 / (1.0 + size), np.inf),
        low_revenue=_centered(pairs, pairs["record_low_revenue"], np.inf),
        esrd_share=_centered(pairs, pairs["record_esrd_share"], np.inf),
        own_growth=own_growth,
        own_growth_rebased=own_growth * rebased,
        risk_growth_rebased=_centered(pairs, pairs["record_risk_growth"], growth) * rebased,
        update_rebased=_centered(pairs, pairs["record_update"], growth) * rebased,
        last_change=last_change,
        two_sided=_centered(pairs, (~track.isin(ONE_SIDED)).astype(float), np.inf),
        enhanced_rebased=_centered(pairs, track.isin(_HIGHEST_RISK).astype(float), np.inf) * rebased,
        dual_share=_centered(pairs, pairs["record_dual_share"], np.inf),
        volatility=_centered(pairs, volatility, np.inf),
    )


def _centered(pairs: pd.DataFrame, values: pd.Series, largest: float) -> Float64:
    """Return values less their year's mean, cut at `largest`; the mean itself where there is no value."""
    finite = values.astype(float).replace([np.inf, -np.inf], np.nan)
    distance = finite - finite.groupby(pairs["performance_year"]).transform("mean")
    centered: Float64 = distance.fillna(0.0).clip(-largest, largest).to_numpy(dtype=np.float64)
    return centered
