"""Hold the rules and the forecasts against what CMS published of every real ACO, as chapters of a validation."""

from collections.abc import Mapping, Sequence

from simcore.analysis.findings import Chapter, Finding, Grid
from simcore.cms.backtest import Backtest
from simcore.cms.backtest_report import EVENTS, reliability, targets
from simcore.cms.baselines import BASELINES
from simcore.cms.replay import EXACT, UNEXPLAINED, WITHIN, Replay
from simcore.cms.replay_summary import unexplained

SOURCE = "CMS, Performance Year Financial and Quality Results"


def replay_chapter(replays: Sequence[Replay]) -> Chapter:
    """Return every year's settlements, recomputed from the rules beside what CMS paid."""
    found, rows = [], []
    for replay in replays:
        year, acos = replay.performance_year, len(replay.frame)
        right = int(replay.frame["gate_right"].sum())
        title = f"{year}: ACOs that earn, owe or get nothing as CMS decided"
        found.append(Finding(title, str(acos), float(right), 0.0, right == acos, SOURCE))
        cms, ours = (replay.frame[name].clip(lower=0.0).sum() for name in ("cms", "simcore"))
        counts = [f"{replay.count(verdict):,}" for verdict in (EXACT, WITHIN, UNEXPLAINED)]
        rows.append((str(year), f"{acos:,}", *counts, f"{cms / 1e6:,.3f}", f"{ours / 1e6:,.3f}"))
    columns = (
        "performance year",
        "ACOs",
        "exact to the dollar",
        "within published rounding",
        "unexplained",
        "paid by CMS, $M",
        "by the rules, $M",
    )
    reasons = tuple(
        (str(replay.performance_year), str(row.aco_id), str(row.reason))
        for replay in replays
        for row in unexplained(replay).itertuples()
    )
    return Chapter(
        "Settlements of real ACOs, recomputed",
        "Gates and rates come from the rules; quality, elections, disaster relief and CMS's flags from its files.",
        tuple(found),
        (
            Grid("Settlements", columns, tuple(rows)),
            Grid("Not explained by any rule or rounding", ("performance year", "ACO", "reason"), reasons),
        ),
    )


def backtest_chapter(scored: Backtest, pictures: Mapping[str, str] | None = None) -> Chapter:
    """Return the scores of the forecasts of real ACOs, every demand on them met or missed.

    ``pictures`` names the files of the drawings, and what each shows.
    """
    demands = targets(scored)
    found = tuple(
        Finding(item.target[:1].upper() + item.target[1:], item.allowed, item.value, 0.0, item.met, SOURCE)
        for item in demands
    )
    chances = tuple(
        (item.target, item.allowed, f"{item.value:.4g}", f"{100.0 * item.if_right:.0f}%")
        for item in demands
        if item.if_right is not None
    )
    return Chapter(
        "Forecasts of real ACOs, scored",
        "Each year is forecast from earlier years alone. What is missed is shown as missed.",
        found,
        (
            _scores(scored),
            *(_reliability(scored, event) for event in EVENTS),
            Grid(
                "How often forecasts that are right meet a demand, with these ACOs",
                ("demand", "allowed", "simcore", "right forecasts meet it"),
                chances,
            ),
        ),
        tuple((pictures or {}).items()),
    )


def _scores(scored: Backtest) -> Grid:
    """Return the scores of every year."""
    rows = tuple(
        (
            f"{row['performance_year']}" + ("" if row["normal"] else " (COVID-19)"),
            f"{row['acos']:,}",
            *(f"{100.0 * row[f'coverage_{level}']:.1f}%" for level in (50, 80, 90, 95)),
            f"{100.0 * row['mean_absolute_error']:.2f}%",
            f"{100.0 * row['crps']:.3f}%",
            *(f"{100.0 * row[f'gain {name}']:.1f}%" for name in BASELINES),
            f"{row['brier_paid']:.3f}",
            f"{row['brier_owed']:.3f}",
        )
        for row in scored.years.to_dict("records")
    )
    columns = (
        "performance year",
        "ACOs",
        *(f"{level}% interval covers" for level in (50, 80, 90, 95)),
        "mean absolute error",
        "CRPS",
        *(f"gain on {name}" for name in BASELINES),
        "Brier score, savings paid",
        "Brier score, losses owed",
    )
    return Grid("Scores by year", columns, rows)


def _reliability(scored: Backtest, event: str) -> Grid:
    """Return probabilities of an event beside frequencies, and where right forecasts would lie."""
    table = reliability(scored, event)
    chance = table.attrs
    filled = table.to_dataframe()
    rows = tuple(
        (
            f"{100.0 * row['forecast']:.1f}%",
            f"{100.0 * row['observed']:.1f}%",
            f"{100.0 * row['consistent_lower']:.1f} to {100.0 * row['consistent_upper']:.1f}%",
            f"{row['count']:.0f}",
        )
        for row in filled[filled["count"] > 0].to_dict("records")
    )
    title = (
        f"{EVENTS[event].capitalize()}, normal times. More than 5 points off: {chance['outside']} of {chance['judged']}"
        f" groups; of right forecasts {chance['expected_outside']:.1f} would be, by chance and the common shift"
        f" of a year, and none in {100.0 * chance['probability_none_outside']:.0f}% of cases (chi-square"
        f" {chance['chi_square']:.1f}, p {chance['p_value']:.2f})"
    )
    return Grid(title, ("probability forecast", "came", "right forecasts, 95%", "forecasts"), rows)
