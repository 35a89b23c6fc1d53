"""Variance shares of sums, where they are known, and of the Ishigami function."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
import xarray as xr

from simcore.analysis.sensitivity import InputRange
from simcore.analysis.variance_shares import (
    individual_share,
    shares_by_input,
    sobol_shares,
    variance_by_layer,
)
from simcore.errors import ResultError
from tests.example_results import example_result


@dataclass(frozen=True)
class Layers:
    """A world of three layers with SDs 1, 2 and 3, and an interaction that can be switched on."""

    people: float = 1.0
    aco: float = 2.0
    nation: float = 3.0
    interaction: float = 0.0
    seed: int = 3

    def with_changes(self, changes, /):
        return replace(self, **changes)


def simulate(world):
    draws = np.random.default_rng(world.seed).normal(size=(3, 20_000))
    parts = draws * np.array([[world.people], [world.aco], [world.nation]])
    return xr.Dataset({"outcome": ("replicate", parts.sum(axis=0) + world.interaction * parts[0] * parts[1])})


NAMES = ("people", "aco", "nation")


def only(world):
    """Return what freezes all layers of a world but those that it is called with."""
    return lambda active: replace(world, **{name: 0.0 for name in NAMES if name not in active})


def outcome(result):
    return result["outcome"]


def test_layers_of_a_sum_bring_their_variances():
    found = variance_by_layer(simulate, only(Layers()), NAMES, outcome)
    for kind in ("alone", "last"):
        np.testing.assert_array_less(
            abs(found[kind].values - np.array([1, 4, 9]) / 14),
            4 * found[f"{kind}_standard_error"].values + 0.012,
        )


def test_layers_that_act_on_each_other_differ_first_and_last():
    # x + y + z + xy with SDs 1, 2, 3: variances 1, 4, 9 and 4 of the product, 18 in all.
    found = variance_by_layer(simulate, only(Layers(interaction=1.0)), NAMES, outcome)
    people = found.sel(layer="people")
    assert abs(float(people["alone"]) - 1 / 18) < 4 * float(people["alone_standard_error"])
    assert abs(float(people["last"]) - 5 / 18) < 4 * float(people["last_standard_error"])


def test_layer_errors_are_what_runs_differ_by():
    found = [
        variance_by_layer(simulate, only(Layers(seed=seed)), NAMES, outcome).sel(layer="aco")
        for seed in range(60)
    ]
    values = np.array([float(one["last"]) for one in found])
    errors = np.array([float(one["last_standard_error"]) for one in found])
    # 60 runs know their SD to 9 %.
    assert errors.mean() == pytest.approx(values.std(ddof=1), rel=0.27)


def test_individual_luck_by_the_law_of_total_variance():
    # Savings rates of SD 0.025 of which individuals bring 0.015: a share of 0.36.
    result = example_result(replicates=20_000, deviation=0.02)
    luck = np.random.default_rng(1).normal(0.0, 0.015, result["savings_rate"].shape)
    expected = result["expenditures"].copy()
    result["expected_expenditures"] = expected
    result["expenditures"] = expected - luck * result["updated_benchmark"]
    result["savings_rate"] = 1.0 - result["expenditures"] / result["updated_benchmark"]
    share = individual_share(result)
    assert (abs(share - 0.36) < 4 * share.standard_error).all()
    assert share.attrs["units"] == "1"


def test_expected_expenditures_are_needed():
    with pytest.raises(ResultError, match="expected_expenditures"):
        individual_share(example_result(replicates=10))


def test_nothing_explains_what_does_not_vary():
    found = variance_by_layer(simulate, only(Layers()), NAMES, lambda result: 0.0 * result["outcome"])
    assert not found.to_array().values.any()
    # One payment in all: left out with its group, nothing is left that varies.
    outcome = np.zeros(400)
    outcome[7] = 1.0
    found = shares_by_input({"a": np.arange(400.0)}, outcome)
    assert np.isfinite(found.to_array().values).all()
    assert not shares_by_input({"a": np.arange(400.0)}, np.zeros(400)).to_array().values.any()


def test_inputs_of_a_sum_explain_their_squares():
    draws = np.random.default_rng(2).normal(size=(3, 20_000))
    found = shares_by_input({"a": draws[0], "b": draws[1], "none": draws[2]}, draws[0] + 2.0 * draws[1])
    # Cutting a normal input into 20 classes loses 1 % of its variance within them.
    np.testing.assert_allclose(found["variance_share"], [0.2, 0.8, 0.0], atol=0.025)
    # Spearman's of a normal pair is (6 / pi) asin(r / 2).
    expected = 6 / np.pi * np.arcsin(np.sqrt([0.2, 0.8, 0.0]) / 2)
    np.testing.assert_array_less(
        abs(found["rank_correlation"] - expected), 4 * found["rank_correlation_standard_error"] + 1e-9
    )


def test_a_u_shaped_input_has_a_share_but_no_rank_correlation():
    draws = np.random.default_rng(4).uniform(-1, 1, 20_000)
    found = shares_by_input({"u": draws}, draws**2).isel(input=0)
    assert float(found["variance_share"]) > 0.95
    assert abs(float(found["rank_correlation"])) < 4 * float(found["rank_correlation_standard_error"])


@dataclass(frozen=True)
class Ishigami:
    """The textbook function of sensitivity analysis."""

    x1: float = 0.0
    x2: float = 0.0
    x3: float = 0.0

    def with_changes(self, changes, /):
        return replace(self, **changes)


def ishigami(world):
    value = np.sin(world.x1) + 7 * np.sin(world.x2) ** 2 + 0.1 * world.x3**4 * np.sin(world.x1)
    return xr.Dataset({"outcome": ("replicate", np.full(2, value))})


def test_sobol_shares_of_the_ishigami_function():
    # Ishigami and Homma (1990), a = 7, b = 0.1: first order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437.
    ranges = [InputRange(name, -np.pi, np.pi) for name in ("x1", "x2", "x3")]
    found = sobol_shares(ishigami, Ishigami(), ranges, outcome, points=512)
    for kind, expected in (("alone", [0.3139, 0.4424, 0.0]), ("total", [0.5576, 0.4424, 0.2437])):
        assert (abs(found[kind] - expected) < 4 * found[f"{kind}_standard_error"]).all()
