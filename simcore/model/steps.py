"""The small steps of any shared-savings settlement, each named as the contracts name it."""

from typing import TypeAlias

import numpy as np

from simcore.model.arrays import Bool, Rate

Flag: TypeAlias = np.bool_ | Bool


def savings_rate(benchmark: Rate, expenditures: Rate) -> Rate:
    """Return gross savings as a fraction of the benchmark; negative where expenditures exceed it."""
    return (benchmark - expenditures) / benchmark


def meets_minimum(rate: Rate, minimum: Rate) -> Flag:
    """Say where `rate` is a saving that meets or exceeds `minimum`: at exactly the minimum, it does.

    A rate of zero is no saving, even against a minimum of zero. For losses hand in the negative rate.
    """
    return np.logical_and(np.greater(rate, 0.0), np.greater_equal(rate, minimum))


def exceeds(amount: Rate, limit: Rate) -> Flag:
    """Say where a `limit` binds: where `amount` is above it."""
    return np.greater(amount, limit)


def only_where(met: Flag, amount: Rate) -> Rate:
    """Return `amount` where the gate `met` is open and zero elsewhere."""
    # [()] makes a number of an array without dimensions, and leaves others as they are.
    return np.where(met, amount, 0.0)[()]


def either(met: Flag, amount: Rate, otherwise: Rate) -> Rate:
    """Return `amount` where `met`, and `otherwise` elsewhere."""
    return np.where(met, amount, otherwise)[()]


def sequester(payment: Rate, sequestration: Rate) -> Rate:
    """Return what is left of a Medicare `payment` after the sequestration order's cut, a fraction."""
    return payment * (1.0 - sequestration)


def limited(amount: Rate, limit: Rate) -> Rate:
    """Return the lesser of `amount` and `limit`, both in USD."""
    return np.minimum(amount, limit)


def relieve(loss: Rate, share: Rate, relief: Rate) -> Rate:
    """Reduce a `loss` by a `share` of itself and by a `relief` in USD, not below zero."""
    return np.maximum(loss - share * loss - relief, 0.0)


def recouped(earned: Rate, balance: Rate) -> Rate:
    """Return how much of an advance's `balance` is taken out of the payment `earned`, USD."""
    return np.minimum(balance, earned)


def clamp(rate: Rate, lowest: Rate, highest: Rate) -> Rate:
    """Return `rate`, not below `lowest` nor above `highest`."""
    return np.minimum(np.maximum(rate, lowest), highest)


def round_half_away(amount: Rate, *, decimals: int) -> Rate:
    """Round money half away from zero, to cents with two decimals, to dollars with none.

    The double nearest to a decimal half may lie a hair below it: 1.005 is stored as 1.00499…. A
    millionth of the last unit is added, so that such an amount rounds as it is written.
    """
    scale = 10.0**decimals
    # Adding zero makes a plain zero of a negative one.
    return np.copysign(np.floor(np.abs(amount) * scale + 0.5 + 1e-6), amount) / scale + 0.0
