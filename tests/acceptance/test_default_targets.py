"""The default people, simulated, reach every published figure that concerns individuals.

Oracle: `simcore/scenario/defaults/targets.toml` with its sources, and the closed form of `simcore.model.noise`.
"""

from functools import cache

import numpy as np
import pytest
import xarray as xr

from simcore.analysis.estimates import standard_deviation
from simcore.model.noise import (
    probability_of_losses,
    probability_of_savings,
    savings_rate_noise,
)
from simcore.model.persistence import spending_correlation
from simcore.model.population import TypeModel
from simcore.scenario.default_values import default_table
from simcore.simulate import simulate
from simcore.vocabulary import ENROLLMENT_TYPES
from tests.acceptance.asked import (
    STANDARD_ERRORS,
    assert_mean,
    assert_share,
    models_and_sizes,
    null_noise,
    savings_rate,
)
from tests.acceptance.lives import Lives, lives

REPLICATES = 30_000
SIZES = (5_000, 20_000, 50_000)
AGED = ("AGED_DUAL", "AGED_NON_DUAL")


def target(name: str) -> dict:
    return default_table("targets")[name]


@cache
def simulated(size: int, persistence: bool) -> xr.Dataset:
    return simulate(_asked(size, persistence))


def _asked(size: int, persistence: bool):
    return null_noise(
        size,
        persistence=persistence,
        simulation__replicates=REPLICATES,
        contract__options=["BASIC-B"],
    )


@pytest.mark.slow
@pytest.mark.parametrize("persistence", [False, True])
def test_noise_has_the_published_size_whatever_the_number_of_people(persistence: bool) -> None:
    figure = target("noise_of_persistent_people" if persistence else "noise_of_independent_years")
    lowest, highest = figure["range"]
    found = []
    for size in SIZES:
        spread = standard_deviation(savings_rate(simulated(size, persistence)))
        coefficient, error = (float(value) * np.sqrt(size) for value in spread)
        assert lowest < coefficient < highest
        closed = savings_rate_noise(*models_and_sizes(_asked(size, persistence)))
        assert abs(coefficient - closed.coefficient) < STANDARD_ERRORS * error
        found.append(coefficient)
    # "Constant over n within 3 %".
    assert max(found) / min(found) < 1.03


@pytest.mark.slow
@pytest.mark.parametrize("persistence", [False, True])
@pytest.mark.parametrize("position", range(len(SIZES)))
def test_the_minimum_savings_rate_is_met_by_chance_as_often_as_its_premise(
    position: int, persistence: bool
) -> None:
    figure, size = target("probability_of_savings"), SIZES[position]
    assert figure["assigned_beneficiaries"][position] == size
    middle, tolerance = figure["value"][position], figure["tolerance"][position]
    lowest, highest = (
        figure["persistent_range"][position] if persistence else (middle - tolerance, middle + tolerance)
    )
    result = simulated(size, persistence)
    met = result["msr_met"].values[0, 0]
    assert lowest < met.mean() < highest
    minimum = float(result["minimum_savings_rate"].values[0, 0, 0])
    exact = probability_of_savings(*models_and_sizes(_asked(size, persistence)), minimum)
    assert_share(met, exact.corrected)


@pytest.mark.slow
@pytest.mark.parametrize("position", [0, 1])
def test_a_corridor_of_two_percent_errs_as_often_as_published(position: int) -> None:
    """DeLia, Hoover and Cantor 2012: undue rewards and penalties without any true change."""
    figure = target("corridor")
    size, corridor = figure["assigned_beneficiaries"][position], figure["corridor"]
    rates = savings_rate(simulated(size, False))
    closed = models_and_sizes(_asked(size, False))
    for event, published, probability in (
        (rates >= corridor, figure["reward"][position], probability_of_savings),
        (rates <= -corridor, figure["penalty"][position], probability_of_losses),
    ):
        assert abs(event.mean() - published) < figure["tolerance"][position]
        assert_share(event, probability(*closed, corridor).corrected)


PEOPLE = 400_000


@cache
def followed(name: str) -> tuple[TypeModel, Lives]:
    """People of the nation; the scenario's mean risk score is one, so its models are the nation's."""
    models, _ = models_and_sizes(_asked(5_000, True))
    model = next(model for model in models if model.enrollment_type == name)
    kind = ENROLLMENT_TYPES.index(name)
    return model, lives(model, PEOPLE, years=3, enrollment_type=kind)


@pytest.mark.parametrize("name", ENROLLMENT_TYPES)
def test_published_shares_die_and_are_assigned_again(name: str) -> None:
    _, people = followed(name)
    turnover = default_table("turnover")
    assert_share(people.dies[0], turnover["decedent_share"]["value"])
    assert_share(people.assigned[1], turnover["assigned_again"]["value"])


@pytest.mark.parametrize(
    ("lag", "key"), [(1, "correlation_after_one_year"), (2, "correlation_after_two_years")]
)
def test_costly_people_stay_costly_as_published(lag: int, key: str) -> None:
    model, people = followed("AGED_NON_DUAL")
    again = people.assigned[lag]
    before, after = people.spending[0, again], people.spending[lag, again]
    product = (before - before.mean()) * (after - after.mean()) / (before.std() * after.std())
    assert abs(product.mean() - target(key)["value"]) < target(key)["tolerance"]
    assert_mean(product, spending_correlation(model, lag))


def test_spending_is_as_concentrated_as_published() -> None:
    """People aged 65 and over, in the published mix of the two types; within one point."""
    shares = default_table("population")["person_year_shares"]["value"]
    whole = sum(shares[name] for name in AGED)
    spent = np.concatenate(
        [followed(name)[1].spending[0, : round(PEOPLE * shares[name] / whole)] for name in AGED]
    )
    figure = target("concentration")
    cumulative = np.cumsum(np.sort(spent)[::-1]) / spent.sum()
    reached = [cumulative[round(top * spent.size) - 1] for top in figure["top_shares"]]
    np.testing.assert_allclose(reached, figure["value"], atol=figure["tolerance"])
