"""Write what a back-test found into a folder: every table, one JSON file, and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from simcore.cli.printing import json_text
from simcore.store import written_whole

if TYPE_CHECKING:
    from simcore.cms.backtest import Backtest


def write_backtest(scored: Backtest, folder: Path) -> None:
    """Write tables as CSV, ``backtest.json``, and the pictures of normal times as PNG."""
    from simcore.cms.backtest_report import backtest_json, backtest_tables

    for name, table in backtest_tables(scored).items():
        with written_whole(folder / f"{name}.csv") as unfinished:
            table.to_csv(unfinished, index=False)
    with written_whole(folder / "backtest.json") as unfinished:
        unfinished.write_text(json_text(backtest_json(scored), indent=1), encoding="utf-8")
    write_pictures(scored, folder)


def write_pictures(scored: Backtest, folder: Path) -> dict[str, str]:
    """Write the pictures of normal times into `folder`; return what each shows, by the file's name.

    Without a year of normal times there is nothing to draw.
    """
    from simcore.cms.backtest_report import EVENTS, pit, reliability
    from simcore.plots.pit import plot_pit
    from simcore.plots.reliability import plot_reliability

    if scored.normal_times().empty:
        return {}
    drawings = {f"reliability_{event}": plot_reliability(reliability(scored, event)) for event in EVENTS}
    drawings["pit"] = plot_pit(pit(scored))
    for name, drawing in drawings.items():
        with written_whole(folder / f"{name}.png") as unfinished:
            unfinished.write_bytes(drawing.png())
    captions = {
        f"reliability_{event}": f"Reliability of the chance of {words}" for event, words in EVENTS.items()
    }
    return {f"{name}.png": caption for name, caption in {**captions, "pit": "Where outcomes fell"}.items()}
