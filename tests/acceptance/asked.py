"""The questions that acceptance tests put to the simulation, and how near an answer must be."""

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from simcore.model.people import plan_people
from simcore.model.population import TypeModel
from simcore.model.timeline import timeline
from simcore.regulation.reader import read_regulation
from simcore.scenario.default_values import default_table
from simcore.scenario.schema import Scenario, parse_scenario
from simcore.scenario.templates import templates

STANDARD_ERRORS = 4.0
"""How far a simulated figure may be from an exact one, in standard errors, at a fixed seed."""


def template(name: str, **changes: object) -> Scenario:
    """A shipped template with some keys changed; in a key, two underscores stand for a dot."""
    dotted = {key.replace("__", "."): value for key, value in changes.items()}
    return parse_scenario(templates()[name].content, source=name).with_changes(dotted)


def default_mix(assigned_beneficiaries: int) -> dict[str, dict[str, int]]:
    """Head counts by enrollment type in the published mix."""
    shares = default_table("population")["person_year_shares"]["value"]
    return {
        name: {"assigned_beneficiaries": round(assigned_beneficiaries * share)}
        for name, share in shares.items()
    }


def null_noise(assigned_beneficiaries: int, *, persistence: bool, **changes: object) -> Scenario:
    """The default people with nothing at work but individual randomness: no trend, nothing adjusted."""
    return template(
        "reference_noise",
        aco__population=default_mix(assigned_beneficiaries),
        spending__distribution={},
        spending__persistence=persistence,
        spending__turnover=True,
        growth__projected={},
        **changes,
    )


def models_and_sizes(scenario: Scenario) -> tuple[list[TypeModel], list[list[int]]]:
    """What closed forms take: the people of a scenario, and head counts by type and year."""
    regulation = read_regulation()
    people = plan_people(scenario, timeline(scenario, regulation), regulation)
    models = [model for _, model in people.models]
    return models, [[int(count) for count in people.paths[position]] for position, _ in people.models]


def savings_rate(result: xr.Dataset) -> np.ndarray:
    """Savings rates of the first performance year, by replicate."""
    rates = result["savings_rate"].values[..., 0, :]
    return np.asarray(rates[0] if rates.ndim == 2 else rates)


def standard_error(sample: np.ndarray) -> float:
    """Of a mean over replicates."""
    return float(np.std(sample, ddof=1) / np.sqrt(sample.size))


def assert_share(event: np.ndarray, exact: float) -> None:
    """The share of replicates with an event is its probability, within four standard errors."""
    error = np.sqrt(exact * (1.0 - exact) / event.size)
    assert abs(event.mean() - exact) < STANDARD_ERRORS * error, (event.mean(), exact, error)


def assert_mean(sample: np.ndarray, exact: ArrayLike) -> None:
    """The mean over replicates is the expected one, within four standard errors."""
    error = standard_error(sample)
    assert abs(sample.mean() - exact) < STANDARD_ERRORS * error, (sample.mean(), exact, error)
