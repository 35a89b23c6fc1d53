"""The words of a result: every variable's dimensions, units and meaning, declared once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import xarray as xr

CONTRACT: Final = "contract"
PERFORMANCE_YEAR: Final = "performance_year"
ENROLLMENT_TYPE: Final = "enrollment_type"
REPLICATE: Final = "replicate"

ENROLLMENT_TYPES: Final = ("ESRD", "DISABLED", "AGED_DUAL", "AGED_NON_DUAL")
"""Medicare enrollment types, in the order of 42 CFR 425.605(a)(2) and of every array's axis."""

RATE: Final = "1"
MONEY: Final = "USD"
FLAG: Final = "bool"


@dataclass(frozen=True, slots=True)
class Word:
    """What one variable of a result means.

    ``dims`` are the dimensions it has at the most: a variable that no rule makes depend on the
    contract is stored without that dimension.
    """

    dims: tuple[str, ...]
    units: str
    long_name: str
    optional_dims: tuple[str, ...] = ()


_WORLD: Final = (PERFORMANCE_YEAR, REPLICATE)
_SETTLED: Final = (CONTRACT, PERFORMANCE_YEAR, REPLICATE)
_TYPED: Final = (ENROLLMENT_TYPE, PERFORMANCE_YEAR, REPLICATE)

VARIABLES: Final[dict[str, Word]] = {
    # What happened, whatever the contract.
    "assigned_beneficiaries": Word(_WORLD, RATE, "Assigned beneficiaries"),
    "person_years": Word(_WORLD, RATE, "Person-years of assigned beneficiaries"),
    "updated_benchmark": Word(_SETTLED, MONEY, "Updated benchmark expenditures", (CONTRACT,)),
    "expenditures": Word(_SETTLED, MONEY, "Performance year expenditures", (CONTRACT,)),
    "gross_savings": Word(_SETTLED, MONEY, "Updated benchmark less expenditures", (CONTRACT,)),
    "savings_rate": Word(_SETTLED, RATE, "Gross savings as a share of the updated benchmark", (CONTRACT,)),
    "quality_score": Word(_WORLD, RATE, "Quality score"),
    "participant_revenue": Word(_WORLD, MONEY, "ACO participants' Medicare Parts A and B revenue"),
    "true_savings": Word(_WORLD, RATE, "Care-management effect on expenditures"),
    # What each contract made of it.
    "minimum_savings_rate": Word(
        _SETTLED, RATE, "Minimum savings rate, also the size of the minimum loss rate"
    ),
    "msr_met": Word(_SETTLED, FLAG, "Savings meet or exceed the minimum savings rate"),
    "mlr_met": Word(_SETTLED, FLAG, "Losses meet or exceed the minimum loss rate"),
    "final_sharing_rate": Word(_SETTLED, RATE, "Final sharing rate"),
    "final_loss_rate": Word(_SETTLED, RATE, "Final loss rate"),
    "earned_shared_savings": Word(_SETTLED, MONEY, "Earned shared savings"),
    "owed_shared_losses": Word(_SETTLED, MONEY, "Owed shared losses"),
    "net_settlement": Word(_SETTLED, MONEY, "Earned shared savings less owed shared losses"),
    "payment_limit_binds": Word(_SETTLED, FLAG, "The performance payment limit binds"),
    "loss_limit_binds": Word(_SETTLED, FLAG, "The loss recoupment limit binds"),
    # Steps of the settlement, kept on request.
    "maximum_sharing_rate": Word(_SETTLED, RATE, "Sharing rate at full quality"),
    "shared_savings_before_sequestration": Word(_SETTLED, MONEY, "Shared savings at the final sharing rate"),
    "shared_savings_before_limit": Word(
        _SETTLED, MONEY, "Shared savings after sequestration, before the limit"
    ),
    "performance_payment_limit": Word(_SETTLED, MONEY, "Performance payment limit"),
    "shared_losses_before_limit": Word(_SETTLED, MONEY, "Shared losses at the final loss rate"),
    "loss_recoupment_limit": Word(_SETTLED, MONEY, "Loss recoupment limit"),
    "reduced_sharing": Word(_SETTLED, FLAG, "Savings below the minimum are shared at the reduced rate"),
    "revenue_limit_binds": Word(
        _SETTLED, FLAG, "The loss limit that binds is that of the participants' revenue"
    ),
    "disaster_relief": Word(_SETTLED, MONEY, "Losses relieved for extreme and uncontrollable circumstances"),
    "guardrail_applies": Word(_SETTLED, FLAG, "The two-way benchmark replaces the three-way one"),
    # Steps of the expenditures and the benchmark, kept on request.
    "type_person_years": Word(_TYPED, RATE, "Person-years by enrollment type"),
    "type_expenditures": Word(_TYPED, MONEY, "Performance year expenditures by enrollment type"),
    "risk_score": Word(_TYPED, RATE, "Mean prospective risk score, renormalised"),
    "demographic_risk_score": Word(_TYPED, RATE, "Mean demographic risk score"),
    "historical_benchmark": Word(_TYPED, MONEY, "Adjusted historical benchmark per capita"),
    "risk_ratio": Word(_TYPED, RATE, "Risk ratio from benchmark year 3, after the cap"),
    "update_factor": Word(_TYPED, RATE, "Update of the historical benchmark"),
    "national_growth": Word(_TYPED, RATE, "National growth of expenditures since benchmark year 3, a factor"),
    "regional_growth": Word(_TYPED, RATE, "Regional growth of expenditures since benchmark year 3, a factor"),
    "expected_expenditures": Word(
        _WORLD, MONEY, "Expenditures expected given everything but individual luck"
    ),
    "untruncated_expenditures": Word(_WORLD, MONEY, "Performance year expenditures without truncation"),
}

REQUIRED: Final = (
    "assigned_beneficiaries",
    "person_years",
    "updated_benchmark",
    "expenditures",
    "savings_rate",
    "gross_savings",
    "minimum_savings_rate",
    "msr_met",
    "mlr_met",
    "final_sharing_rate",
    "final_loss_rate",
    "earned_shared_savings",
    "owed_shared_losses",
    "net_settlement",
    "payment_limit_binds",
    "loss_limit_binds",
)
"""Variables that every result has."""

PROVENANCE: Final = (
    "simcore_version",
    "scenario",
    "scenario_digest",
    "regulation_digest",
    "seed",
    "engine",
    "stream_version",
)
"""Attributes that every result has, all strings: ``scenario`` is the whole scenario as canonical JSON."""


def problems(dataset: xr.Dataset) -> list[str]:
    """Return what keeps `dataset` from being a result, one sentence each; empty when nothing does."""
    found = [f"variable {name!r} is missing" for name in REQUIRED if name not in dataset]
    found += [f"attribute {name!r} is missing" for name in PROVENANCE if name not in dataset.attrs]
    found += _label_problems(dataset)
    for name in map(str, dataset.data_vars):
        word = VARIABLES.get(name)
        if word is None:
            found.append(f"variable {name!r} is no word of the vocabulary")
            continue
        variable = dataset[name]
        needed = tuple(dim for dim in word.dims if dim not in word.optional_dims)
        allowed = (word.dims, needed)
        if variable.dims not in allowed:
            found.append(
                f"variable {name!r} has dims {variable.dims}, allowed: {' or '.join(map(str, allowed))}"
            )
        for attribute, value in (("units", word.units), ("long_name", word.long_name)):
            if variable.attrs.get(attribute) != value:
                found.append(f"{name}.{attribute} is {variable.attrs.get(attribute)!r}, not {value!r}")
    return found


def _label_problems(dataset: xr.Dataset) -> list[str]:
    """Return what is wrong with the labels: twice there, a question by label has two answers."""
    found = [
        f"labels of {dim!r} stand there twice"
        for dim in (CONTRACT, PERFORMANCE_YEAR, REPLICATE)
        if dim in dataset.indexes and not dataset.indexes[dim].is_unique
    ]
    return found + [
        f"labels of {dim!r} are not in order"
        for dim in (PERFORMANCE_YEAR, REPLICATE)
        if dim in dataset.indexes and not dataset.indexes[dim].is_monotonic_increasing
    ]
