"""Recompute what CMS settled with every ACO of Direct Contracting and ACO REACH, to the cent."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from simcore.cms.reach_results import ReachResults, read_reach_results
from simcore.cms.replay import EXACT, UNEXPLAINED, WITHIN, Replay
from simcore.model.contracts.contract_year import contract_steps
from simcore.model.contracts.in_force import contract_terms
from simcore.model.contracts.terms import ContractTerms
from simcore.regulation.presets import Presets

CENT: Final = 0.01
"""CMS publishes these results to the cent or finer."""

_ROUNDING: Final = 1e-6
"""What doubles of this size can be off, USD."""


def replay_reach(
    paths: Sequence[Path], presets: Presets, *, performance_year: int | None = None
) -> tuple[Replay, ...]:
    """Settle every ACO of the files by the presets and compare with what CMS published.

    Taken as inputs are the final benchmark (after trend, discount and withholds, which a single
    published row does not let one rebuild), the equity adjustment and the gross savings. Corridors,
    their base and sequestration come from the presets of the row's year and option.

    Parameters
    ----------
    paths
        Results files; each may hold several performance years.
    presets
        The contracts.
    performance_year
        The year of a file without a column of it.

    Returns
    -------
    tuple of Replay
        One for each file and performance year. ``cms_shared`` and ``simcore_shared`` in ``frame`` are
        the amounts before sequestration, ``cms`` and ``simcore`` those after it. A row is exact when
        both agree within a cent.

    Raises
    ------
    DataError
        If a file cannot be read.
    """
    return tuple(
        _replay_year(results, int(str(year)), rows, presets)
        for results in (read_reach_results(path, performance_year=performance_year) for path in paths)
        for year, rows in results.frame.groupby("performance_year", sort=True)
    )


def reach_details(replays: Sequence[Replay]) -> pd.DataFrame:
    """Return every ACO-year with both settlements, before and after sequestration, verdict and reason."""
    details = pd.concat([replay.frame for replay in replays], ignore_index=True)
    details.insert(0, "file", [replay.source for replay in replays for _ in range(len(replay.frame))])
    return details


def _replay_year(results: ReachResults, year: int, rows: pd.DataFrame, presets: Presets) -> Replay:
    """Settle one performance year of a file."""
    parts = [
        _settled(group, contract_terms(str(label), year, presets).terms)
        for label, group in rows.groupby("contract", sort=False)
    ]
    frame = pd.concat(parts).loc[rows.index]
    before = (frame["simcore_shared"] - frame["cms_shared"]).abs()
    after = (frame["simcore"] - frame["cms"]).abs()
    worst = np.maximum(before, after)
    exact = worst <= CENT + _ROUNDING
    within = worst <= frame["half_unit"] + _ROUNDING
    frame["verdict"] = np.where(exact, EXACT, np.where(within, WITHIN, UNEXPLAINED))
    frame["gate_right"] = np.sign(frame["simcore_shared"]) == np.sign(frame["cms_shared"])
    frame["reason"] = [_reason(row) for row in frame.to_dict("records")]
    return Replay(year, results.source, frame.reset_index(drop=True), (*results.notes, *_notes(frame)))


def _settled(group: pd.DataFrame, terms: ContractTerms) -> pd.DataFrame:
    """Settle the ACOs of one option from their final benchmarks and gross savings."""
    # The published final benchmark has discount and withholds behind it.
    from_final = replace(
        terms, discount=0.0, quality_withhold=0.0, retention_withhold=0.0, equity_adjustment=True
    )
    benchmark, equity = group["final_benchmark"].to_numpy(), group["equity_adjustment"].to_numpy()
    expenditures = benchmark + equity - group["gross_savings"].to_numpy()
    done = contract_steps(benchmark, expenditures, from_final, equity_adjustment=equity)
    settled = group.drop(columns=["shared", "net_settlement"])
    settled["gross_savings_of_expenditures"] = benchmark + equity - group["net_expenditures"]
    settled["savings_rate"] = done.savings_rate
    settled["cms_shared"] = group["shared"]
    settled["simcore_shared"] = done.shared_savings - done.shared_losses
    settled["cms"] = group["net_settlement"]
    settled["simcore"] = done.earned_shared_savings - done.owed_shared_losses
    if "discount" in group:
        settled["discount_of_contract"] = float(terms.discount)
    return settled


def _reason(row: Mapping[Hashable, Any]) -> str:
    """Return why a row is not exact, or nothing."""
    if row["verdict"] == EXACT:
        return ""
    if row["verdict"] == WITHIN:
        return "within the digits that are published"
    if row["cms"] == 0.0 < row["cms_shared"]:
        return "CMS paid nothing of these shared savings: forfeited, the cause is not published"
    return "not explained"


def _notes(frame: pd.DataFrame) -> list[str]:
    """Return what the file's own columns say against each other or against the contract."""
    notes = []
    gap = (frame["gross_savings"] - frame["gross_savings_of_expenditures"]).abs()
    if gap.max() > CENT:
        notes.append(f"gross savings differ from benchmark less expenditures by up to ${gap.max():,.2f}")
    if "discount" in frame:
        other = frame.loc[(frame["discount"] - frame["discount_of_contract"]).abs() > _ROUNDING, "aco_id"]
        if len(other):
            notes.append(f"the discount is not the contract's for {', '.join(other[:5])}")
    return notes
