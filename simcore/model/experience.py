"""Turn drawn people and the world's course into expenditures, person-years and risk scores by year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simcore.model.arrays import Float64, Int64
from simcore.model.by_type import add_types
from simcore.model.drawn_people import DrawnPeople
from simcore.model.people import People
from simcore.model.world import World, size_factor
from simcore.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Experience:
    """What the ACO's beneficiaries did in the simulated years.

    Attributes
    ----------
    assigned_beneficiaries
        Heads, ``(year, replicate)``.
    person_years, expenditures, risk_score, demographic_risk_score
        ``(enrollment_type, year, replicate)``; expenditures in USD of their year.
    total, expected_total
        Expenditures of all types, and what they would be without individual luck, ``(year, replicate)``.
    participant_revenue
        USD, ``(year, replicate)``.
    """

    assigned_beneficiaries: Int64
    person_years: Float64
    expenditures: Float64
    risk_score: Float64
    demographic_risk_score: Float64
    total: Float64
    expected_total: Float64
    participant_revenue: Float64


def experience_of(scenario: Scenario, people: People, drawn: DrawnPeople, world: World) -> Experience:
    """Return the experience of one block."""
    course = world.regional * (
        world.aco * size_factor(scenario, world, drawn.assigned_beneficiaries.astype(np.float64))
    )
    course = course * (1.0 - world.true_savings)
    expenditures = drawn.base_dollars * course
    total = add_types(expenditures)
    return Experience(
        assigned_beneficiaries=drawn.assigned_beneficiaries,
        person_years=drawn.person_years,
        expenditures=expenditures,
        risk_score=drawn.risk_score * world.coding,
        demographic_risk_score=np.broadcast_to(
            people.demographic_risk_score[:, None, None] * world.demographic[:, None], expenditures.shape
        ),
        total=total,
        expected_total=add_types(people.expected_dollars[:, :, None] * people.person_year_factor * course),
        participant_revenue=world.revenue_share * total,
    )
