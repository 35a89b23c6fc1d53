"""Hold the calibrated people against every published figure that concerns individuals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from simcore.model.calibration import AGED, Fit, aged_models, fitted_bands, shown
from simcore.model.default_people import default_family
from simcore.model.families import limited_coefficient_of_variation, percentile_point
from simcore.model.noise import probability_of_losses, probability_of_savings, savings_rate_noise
from simcore.model.persistence import decedents_share
from simcore.model.population import TypeModel, TypePlan, build_type_model
from simcore.model.spending import NationalSpending
from simcore.scenario.default_values import default_table

BENCHMARK_YEARS = 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what the model reaches and what it may be. Without a range it is shown, not judged."""

    title: str
    reached: float
    lowest: float
    highest: float
    source: str

    @property
    def holds(self) -> bool:
        """Whether the model's value lies in the range."""
        return bool(self.lowest <= self.reached <= self.highest)


def figures(
    found: Fit, *, year: str, truncation_percentile: float, minimum_savings_rate: Callable[[int], float]
) -> list[Figure]:
    """Return every figure of ``targets.toml`` next to what a fit reaches, in closed form.

    Parameters
    ----------
    found
        The fit.
    year
        Year of the national means: a key of ``per_capita`` in the defaults.
    truncation_percentile
        Where the law truncates, as a fraction.
    minimum_savings_rate
        The law's minimum savings rate of a number of assigned beneficiaries.
    """
    targets = default_table("targets")
    aged = aged_models(found, year=year, truncation_percentile=truncation_percentile)
    independent = _all_types(found, year, truncation_percentile, persistence=False)
    persistent = _all_types(found, year, truncation_percentile, persistence=True)
    return [
        *_of_people(aged, targets),
        *_of_spread(found, targets, truncation_percentile),
        _noise(independent, targets["noise_of_independent_years"]),
        _noise(persistent, targets["noise_of_persistent_people"]),
        *_of_savings(independent, persistent, targets["probability_of_savings"], minimum_savings_rate),
        *_of_corridor(independent, targets["corridor"]),
    ]


def _of_people(aged: list[TypeModel], targets: Any) -> list[Figure]:
    """Return concentration, persistence and the end of life."""
    reached = shown(aged)
    target = targets["concentration"]
    rows = [
        _near(
            f"Share of spending, costliest {100 * top:g}%",
            value,
            published,
            target["tolerance"],
            target["source"],
        )
        for top, value, published in zip(
            target["top_shares"], reached.concentration, target["value"], strict=True
        )
    ]
    rows += [
        _near(
            targets[key]["title"],
            value,
            targets[key]["value"],
            targets[key]["tolerance"],
            targets[key]["source"],
        )
        for key, value in (
            ("correlation_after_one_year", reached.after_one_year),
            ("correlation_after_two_years", reached.after_two_years),
            ("last_year_of_life", reached.last_year_of_life),
        )
    ]
    # The year of death holds half of the last twelve months; the other half fell in the year before.
    calendar = decedents_share(aged[AGED.index("AGED_NON_DUAL")])
    note = "Part of the figure above that falls in the calendar year of death"
    return [*rows, Figure("Spending of people who die in the calendar year", calendar, 0.0, 1.0, note)]


def _of_spread(found: Fit, targets: Any, percentile: float) -> list[Figure]:
    """Return the coefficient of variation of truncated spending by enrollment type."""
    rows = []
    for name, (lowest, highest) in targets["spread"]["value"].items():
        family = default_family(name, truncation_percentile=percentile) if name == "ESRD" else found.shape
        spread = limited_coefficient_of_variation(family, percentile_point(family, percentile))
        title = f"CV of truncated spending, {name}"
        rows.append(Figure(title, spread, lowest, highest, targets["spread"]["source"]))
    return rows


def _noise(models: Sequence[TypeModel], target: Any) -> Figure:
    """Return c of c/√n. It does not depend on the size: sums over independent people."""
    coefficient = savings_rate_noise(models, _sizes(100_000)).coefficient
    lowest, highest = target["range"]
    return Figure(target["title"], coefficient, lowest, highest, target["source"])


def _of_savings(
    independent: list[TypeModel], persistent: list[TypeModel], target: Any, minimum: Callable[[int], float]
) -> list[Figure]:
    """Return the probability to meet the minimum savings rate by chance, with years independent and not."""
    rows = []
    ranges = [
        (value - tolerance, value + tolerance)
        for value, tolerance in zip(target["value"], target["tolerance"], strict=True)
    ]
    for models, allowed, who in (
        (independent, ranges, "years independent"),
        (persistent, target["persistent_range"], "people persist"),
    ):
        for size, (lowest, highest) in zip(target["assigned_beneficiaries"], allowed, strict=True):
            reached = probability_of_savings(models, _sizes(size), minimum(size)).corrected
            title = f"MSR met by chance, {size:,} heads, {who}"
            rows.append(Figure(title, reached, lowest, highest, target["source"]))
    return rows


def _of_corridor(models: list[TypeModel], target: Any) -> list[Figure]:
    """Return the probabilities of an undue reward and of an undue penalty."""
    rows = []
    for index, size in enumerate(target["assigned_beneficiaries"]):
        for what, probability in (("reward", probability_of_savings), ("penalty", probability_of_losses)):
            reached = probability(models, _sizes(size), target["corridor"]).corrected
            title = f"Undue {what}, corridor {100 * target['corridor']:g}%, {size:,} heads"
            rows.append(
                _near(title, reached, target[what][index], target["tolerance"][index], target["source"])
            )
    return rows


def _near(title: str, reached: float, published: float, tolerance: float, source: str) -> Figure:
    """Return a figure that may differ from what is published by a tolerance."""
    return Figure(title, float(reached), published - tolerance, published + tolerance, source)


def _all_types(found: Fit, year: str, percentile: float, *, persistence: bool) -> list[TypeModel]:
    """Return the people of all enrollment types under a fit."""
    bands = fitted_bands(found)
    per_capita = default_table("spending")["per_capita"][year]["value"]
    return [
        build_type_model(
            TypePlan(
                enrollment_type=name,
                spending=NationalSpending(
                    default_family(name, truncation_percentile=percentile) if name == "ESRD" else found.shape,
                    float(per_capita[name]),
                    percentile,
                ),
                bands=bands if persistence else replace(bands, persistence=0.0),
                assigned_again=default_table("turnover")["assigned_again"]["value"],
                score_explains=default_table("population")["score_explains"]["value"],
            )
        )
        for name in default_table("population")["person_year_shares"]["value"]
    ]


def _sizes(assigned_beneficiaries: int) -> list[list[int]]:
    """Return head counts by enrollment type and year: three benchmark years, one performance year."""
    shares = default_table("population")["person_year_shares"]["value"]
    return [[round(assigned_beneficiaries * share)] * (BENCHMARK_YEARS + 1) for share in shares.values()]
