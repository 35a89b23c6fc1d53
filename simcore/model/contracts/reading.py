"""Turn the written terms of a contract into `ContractTerms`, or tell all that is wrong with them."""

from collections.abc import Mapping
from dataclasses import replace
from math import inf, isnan
from typing import Final

from simcore.model.contracts.fields import FieldReader
from simcore.model.contracts.terms import (
    Band,
    ContractTerms,
    EarnedBy,
    QualityRule,
    QualityRuleKind,
    SequestrationBase,
    StopLoss,
)

Written = Mapping[str, object]

PRINCIPAL: Final = {
    "target": "mlr",
    "quality_withhold": "rate",
    "msr": "value",
    "mlr": "value",
    "sequestration": "rate",
    "truncation": "percentile",
}
"""Terms that are tables, and the key that a bare number stands for."""

_SAVINGS_RULES: Final[tuple[QualityRuleKind, ...]] = ("none", "times_q", "cost_quality_split", "table")
_LOSS_RULES: Final[tuple[QualityRuleKind, ...]] = ("none", "one_minus_rate_q", "times_q", "table")
_EARNED_BY: Final[tuple[EarnedBy, ...]] = ("linear", "gate")
_SEQUESTRATION_BASES: Final[tuple[SequestrationBase, ...]] = ("shared", "gross")


def merged(base: object, change: object) -> object:
    """Return a term with a change laid over it: key by key where both are tables."""
    if isinstance(base, dict) and isinstance(change, dict):
        return {**base, **change}
    return change


def expanded(name: str, value: object) -> object:
    """Return a term's table where a bare number was written for it."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if name in PRINCIPAL:
        return {PRINCIPAL[name]: value}
    if name in ("cap_gross", "cap_shared"):
        return {"savings": value, "losses": value}
    return [[inf, value]] if name in ("bands_savings", "bands_losses") else value


def read_terms(written: Written) -> tuple[ContractTerms | None, list[str]]:
    """Return the terms of a contract year, or one sentence for each problem.

    Parameters
    ----------
    written
        Terms by name, in the form that presets and scenarios have; an absent one is not in the
        contract. Without bands all savings are shared, and losses as savings.
    """
    reader = FieldReader({name: expanded(name, value) for name, value in written.items()})
    bands = _bands(reader, "bands_savings", [[inf, 1.0]])
    same = reader.values.get("bands_losses", "same") == "same"
    loss_bands = bands if same else _bands(reader, "bands_losses", [])
    truncation = reader.table("truncation", ("percentile",))
    savings_quality, loss_quality = _quality_rules(reader)
    base = reader.word("sharing_base", ("first_dollar", "above_threshold"))
    threshold = reader.number("threshold", 0.0, lowest=0.0, highest=1.0)
    if (base == "above_threshold") != (threshold > 0.0):
        reader.problem("threshold", f"is {threshold:g}; above_threshold needs one, first_dollar has none")
    carries = reader.flag("loss_carry_forward")
    if carries and loss_bands:
        reader.problem("loss_carry_forward", "losses that are repaid are not carried; give bands_losses = []")
    if loss_quality.kind == "one_minus_rate_q" and not loss_bands:
        reader.problem("quality_rate.losses", "'one_minus_rate_q' needs bands_losses")
    terms = ContractTerms(
        savings_bands=bands,
        loss_bands=loss_bands,
        sharing_threshold=threshold,
        loss_carry_forward=carries,
        savings_quality=savings_quality,
        loss_quality=loss_quality,
        equity_adjustment=reader.flag("equity_adjustment"),
        payment_withhold=reader.number("payment_withhold", 0.0, lowest=0.0, highest=1.0),
        truncation_percentile=(
            truncation.number("percentile", 0.99, lowest=0.5, highest=1.0) if truncation.values else None
        ),
        stop_loss=_stop_loss(reader),
    )
    terms = _with_gates_and_limits(_with_benchmark_terms(terms, reader), reader)
    taken = terms.discount + terms.quality_withhold + terms.retention_withhold - terms.benchmark_addition
    if taken >= 1.0:
        reader.problem("discount", f"with the withholds takes {taken:g} of the benchmark; allowed: below 1")
    return (None if reader.problems else terms), reader.problems


def _with_benchmark_terms(terms: ContractTerms, reader: FieldReader) -> ContractTerms:
    """Add what changes the benchmark."""
    target = reader.table("target", ("kind", "mlr"))
    target.word("kind", ("premium_times_mlr",))
    withhold = reader.table("quality_withhold", ("rate", "earn", "gate", "reporting_share"))
    earned_by = withhold.word("earn", _EARNED_BY)
    if earned_by == "gate" and "gate" not in withhold.values:
        withhold.problem("gate", 'is missing; earn = "gate" needs the least score that earns the withhold')
    return replace(
        terms,
        target_loss_ratio=target.number("mlr", 1.0, lowest=0.0, highest=2.0),
        discount=reader.number("discount", 0.0, lowest=-0.5, highest=0.5),
        benchmark_addition=reader.number("benchmark_addition", 0.0, lowest=-0.5, highest=0.5),
        retention_withhold=reader.number("retention_withhold", 0.0, lowest=0.0, highest=0.5),
        quality_withhold=withhold.number("rate", 0.0, lowest=0.0, highest=0.5),
        quality_earned_by=earned_by,
        quality_gate=withhold.number("gate", 0.0, lowest=0.0, highest=1.0),
        reporting_share=withhold.number("reporting_share", 0.0, lowest=0.0, highest=1.0),
    )


def _with_gates_and_limits(terms: ContractTerms, reader: FieldReader) -> ContractTerms:
    """Add the gates, the limits on both sides of sharing, and sequestration."""
    minimum = reader.table("msr", ("value", "strict"))
    loss_minimum = reader.table("mlr", ("value",))
    gross, shared = (reader.table(name, ("savings", "losses")) for name in ("cap_gross", "cap_shared"))
    cut = reader.table("sequestration", ("rate", "on_losses", "base"))
    return replace(
        terms,
        minimum_savings_rate=minimum.number("value", 0.0, lowest=0.0, highest=1.0),
        strict_minimum=minimum.flag("strict"),
        minimum_loss_rate=loss_minimum.number("value", 0.0, lowest=0.0, highest=1.0),
        gross_savings_limit=gross.number("savings", inf, lowest=0.0, highest=1.0),
        gross_loss_limit=gross.number("losses", inf, lowest=0.0, highest=1.0),
        shared_savings_limit=shared.number("savings", inf, lowest=0.0, highest=1.0),
        shared_loss_limit=shared.number("losses", inf, lowest=0.0, highest=1.0),
        sequestration=cut.number("rate", 0.0, lowest=0.0, highest=1.0),
        sequestration_on_losses=cut.flag("on_losses"),
        sequestration_base=cut.word("base", _SEQUESTRATION_BASES),
    )


def _bands(reader: FieldReader, name: str, default: list[object]) -> tuple[Band, ...]:
    """Read a corridor: pairs of an upper end and a rate, the ends rising."""
    pairs = reader.pairs(name, default)
    uppers = [upper for upper, _ in pairs]
    if any(not low < high for low, high in zip([0.0, *uppers], uppers, strict=False)):
        reader.problem(name, f"the upper ends {uppers} do not rise from above 0")
    if any(isnan(rate) or not 0.0 <= rate <= 1.0 for _, rate in pairs):
        reader.problem(name, f"the rates {[rate for _, rate in pairs]} do not all lie within 0 and 1")
    return tuple(Band(upper, rate) for upper, rate in pairs)


def _quality_rules(reader: FieldReader) -> tuple[QualityRule, QualityRule]:
    """Read how quality acts on the share of savings and of losses."""
    table = reader.table("quality_rate", ("savings", "losses", "split", "table", "table_losses"))
    kinds = (table.word("savings", _SAVINGS_RULES), table.word("losses", _LOSS_RULES))
    certain, varying = table.pair("split", (1.0, 0.0))
    if abs(certain + varying - 1.0) > 1e-9 or min(certain, varying) < 0.0:
        table.problem("split", f"{certain:g} and {varying:g} are no two parts of 1")
    if "cost_quality_split" in kinds and "split" not in table.values:
        table.problem("split", 'is missing; "cost_quality_split" needs the certain and the varying part')
    rules = []
    for kind, key in zip(kinds, ("table", "table_losses"), strict=True):
        steps = tuple(table.pairs(key, [])) if kind == "table" else ()
        scores = [score for score, _ in steps]
        if kind == "table" and (not steps or scores != sorted(set(scores))):
            table.problem(key, f"{list(steps)} is no list of [least score, multiplier], rising in the score")
        rules.append(QualityRule(kind, certain, steps))
    return rules[0], rules[1]


def _stop_loss(reader: FieldReader) -> StopLoss | None:
    """Read the stop-loss, if it is elected."""
    table = reader.table("stop_loss", ("elect", "attachment", "share"))
    attachments, shares = table.numbers("attachment"), table.numbers("share")
    if not table.flag("elect"):
        return None
    if not attachments or len(attachments) != len(shares) or list(attachments) != sorted(set(attachments)):
        table.problem("attachment", "needs rising amounts, USD a person, and as many shares")
    return StopLoss(attachments, shares)
