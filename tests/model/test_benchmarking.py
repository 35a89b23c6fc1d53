"""Benchmarks of a simulation, agreement after agreement."""

import pytest

from simcore.scenario.schema import parse_scenario
from simcore.simulate import simulate


@pytest.mark.parametrize(("first_years", "added"), [((2013, 2014, 2015), 0.5), ((), 0.0)])
def test_an_agreement_of_2016_gets_back_half_of_the_savings_before(
    first_years: tuple[int, ...], added: float
) -> None:
    # Savings of 5 percent in 2013-2015, without growth or noise: benchmarks of 1, expenditures of 0.95.
    # The rebased benchmark is 0.95 and, at a final sharing rate of a half, 0.5 x 0.05 (42 CFR 425.603(b)).
    content = {
        "title": "from 2012 on",
        "aco": {
            "agreement_start": "2012-04-01" if first_years else "2016-01-01",
            "performance_years": [*first_years, 2016],
            "population": {"AGED_NON_DUAL": {"assigned_beneficiaries": 10_000}},
        },
        "growth": {"projected": dict.fromkeys(("ESRD", "DISABLED", "AGED_DUAL", "AGED_NON_DUAL"), 0.0)},
        "savings": {"true_savings": 0.05},
        "contract": {"options": ["TRACK-1"]},
        "simulation": {"replicates": 2, "layers": []},
    }
    if not first_years:
        content["benchmark"] = {"per_capita": {"AGED_NON_DUAL": 950.0}}
        content["aco"]["population"]["AGED_NON_DUAL"]["per_capita_expenditures"] = 1_000.0
    result = simulate(parse_scenario(content, source="test")).sel(performance_year=2016).isel(replicate=0)
    assert float(result["updated_benchmark"] / result["expenditures"]) == pytest.approx(
        (0.95 + added * 0.05) / 0.95, rel=1e-9
    )
