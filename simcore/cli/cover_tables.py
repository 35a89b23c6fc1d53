"""What the verb on cover found, as tables for people."""

from __future__ import annotations

from typing import Any

from simcore.cli.answers import shown_money
from simcore.cli.printing import money, percent, print_table


def print_cover(record: dict[str, object]) -> None:
    """Print what the verb on cover found as tables."""
    contract = record["contract"]
    rows = [
        (
            str(e["performance_year"]),
            *(shown_money(*e[name].values()) for name in ("expected_recovery", "premium")),
            percent(*e["probability_of_recovery"].values()),
            *(money(*e[f"tail_value_at_risk_{name}_cover"].values()) for name in ("without", "with")),
        )
        for e in _entries(record, "aggregate")
    ]
    columns = ("year", "expected recovery", "premium", "recovery happens", "TVaR without", "TVaR with")
    caption = "Cover of shared losses, ± one standard error. TVaR: mean loss in the worst 5%, premium paid."
    print_table(f"{contract}: aggregate cover", columns, rows, caption=caption)
    _print_repayment(record)
    _print_limits(record)
    _print_specific(record)


def _print_repayment(record: dict[str, object]) -> None:
    """Print how far the amount set aside goes."""
    entries = _entries(record, "repayment")
    if not entries:
        return
    rows = [
        (
            str(e["performance_year"]),
            money(e["amount"]),
            percent(*e["probability_exhausted"].values()),
            shown_money(*e["expected_shortfall"].values()),
            *(shown_money(*loss.values()) for loss in e["losses_by_return_period"].values()),
        )
        for e in entries
    ]
    losses = [f"loss 1 in {period}" for period in entries[0]["losses_by_return_period"]]
    columns = ["year", "set aside", "exhausted", "shortfall", *losses]
    title = f"{record['contract']}: repayment mechanism"
    print_table(title, columns, rows, caption="42 CFR 425.204(f)(4). Shortfall: mean of the losses beyond.")


def _print_limits(record: dict[str, object]) -> None:
    """Print the two loss limits against one another, one column a year."""
    entries = _entries(record, "loss_limits")
    if not entries:
        return
    shares = entries[0]["by_revenue_share"]
    rows = [
        (
            percent(float(share), None, 0),
            *(shown_money(*entry["by_revenue_share"][share].values()) for entry in entries),
        )
        for share in shares
    ]
    even = ", ".join(dict.fromkeys(f"{entry['break_even_revenue_share']:.0%}" for entry in entries))
    caption = f"The benchmark sets the limit where revenue is above {even} of the benchmark, revenue below."
    columns = ["revenue over benchmark", *(str(entry["performance_year"]) for entry in entries)]
    print_table(
        f"{record['contract']}: expected losses by participants' revenue", columns, rows, caption=caption
    )


def _print_specific(record: dict[str, object]) -> None:
    """Print the cover of single persons."""
    entries = _entries(record, "specific")
    if not entries:
        return
    names = ("expected_recovery", "premium", "standard_deviation", "truncated_already")
    rows = [
        (str(e["performance_year"]), *(money(e[name]) for name in names), f"{e['persons_above']:,.1f}")
        for e in entries
    ]
    columns = ("year", "expected recovery", "premium", "SD", "truncated already", "persons above")
    caption = (
        "Exact from the model's tables, projected growth, expected head counts. Truncated already: the part "
        "of the recovery for spending that the settlement never counts."
    )
    print_table("Specific cover", columns, rows, caption=caption)


def _entries(record: dict[str, object], name: str) -> list[dict[str, Any]]:
    """Return one of the record's lists, empty where the question was not put."""
    entries = record.get(name, [])
    assert isinstance(entries, list)
    return entries
