"""The replay of several results files as one JSON object and as one table of ACO-years."""

from collections.abc import Sequence

import pandas as pd

from simcore.cms.replay import EXACT, UNEXPLAINED, WITHIN, Replay


def replay_json(replays: Sequence[Replay]) -> dict[str, object]:
    """Return what ``simcore replay --json`` prints."""
    return {
        "files": [_file_json(replay) for replay in replays],
        "aco_years": sum(len(replay.frame) for replay in replays),
        **{
            verdict: sum(replay.count(verdict) for replay in replays)
            for verdict in (EXACT, WITHIN, UNEXPLAINED)
        },
    }


def _file_json(replay: Replay) -> dict[str, object]:
    """Return one file's counts, sums and unexplained ACOs."""
    frame = replay.frame
    return {
        "performance_year": replay.performance_year,
        "aco_years": len(frame),
        "paid": paid(replay),
        "owed": owed(replay),
        **{verdict: replay.count(verdict) for verdict in (EXACT, WITHIN, UNEXPLAINED)},
        "total_paid_cms": float(frame["cms"].clip(lower=0.0).sum()),
        "total_paid_simcore": round(float(frame["simcore"].clip(lower=0.0).sum()), 2),
        "unexplained_acos": [
            {**row, "simcore": round(float(row["simcore"]), 2)}
            for row in unexplained(replay)[["aco_id", "cms", "simcore", "reason"]].to_dict("records")
        ],
    }


def paid(replay: Replay) -> int:
    """Return the number of ACOs that earn shared savings, as recomputed."""
    return int((replay.frame["simcore"] > 0.0).sum())


def owed(replay: Replay) -> int:
    """Return the number of ACOs that owe shared losses, as recomputed."""
    return int((replay.frame["simcore"] < 0.0).sum())


def unexplained(replay: Replay) -> pd.DataFrame:
    """Return the rows that neither agree nor lie within the published rounding."""
    return replay.frame[replay.frame["verdict"] == UNEXPLAINED]


def replay_details(replays: Sequence[Replay]) -> pd.DataFrame:
    """Return every ACO-year with both settlements, the rates beside CMS's, the verdict and the reason."""
    details = pd.concat([replay.frame for replay in replays], ignore_index=True)
    details.insert(0, "file", [replay.source for replay in replays for _ in range(len(replay.frame))])
    return details.drop(columns=["quality_matters", "quality_half_unit", "revenue_limited"])
