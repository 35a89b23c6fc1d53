"""What an ACO was in a performance year, and what the rules make of it for every contract alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from simcore.model.arrays import Int64, Rate
from simcore.model.minimum_savings_rate import bands_used, rate_bands, table_rate
from simcore.model.steps import Flag, either, limited, only_where
from simcore.regulation.ledger import Ledger
from simcore.regulation.reader import Entry, Regulation, table

NOT_MET: Final = 0
ALTERNATIVE: Final = 1
MET: Final = 2
QUALITY_STANDARDS: Final[Mapping[str, int]] = {"met": MET, "alternative": ALTERNATIVE, "not-met": NOT_MET}
"""Which quality performance standard an ACO met, as arrays hold it."""


@dataclass(frozen=True, slots=True)
class AcoYear:
    """What an ACO was in a performance year, whatever its contract; numbers may be arrays.

    Attributes
    ----------
    performance_year, agreement_start
        The dates that decide which rules hold.
    assigned_beneficiaries
        Head count, not person-years.
    quality_score, quality_standard
        A fraction; and `MET`, `ALTERNATIVE` or `NOT_MET`.
    participant_revenue
        The ACO participants' Medicare Parts A and B revenue, USD; None where it is not known: then no
        revenue limit is tried.
    low_revenue
        Whether the ACO is low revenue.
    disaster_share, disaster_relief
        Share of the losses relieved, and relief as an amount for the full year, USD. With neither
        given the nationwide relief of the performance year holds.
    year_in_track
        Counts from 1; Track 2 alone limits losses by it.
    months
        Months of the performance year; None for what the dates say.
    termination
        Day on which the agreement ended; None if it did not.
    terminated_by_cms
        Whether CMS ended it, and not the ACO.
    """

    performance_year: int
    agreement_start: date
    assigned_beneficiaries: Rate
    quality_score: Rate = 1.0
    quality_standard: int | Int64 = MET
    participant_revenue: Rate | None = None
    low_revenue: bool | Flag = False
    disaster_share: Rate | None = None
    disaster_relief: Rate | None = None
    year_in_track: int = 1
    months: int | None = None
    termination: date | None = None
    terminated_by_cms: bool = False


class YearRules(NamedTuple):
    """What every contract option of an ACO has in common in a performance year.

    Attributes
    ----------
    table_rate, table_bands
        Minimum savings rate by the table, and the bands that it comes from.
    below_minimum
        Whether the ACO has fewer beneficiaries than the program asks for.
    elected_rate_kept
        Whether an elected minimum savings rate stays with fewer beneficiaries than that.
    quality_share
        Part of the maximum sharing rate that quality leaves.
    loss_quality
        Quality score that lowers a loss rate, zero where no standard is met.
    """

    table_rate: Rate
    table_bands: tuple[Entry, ...]
    below_minimum: Flag
    elected_rate_kept: bool
    quality_share: Rate
    loss_quality: Rate
    sequestration: float
    disaster_share: Rate
    disaster_relief: Rate
    savings_proration: float
    loss_proration: float
    entries: tuple[Entry, ...]


def year_rules(regulation: Regulation, aco: AcoYear) -> YearRules:
    """Return what the rules make of a performance year, for every contract option alike.

    Raises
    ------
    RegulationError
        If the rules hold no number for the dates.
    """
    dates = {"performance_year": aco.performance_year, "agreement_start": aco.agreement_start}
    ledger = Ledger(regulation, **dates)  # type: ignore[arg-type]
    bands = rate_bands(regulation, **dates)  # type: ignore[arg-type]
    quality_share, loss_quality = _quality(ledger, aco)
    disaster_share, disaster_relief = _disaster(ledger, aco)
    savings_proration, loss_proration = _prorations(ledger, aco)
    elected_rate = ledger.word("elected_rate_below_minimum_beneficiaries", ("kept", "table"))
    return YearRules(
        table_rate=table_rate(bands, aco.assigned_beneficiaries),
        table_bands=bands_used(bands, aco.assigned_beneficiaries),
        below_minimum=np.less(aco.assigned_beneficiaries, ledger.number("minimum_assigned_beneficiaries")),
        elected_rate_kept=elected_rate == "kept",
        quality_share=quality_share,
        loss_quality=loss_quality,
        sequestration=ledger.number("sequestration"),
        disaster_share=disaster_share,
        disaster_relief=disaster_relief,
        savings_proration=savings_proration,
        loss_proration=loss_proration,
        entries=ledger.used,
    )


def is_low_revenue(
    regulation: Regulation, *, performance_year: int, participant_revenue: Rate, expenditures: Rate
) -> Flag:
    """Say whether an ACO is low revenue: its participants' revenue is a small part of the expenditures.

    References
    ----------
    42 CFR 425.20; for savings below the minimum the performance year counts, 425.605(h).
    """
    threshold = regulation.find("high_revenue_share", performance_year=performance_year)
    if threshold is None:
        # Before July 2019 the rules told no revenue classes apart.
        return np.zeros_like(participant_revenue, dtype=np.bool_)[()]
    return np.less(participant_revenue, table(threshold) * expenditures)


def _quality(ledger: Ledger, aco: AcoYear) -> tuple[Rate, Rate]:
    """Return the part of the sharing rate that quality leaves, and the score that lowers a loss rate."""
    rule = ledger.word("quality_rule", ("score", "cliff", "alternative"))
    score = limited(aco.quality_score, ledger.number("highest_quality_score"))
    met = np.equal(aco.quality_standard, MET)
    if rule == "score":
        return only_where(met, score), only_where(met, score)
    if rule == "cliff":
        return only_where(met, 1.0), only_where(met, score)
    alternative = np.equal(aco.quality_standard, ALTERNATIVE)
    return either(met, 1.0, only_where(alternative, score)), only_where(met | alternative, score)


def _disaster(ledger: Ledger, aco: AcoYear) -> tuple[Rate, Rate]:
    """Return the share and the amount of losses relieved for extreme and uncontrollable circumstances."""
    if not ledger.flag("disaster_relief_of_losses"):
        return 0.0, 0.0
    if aco.disaster_share is None and aco.disaster_relief is None:
        return ledger.number("nationwide_disaster_months") / ledger.number("months_in_year"), 0.0
    share = 0.0 if aco.disaster_share is None else aco.disaster_share
    relief = 0.0 if aco.disaster_relief is None else aco.disaster_relief
    return share, relief


def _prorations(ledger: Ledger, aco: AcoYear) -> tuple[float, float]:
    """Return the parts of the full year's savings and losses that are paid and owed."""
    months = ledger.number("performance_year_months") if aco.months is None else float(aco.months)
    months_in_year = ledger.number("months_in_year")
    year = months / months_in_year
    if aco.termination is None:
        return year, year
    # Savings are never prorated: they are paid to those who stay to the year's last day.
    stayed = f"{aco.termination:%m-%d}" == ledger.entry("termination_day_with_savings").value
    if stayed:
        return year, year
    if not ledger.flag("termination_losses_owed"):
        return 0.0, 0.0
    month = aco.termination.month
    if not aco.terminated_by_cms and month <= ledger.number("termination_month_without_losses"):
        return 0.0, 0.0
    first_month = aco.agreement_start.month if aco.agreement_start.year == aco.performance_year else 1
    return 0.0, min(month - first_month + 1, months) / months_in_year
