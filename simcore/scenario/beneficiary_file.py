"""Read an ACO's beneficiaries, a row a person, into head counts, person-years and scores by type."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from simcore.errors import DataError
from simcore.scenario.data_frame import as_numbers, bad_rows, read_data_frame

ENROLLMENT_TYPES: Final = ("ESRD", "DISABLED", "AGED_DUAL", "AGED_NON_DUAL")
COLUMNS: Final = ("enrollment_type", "risk_score", "months")
MONTHS_IN_A_YEAR: Final = 12
HIGHEST_SCORE: Final = 50.0


@dataclass(frozen=True, slots=True)
class BeneficiaryGroup:
    """The people of one enrollment type.

    Parameters
    ----------
    assigned_beneficiaries
        Head count.
    person_years
        Months over twelve, added up.
    mean_risk_score
        Mean HCC score weighted by months, as CMS weights it by person-years.
    """

    assigned_beneficiaries: int
    person_years: float
    mean_risk_score: float


def read_beneficiary_file(path: Path) -> Mapping[str, BeneficiaryGroup]:
    """Return the people of a beneficiary file by enrollment type.

    Parameters
    ----------
    path
        CSV or parquet with ``enrollment_type``, ``risk_score`` (renormalised HCC score) and ``months``
        (1 to 12, months of enrollment in the year); further columns are left alone.

    Returns
    -------
    Mapping
        The types that have people, in the order of the program's types.

    Raises
    ------
    DataError
        With all problems of the file at once, each with the first lines that have it.
    """
    frame = read_data_frame(path, needs=COLUMNS)
    kind = (
        frame["enrollment_type"]
        .astype("string")
        .str.strip()
        .str.upper()
        .str.replace(r"[\s-]+", "_", regex=True)
    )
    score, months = as_numbers(frame["risk_score"]), as_numbers(frame["months"])
    problems = [
        *bad_rows(frame, ~kind.isin(ENROLLMENT_TYPES), "enrollment_type", ", ".join(ENROLLMENT_TYPES)),
        *bad_rows(frame, ~((score > 0.0) & (score <= HIGHEST_SCORE)), "risk_score", "above 0, at most 50"),
        *bad_rows(frame, ~((months >= 1) & (months <= MONTHS_IN_A_YEAR)), "months", "1 to 12"),
    ]
    if problems:
        raise DataError(str(path), problems)
    return {
        name: _group(score[kind == name], months[kind == name])
        for name in ENROLLMENT_TYPES
        if (kind == name).any()
    }


def _group(score: "pd.Series[float]", months: "pd.Series[float]") -> BeneficiaryGroup:
    """Add up the people of one type."""
    weights = months.to_numpy()
    return BeneficiaryGroup(
        assigned_beneficiaries=weights.size,
        person_years=float(weights.sum()) / MONTHS_IN_A_YEAR,
        mean_risk_score=float(np.average(score.to_numpy(), weights=weights)),
    )
