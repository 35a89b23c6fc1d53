"""What the columns of CMS's results files mean: our word, its kind, and how CMS has spelled it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from simcore.vocabulary import ENROLLMENT_TYPES

Kind = Literal["text", "date", "count", "money", "rate", "flag", "number"]

PERIODS: Final = ("BY1", "BY2", "BY3", "PY")
"""Benchmark years 1 to 3 and the performance year, as the ends of column names."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column: the project's ``word``, its ``kind``, CMS's ``spellings`` (normalised headers)."""

    word: str
    kind: Kind
    spellings: tuple[str, ...]
    required: bool = False


_SETTLEMENT: Final = (
    Field("aco_id", "text", ("aco_id", "aco_num", "aco_identifier"), required=True),
    Field("aco_name", "text", ("aco_name",)),
    Field("agreement_type", "text", ("agree_type",)),
    Field("agreement_period", "count", ("agreement_period_num",)),
    Field("agreement_start", "date", ("current_start_date", "start_date"), required=True),
    Field("initial_start", "date", ("initial_start_date",)),
    Field("risk_model", "text", ("risk_model",)),
    Field("assignment", "text", ("assign_type",)),
    Field("assigned_beneficiaries", "count", ("n_ab",), required=True),
    Field("person_years", "number", ("n_ab_year_py", "n_ab_year"), required=True),
    Field("updated_benchmark", "money", ("abtotbnchmk",), required=True),
    Field("expenditures", "money", ("abtotexp",), required=True),
    Field("published_savings_rate", "rate", ("sav_rate",)),
    Field("minimum_savings_rate", "rate", ("minsavperc", "minimum_savings_rate"), required=True),
    Field("generated_savings", "money", ("gensaveloss",)),
    Field("disaster_adjustment", "money", ("disadj",)),
    Field("net_settlement", "money", ("earnsaveloss",), required=True),
    Field("quality_score", "rate", ("qualscore", "quality_score"), required=True),
    Field("met_quality_standard", "flag", ("met_qps",)),
    Field("met_alternative_standard", "flag", ("met_altqps",)),
    Field(
        "maximum_sharing_rate", "rate", ("maxsharerate", "qualperfshare", "quality_performance_sharing_rate")
    ),
    Field("final_sharing_rate", "rate", ("finalsharerate", "final_sharing_rate"), required=True),
    Field("final_loss_rate", "rate", ("finallossrate",)),
    Field("per_capita_updated_benchmark", "money", ("updatedbnchmk",)),
    Field("per_capita_historical_benchmark", "money", ("histbnchmk",)),
    Field("prior_savings_adjustment", "money", ("prior_sav_adj", "priorsavadj")),
    Field("positive_regional_adjustment", "money", ("posregadj",)),
    Field("regional_adjustment", "money", ("regadj",)),
    Field("final_adjustment", "text", ("finaladjcat",)),
    Field("regional_update", "flag", ("regtrndupdt",)),
    Field("revenue_loss_limit", "flag", ("revlosslimit",)),
    Field("revenue_class", "text", ("rev_exp_cat",)),
    Field("guardrail", "flag", ("guardrail",)),
    Field("half_rate", "flag", ("reducedss",)),
    Field("terminated_early", "flag", ("prorate_shared_losses", "impact_mid_year_termination")),
    Field("advance_investment_balance", "money", ("aipbalance",)),
    Field("advance_investment_recouped", "money", ("aiprecoup",)),
    Field("advance_investment_owed", "money", ("aipowe",)),
    Field("per_capita_expenditures", "money", ("per_capita_exp_total_py",)),
)

_TYPE_IN_EXPENDITURES: Final = dict(zip(ENROLLMENT_TYPES, ("esrd", "dis", "agdu", "agnd"), strict=True))
_TYPE_IN_PERSON_YEARS: Final = dict(
    zip(ENROLLMENT_TYPES, ("esrd", "dis", "aged_dual", "aged_nondual"), strict=True)
)
_TYPE_IN_2013: Final = dict(
    zip(ENROLLMENT_TYPES, ("esrd", "disabled", "aged_dual", "aged_non_dual"), strict=True)
)


def _type_fields() -> tuple[Field, ...]:
    """Return the columns that every enrollment type has, by period where they have one."""
    fields: list[Field] = []
    for enrollment_type in ENROLLMENT_TYPES:
        short = _TYPE_IN_EXPENDITURES[enrollment_type]
        long = _TYPE_IN_PERSON_YEARS[enrollment_type]
        for period in PERIODS:
            end = period.lower()
            spending = [f"per_capita_exp_all_{short}_{end}"]
            if period == "PY":
                spending.append(
                    f"total_expenditures_per_assigned_{_TYPE_IN_2013[enrollment_type]}_beneficiary"
                )
            fields += [
                Field(f"per_capita_expenditures_{enrollment_type}_{period}", "money", tuple(spending)),
                Field(
                    f"risk_score_{enrollment_type}_{period}", "number", (f"cms_hcc_riskscore_{short}_{end}",)
                ),
                Field(
                    f"demographic_risk_score_{enrollment_type}_{period}",
                    "number",
                    (f"demog_riskscore_{short}_{end}",),
                ),
            ]
        fields += [
            Field(f"person_years_{enrollment_type}_BY3", "number", (f"n_ab_year_{long}_by3",)),
            Field(
                f"person_years_{enrollment_type}_PY", "number", (f"n_ab_year_{long}_py", f"n_ab_year_{long}")
            ),
            Field(
                f"risk_ratio_weight_{enrollment_type}", "number", (f"rr_weight_{short}", f"rr_weight_{long}")
            ),
        ]
    return tuple(fields)


FIELDS: Final = (*_SETTLEMENT, *_type_fields())
"""Every column that is read. What else a file holds (service categories, quality measures) is left alone."""

TRACK_FLAGS: Final[Mapping[str, str]] = {
    "track1": "TRACK-1",
    "track2": "TRACK-2",
    "current_track_1": "TRACK-1",
    "current_track_1_plus": "TRACK-1+",
    "current_track_2": "TRACK-2",
    "current_track_3": "TRACK-3",
    "current_basic_a": "BASIC-A",
    "current_basic_b": "BASIC-B",
    "current_basic_c": "BASIC-C",
    "current_basic_d": "BASIC-D",
    "current_basic_e": "BASIC-E",
    "current_enhanced": "ENHANCED",
}
"""Columns that hold 1 where the ACO is in a track (2014 to 2021)."""

TRACK_CODES: Final[Mapping[str, str]] = {
    **{letter: f"BASIC-{letter}" for letter in "ABCDE"},
    "EN": "ENHANCED",
}
"""Codes of the column ``Current_Track`` (2022 and later)."""

TRACK_TWO_OF_2013: Final = "track_2_aco"

SHIFTED_2013: Final[Mapping[str, tuple[int, Kind]]] = {
    "updated_benchmark": (12, "money"),
    "expenditures": (13, "money"),
    "gross_savings": (14, "money"),
    "earned_shared_savings": (15, "money"),
    "owed_shared_losses": (16, "money"),
    "assigned_beneficiaries": (17, "count"),
    "person_years": (18, "number"),
    "person_years_ESRD_PY": (19, "number"),
    "person_years_DISABLED_PY": (20, "number"),
    "person_years_AGED_DUAL_PY": (21, "number"),
    "person_years_AGED_NON_DUAL_PY": (22, "number"),
}
"""0-based places in the file of 2013, whose headers stand one place too early from the 14th column on."""
