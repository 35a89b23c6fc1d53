"""Contract options settled together on one set of draws.

Oracle: the same contract asked for by itself, to the last bit.
"""

import numpy as np
import pytest

from simcore.model.settling import BENCHMARK_SIDE, DETAILED, SETTLED
from simcore.scenario.schema import Scenario
from simcore.simulate import blocks_of, prepare, simulate_block

QUESTION = {
    "title": "together or alone",
    "aco": {
        "agreement_start": "2024-01-01",
        "performance_years": 5,
        "population": {
            "DISABLED": {"assigned_beneficiaries": 800},
            "AGED_NON_DUAL": {"assigned_beneficiaries": 4300},
        },
        "size_growth": -0.02,
    },
    "quality": {"probability_standard_met": 0.7, "probability_alternative_met": 0.2},
    "simulation": {"replicates": 200, "detail": True},
}
CONTRACTS = ["REACH-GLOBAL", "GLIDE-PATH msr=0.010", "BASIC-B", "BASIC-E msr=0.010", "ENHANCED msr=variable"]


def arrays_of(options: list[str], keep: tuple[str, ...] | None = None) -> dict[str, np.ndarray]:
    scenario = Scenario.model_validate({**QUESTION, "contract": {"options": options}})
    return simulate_block(prepare(scenario), blocks_of(200)[0], keep=keep)


@pytest.fixture(scope="module")
def together() -> dict[str, np.ndarray]:
    return arrays_of(CONTRACTS)


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_contract_settles_as_it_does_alone(together: dict[str, np.ndarray], contract: str) -> None:
    alone = arrays_of([contract])
    for name in (*SETTLED, *DETAILED, *BENCHMARK_SIDE):
        own = alone[name] if alone[name].ndim == 3 else alone[name][np.newaxis]
        assert together[name][CONTRACTS.index(contract)].tobytes() == own[0].tobytes(), name


def test_the_glide_path_is_its_levels_year_by_year(together: dict[str, np.ndarray]) -> None:
    # BASIC-B in the second year; in the fifth BASIC-E, with the elected rate.
    net = together["net_settlement"]
    np.testing.assert_array_equal(net[1, 1], net[2, 1])
    np.testing.assert_array_equal(net[1, 4], net[3, 4])
    assert (net[1, 3] != net[3, 3]).any()


def test_only_what_is_kept_is_settled(together: dict[str, np.ndarray]) -> None:
    kept = arrays_of(CONTRACTS, keep=("net_settlement",))
    assert kept["net_settlement"].tobytes() == together["net_settlement"].tobytes()
    assert not set(kept) & {*SETTLED, *DETAILED, *BENCHMARK_SIDE} - {"net_settlement"}
