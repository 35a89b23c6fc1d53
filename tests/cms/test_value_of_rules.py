"""The value of every rule of a real ACO's year adds up to what is paid, to the cent, under every contract."""

from pathlib import Path

import numpy as np
import pytest

from simcore.analysis.attribution import unexplained, value_of_rules
from simcore.cms.aco_scenario import aco_scenario
from simcore.cms.public_results import read_public_results
from simcore.simulate import simulate

CENT = 0.01


@pytest.mark.cms_data
@pytest.mark.parametrize(("year", "aco_id"), [(2022, "A1001"), (2023, "A2490"), (2023, "A1488")])
def test_the_waterfall_closes_to_the_cent(cms_data: Path, year: int, aco_id: str) -> None:
    results = read_public_results(cms_data / "puf" / f"PY{year}.csv")
    scenario = aco_scenario(results, aco_id).with_changes(
        {"simulation.replicates": 500, "simulation.detail": True}
    )
    result = simulate(scenario)
    assert result.sizes["contract"] >= 26
    assert float(unexplained(result)) < CENT
    expected = result["net_settlement"].mean("replicate").sum("performance_year")
    whole = value_of_rules(result).sel(period="all").sum("rule")
    np.testing.assert_allclose(whole, expected, atol=CENT)
