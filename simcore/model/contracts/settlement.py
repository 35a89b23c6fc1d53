"""Give a contract's settlement the words that every settlement has, for one year or an agreement."""

from collections.abc import Sequence
from math import isinf

import numpy as np

from simcore.model.arrays import Float64, Rate
from simcore.model.contracts import steps
from simcore.model.contracts.contract_year import ContractSteps, contract_steps
from simcore.model.contracts.terms import ContractTerms
from simcore.model.settlement import Settlement
from simcore.model.steps import exceeds, limited


def as_settlement(done: ContractSteps, terms: ContractTerms, *, quality: Rate = 1.0) -> Settlement:
    """Return the steps of a contract year in the words that every settlement has.

    Parameters
    ----------
    done
        What `contract_steps` made.
    terms, quality
        What it was made with.

    Notes
    -----
    Rates are averages over the bands. The payment limit is what remains of the contract's limit after
    sequestration, so that, as in the Shared Savings Program, what is earned is the lesser of
    ``shared_savings_before_limit`` and ``performance_payment_limit``.
    """
    updated, gross_savings = done.updated_benchmark, done.gross_savings
    unlimited = steps.shared_savings(done.savings_to_share, updated, terms, quality=quality)
    unlimited_losses = steps.shared_losses(done.losses, updated, terms, quality=quality)
    at_full_quality = steps.shared_savings(done.savings_to_share, updated, terms, quality=1.0)
    savings_limit = _savings_limit(updated, terms, quality)
    loss_limit = _loss_limit(updated, terms, quality)
    final_sharing_rate = _sharing_rate(unlimited, done.savings_to_share, terms, quality=quality)
    return Settlement(
        updated_benchmark=updated,
        gross_savings=gross_savings,
        savings_rate=done.savings_rate,
        guardrail_applies=np.False_,
        minimum_savings_rate=terms.minimum_savings_rate,
        msr_met=done.msr_met,
        mlr_met=done.mlr_met,
        reduced_sharing=np.False_,
        maximum_sharing_rate=_sharing_rate(at_full_quality, done.savings_to_share, terms, quality=1.0),
        final_sharing_rate=final_sharing_rate,
        final_loss_rate=_loss_rate(unlimited_losses, done.losses, terms, quality=quality),
        shared_savings_before_sequestration=unlimited,
        shared_savings_before_limit=steps.sequestered_savings(unlimited, gross_savings, terms),
        performance_payment_limit=steps.sequestered_savings(savings_limit, gross_savings, terms),
        payment_limit_binds=exceeds(unlimited, savings_limit),
        shared_losses_before_limit=steps.sequestered_losses(unlimited_losses, gross_savings, terms),
        loss_recoupment_limit=steps.sequestered_losses(loss_limit, gross_savings, terms),
        loss_limit_binds=exceeds(unlimited_losses, loss_limit),
        revenue_limit_binds=np.False_,
        disaster_relief=0.0,
        earned_shared_savings=done.earned_shared_savings,
        owed_shared_losses=done.owed_shared_losses,
        net_settlement=done.earned_shared_savings - done.owed_shared_losses,
    )


def settle_contract(
    benchmark: Rate,
    expenditures: Rate,
    terms: ContractTerms,
    *,
    quality: Rate = 1.0,
    equity_adjustment: Rate = 0.0,
    carried_losses: Rate = 0.0,
) -> Settlement:
    """Settle one performance year under a contract; arguments and errors as for `contract_steps`.

    Returns
    -------
    Settlement
        Scalars for scalars and arrays for arrays, in the words that every settlement has.
    """
    done = contract_steps(
        benchmark,
        expenditures,
        terms,
        quality=quality,
        equity_adjustment=equity_adjustment,
        carried_losses=carried_losses,
    )
    return as_settlement(done, terms, quality=quality)


def settle_contract_years(
    benchmark: Float64,
    expenditures: Float64,
    terms: Sequence[ContractTerms],
    *,
    quality: Rate = 1.0,
    equity_adjustment: Rate = 0.0,
) -> Settlement:
    """Settle several performance years, each with its own terms; losses are carried from year to year.

    Parameters
    ----------
    benchmark, expenditures
        USD, shape ``(performance_year, replicate)``.
    terms
        The contract's terms, one a year.
    quality, equity_adjustment
        As for `contract_steps`, broadcast against the benchmark.

    Returns
    -------
    Settlement
        Each field of shape ``(performance_year, replicate)``.

    Raises
    ------
    ValueError
        If there are not as many terms as years, or a benchmark is not positive.
    """
    shape = np.broadcast_shapes(benchmark.shape, expenditures.shape)
    scores = np.broadcast_to(quality, shape)
    equity = np.broadcast_to(equity_adjustment, shape)
    carried: Rate = 0.0
    years = []
    for year_terms, *year in zip(terms, benchmark, expenditures, scores, equity, strict=True):
        year_benchmark, year_expenditures, score, adjustment = year
        done = contract_steps(
            year_benchmark,
            year_expenditures,
            year_terms,
            quality=score,
            equity_adjustment=adjustment,
            carried_losses=carried,
        )
        carried = done.carried_losses
        years.append(as_settlement(done, year_terms, quality=score))
    fields = zip(*years, strict=True)
    return Settlement(*(np.stack([np.broadcast_to(x, shape[1:]) for x in field]) for field in fields))


def _sharing_rate(shared: Rate, amount: Rate, terms: ContractTerms, *, quality: Rate) -> Rate:
    """Return the average sharing rate; with one band it is the band's, to the last digit."""
    first = terms.savings_bands[0].rate * steps.quality_factor(quality, terms.savings_quality)
    if len(terms.savings_bands) == 1:
        return first
    return steps.average_rate(shared, amount, first=first)


def _loss_rate(shared: Rate, amount: Rate, terms: ContractTerms, *, quality: Rate) -> Rate:
    """Return the average loss rate; nought in a one-sided contract."""
    if not terms.two_sided:
        return 0.0
    rate = terms.loss_bands[0].rate
    if terms.loss_quality.kind == "one_minus_rate_q":
        first = 1.0 - rate * quality
    else:
        first = rate * steps.quality_factor(quality, terms.loss_quality)
    return first if len(terms.loss_bands) == 1 else steps.average_rate(shared, amount, first=first)


def _savings_limit(updated: Rate, terms: ContractTerms, quality: Rate) -> Rate:
    """Return the most that can be shared, USD, whichever of the two limits is the lower."""
    after_sharing = terms.shared_savings_limit * updated
    if isinf(terms.gross_savings_limit):
        return after_sharing
    most = steps.shared_savings(terms.gross_savings_limit * updated, updated, terms, quality=quality)
    return limited(most, after_sharing)


def _loss_limit(updated: Rate, terms: ContractTerms, quality: Rate) -> Rate:
    """Return the most that can be owed before sequestration, USD; nought in a one-sided contract."""
    if not terms.two_sided:
        return 0.0 * updated
    after_sharing = terms.shared_loss_limit * updated
    if isinf(terms.gross_loss_limit):
        return after_sharing
    most = steps.shared_losses(terms.gross_loss_limit * updated, updated, terms, quality=quality)
    return limited(most, after_sharing)
