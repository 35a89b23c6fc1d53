"""Compute one settlement from its input, and round it for people."""

from __future__ import annotations

from dataclasses import dataclass

from simcore.cli.settle_input import SettlementInput
from simcore.model.aco_year import year_rules
from simcore.model.settlement import Settlement, settle
from simcore.model.steps import recouped, round_half_away
from simcore.model.terms import TrackTerms, track_terms
from simcore.model.waterfall import Step, recoupment_steps, settlement_steps
from simcore.regulation.ledger import unverified
from simcore.regulation.reader import Regulation


@dataclass(frozen=True, slots=True)
class Outcome:
    """A settlement, its lines, and what its reader should know about it."""

    title: str
    settlement: Settlement
    steps: tuple[Step, ...]
    notes: tuple[str, ...]


def settle_input(case: SettlementInput, regulation: Regulation) -> Outcome:
    """Settle `case` by the rules, and tell it line by line."""
    rules = year_rules(regulation, case.aco)
    contract = track_terms(regulation, case.aco, rules, track=case.track, msr_election=case.msr_election)
    settlement = settle(
        case.benchmark, case.expenditures, contract.terms, two_way_benchmark=case.two_way_benchmark
    )
    steps = settlement_steps(settlement, contract)
    if case.aip_balance:
        steps += _recoupment(case, settlement, regulation)
    aco = case.aco
    title = f"{case.track}, performance year {aco.performance_year}, agreement from {aco.agreement_start}"
    return Outcome(title, settlement, tuple(steps), (*case.notes, *_unverified(contract)))


def rounded_results(settlement: Settlement, *, decimals: int) -> dict[str, float]:
    """Return what a settlement comes to, money rounded half away from zero and rates as they are."""
    earned = round_half_away(settlement.earned_shared_savings, decimals=decimals)
    owed = round_half_away(settlement.owed_shared_losses, decimals=decimals)
    return {
        "savings_rate": float(settlement.savings_rate),
        "minimum_savings_rate": float(settlement.minimum_savings_rate),
        "final_sharing_rate": float(settlement.final_sharing_rate),
        "final_loss_rate": float(settlement.final_loss_rate),
        "earned_shared_savings": float(earned),
        "owed_shared_losses": float(owed),
        "net_settlement": float(round_half_away(earned - owed, decimals=decimals)),
    }


def rounded_value(step: Step, *, decimals: int) -> float | bool:
    """Return a line's value, rounded if it is money."""
    return float(round_half_away(step.value, decimals=decimals)) if step.unit == "USD" else step.value


def _recoupment(case: SettlementInput, settlement: Settlement, regulation: Regulation) -> list[Step]:
    """Return the lines of the advance investment payments that are taken out of the payment."""
    share = regulation.entry("advance_investment_recoupment_share", agreement_start=case.aco.agreement_start)
    earned, balance = float(settlement.earned_shared_savings), case.aip_balance or 0.0
    taken = float(recouped(earned * float(str(share.value)), balance))
    return recoupment_steps(earned, taken, balance, entry=share)


def _unverified(contract: TrackTerms) -> tuple[str, ...]:
    """Return a note for each number behind a settlement that nobody has read in its source."""
    return unverified(list({id(entry): entry for entry in contract.entries}.values()))
