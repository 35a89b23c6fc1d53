"""Ask what moves an answer: one input at a time on common draws, and the input that reaches a goal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from scipy import optimize

from simcore.analysis import estimates, risk
from simcore.analysis.comparison import with_errors
from simcore.analysis.crossing import Crossing
from simcore.analysis.runs import ChangeableWorld, World, paired_difference
from simcore.errors import DataError
from simcore.vocabulary import REPLICATE

INPUT: Final = "input"
END: Final = "end"


@dataclass(frozen=True, slots=True)
class InputRange:
    """An input of a scenario and the two values between which it is believed to lie.

    ``path`` is the key's dotted path; ``label`` is what a table calls it.
    """

    path: str
    low: object
    high: object
    label: str = ""

    @property
    def name(self) -> str:
        """Return the label, or the path where there is none."""
        return self.label or self.path


def one_at_a_time(
    simulate: Callable[[ChangeableWorld], xr.Dataset],
    scenario: ChangeableWorld,
    ranges: Sequence[InputRange],
    outcome: Callable[[xr.Dataset], xr.DataArray],
) -> xr.Dataset:
    """Move one input after the other to both ends of its range, all else and all draws the same.

    Parameters
    ----------
    simulate
        Turns a scenario into a result.
    scenario
        The scenario in the middle.
    ranges
        The inputs.
    outcome
        What is looked at, from a result: dims ``(…, replicate)``; of a true-or-false outcome the
        effects are differences of probabilities.

    Returns
    -------
    xr.Dataset
        ``effect`` of moving from the scenario to each ``end`` (``"low"``, ``"high"``), dims ``(input,
        end, …)``; ``swing``, high less low, dims ``(input, …)``; ``base``, the outcome's mean in the
        middle; each with the ``…_standard_error`` of paired differences. Inputs with the widest swing first.
    """
    middle = _numbers(outcome(simulate(scenario)))
    effects, swings = [], []
    for one in ranges:
        low, high = (
            _numbers(outcome(simulate(scenario.with_changes({one.path: value}))))
            for value in (one.low, one.high)
        )
        ends = [paired_difference(end, middle) for end in (low, high)]
        along = xr.DataArray(["low", "high"], dims=END, name=END)
        effects.append(xr.concat(ends, dim=along, coords="different", compat="equals", join="exact"))
        swings.append(paired_difference(high, low))
    inputs = xr.DataArray([one.name for one in ranges], dims=INPUT, name=INPUT)
    measured = with_errors(
        {
            "effect": xr.concat(effects, dim=inputs, coords="different", compat="equals", join="exact"),
            "swing": xr.concat(swings, dim=inputs, coords="different", compat="equals", join="exact"),
            "base": risk.mean(middle),
        }
    )
    values = {
        "low": (INPUT, [str(one.low) for one in ranges]),
        "high": (INPUT, [str(one.high) for one in ranges]),
    }
    width = abs(measured["swing"]).max([dim for dim in measured["swing"].dims if dim != INPUT])
    order = np.argsort(-width.values, kind="stable")
    return measured.assign_coords({f"{end}_value": value for end, value in values.items()}).isel(
        {INPUT: order}
    )


def goal_seek(
    simulate: Callable[[World], xr.Dataset],
    scenario_at: Callable[[float], World],
    event: Callable[[xr.Dataset], xr.DataArray],
    *,
    goal: float,
    between: tuple[float, float],
    tolerance: float = 1e-4,
) -> Crossing:
    """Return the input at which an event is as likely as wished, such as a payment with 80 %.

    Parameters
    ----------
    simulate
        Turns a scenario into a result.
    scenario_at
        Returns the scenario with the input at a value, such as its true savings.
    event
        From a result, true or false by replicate.
    goal
        The wished probability.
    between
        Two values of the input, between which the probability passes the goal.
    tolerance
        How closely the input is wanted, in its own unit.

    Returns
    -------
    Crossing
        The input, and the standard error that the error of the probability leaves in it: common draws
        make the search sure, not the answer.

    Raises
    ------
    DataError
        If the probability does not pass the goal between the two values.
    """
    known: dict[float, estimates.Estimate] = {}

    def chance(value: float) -> float:
        if value not in known:
            happened = event(simulate(scenario_at(value))).transpose(REPLICATE)
            known[value] = estimates.probability(happened.values)
        return float(known[value].value) - goal

    ends = [chance(value) for value in between]
    if ends[0] * ends[1] > 0.0:
        found = " and ".join(
            f"{end + goal:.3f} at {value:g}" for end, value in zip(ends, between, strict=True)
        )
        raise DataError("goal", f"the chance is {found}; allowed: a goal between them, not {goal:g}")
    value = optimize.brentq(chance, *between, xtol=tolerance)
    error = float(known[value].standard_error) if value in known else float(known[between[0]].standard_error)
    return Crossing(float(value), error / _slope(chance, value, between, error))


def _slope(
    chance: Callable[[float], float], value: float, between: tuple[float, float], error: float
) -> float:
    """Return how fast a probability changes at a value, over a step that four errors of it fill."""
    low, high = min(between), max(between)
    average = abs(chance(high) - chance(low)) / (high - low)
    step = min(max(4.0 * error / average, 0.02 * (high - low)), 0.5 * (high - low))
    left, right = max(value - step, low), min(value + step, high)
    return max(abs(chance(right) - chance(left)) / (right - left), 1e-3 * average)


def _numbers(outcome: xr.DataArray) -> xr.DataArray:
    """Return an outcome as numbers: a truth is one, so that differences are of probabilities."""
    return outcome.astype(np.float64).assign_attrs(outcome.attrs)
