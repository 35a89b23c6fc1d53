"""Put the result in two sentences and one table: which contract brings what, at which risk, how surely."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import xarray as xr

from simcore.analysis.comparison import paired_differences
from simcore.analysis.display import outcome_shares
from simcore.analysis.risk import STANDARD_ERROR, agreement_total, mean, quantile, tail_value_at_risk
from simcore.plots.words import contract_name, money, percent
from simcore.vocabulary import CONTRACT, PERFORMANCE_YEAR, REPLICATE

TAIL: Final = 0.95
"""The level of the tail that the report speaks of: the worst one in twenty."""


class Estimate(NamedTuple):
    """A value and its standard error."""

    value: float
    error: float

    def in_money(self) -> str:
        """Return dollars with their error."""
        return f"{money(self.value)} ± {money(self.error, 2)}"

    def short(self) -> str:
        """Return dollars without their error."""
        return money(self.value)

    def in_percent(self) -> str:
        """Return a chance with its error in points."""
        return f"{percent(self.value, 1)} ± {100.0 * self.error:.1f}"


class ContractRow(NamedTuple):
    """What one contract brings over the agreement."""

    label: str
    name: str
    track: str
    gain: Estimate
    nothing: Estimate
    loss: Estimate
    mean: Estimate
    low: Estimate
    high: Estimate
    tail_loss: Estimate


def contract_rows(result: xr.Dataset) -> list[ContractRow]:
    """Return every contract's figures over the agreement, the best mean first.

    Parameters
    ----------
    result
        A result of ``simulate``.
    """
    net = agreement_total(result["net_settlement"]).transpose(CONTRACT, REPLICATE)
    shares = outcome_shares(net)
    measured = {
        "gain": shares.sel(outcome="savings"),
        "nothing": shares.sel(outcome="nothing"),
        "loss": shares.sel(outcome="loss"),
        "mean": mean(net),
        "low": quantile(net, 1.0 - TAIL),
        "high": quantile(net, TAIL),
        "tail_loss": tail_value_at_risk(net, TAIL),
    }
    labels = [str(label) for label in net[CONTRACT].values]
    tracks = [str(track) for track in net["track"].values] if "track" in net.coords else labels
    pairs = {name: (found.values, found[STANDARD_ERROR].values) for name, found in measured.items()}
    rows = []
    for i in np.argsort(-measured["mean"].values, kind="stable"):
        figures = {
            name: Estimate(float(values[i]), float(errors[i])) for name, (values, errors) in pairs.items()
        }
        rows.append(ContractRow(labels[i], contract_name(labels[i]), tracks[i], **figures))
    return rows


def _estimate(one: xr.DataArray) -> Estimate:
    """Return a labelled estimate as two numbers."""
    return Estimate(float(one.values), float(one[STANDARD_ERROR].values))


def answer_sentences(result: xr.Dataset, rows: list[ContractRow]) -> tuple[str, str]:
    """Return the answer in two sentences, numbers and standard errors in both.

    Parameters
    ----------
    result
        A result of ``simulate``.
    rows
        What `contract_rows` returned for it.
    """
    best = rows[0]
    years = result[PERFORMANCE_YEAR].values
    span = f"{years[0]}–{years[-1]}" if years.size > 1 else f"{years[0]}"
    lead = (
        f"{best.name} brings the most on average over {span}, {best.mean.in_money()}{_rivals(result, rows)}"
        if len(rows) > 1
        else f"{best.name} brings {best.mean.in_money()} on average over {span}"
    )
    first = (
        f"{lead}, with a chance of {best.gain.in_percent()} points to end with a gain "
        f"and of {best.loss.in_percent()} points to end with a loss."
    )
    return first, _second_sentence(rows)


def _second_sentence(rows: list[ContractRow]) -> str:
    """Return what the worst outcomes cost, and what caution would."""
    best = rows[0]
    worst = "loses" if best.tail_loss.value > 0.0 else "still brings"
    amount = Estimate(abs(best.tail_loss.value), best.tail_loss.error).in_money()
    second = f"In its worst one in twenty futures it {worst} {amount} on average"
    cautious = min(rows, key=lambda row: (row.tail_loss.value, -row.mean.value))
    if cautious.label == best.label:
        return f"{second}, and no other contract does better there." if len(rows) > 1 else f"{second}."
    there = Estimate(abs(cautious.tail_loss.value), cautious.tail_loss.error).in_money()
    mean = cautious.mean.in_money()
    choice = f"{second}; {cautious.name}, the most cautious choice,"
    if abs(cautious.tail_loss.value) < 0.5:
        return f"{choice} loses nothing there and brings {mean} on average."
    if cautious.tail_loss.value > 0.0:
        return f"{choice} loses {there} there and brings {mean} on average."
    return f"{choice} still brings {there} there and {mean} on average."


def _rivals(result: xr.Dataset, rows: list[ContractRow]) -> str:
    """Name how many contracts the run cannot tell from the best: within two paired standard errors."""
    net = agreement_total(result["net_settlement"]).transpose(CONTRACT, REPLICATE)
    behind = paired_differences(net, rows[0].label)
    close = np.abs(behind.values) <= 2.0 * behind[STANDARD_ERROR].values
    count = int(close.sum()) - 1
    return "" if count == 0 else f" (not told apart from {count} other{'s' if count > 1 else ''})"


def yearly_rows(result: xr.Dataset, contract: str) -> list[dict[str, str]]:
    """Return one contract's figures by performance year, as text.

    Parameters
    ----------
    result
        A result of ``simulate``.
    contract
        The contract's label.
    """
    one = result.sel({CONTRACT: contract})
    shares, net = outcome_shares(one["net_settlement"]), mean(one["net_settlement"])
    rate = mean(
        result["savings_rate"].sel({CONTRACT: contract})
        if CONTRACT in result["savings_rate"].dims
        else result["savings_rate"]
    )
    rows = []
    for i, year in enumerate(result[PERFORMANCE_YEAR].values):
        at = {PERFORMANCE_YEAR: i}
        rate_here = _estimate(rate.isel(at))
        rows.append(
            {
                "year": str(year),
                "beneficiaries": f"{float(result['assigned_beneficiaries'].isel(at).mean()):,.0f}",
                "benchmark": money(float(one["updated_benchmark"].isel(at).mean())),
                "savings_rate": f"{percent(rate_here.value, 2)} ± {100.0 * rate_here.error:.2f}",
                "gain": _estimate(shares.isel(at).sel(outcome="savings")).in_percent(),
                "loss": _estimate(shares.isel(at).sel(outcome="loss")).in_percent(),
                "net": _estimate(net.isel(at)).in_money(),
            }
        )
    return rows
