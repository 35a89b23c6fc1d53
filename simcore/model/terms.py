"""Turn the rules and an ACO's performance year into the terms of a track's contract options."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from simcore.errors import RegulationError
from simcore.model.aco_year import AcoYear, YearRules
from simcore.model.arrays import Rate
from simcore.model.settlement import SharingTerms
from simcore.model.steps import clamp, either, only_where
from simcore.regulation.ledger import Ledger
from simcore.regulation.participation import VARIABLE, election_label
from simcore.regulation.reader import Entry, Regulation


class TrackTerms(NamedTuple):
    """The terms of a track's contract options, the section of the rules, and the numbers that they rest on."""

    terms: SharingTerms
    section: str
    entries: tuple[Entry, ...]


def track_terms(
    regulation: Regulation, aco: AcoYear, rules: YearRules, *, track: str, msr_election: str = VARIABLE
) -> TrackTerms:
    """Return the terms of one contract option in a performance year.

    Parameters
    ----------
    regulation
        The program's numbers, with the overlays of a contract of one's own.
    aco, rules
        The ACO's year, and what `year_rules` made of it.
    track
        Official name of the track or level.
    msr_election
        ``variable`` or an elected rate such as ``0.01``; a one-sided level has only ``variable``.

    Raises
    ------
    RegulationError
        If the rules hold no number for the track, or the rate cannot be elected there.

    References
    ----------
    42 CFR 425.604-425.606, 425.610; 425.605(h), 425.110(b)(3).
    """
    minimum = _elected_rate(rules, msr_election)
    return _terms(regulation, aco, rules, track=track, elected=ElectedRates((msr_election,), minimum))


class ElectedRates(NamedTuple):
    """Elections, and their minimum savings rates: an axis of elections in front of those of the ACO's year."""

    elections: tuple[str, ...]
    rates: Rate


def elected_rates(rules: YearRules, elections: Sequence[str]) -> ElectedRates:
    """Return the minimum savings rates of `elections` in a year, whatever the track."""
    rates = [_elected_rate(rules, election) for election in elections]
    shape = np.shape(rules.table_rate)
    return ElectedRates(tuple(elections), np.stack([np.broadcast_to(rate, shape) for rate in rates]))


def terms_of_elections(
    regulation: Regulation, aco: AcoYear, rules: YearRules, *, track: str, elected: ElectedRates
) -> TrackTerms:
    """Return the terms of several elections of one track, which differ in the minimum rates alone.

    Arguments and errors are those of `track_terms`; the minimum savings rate, and the minimum loss rate
    of a two-sided contract, have an axis of elections in front.
    """
    return _terms(regulation, aco, rules, track=track, elected=elected)


def _terms(
    regulation: Regulation, aco: AcoYear, rules: YearRules, *, track: str, elected: ElectedRates
) -> TrackTerms:
    """Return the terms of a track, with the minimum savings rates as they are given."""
    ledger = Ledger(
        regulation,
        performance_year=aco.performance_year,
        agreement_start=aco.agreement_start,
        track=track,
        where={"year_in_track": aco.year_in_track},
    )
    maximum_sharing_rate = ledger.number("maximum_sharing_rate")
    final_sharing_rate = maximum_sharing_rate * rules.quality_share
    # 425.605(h): a low-revenue ACO with enough beneficiaries shares savings below the minimum, too.
    shares_below = np.logical_and(aco.low_revenue, np.logical_not(rules.below_minimum))
    reduced_rate = final_sharing_rate * ledger.number("reduced_sharing_factor")
    one_sided = SharingTerms(
        minimum_savings_rate=_open_to(ledger, elected),
        maximum_sharing_rate=maximum_sharing_rate,
        final_sharing_rate=final_sharing_rate,
        reduced_sharing_rate=only_where(shares_below, reduced_rate),
        performance_payment_limit=ledger.number("performance_payment_limit"),
        sequestration=rules.sequestration,
        savings_proration=rules.savings_proration,
    )
    terms = _with_losses(one_sided, ledger, aco, rules=rules)
    fallen_back = not rules.elected_rate_kept and bool(np.any(rules.below_minimum))
    bands = rules.table_bands if VARIABLE in elected.elections or fallen_back else ()
    section = str(ledger.entry("settlement_section").value)
    return TrackTerms(terms, section, (*rules.entries, *bands, *ledger.used))


def _elected_rate(rules: YearRules, msr_election: str) -> Rate:
    """Return the elected rate, or the table's where it is elected or too few beneficiaries ask for it."""
    if msr_election == VARIABLE:
        return rules.table_rate
    if rules.elected_rate_kept:
        return float(msr_election)
    return either(rules.below_minimum, rules.table_rate, float(msr_election))


def _open_to(ledger: Ledger, elected: ElectedRates) -> Rate:
    """Return the minimum savings rates if they may be elected in the track."""
    menu = [election_label(election) for election in ledger.words("minimum_savings_rate_elections")]
    for election in elected.elections:
        if election_label(election) not in menu:
            allowed = ", ".join(menu)
            raise RegulationError(
                "msr_election", f"{election!r} is not open to {ledger.track}; allowed: {allowed}"
            )
    return elected.rates


def _with_losses(one_sided: SharingTerms, ledger: Ledger, aco: AcoYear, *, rules: YearRules) -> SharingTerms:
    """Add what a two-sided contract owes; a one-sided one stays as it is."""
    rule = ledger.word("loss_rule", ("none", "fixed", "quality"))
    if rule == "none":
        return one_sided
    if rule == "fixed":
        final_loss_rate: Rate = ledger.number("fixed_loss_rate")
    else:
        final_loss_rate = clamp(
            1.0 - one_sided.maximum_sharing_rate * rules.loss_quality,
            ledger.number("lowest_final_loss_rate"),
            ledger.number("highest_final_loss_rate"),
        )
    losses = replace(
        one_sided,
        minimum_loss_rate=one_sided.minimum_savings_rate,
        final_loss_rate=final_loss_rate,
        benchmark_loss_limit=ledger.number("loss_limit_of_benchmark"),
        disaster_share=rules.disaster_share,
        disaster_relief=rules.disaster_relief,
        loss_proration=rules.loss_proration,
    )
    limit_rule = ledger.word("loss_limit_rule", ("benchmark", "lesser of revenue and benchmark"))
    if limit_rule == "benchmark" or aco.participant_revenue is None:
        return losses
    return replace(
        losses, revenue_loss_limit=ledger.number("loss_limit_of_revenue") * aco.participant_revenue
    )
