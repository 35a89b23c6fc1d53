"""The scenarios behind published tables: people, noise and nothing else, or an ACO with every layer at work."""

from datetime import date
from functools import cache
from typing import Final

import numpy as np
import xarray as xr

from simcore.analysis.estimates import Float64
from simcore.model.default_people import default_plan
from simcore.model.population import TypeModel, build_type_model
from simcore.regulation.reader import Regulation
from simcore.scenario.default_values import default_table
from simcore.scenario.schema import Scenario, parse_scenario
from simcore.scenario.templates import templates

PERFORMANCE_YEAR: Final = 2024
"""Year whose rules hold for what has no year of its own."""


@cache
def national_people(regulation: Regulation, *, persistence: bool = True) -> dict[str, TypeModel]:
    """Return the default people of every enrollment type."""
    percentile = regulation.number("truncation_percentile", performance_year=PERFORMANCE_YEAR)
    published = default_table("spending")["per_capita"]
    means = published[max(published, key=int)]["value"]
    return {
        name: build_type_model(
            default_plan(
                name, per_capita=float(mean), truncation_percentile=percentile, persistence=persistence
            )
        )
        for name, mean in means.items()
    }


def from_template(name: str, *, engine: str, replicates: int) -> Scenario:
    """Return a shipped template for one engine."""
    return parse_scenario(templates()[name].content, source=name).with_changes(
        {"simulation.engine": engine, "simulation.replicates": replicates}
    )


def replicates_of(engine: str, replicates: int) -> int:
    """Return the replicates of an engine: drawing every person is dear."""
    return replicates if engine == "pooled" else max(replicates // 5, 2)


def published_mix(size: int) -> dict[str, dict[str, int]]:
    """Return head counts in the published mix."""
    shares = default_table("population")["person_year_shares"]["value"]
    return {name: {"assigned_beneficiaries": round(size * share)} for name, share in shares.items()}


def null_noise(size: int, *, persistence: bool, replicates: int) -> Scenario:
    """Return the default people with nothing at work but individual randomness."""
    return from_template("reference_noise", engine="pooled", replicates=replicates).with_changes(
        {
            "aco.population": published_mix(size),
            "spending.distribution": {},
            "spending.persistence": persistence,
            "spending.turnover": True,
            "growth.projected": {},
            "contract.options": ["BASIC-B"],
        }
    )


def default_aco(size: int, replicates: int) -> Scenario:
    """Return an ACO of two performance years under the two-way update, every layer random."""
    return from_template("rebasing", engine="pooled", replicates=replicates).with_changes(
        {
            "aco.agreement_start": date(2022, 1, 1),
            "aco.performance_years": 2,
            "aco.population": published_mix(size),
            "savings.true_savings": 0.0,
            "contract.options": ["BASIC-B"],
        }
    )


def first_rates(result: xr.Dataset) -> Float64:
    """Return the savings rates of the first performance year, by replicate."""
    return np.asarray(result["savings_rate"].values[0], np.float64)


def after_savings(rates: Float64, true_savings: float) -> Float64:
    """Return what savings rates become when a share of the performance year's spending is saved."""
    return 1.0 - (1.0 - true_savings) * (1.0 - rates)


def as_percent(value: float) -> str:
    """Return a fraction as a percentage."""
    return f"{100.0 * value:.2f}%"
