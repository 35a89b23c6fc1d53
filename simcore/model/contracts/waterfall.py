"""Tell one contract year line by line, in the order in which it is settled, each line with its source."""

from collections.abc import Mapping
from math import isfinite
from typing import NamedTuple

from simcore.model.contracts.contract_year import ContractSteps, contract_steps
from simcore.model.contracts.in_force import Note, contract_terms
from simcore.model.contracts.settlement import as_settlement
from simcore.model.contracts.terms import ContractTerms
from simcore.model.settlement import Settlement
from simcore.model.waterfall import Step
from simcore.regulation.presets import Presets


class ContractOutcome(NamedTuple):
    """One settlement, its lines, and what its reader should know about it."""

    settlement: Settlement
    steps: list[Step]
    notes: tuple[Note, ...]


def settle_one(
    contract: str | Mapping[str, object],
    benchmark: float,
    expenditures: float,
    presets: Presets,
    *,
    performance_year: int,
    quality: float = 1.0,
    equity_adjustment: float = 0.0,
    carried_losses: float = 0.0,
    label: str = "",
) -> ContractOutcome:
    """Settle one performance year under a contract, line by line.

    Parameters
    ----------
    contract
        A label such as ``NGACO-A cap=0.10``, or a contract as it is written in a scenario.
    benchmark
        Benchmark before the contract's own adjustments, USD.
    expenditures
        Performance year expenditures, USD.
    presets
        The presets, with the user's overlays.
    performance_year
        The calendar year.
    quality, equity_adjustment, carried_losses
        As for `contract_steps`.
    label
        What the contract is called in notes.

    Raises
    ------
    ScenarioError, RegulationError
        If the contract cannot be read or is unknown.
    """
    terms, notes = contract_terms(contract, performance_year, presets, label=label)
    done = contract_steps(
        benchmark,
        expenditures,
        terms,
        quality=quality,
        equity_adjustment=equity_adjustment,
        carried_losses=carried_losses,
    )
    settlement = as_settlement(done, terms, quality=quality)
    return ContractOutcome(settlement, contract_lines(done, settlement, terms, notes), notes)


def contract_lines(
    done: ContractSteps, settlement: Settlement, terms: ContractTerms, notes: tuple[Note, ...]
) -> list[Step]:
    """Return the lines of a single contract year; a term that the contract does not have has none.

    Parameters
    ----------
    done, settlement
        Numbers, not arrays.
    terms
        What it was settled under.
    notes
        The notes of the terms, from which a line has its source.
    """
    lines = _Lines(notes)
    benchmark = float(done.benchmark)
    lines.money("Benchmark", benchmark)
    for term, name, part in (
        ("benchmark_addition", "Addition", terms.benchmark_addition),
        ("discount", "Discount", -terms.discount),
        ("retention_withhold", "Retention withhold", -terms.retention_withhold),
    ):
        if part:
            lines.money(name, float(part) * benchmark, term)
    if terms.quality_withhold:
        withheld = float(done.adjusted_benchmark) - benchmark * float(
            1.0 + terms.benchmark_addition - terms.discount - terms.retention_withhold
        )
        lines.money("Quality withhold not earned back", withheld, "quality_withhold")
    if terms.equity_adjustment:
        equity = float(done.updated_benchmark) - float(done.adjusted_benchmark)
        lines.money("Equity adjustment", equity, "equity_adjustment")
    lines.money("Updated benchmark", done.updated_benchmark)
    lines.money("Performance year expenditures", done.net_expenditures)
    lines.money("Gross savings", done.gross_savings, "sharing_base")
    lines.rate("Savings rate", done.savings_rate)
    if done.gross_savings >= 0.0:
        _savings_lines(lines, done, settlement, terms)
    else:
        _loss_lines(lines, done, settlement, terms)
    lines.money("Net settlement", settlement.net_settlement)
    return lines.steps


def _savings_lines(
    lines: "_Lines", done: ContractSteps, settlement: Settlement, terms: ContractTerms
) -> None:
    """Add what becomes of savings."""
    if terms.minimum_savings_rate:
        name = "Savings exceed" if terms.strict_minimum else "Savings meet"
        lines.rate("Minimum savings rate", terms.minimum_savings_rate, "msr")
        lines.flag(f"{name} the minimum savings rate", done.msr_met, "msr")
    if terms.sharing_threshold:
        lines.money("Savings above the threshold", done.savings, "threshold")
    if terms.loss_carry_forward:
        lines.money("Savings after losses of earlier years", done.savings_to_share, "loss_carry_forward")
    if isfinite(terms.gross_savings_limit):
        lines.money("Savings after the limit before sharing", done.limited_savings, "cap_gross")
        lines.flag("The limit before sharing binds", settlement.payment_limit_binds, "cap_gross")
    lines.rate("Final sharing rate", settlement.final_sharing_rate, "bands_savings", "quality_rate")
    if isfinite(terms.shared_savings_limit):
        lines.money("Shared savings before the limit", settlement.shared_savings_before_sequestration)
        limit = terms.shared_savings_limit * float(done.updated_benchmark)
        lines.money("Limit of shared savings", limit, "cap_shared")
        lines.flag("The limit binds", settlement.payment_limit_binds, "cap_shared")
    lines.money("Shared savings", done.shared_savings, "bands_savings")
    if terms.sequestration:
        cut = float(done.earned_shared_savings) - float(done.shared_savings)
        lines.money("Sequestration", cut, "sequestration")
    lines.money("Earned shared savings", done.earned_shared_savings)
    if terms.payment_withhold:
        lines.money("Of which paid later", done.withheld_payment, "payment_withhold")


def _loss_lines(lines: "_Lines", done: ContractSteps, settlement: Settlement, terms: ContractTerms) -> None:
    """Add what becomes of losses."""
    if not terms.two_sided:
        lines.flag("Losses are owed", False, "bands_losses")
        if terms.loss_carry_forward:
            lines.money("Losses carried to later years", done.carried_losses, "loss_carry_forward")
        return
    if terms.minimum_loss_rate:
        lines.rate("Minimum loss rate", terms.minimum_loss_rate, "mlr")
        lines.flag("Losses meet the minimum loss rate", done.mlr_met, "mlr")
    if isfinite(terms.gross_loss_limit):
        lines.money("Losses after the limit before sharing", done.limited_losses, "cap_gross")
        lines.flag("The limit before sharing binds", settlement.loss_limit_binds, "cap_gross")
    lines.rate("Final loss rate", settlement.final_loss_rate, "bands_losses", "quality_rate")
    if isfinite(terms.shared_loss_limit):
        limit = terms.shared_loss_limit * float(done.updated_benchmark)
        lines.money("Limit of shared losses", limit, "cap_shared")
        lines.flag("The limit binds", settlement.loss_limit_binds, "cap_shared")
    lines.money("Shared losses", done.shared_losses, "bands_losses")
    if terms.sequestration_on_losses:
        added = float(done.owed_shared_losses) - float(done.shared_losses)
        lines.money("Sequestration", added, "sequestration")
    lines.money("Owed shared losses", done.owed_shared_losses)


class _Lines:
    """Gathers lines, each with the sources of the terms that it rests on."""

    def __init__(self, notes: tuple[Note, ...]) -> None:
        self.steps: list[Step] = []
        self._notes = {note.term: note for note in notes if note.term}

    def money(self, step: str, value: object, *terms: str) -> None:
        """Add a line in USD."""
        self._add(step, float(value), "USD", terms)  # type: ignore[arg-type]

    def rate(self, step: str, value: object, *terms: str) -> None:
        """Add a line with a fraction."""
        self._add(step, float(value), "1", terms)  # type: ignore[arg-type]

    def flag(self, step: str, value: object, *terms: str) -> None:
        """Add a line that is true or false."""
        self._add(step, bool(value), "bool", terms)

    def _add(self, step: str, value: float | bool, unit: str, terms: tuple[str, ...]) -> None:
        notes = [self._notes[term] for term in terms if term in self._notes]
        sources = dict.fromkeys(note.source for note in notes)
        unverified = any(note.kind == "unverified" for note in notes)
        self.steps.append(Step(step, value, unit, "; ".join(sources), unverified))
