"""The whole flow keeps its promises: addresses, invariance, identities, closed forms."""

import sys

import numpy as np
import pytest
import xarray as xr

from simcore.errors import SimcoreError
from simcore.executors import serial, threads
from simcore.scenario.schema import Scenario, parse_scenario
from simcore.scenario.templates import templates
from simcore.simulate import simulate
from simcore.vocabulary import problems

REPLICATES = 131


def scenario(name: str, **changes: object) -> Scenario:
    small = {"simulation.replicates": REPLICATES, **changes}
    return parse_scenario(templates()[name].content, source=name).with_changes(small)


def differing(one: xr.Dataset, other: xr.Dataset) -> list[str]:
    """Variables of `other` that are not, bit for bit, those of `one` at the same coordinates."""
    found = []
    for name in other.data_vars:
        at = {dim: other[name][dim] for dim in other[name].dims if dim in one[name].dims}
        if not np.array_equal(one[name].sel(at).values, other[name].values):
            found.append(str(name))
    return found


@pytest.fixture(scope="module", params=["beneficiary", "pooled"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("name", ["track_choice", "rebasing"])
@pytest.mark.parametrize("block", [1, 7, 64])
def test_blocks_and_threads_change_no_bit(name: str, block: int, engine: str) -> None:
    asked = scenario(name, **{"simulation.engine": engine, "simulation.detail": True})
    whole = simulate(asked, executor=serial(), block=REPLICATES)
    assert differing(whole, simulate(asked, executor=threads(2), block=block)) == []


def test_more_replicates_keep_the_first_ones(engine: str) -> None:
    many = simulate(scenario("rebasing", **{"simulation.engine": engine}))
    few = simulate(scenario("rebasing", **{"simulation.engine": engine, "simulation.replicates": 40}))
    assert differing(many, few) == []


def test_a_later_start_continues_an_earlier_run(engine: str) -> None:
    asked = scenario("small_rural", **{"simulation.engine": engine})
    rest = simulate(asked, first_replicate=100)
    assert rest["replicate"].values[0] == 100
    assert differing(simulate(asked), rest) == []


def test_one_more_performance_year_moves_no_draw(engine: str) -> None:
    changes = {"simulation.engine": engine, "contract.options": ["BASIC-B", "ENHANCED msr=0.010"]}
    longer = simulate(scenario("track_choice", **changes))
    shorter = simulate(scenario("track_choice", **changes, **{"aco.performance_years": 4}))
    assert differing(longer, shorter) == []


def test_one_more_contract_option_moves_no_draw() -> None:
    both = simulate(scenario("track_choice", **{"contract.options": ["BASIC-B", "ENHANCED msr=0.010"]}))
    one = simulate(scenario("track_choice", **{"contract.options": ["ENHANCED msr=0.010"]}))
    assert differing(both, one) == []


def test_one_more_source_of_risk_leaves_the_others_alone() -> None:
    """Without the quality layer, what people spend and what the market does is what it was."""
    layers = ["individuals", "aco", "market", "beliefs"]
    with_quality = simulate(scenario("track_choice"))
    without = simulate(scenario("track_choice", **{"simulation.layers": layers}))
    for name in ("expenditures", "updated_benchmark", "true_savings"):
        np.testing.assert_array_equal(with_quality[name].values, without[name].values)
    assert differing(with_quality, without) != []


def test_a_market_seed_shares_nation_and_region_alone() -> None:
    detail = {"simulation.detail": True, "simulation.market_seed": 5}
    one = simulate(scenario("track_choice", **detail, **{"simulation.seed": 1}))
    other = simulate(scenario("track_choice", **detail, **{"simulation.seed": 2}))
    np.testing.assert_array_equal(one["regional_growth"].values, other["regional_growth"].values)
    assert "type_person_years" in differing(one, other)


def test_a_result_obeys_the_vocabulary() -> None:
    for detail in (False, True):
        assert problems(simulate(scenario("track_choice", **{"simulation.detail": detail}))) == []


def test_identities_hold_in_every_replicate() -> None:
    result = simulate(scenario("rebasing", **{"simulation.replicates": 500}))
    gross = result["updated_benchmark"] - result["expenditures"]
    np.testing.assert_array_equal(result["gross_savings"], gross.transpose(*result["gross_savings"].dims))
    assert not ((result["earned_shared_savings"] > 0) & (result["owed_shared_losses"] > 0)).any()
    net = result["earned_shared_savings"] - result["owed_shared_losses"]
    np.testing.assert_array_equal(result["net_settlement"], net)
    one_sided = result["track"].values == "BASIC-B"
    assert not result["owed_shared_losses"].values[one_sided].any()


def test_without_any_layer_every_replicate_is_the_expected_one() -> None:
    """No true savings and nothing random: expenditures are the benchmark, under the rules and under none."""
    for methodology in ("rules", "neutral"):
        changes = {
            "simulation.layers": [],
            "savings.true_savings": 0.0,
            "benchmark.methodology": methodology,
            "growth.projected": {"ESRD": 0.0, "DISABLED": 0.0, "AGED_DUAL": 0.0, "AGED_NON_DUAL": 0.0},
            "growth.prospective": {"ESRD": 0.0, "DISABLED": 0.0, "AGED_DUAL": 0.0, "AGED_NON_DUAL": 0.0},
        }
        result = simulate(scenario("track_choice", **changes))
        np.testing.assert_allclose(result["savings_rate"], 0.0, atol=1e-12)


def test_true_savings_are_saved() -> None:
    result = simulate(scenario("track_choice", **{"simulation.layers": [], "savings.true_savings": 0.03}))
    first = result["savings_rate"].sel(performance_year=2024)
    # The three-way update adds the projected growth at a third: the rest is the saving itself.
    np.testing.assert_allclose(first, 0.03, atol=5e-4)


def test_freezing_a_layer_takes_its_variance_away() -> None:
    spread = {}
    for layers in (["individuals"], ["individuals", "aco"], ["individuals", "aco", "market", "beliefs"]):
        changes = {"simulation.layers": layers, "simulation.replicates": 1_000}
        rate = simulate(scenario("track_choice", **changes))["savings_rate"].isel(
            contract=0, performance_year=0
        )
        spread[len(layers)] = float(rate.std())
    assert spread[1] < spread[2] < spread[4]


def test_a_result_larger_than_memory_is_refused_at_its_first_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system gives memory that it does not have, and ends the process when it is written to."""
    monkeypatch.setattr(sys.modules["simcore.simulate"], "machine_memory", lambda: 20_000_000)
    drawn = []

    def counting(function, items, /):
        for item in items:
            drawn.append(item)
            yield function(item)

    asked = scenario("track_choice", **{"simulation.replicates": 100_000_000, "simulation.engine": "pooled"})
    with pytest.raises(
        SimcoreError, match=r"100,000,000 replicates has .* GB, more than the 0\.0 GB of memory"
    ):
        simulate(asked, executor=counting, block=1_000)
    assert len(drawn) == 1
