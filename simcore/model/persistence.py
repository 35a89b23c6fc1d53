"""What a population shows of concentration, persistence and the end of life, in closed form."""

from collections.abc import Sequence

import numpy as np

from simcore.model.arrays import Float64
from simcore.model.population import TypeModel


def concentration(
    models: Sequence[TypeModel], weights: Sequence[float], top_shares: Sequence[float]
) -> Float64:
    """Return the share of a year's untruncated spending that the costliest shares of heads spend.

    Parameters
    ----------
    models
        Enrollment types, taken together.
    weights
        Head share of each type.
    top_shares
        Shares of heads, costliest first.
    """
    amounts = np.concatenate([model.untruncated_amounts.ravel() for model in models]).astype(np.float64)
    heads = np.concatenate(
        [
            np.repeat(
                weight * model.shares / model.untruncated_amounts.shape[1], model.untruncated_amounts.shape[1]
            )
            for model, weight in zip(models, weights, strict=True)
        ]
    )
    order = np.argsort(-amounts, kind="stable")
    people = np.concatenate([[0.0], np.cumsum(heads[order])])
    spending = np.concatenate([[0.0], np.cumsum((heads * amounts)[order])])
    return np.asarray(np.interp(top_shares, people / people[-1], spending / spending[-1]), np.float64)


def spending_correlation(model: TypeModel, lag: int, *, truncated: bool = False) -> float:
    """Return Pearson's correlation of a person's annual spending with that of `lag` years later.

    It is taken over the nation's people who are assigned in both years, also those who die in the second.
    """
    cents = (model.amounts if truncated else model.untruncated_amounts).astype(np.float64)
    first, second = cents.mean(axis=1), (cents**2).mean(axis=1)
    stays = model.stay[:, None] * model.moves
    together = model.shares[:, None] * np.linalg.matrix_power(stays, lag)
    together /= together.sum()
    before, after = together.sum(axis=1), together.sum(axis=0)
    covariance = first @ together @ first - (before @ first) * (after @ first)
    spread = np.sqrt((before @ second - (before @ first) ** 2) * (after @ second - (after @ first) ** 2))
    return float(covariance / spread)


def decedents_share(model: TypeModel) -> float:
    """Return the share of a calendar year's untruncated spending that is of people who die in it."""
    spending = model.shares * model.untruncated_amounts.mean(axis=1)
    return float(spending @ model.die / spending.sum())


def last_year_of_life_share(model: TypeModel) -> float:
    """Return the share of untruncated spending that falls in people's last twelve months.

    Of the year of death it is all; of the year before, in which the person lived in some other band, the part
    that the year of death leaves of twelve months.
    """
    spending = model.untruncated_amounts.mean(axis=1)
    dying = float(model.shares @ model.die)
    before = model.shares * (1.0 - model.die) * (model.moves @ model.die)
    part = 1.0 - float((model.shares * model.die) @ model.person_years) / dying
    earlier = part * dying * float(before @ spending) / float(before.sum())
    return decedents_share(model) + earlier / float(model.shares @ spending)
