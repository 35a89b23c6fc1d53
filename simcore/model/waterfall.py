"""Tell one settlement line by line: each amount, and the rule that it comes from."""

from math import isfinite
from typing import Final, NamedTuple

from simcore.model.settlement import Settlement
from simcore.model.terms import TrackTerms
from simcore.regulation.reader import Entry


class Step(NamedTuple):
    """One line of a settlement: ``unit`` is ``USD``, ``1`` for a fraction, or ``bool``."""

    step: str
    value: float | bool
    unit: str
    citation: str
    unverified: bool


def settlement_steps(settlement: Settlement, contract: TrackTerms) -> list[Step]:
    """Return the lines of a single settlement, in the regulation's order.

    Parameters
    ----------
    settlement
        Numbers, not arrays.
    contract
        The terms that it was settled under, and the numbers of the rules behind them.

    Returns
    -------
    list of Step
        Losses are there for a two-sided contract only.
    """
    source = _Source(contract)
    steps = [*_benchmark_steps(settlement, source), *_savings_steps(settlement, contract, source)]
    if isfinite(float(contract.terms.minimum_loss_rate)):
        steps += _loss_steps(settlement, contract, source)
    steps.append(source.money("Net settlement", settlement.net_settlement, "settlement_section"))
    return steps


def recoupment_steps(earned: float, recouped: float, balance: float, *, entry: Entry) -> list[Step]:
    """Return the lines of an advance that is taken out of the payment; what was earned stays earned."""
    amounts = (
        ("Balance of advance investment payments", balance),
        ("Recouped from the payment", recouped),
        ("Balance after recoupment", balance - recouped),
        ("Payment after recoupment", earned - recouped),
    )
    return [Step(name, amount, "USD", entry.citation, entry.unverified) for name, amount in amounts]


class _Source:
    """Makes lines, each with the citation of the numbers of the rules that it names."""

    def __init__(self, contract: TrackTerms) -> None:
        self._entries: dict[str, list[Entry]] = {}
        for entry in contract.entries:
            self._entries.setdefault(entry.name, []).append(entry)

    def has(self, name: str) -> bool:
        """Say whether the settlement rests on the number `name`."""
        return name in self._entries

    def money(self, step: str, value: object, *names: str) -> Step:
        """Return a line in USD."""
        return self._step(step, float(value), "USD", names)  # type: ignore[arg-type]

    def rate(self, step: str, value: object, *names: str) -> Step:
        """Return a line with a fraction."""
        return self._step(step, float(value), "1", names)  # type: ignore[arg-type]

    def flag(self, step: str, value: object, *names: str) -> Step:
        """Return a line that is true or false."""
        return self._step(step, bool(value), "bool", names)

    def _step(self, step: str, value: float | bool, unit: str, names: tuple[str, ...]) -> Step:
        entries = [entry for name in names for entry in self._entries.get(name, [])]
        citations = dict.fromkeys(entry.citation for entry in entries)
        return Step(step, value, unit, "; ".join(citations), any(entry.unverified for entry in entries))


def _benchmark_steps(settlement: Settlement, source: _Source) -> list[Step]:
    section = "settlement_section"
    expenditures = settlement.updated_benchmark - settlement.gross_savings
    steps = [
        source.money("Updated benchmark", settlement.updated_benchmark, section),
        source.money("Performance year expenditures", expenditures, section),
        source.money("Gross savings", settlement.gross_savings, section),
        source.rate("Savings rate", settlement.savings_rate, section),
    ]
    if bool(settlement.guardrail_applies):
        guardrail = Step("Guardrail: two-way benchmark used", True, "bool", "42 CFR 425.652(b)(5)", False)
        steps.insert(0, guardrail)
    return steps


def _savings_steps(settlement: Settlement, contract: TrackTerms, source: _Source) -> list[Step]:
    by_table = source.has("minimum_savings_rate_band")
    minimum = "minimum_savings_rate_band" if by_table else "minimum_savings_rate_elections"
    quality = ["quality_rule"] + ["reduced_sharing_factor"] * bool(settlement.reduced_sharing)
    limit, section, terms = "performance_payment_limit", "settlement_section", contract.terms
    steps = [
        source.rate("Minimum savings rate", settlement.minimum_savings_rate, minimum),
        source.flag("Savings meet the minimum savings rate", settlement.msr_met, section),
        source.rate("Maximum sharing rate", settlement.maximum_sharing_rate, "maximum_sharing_rate"),
        source.rate("Final sharing rate", settlement.final_sharing_rate, *quality),
        source.money(
            "Shared savings before sequestration", settlement.shared_savings_before_sequestration, section
        ),
        source.rate("Sequestration", terms.sequestration, "sequestration"),
        source.money("Shared savings before the limit", settlement.shared_savings_before_limit, section),
        source.money("Performance payment limit", settlement.performance_payment_limit, limit),
        source.flag("Performance payment limit binds", settlement.payment_limit_binds, limit),
    ]
    if terms.savings_proration != 1.0:
        steps.append(source.rate("Part of the savings paid", terms.savings_proration, *_PART_OF_YEAR))
    return [*steps, source.money("Earned shared savings", settlement.earned_shared_savings, limit)]


def _loss_steps(settlement: Settlement, contract: TrackTerms, source: _Source) -> list[Step]:
    section, terms = "settlement_section", contract.terms
    fixed = source.has("fixed_loss_rate")
    rate_rule = ("fixed_loss_rate",) if fixed else ("lowest_final_loss_rate", "quality_rule")
    by_revenue = bool(
        settlement.loss_recoupment_limit < terms.benchmark_loss_limit * settlement.updated_benchmark
    )
    limit = "loss_limit_of_revenue" if by_revenue else "loss_limit_of_benchmark"
    steps = [
        source.flag("Losses meet the minimum loss rate", settlement.mlr_met, section),
        source.rate("Final loss rate", settlement.final_loss_rate, *rate_rule),
        source.money("Shared losses before the limit", settlement.shared_losses_before_limit, section),
        source.money("Loss recoupment limit", settlement.loss_recoupment_limit, limit),
        source.flag("Loss recoupment limit binds", settlement.loss_limit_binds, limit),
        source.money("Relief for a disaster", settlement.disaster_relief, "disaster_relief_of_losses"),
    ]
    if terms.loss_proration != 1.0:
        steps.append(source.rate("Part of the losses owed", terms.loss_proration, *_PART_OF_YEAR))
    return [*steps, source.money("Owed shared losses", settlement.owed_shared_losses, section)]


_PART_OF_YEAR: Final = ("months_in_year", "termination_day_with_savings", "termination_losses_owed")
