"""What an ACO's people did: without luck the year brings what is expected of it."""

import numpy as np
import pytest

from simcore.scenario.schema import parse_scenario
from simcore.simulate import simulate

EXACT = 1e-12


@pytest.mark.parametrize("growth", [0.0, 0.2, -0.1])
@pytest.mark.parametrize("person_years", [None, 0.93])
def test_without_luck_expenditures_are_the_expected_ones(growth: float, person_years: float | None) -> None:
    aco = {
        "agreement_start": "2024-01-01",
        "performance_years": 3,
        "size_growth": growth,
        "population": {
            "ESRD": {"assigned_beneficiaries": 100},
            "AGED_NON_DUAL": {"assigned_beneficiaries": 9_000},
        },
    }
    if person_years is not None:
        aco["person_years_per_beneficiary"] = person_years
    content = {
        "title": "no luck",
        "aco": aco,
        "contract": {"options": ["BASIC-A"]},
        "simulation": {"replicates": 20, "layers": ["aco", "market"]},
    }
    result = simulate(parse_scenario(content, source="test"))
    np.testing.assert_allclose(result["expected_expenditures"], result["expenditures"], rtol=EXACT)


def test_an_aco_without_luck_shrinks_as_fast_as_one_with_it() -> None:
    # Nobody leaves by himself, so four in ten go at random: 10,000 heads times 0.6 a year.
    content = {
        "title": "shrinking",
        "aco": {
            "agreement_start": "2024-01-01",
            "performance_years": 3,
            "size_growth": -0.4,
            "population": {"AGED_NON_DUAL": {"assigned_beneficiaries": 10_000}},
        },
        "spending": {"turnover": False},
        "contract": {"options": ["BASIC-A"]},
        "simulation": {"replicates": 2, "layers": []},
    }
    heads = simulate(parse_scenario(content, source="test"))["assigned_beneficiaries"]
    assert heads.isel(replicate=0).values.tolist() == [10_000, 6_000, 3_600]
