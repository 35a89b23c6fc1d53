"""Turn the rules and an ACO's performance year into the terms of one contract option."""

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
    """The terms of one contract option, the section of the rules, and the numbers that they rest on."""

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
        minimum_savings_rate=_minimum_savings_rate(ledger, rules, msr_election),
        maximum_sharing_rate=maximum_sharing_rate,
        final_sharing_rate=final_sharing_rate,
        reduced_sharing_rate=only_where(shares_below, reduced_rate),
        performance_payment_limit=ledger.number("performance_payment_limit"),
        sequestration=rules.sequestration,
        savings_proration=rules.savings_proration,
    )
    terms = _with_losses(one_sided, ledger, aco, rules=rules)
    by_table = msr_election == VARIABLE or (not rules.elected_rate_kept and bool(np.any(rules.below_minimum)))
    bands = rules.table_bands if by_table else ()
    section = str(ledger.entry("settlement_section").value)
    return TrackTerms(terms, section, (*rules.entries, *bands, *ledger.used))


def _minimum_savings_rate(ledger: Ledger, rules: YearRules, msr_election: str) -> Rate:
    """Return the elected rate, or the table's where it is elected or too few beneficiaries ask for it."""
    menu = [election_label(election) for election in ledger.words("minimum_savings_rate_elections")]
    election = election_label(msr_election)
    if election not in menu:
        allowed = ", ".join(menu)
        raise RegulationError(
            "msr_election", f"{msr_election!r} is not open to {ledger.track}; allowed: {allowed}"
        )
    if election == VARIABLE:
        return rules.table_rate
    if rules.elected_rate_kept:
        return float(election)
    return either(rules.below_minimum, rules.table_rate, float(election))


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
