"""Name every term that a risk contract may have; a contract is the terms it has in one performance year."""

from dataclasses import dataclass
from math import inf
from typing import Literal, NamedTuple, TypeAlias

from simcore.model.arrays import Rate

QualityRuleKind: TypeAlias = Literal["none", "times_q", "cost_quality_split", "table", "one_minus_rate_q"]
EarnedBy: TypeAlias = Literal["linear", "gate"]
SequestrationBase: TypeAlias = Literal["shared", "gross"]


class Band(NamedTuple):
    """One band of a corridor: the rate at which what lies in it is shared.

    ``upper`` is the band's upper end as a fraction of the benchmark; the lower end is the upper end of
    the band before it. Like tax brackets, a rate holds for the part inside its band only.
    """

    upper: float
    rate: float


@dataclass(frozen=True, slots=True)
class QualityRule:
    """How the quality score acts on the share of savings or of losses.

    Attributes
    ----------
    kind
        ``none``; ``times_q``: the share times the score; ``cost_quality_split``: a part of the share is
        certain, the rest times the score; ``table``: the share times a step function of the score;
        ``one_minus_rate_q``, for losses: one less the sharing rate times the score.
    certain_share
        The certain part under ``cost_quality_split``.
    steps
        Under ``table`` the pairs (least score, multiplier), rising in the score.
    """

    kind: QualityRuleKind = "none"
    certain_share: float = 1.0
    steps: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class StopLoss:
    """Protection against single costly people.

    ``attachments`` are amounts per person, USD, rising; ``shares`` are the parts paid of what lies
    between each and the next.
    """

    attachments: tuple[float, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What one contract says for one performance year, in the order in which it is settled.

    Fractions of the benchmark unless said. A rate may be an array that broadcasts against the
    benchmark. The defaults are those of a contract without the term.

    Attributes
    ----------
    target_loss_ratio
        Part of a premium that is the target of medical expenditures, in contracts on a premium.
    discount, benchmark_addition, retention_withhold
        Taken off the benchmark, put on it, and held back from it; they add up.
    quality_withhold
        Held back from the benchmark and earned back by quality.
    quality_earned_by, quality_gate, reporting_share
        ``linear``: earned back in proportion to the score; ``gate``: in full from the score
        ``quality_gate``. ``reporting_share`` is the part of the score that complete reporting earns.
    equity_adjustment
        Whether an amount for health equity, in dollars, is added to the benchmark.
    minimum_savings_rate, minimum_loss_rate, strict_minimum
        The gates. With ``strict_minimum`` savings must exceed the minimum; else reaching it is enough.
    sharing_threshold
        Savings and losses are shared above this only; zero where sharing starts at the first dollar.
    loss_carry_forward
        Whether losses are not owed but reduce what is shared in later years.
    savings_bands, loss_bands
        The corridor. Without loss bands the contract is one-sided.
    savings_quality, loss_quality
        How quality acts on the rates.
    gross_savings_limit, gross_loss_limit
        Limits before sharing.
    shared_savings_limit, shared_loss_limit
        Limits after sharing, before sequestration.
    sequestration, sequestration_on_losses, sequestration_base
        Cut of what is paid, a fraction of the shared amount or of the ``gross`` savings. On losses it
        adds to what is owed.
    payment_withhold
        Part of the payment that is paid later.
    truncation_percentile
        Percentile at which a person's expenditures are cut; None where they are not.
    stop_loss
        Protection elected, if any.
    """

    savings_bands: tuple[Band, ...]
    loss_bands: tuple[Band, ...] = ()
    target_loss_ratio: float = 1.0
    discount: Rate = 0.0
    benchmark_addition: Rate = 0.0
    retention_withhold: Rate = 0.0
    quality_withhold: Rate = 0.0
    quality_earned_by: EarnedBy = "linear"
    quality_gate: float = 0.0
    reporting_share: float = 0.0
    equity_adjustment: bool = False
    minimum_savings_rate: Rate = 0.0
    minimum_loss_rate: Rate = 0.0
    strict_minimum: bool = False
    sharing_threshold: Rate = 0.0
    loss_carry_forward: bool = False
    savings_quality: QualityRule = QualityRule()
    loss_quality: QualityRule = QualityRule()
    gross_savings_limit: float = inf
    gross_loss_limit: float = inf
    shared_savings_limit: float = inf
    shared_loss_limit: float = inf
    sequestration: Rate = 0.0
    sequestration_on_losses: bool = False
    sequestration_base: SequestrationBase = "shared"
    payment_withhold: float = 0.0
    truncation_percentile: float | None = None
    stop_loss: StopLoss | None = None

    @property
    def two_sided(self) -> bool:
        """Whether losses are owed."""
        return bool(self.loss_bands)
