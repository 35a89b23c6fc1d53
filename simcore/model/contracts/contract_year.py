"""Settle one performance year of any contract: its terms, one after the other, in one stated order."""

from typing import NamedTuple

import numpy as np

from simcore.model.arrays import Rate
from simcore.model.contracts import steps
from simcore.model.contracts.terms import ContractTerms
from simcore.model.steps import Flag, exceeds, limited, meets_minimum, only_where, savings_rate


class ContractSteps(NamedTuple):
    """Every step of one contract year, money in USD, losses as positive numbers.

    Attributes
    ----------
    benchmark, expenditures
        As handed in.
    adjusted_benchmark, updated_benchmark
        After discount and withholds; and after the equity adjustment, against which all is measured.
    net_expenditures
        After stop-loss.
    gross_savings, savings_rate
        Of the updated benchmark and the net expenditures.
    msr_met, mlr_met
        The gates.
    savings, losses
        Past gate and threshold, before carried losses.
    savings_to_share, limited_savings, limited_losses
        After carried losses; and after the limits before sharing.
    shared_savings, shared_losses
        The ACO's share after the limits after sharing.
    earned_shared_savings, owed_shared_losses
        After sequestration.
    withheld_payment
        The part of the earned savings that is paid later.
    carried_losses
        Losses that the next year inherits.
    """

    benchmark: Rate
    expenditures: Rate
    adjusted_benchmark: Rate
    updated_benchmark: Rate
    net_expenditures: Rate
    gross_savings: Rate
    savings_rate: Rate
    msr_met: Flag
    mlr_met: Flag
    savings: Rate
    losses: Rate
    savings_to_share: Rate
    limited_savings: Rate
    limited_losses: Rate
    shared_savings: Rate
    shared_losses: Rate
    earned_shared_savings: Rate
    owed_shared_losses: Rate
    withheld_payment: Rate
    carried_losses: Rate


def contract_steps(
    benchmark: Rate,
    expenditures: Rate,
    terms: ContractTerms,
    *,
    quality: Rate = 1.0,
    equity_adjustment: Rate = 0.0,
    carried_losses: Rate = 0.0,
    stop_loss_payout: Rate = 0.0,
    stop_loss_charge: Rate = 0.0,
) -> ContractSteps:
    """Settle one performance year and return every step.

    Parameters
    ----------
    benchmark
        Benchmark before the contract's own adjustments, USD, a number or an array.
    expenditures
        Expenditures of the year, truncated if the contract truncates, USD, broadcast against it.
    terms
        The contract's terms for that year.
    quality
        Quality score, a fraction.
    equity_adjustment
        Amount for health equity, USD, of either sign; without effect where the contract has none.
    carried_losses
        Losses inherited from earlier years, USD; without effect where the contract carries none.
    stop_loss_payout, stop_loss_charge
        What stop-loss pays and charges, USD.

    Raises
    ------
    ValueError
        If a benchmark is not positive after the contract's adjustments.
    """
    adjusted = steps.adjusted_benchmark(benchmark, terms, quality)
    updated = adjusted + equity_adjustment if terms.equity_adjustment else adjusted
    if not np.all(exceeds(updated, 0.0)):
        raise ValueError("a benchmark is not positive")
    net_expenditures = steps.net_of_stop_loss(expenditures, stop_loss_payout, stop_loss_charge)
    gross_savings = updated - net_expenditures
    rate = savings_rate(updated, net_expenditures)

    minimum_met = exceeds if terms.strict_minimum else meets_minimum
    msr_met = minimum_met(rate, terms.minimum_savings_rate)
    loss_counts = meets_minimum(-rate, terms.minimum_loss_rate)
    savings = only_where(msr_met, steps.above_threshold(gross_savings, updated, terms.sharing_threshold))
    losses = only_where(loss_counts, steps.above_threshold(-gross_savings, updated, terms.sharing_threshold))
    carried = carried_losses if terms.loss_carry_forward else 0.0
    to_share = np.maximum(savings - carried, 0.0)

    # Two kinds of limit: Next Generation's holds before sharing, all others after it.
    limited_savings = limited(to_share, terms.gross_savings_limit * updated)
    limited_losses = limited(losses, terms.gross_loss_limit * updated)
    shared_savings = limited(
        steps.shared_savings(limited_savings, updated, terms, quality=quality),
        terms.shared_savings_limit * updated,
    )
    shared_losses = limited(
        steps.shared_losses(limited_losses, updated, terms, quality=quality),
        terms.shared_loss_limit * updated,
    )
    earned = steps.sequestered_savings(shared_savings, gross_savings, terms)
    return ContractSteps(
        benchmark=benchmark,
        expenditures=expenditures,
        adjusted_benchmark=adjusted,
        updated_benchmark=updated,
        net_expenditures=net_expenditures,
        gross_savings=gross_savings,
        savings_rate=rate,
        msr_met=msr_met,
        mlr_met=np.logical_and(loss_counts, terms.two_sided),
        savings=savings,
        losses=losses,
        savings_to_share=to_share,
        limited_savings=limited_savings,
        limited_losses=limited_losses,
        shared_savings=shared_savings,
        shared_losses=shared_losses,
        earned_shared_savings=earned,
        owed_shared_losses=steps.sequestered_losses(shared_losses, gross_savings, terms),
        withheld_payment=terms.payment_withhold * earned,
        carried_losses=(
            steps.losses_to_carry(savings, losses, carried) if terms.loss_carry_forward else 0.0 * savings
        ),
    )
