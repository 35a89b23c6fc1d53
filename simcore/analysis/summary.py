"""Summarize a result: every contract, year and the agreement in one table of values and errors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import xarray as xr

from simcore.analysis import estimates
from simcore.analysis.estimates import Bool, Estimate, Float64
from simcore.errors import ResultError, near_matches
from simcore.vocabulary import CONTRACT, MONEY, PERFORMANCE_YEAR, RATE, REPLICATE

AGREEMENT: Final = "all"
"""The period that stands for all performance years together."""

PERIOD: Final = "period"
MEASURE: Final = "measure"

QUANTILE_LEVELS: Final = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
TAIL_LEVELS: Final = (0.95, 0.99)

Statistic: TypeAlias = Literal["probability", "mean", "sd", "quantile", "value_at_risk", "tail_value_at_risk"]


_LOSSES: Final = ("shared_losses", "net_loss", "loss_limit_binds")


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the summary: what is measured, of which variable or event, at which level."""

    statistic: Statistic
    subject: str
    units: str
    long_name: str
    level: float | None = None

    @property
    def name(self) -> str:
        """Return the label of the line, such as ``net_settlement quantile 0.05``."""
        if self.statistic == "probability":
            return f"probability_{self.subject}"
        return f"{self.subject} {self.statistic}" + ("" if self.level is None else f" {self.level:g}")

    @property
    def of_losses(self) -> bool:
        """Say whether it is the probability of something that a contract without losses cannot show."""
        return self.statistic == "probability" and self.subject in _LOSSES


_EVENTS: Final = {
    "shared_savings": "Any shared savings are earned",
    "shared_losses": "Any shared losses are owed",
    "net_loss": "The net settlement is a loss",
    "msr_met": "Savings meet the minimum savings rate",
    "mlr_met": "Losses meet the minimum loss rate",
    "payment_limit_binds": "The performance payment limit binds",
    "loss_limit_binds": "The loss recoupment limit binds",
}
_AMOUNTS: Final = {
    "savings_rate": (RATE, "Gross savings as a share of the updated benchmark"),
    "gross_savings": (MONEY, "Updated benchmark less expenditures"),
    "earned_shared_savings": (MONEY, "Earned shared savings"),
    "owed_shared_losses": (MONEY, "Owed shared losses"),
    "net_settlement": (MONEY, "Earned shared savings less owed shared losses"),
    "medicare_savings": (MONEY, "Gross savings less the settlement: what Medicare keeps"),
}
_NET: Final = "net_settlement"
_DOLLARS: Final = ("gross_savings", "updated_benchmark", "earned_shared_savings", "owed_shared_losses", _NET)
_FLAGS: Final = ("msr_met", "mlr_met", "payment_limit_binds", "loss_limit_binds")

MEASURES: Final = (
    *(Measure("probability", event, RATE, long_name) for event, long_name in _EVENTS.items()),
    *(Measure("mean", name, units, long_name) for name, (units, long_name) in _AMOUNTS.items()),
    *(Measure("sd", name, *_AMOUNTS[name]) for name in ("savings_rate", _NET)),
    *(Measure("quantile", _NET, *_AMOUNTS[_NET], level) for level in QUANTILE_LEVELS),
    *(
        Measure("value_at_risk", _NET, MONEY, "Loss not exceeded at this level", level)
        for level in TAIL_LEVELS
    ),
    *(
        Measure("tail_value_at_risk", _NET, MONEY, "Mean loss beyond this level", level)
        for level in TAIL_LEVELS
    ),
)
"""The lines of a summary, in order."""


def summarize(result: xr.Dataset, *, measures: Sequence[str] | None = None) -> xr.Dataset:
    """Summarize what each contract brings, by performance year and over the agreement.

    Parameters
    ----------
    result
        A result of ``simulate``, or a stored one.
    measures
        Labels of the lines that are wanted; by default all of `MEASURES`.

    Returns
    -------
    xr.Dataset
        ``value`` and ``standard_error``, dims ``(contract, period, measure)``. Periods are the
        performance years as text, then ``"all"`` for the agreement: sums of dollars, the savings rate
        of the sums, and events that happen in any year. Along ``measure`` lie the coordinates
        ``subject``, ``statistic``, ``level`` and ``units``. Value at risk and its tail are losses:
        positive where the ACO pays. ``to_dataframe()`` gives the long table.

    Raises
    ------
    ResultError
        If a label is no measure.
    """
    chosen = MEASURES if measures is None else tuple(map(measure_named, measures))
    years = [str(year) for year in result[PERFORMANCE_YEAR].values]
    periods = [*years, AGREEMENT]
    shape = (result.sizes[CONTRACT], len(periods), len(chosen))
    value, error = np.empty(shape), np.empty(shape)
    for contract in range(shape[0]):
        # One contract at a time: a hundred contracts by a million replicates need not be held twice.
        for period, amounts, events in _periods(result, contract):
            value[contract, period], error[contract, period] = _measure(chosen, amounts, events)
        # Without a loss rate no loss can happen: nought for certain, not by having seen none.
        if not _has_losses(result["final_loss_rate"].isel({CONTRACT: contract})):
            error[contract][:, [measure.of_losses for measure in chosen]] = 0.0
    dims = (CONTRACT, PERIOD, MEASURE)
    along = {
        name: (CONTRACT, coord.data) for name, coord in result.coords.items() if coord.dims == (CONTRACT,)
    }
    return xr.Dataset(
        {
            "value": (dims, value, {"long_name": "Value of the measure"}),
            "standard_error": (dims, error, {"long_name": "Standard error of simulation"}),
        },
        coords={**along, PERIOD: periods, **measure_coords(chosen)},
        attrs={**result.attrs, "replicates": str(result.sizes[REPLICATE])},
    )


def _has_losses(loss_rate: xr.DataArray) -> bool:
    """Say whether a contract's loss rate is ever above nought, reading one year at a time."""
    years = range(loss_rate.sizes[PERFORMANCE_YEAR])
    return any(loss_rate.isel({PERFORMANCE_YEAR: year}).values.any() for year in years)


def measure_coords(measures: Sequence[Measure]) -> dict[str, object]:
    """Return the coordinates along ``measure``: its label, and what the label is made of."""
    level = [np.nan if measure.level is None else measure.level for measure in measures]
    return {
        MEASURE: [measure.name for measure in measures],
        "subject": (MEASURE, [measure.subject for measure in measures]),
        "statistic": (MEASURE, [measure.statistic for measure in measures]),
        "level": (MEASURE, level),
        "units": (MEASURE, [measure.units for measure in measures]),
        "description": (MEASURE, [measure.long_name for measure in measures]),
    }


def measure_named(name: str) -> Measure:
    """Return the measure of a label such as ``net_settlement mean``.

    Raises
    ------
    ResultError
        If there is none of that name, with the near matches.
    """
    by_name = {measure.name: measure for measure in MEASURES}
    if name not in by_name:
        hint, allowed = near_matches(name, list(by_name)), ", ".join(by_name)
        raise ResultError("measure", f"{name!r} is no measure{hint or ';'} allowed: {allowed}")
    return by_name[name]


def contract_records(summary: xr.Dataset) -> list[dict[str, object]]:
    """Return a summary as one record a contract and period, the form of ``run --json``.

    Parameters
    ----------
    summary
        What `summarize` returned.

    Returns
    -------
    list of dict
        ``contract``, ``track``, ``msr_election``, ``performance_year`` (a number, or ``"all"``), then
        each probability, and by variable its ``mean``, ``sd``, ``quantiles``, ``value_at_risk`` and
        ``tail_value_at_risk``; every figure is ``{"value": …, "standard_error": …}``.
    """
    value, error = summary["value"].values, summary["standard_error"].values
    measures = [measure_named(str(name)) for name in summary[MEASURE].values]
    records = []
    for c, contract in enumerate(summary[CONTRACT].values):
        for p, period in enumerate(summary[PERIOD].values):
            record: dict[str, object] = {
                "contract": str(contract),
                "track": str(summary["track"].values[c]),
                "msr_election": str(summary["msr_election"].values[c]),
                "performance_year": AGREEMENT if period == AGREEMENT else int(period),
            }
            records.append(record | _figures(measures, value[c, p], error[c, p]))
    return records


_PLURALS: Final = {"quantile": "quantiles"}


def _figures(measures: Sequence[Measure], value: Float64, error: Float64) -> dict[str, object]:
    """Nest the measures of one contract and period by variable, statistic and level."""
    record: dict[str, object] = {}
    nested: dict[str, dict[str, object]] = {}
    for m, measure in enumerate(measures):
        figure = {"value": float(value[m]), "standard_error": float(error[m])}
        if measure.statistic == "probability":
            record[measure.name] = figure
            continue
        by_statistic = nested.setdefault(measure.subject, {})
        if measure.level is None:
            by_statistic[measure.statistic] = figure
            continue
        levels = by_statistic.setdefault(_PLURALS.get(measure.statistic, measure.statistic), {})
        assert isinstance(levels, dict)
        levels[f"{measure.level:g}"] = figure
    return record | nested


def _periods(result: xr.Dataset, contract: int) -> Iterator[tuple[int, dict[str, Float64], dict[str, Bool]]]:
    """Yield every period's number, amounts and events under one contract, shape ``(replicate,)`` each.

    One year is in memory beside the agreement's sums, so that a result on disk may be larger.
    """
    # Variables without their labels: with them, taking a year cost as much as measuring it.
    outcomes = {name: result[name].variable for name in (*_DOLLARS, *_FLAGS)}
    years = result.sizes[PERFORMANCE_YEAR]
    total: dict[str, Float64] = {}
    ever: dict[str, Bool] = {}
    for year in range(years):
        at = {CONTRACT: contract, PERFORMANCE_YEAR: year}
        now = {name: outcome.isel(at, missing_dims="ignore").values for name, outcome in outcomes.items()}
        dollars = {name: now[name] for name in _DOLLARS}
        flags = {name: np.asarray(now[name], dtype=np.bool_) for name in _FLAGS}
        flags["shared_savings"] = dollars["earned_shared_savings"] > 0.0
        flags["shared_losses"] = dollars["owed_shared_losses"] > 0.0
        total = {name: total[name] + values if total else values for name, values in dollars.items()}
        ever = {name: ever[name] | values if ever else values for name, values in flags.items()}
        yield year, *_complete(dollars, flags)
    yield years, *_complete(total, ever)


def _complete(
    dollars: Mapping[str, Float64], flags: Mapping[str, Bool]
) -> tuple[dict[str, Float64], dict[str, Bool]]:
    """Add what follows from a period's dollars: the savings rate, Medicare's savings, a net loss."""
    amounts = dict(dollars)
    amounts["savings_rate"] = dollars["gross_savings"] / dollars["updated_benchmark"]
    amounts["medicare_savings"] = dollars["gross_savings"] - dollars[_NET]
    return amounts, {**flags, "net_loss": dollars[_NET] < 0.0}


def _measure(
    measures: Sequence[Measure], amounts: Mapping[str, Float64], events: Mapping[str, Bool]
) -> tuple[Float64, Float64]:
    """Return the value and the error of measures of one contract and period, shape ``(measure,)``."""
    net = np.sort(amounts[_NET]) if any(measure.level is not None for measure in measures) else amounts[_NET]
    found = [_estimate(measure, net, amounts, events) for measure in measures]
    # Adding nought turns the minus nought of a turned sign into a plain one.
    value = np.array([estimate.value for estimate in found]) + 0.0
    return value, np.array([estimate.standard_error for estimate in found])


def _estimate(
    measure: Measure, net: Float64, amounts: Mapping[str, Float64], events: Mapping[str, Bool]
) -> Estimate:
    """Return one measure; `net` is the net settlement, sorted where a level is asked for."""
    if measure.statistic == "probability":
        return estimates.probability(events[measure.subject])
    if measure.level is None:
        moment = estimates.mean if measure.statistic == "mean" else estimates.standard_deviation
        return moment(amounts[measure.subject])
    if measure.statistic == "quantile":
        return estimates.quantile_of_sorted(net, measure.level)
    # Losses are the mirror image.
    loss = -net[::-1]
    if measure.statistic == "tail_value_at_risk":
        return estimates.upper_tail_mean_of_sorted(loss, measure.level)
    return estimates.quantile_of_sorted(loss, measure.level)
