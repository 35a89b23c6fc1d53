"""Read a spending distribution from its description in a scenario: a family's name and its numbers."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from simcore.errors import ScenarioError, near_matches
from simcore.model.families import Family, GeneralizedGamma, LognormalMixture
from simcore.model.family_tables import PercentileTable, Sample
from simcore.model.family_units import Basis, from_concentration, generalized_gamma, lognormal
from simcore.scenario.amount_file import read_amounts


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a description, checked to be of the right kind."""

    content: Mapping[str, object]
    truncation_percentile: float

    def one(self, key: str, absent: float = 0.0) -> float:
        """Return one number."""
        return float(cast(float, self.content.get(key, absent)))

    def many(self, key: str) -> tuple[float, ...]:
        """Return a list of numbers; empty where the key is absent."""
        return tuple(float(item) for item in cast(Sequence[float], self.content.get(key, ())))

    @property
    def basis(self) -> Basis:
        """The basis of the coefficient of variation."""
        return cast(Basis, self.content["basis"])

    @property
    def tail(self) -> tuple[float, float] | None:
        """Percentile and index of the Pareto tail, if there is one."""
        return (self.one("tail_percentile"), self.one("tail_index")) if "tail_index" in self.content else None


@dataclass(frozen=True, slots=True)
class Form:
    """What a family needs, what it may have besides, and how it is made."""

    needs: tuple[str, ...]
    may_have: tuple[str, ...]
    make: Callable[[Numbers], Family]


def _lognormal(numbers: Numbers) -> Family:
    """Make a lognormal in an actuary's units."""
    return lognormal(
        numbers.one("coefficient_of_variation"),
        basis=numbers.basis,
        truncation_percentile=numbers.truncation_percentile,
        share_with_no_spending=numbers.one("share_with_no_spending"),
        tail=numbers.tail,
    )


def _gamma_in_units(numbers: Numbers) -> Family:
    """Make a generalised gamma in an actuary's units."""
    return generalized_gamma(
        numbers.one("coefficient_of_variation"),
        power=numbers.one("power"),
        basis=numbers.basis,
        truncation_percentile=numbers.truncation_percentile,
        share_with_no_spending=numbers.one("share_with_no_spending"),
    )


def _gamma(numbers: Numbers) -> Family:
    """Make a generalised gamma from its shape and power."""
    return GeneralizedGamma(numbers.one("shape"), numbers.one("power"), numbers.one("share_with_no_spending"))


def _mixture(numbers: Numbers) -> Family:
    """Make a mixture of lognormals."""
    weights = numbers.many("weights")
    return LognormalMixture(
        numbers.one("share_with_no_spending"),
        tuple(weight / sum(weights) for weight in weights),
        numbers.many("log_means"),
        numbers.many("log_standard_deviations"),
    )


def _concentration(numbers: Numbers) -> Family:
    """Fit a mixture to a published concentration."""
    return from_concentration(
        numbers.many("top_shares"),
        numbers.many("spending_shares"),
        share_with_no_spending=numbers.one("share_with_no_spending"),
    )


def _percentiles(numbers: Numbers) -> Family:
    """Join published percentiles."""
    return PercentileTable(numbers.many("probabilities"), numbers.many("amounts"))


def _sample(numbers: Numbers) -> Family:
    """Take amounts as they are, from the description or from a file."""
    if "file" in numbers.content:
        return Sample(*read_amounts(Path(str(numbers.content["file"]))))
    return Sample(numbers.many("amounts"), numbers.many("weights"))


FORMS: Final[Mapping[str, Form]] = {
    "lognormal": Form(
        ("coefficient_of_variation", "basis"),
        ("share_with_no_spending", "tail_index", "tail_percentile"),
        _lognormal,
    ),
    "generalized-gamma": Form(("shape", "power"), ("share_with_no_spending",), _gamma),
    "generalized-gamma-by-variation": Form(
        ("coefficient_of_variation", "power", "basis"), ("share_with_no_spending",), _gamma_in_units
    ),
    "lognormal-mixture": Form(
        ("weights", "log_means", "log_standard_deviations"), ("share_with_no_spending",), _mixture
    ),
    "concentration": Form(("top_shares", "spending_shares"), ("share_with_no_spending",), _concentration),
    "percentiles": Form(("probabilities", "amounts"), (), _percentiles),
    "sample": Form((), ("amounts", "weights", "file"), _sample),
}
"""Families that a scenario may name. A user's table of amounts and probabilities is a sample with weights."""

TOGETHER: Final = (
    ("weights", "log_means", "log_standard_deviations"),
    ("top_shares", "spending_shares"),
    ("probabilities", "amounts"),
    ("amounts", "weights"),
)
"""Lists that must have one length wherever they stand together."""


def family_from(description: Mapping[str, object], *, truncation_percentile: float, place: str) -> Family:
    """Return the family that a scenario describes.

    Parameters
    ----------
    description
        ``family`` and that family's keys, see `FORMS`.
    truncation_percentile
        Where spending is truncated, as a fraction: the meaning of ``basis = "truncated"``.
    place
        Where the description stands, for messages.

    Raises
    ------
    ScenarioError
        With all problems at once.
    """
    name = description.get("family")
    if name not in FORMS:
        hint = near_matches(str(name), list(FORMS))
        raise ScenarioError(place, f"family: {name!r} is no family; allowed: {', '.join(FORMS)}{hint}")
    form = FORMS[str(name)]
    content = {key: value for key, value in description.items() if key != "family"}
    problems = [*_key_problems(content, form), *_value_problems(content)]
    if problems:
        raise ScenarioError(place, problems)
    try:
        return form.make(Numbers(content, truncation_percentile))
    except (ValueError, ArithmeticError) as error:
        raise ScenarioError(place, f"family {name!r}: {error}") from error


def _key_problems(content: Mapping[str, object], form: Form) -> list[str]:
    """Return what is missing, unknown or at odds among the keys."""
    known = (*form.needs, *form.may_have)
    problems = [
        f"{key}: absent; this family needs {', '.join(form.needs)}"
        for key in form.needs
        if key not in content
    ]
    problems += [f"{key}: unknown key{near_matches(key, known)}" for key in content if key not in known]
    if "file" in known and ("file" in content) == ("amounts" in content):
        problems.append("amounts, file: give one of the two")
    if ("tail_index" in content) != ("tail_percentile" in content):
        problems.append("tail_index, tail_percentile: a tail needs both, its index and where it begins")
    for keys in TOGETHER:
        lengths = {key: len(content[key]) for key in keys if isinstance(content.get(key), Sequence)}  # type: ignore[arg-type]
        if len(lengths) > 1 and len(set(lengths.values())) > 1:
            problems.append(
                f"{', '.join(lengths)}: lists of lengths {tuple(lengths.values())}; allowed: one length"
            )
    return problems


def _value_problems(content: Mapping[str, object]) -> list[str]:
    """Return the values that are of a wrong kind or out of range."""
    problems = []
    for key, value in content.items():
        if key == "basis":
            if value not in ("truncated", "untruncated"):
                problems.append(f"basis: {value!r}; allowed: 'truncated', 'untruncated'")
            continue
        if key == "file":
            continue
        items = _numbers(value)
        if not items:
            problems.append(f"{key}: {value!r}; allowed: {'numbers' if key in LISTS else 'a number'}")
        elif key in LISTS and not isinstance(value, list | tuple):
            problems.append(f"{key}: {value!r}; allowed: a list of numbers")
        elif key in BOUNDS and not all(BOUNDS[key][0] <= item <= BOUNDS[key][1] for item in items):
            problems.append(f"{key}: {value!r}; allowed: {BOUNDS[key][0]:g} to {BOUNDS[key][1]:g}")
        elif key in RISING and list(items) != sorted(items):
            problems.append(f"{key}: {value!r}; allowed: in rising order")
    return problems


def _numbers(value: object) -> list[float]:
    """Return a number or a list of numbers as a list; an empty one if anything else is among them."""
    items = value if isinstance(value, list | tuple) else [value]
    numbers = [
        float(item)
        for item in items
        if isinstance(item, int | float) and not isinstance(item, bool) and math.isfinite(item)
    ]
    return numbers if len(numbers) == len(items) else []


LISTS: Final = frozenset(key for keys in TOGETHER for key in keys)
RISING: Final = frozenset({"probabilities", "top_shares", "spending_shares"})
LARGEST: Final = 1e12
BOUNDS: Final[Mapping[str, tuple[float, float]]] = {
    "share_with_no_spending": (0.0, 0.99),
    "coefficient_of_variation": (0.01, 100.0),
    "tail_index": (1.01, 100.0),
    "tail_percentile": (0.5, 0.9999),
    "shape": (1e-3, 1e4),
    "power": (0.05, 20.0),
    "probabilities": (1e-9, 1.0 - 1e-9),
    "top_shares": (1e-6, 0.999),
    "spending_shares": (1e-6, 1.0),
    "weights": (0.0, LARGEST),
    "amounts": (0.0, LARGEST),
    "log_means": (-50.0, 50.0),
    "log_standard_deviations": (1e-3, 6.0),
}
"""What a number may be. A Pareto tail without a mean (an index of 1 or less) has no expected expenditures."""
