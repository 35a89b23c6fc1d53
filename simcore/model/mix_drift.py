"""Say where joiners cannot keep an ACO's mix of risk, so that its spending moves from year to year by itself."""

from __future__ import annotations

import numpy as np

from simcore.model.people import CENTS, People
from simcore.model.population import TypeModel
from simcore.model.timeline import Timeline

LEAST_DRIFT = 0.002
"""Share of spending per person-year that is worth a word: a tenth of the lowest minimum savings rate, 2 %."""


def mix_drifts(people: People, timeline: Timeline) -> tuple[str, ...]:
    """Return a sentence for each enrollment type whose mix of risk comes nearer to the nation's over the years.

    A mean risk score far from the nation's is a mix of people that the chain of bands leaves again. Joiners
    bring it back as far as they can: where they cannot, spending moves more than the score that adjusts the
    benchmark, and the difference looks like savings or losses.
    """
    first, last = timeline.simulated_years[0], timeline.simulated_years[-1]
    found = []
    for (_, model), heads in zip(people.models, people.expected_heads, strict=True):
        spending, score = _changes(model, heads)
        if abs(spending) >= LEAST_DRIFT:
            found.append(
                f"aco.population.{model.enrollment_type}.risk_score: nobody could join who keeps a mix of "
                f"risk with a mean of {model.mean_risk_score:.3g}: expected spending per person-year moves by "
                f"{spending:+.1%} and the score by {score:+.1%} from {first} to {last}, beside all growth; "
                "a score nearer to 1 and per_capita_expenditures keep the level"
            )
    return tuple(found)


def _changes(model: TypeModel, heads: np.ndarray) -> tuple[float, float]:
    """Return by what share expected spending and score per person-year change from the first year to the last.

    ``heads : (year, band)``.
    """
    lived = heads @ model.person_years
    spending = heads @ (model.amounts.mean(axis=1) / CENTS) / lived
    score = heads @ (model.person_years * model.risk_score) / lived
    return float(spending[-1] / spending[0] - 1.0), float(score[-1] / score[0] - 1.0)
