"""The people of a scenario that names none: calibrated shapes, bands and turnover, read from cited data."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from simcore.model.bands import BandPlan
from simcore.model.families import Family
from simcore.model.family_description import family_from
from simcore.model.population import TypePlan
from simcore.model.spending import NationalSpending
from simcore.scenario.default_values import default_table


@lru_cache(maxsize=8)
def default_family(enrollment_type: str, *, truncation_percentile: float) -> Family:
    """Return the calibrated shape of annualised spending of an enrollment type."""
    shape = (
        default_table("spending")["end_stage_renal_disease"]
        if enrollment_type == "ESRD"
        else default_table("calibrated")["spending_shape"]
    )
    place = f"default spending of {enrollment_type}"
    return family_from(shape["value"], truncation_percentile=truncation_percentile, place=place)


def unfitted_bands() -> BandPlan:
    """Return the bands without the correlations that calibration fits: all three are 0."""
    people, turnover = default_table("population"), default_table("turnover")
    return BandPlan(
        risk_shares=tuple(people["risk_shares"]["value"]),
        decedent_share=turnover["decedent_share"]["value"],
        decedent_person_years=turnover["decedent_person_years"]["value"],
        loading=0.0,
        persistence=0.0,
        mortality_loading=0.0,
    )


def default_bands(*, persistence: bool = True, deaths: bool = True) -> BandPlan:
    """Return the calibrated bands.

    Parameters
    ----------
    persistence
        False: persistent risk is drawn anew every year. A year by itself keeps its distribution.
    deaths
        False: nobody dies, and everybody counts a whole person-year.
    """
    bands, fitted = unfitted_bands(), default_table("calibrated")
    return replace(
        bands,
        decedent_share=bands.decedent_share if deaths else 0.0,
        loading=fitted["loading"]["value"],
        persistence=fitted["persistence"]["value"] if persistence else 0.0,
        mortality_loading=fitted["mortality_loading"]["value"],
    )


def default_plan(
    enrollment_type: str,
    *,
    per_capita: float,
    truncation_percentile: float,
    persistence: bool = True,
    turnover: bool = True,
    distribution: Mapping[str, object] | None = None,
) -> TypePlan:
    """Return the plan of one enrollment type, defaults taken wherever the scenario is silent.

    Parameters
    ----------
    enrollment_type
        ``ESRD``, ``DISABLED``, ``AGED_DUAL`` or ``AGED_NON_DUAL``.
    per_capita
        The nation's truncated mean, USD per person-year of the dollar year.
    truncation_percentile
        Where the law truncates, as a fraction.
    persistence
        Whether people who cost much in a year tend to in the next.
    turnover
        Whether people die, leave and join.
    distribution
        Description of another family, see `simcore.model.family_description`.

    Returns
    -------
    TypePlan
        The nation's people. An ACO's own level, score and counts are put in with `dataclasses.replace`:
        ``relative_cost = its per-capita expenditures / (per_capita * mean_risk_score)``.

    Raises
    ------
    ScenarioError
        If `distribution` is malformed.
    """
    family = (
        default_family(enrollment_type, truncation_percentile=truncation_percentile)
        if distribution is None
        else family_from(
            distribution,
            truncation_percentile=truncation_percentile,
            place=f"spending.distribution.{enrollment_type}",
        )
    )
    bands = default_bands(persistence=persistence, deaths=turnover)
    if not (persistence or turnover):
        # Nothing is left that tells people apart: one band draws the same sums.
        bands = replace(bands, risk_shares=(1.0,), loading=0.0)
    return TypePlan(
        enrollment_type=enrollment_type,
        spending=NationalSpending(family, per_capita, truncation_percentile),
        bands=bands,
        assigned_again=default_table("turnover")["assigned_again"]["value"] if turnover else None,
        score_explains=default_table("population")["score_explains"]["value"],
    )
