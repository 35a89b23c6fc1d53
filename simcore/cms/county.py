"""Read CMS's county files: spending, risk and person-years of assignable beneficiaries by enrollment type."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from simcore.cms.cells import parse_numbers
from simcore.cms.csv_text import TextTable, read_text_table
from simcore.errors import DataError, near_matches
from simcore.vocabulary import ENROLLMENT_TYPES

_PLACE: Final = {"year": "year", "state": "state_name", "county": "county_name"}
_CODES: Final = {"state_id": "state_id", "county_id": "county_id"}
_LONG: Final = dict(zip(ENROLLMENT_TYPES, ("esrd", "disabled", "aged_dual", "aged_non_dual"), strict=True))
_SHORT: Final = dict(zip(ENROLLMENT_TYPES, ("esrd", "dis", "agdu", "agnd"), strict=True))


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A quantity that each enrollment type has: our word and how the headers of the years spell it."""

    word: str
    spellings: tuple[str, ...]

    def headers(self, enrollment_type: str) -> list[str]:
        """Return the normalised headers under which the quantity of one type may stand."""
        long, short = _LONG[enrollment_type], _SHORT[enrollment_type]
        return [spelling.format(long=long, short=short) for spelling in self.spellings]


_QUANTITIES: Final = (
    _Quantity("per_capita_expenditures", ("per_capita_{long}_expenditures", "per_capita_exp_{short}")),
    _Quantity("risk_score", ("average_{long}_hcc_risk_score", "avg_risk_score_{short}")),
    _Quantity("person_years", ("{long}_person_years", "person_years_{short}")),
)


def read_counties(path: Path) -> pd.DataFrame:
    """Read one county file, whatever its year's spelling of the headers.

    Parameters
    ----------
    path
        CSV file "County-level Aggregate Expenditure and Risk Score Data on Assignable Beneficiaries".

    Returns
    -------
    pandas.DataFrame
        One row a county: ``year``, ``state``, ``county``, ``state_id``, ``county_id`` and for each
        enrollment type ``per_capita_expenditures_TYPE`` (USD a person-year, annualised and truncated),
        ``risk_score_TYPE`` and ``person_years_TYPE``. NaN is what CMS suppressed (``*``).

    Raises
    ------
    DataError
        If columns are missing, a cell is neither a number nor suppressed, or a county stands twice.
    """
    table = read_text_table(path)
    problems: list[str] = []
    columns: dict[str, object] = {}
    for word, header in (_PLACE | _CODES).items():
        columns[word] = _cells(table, [header], problems)
    for quantity in _QUANTITIES:
        for enrollment_type in ENROLLMENT_TYPES:
            word = f"{quantity.word}_{enrollment_type}"
            values, unreadable = parse_numbers(_cells(table, quantity.headers(enrollment_type), problems))
            if unreadable.any():
                problems.append(f"{word}: {int(unreadable.sum())} cells hold no number")
            columns[word] = values
    if problems:
        raise DataError(table.source, problems)
    counties = pd.DataFrame(columns)
    counties["year"] = pd.to_numeric(counties["year"], errors="coerce")
    # Excel has dropped the leading zeros of the codes in some years.
    for word, digits in (("state_id", 2), ("county_id", 3)):
        counties[word] = counties[word].str.zfill(digits)
    _check(table.source, counties)
    return counties.astype({"year": int})


def national_aggregates(counties: pd.DataFrame) -> pd.DataFrame:
    """Return the nation's spending and risk by enrollment type, weighted by person-years.

    Parameters
    ----------
    counties
        Rows of `read_counties`, of one year or several.

    Returns
    -------
    pandas.DataFrame
        By ``year`` and ``enrollment_type``: ``per_capita_expenditures`` (USD), ``risk_score``,
        ``person_years``, and ``counties``, the number that is not suppressed.
    """
    rows = []
    for year, group in counties.groupby("year"):
        for enrollment_type in ENROLLMENT_TYPES:
            known = group[[f"{quantity.word}_{enrollment_type}" for quantity in _QUANTITIES]].dropna()
            spending, risk, person_years = known.to_numpy(dtype=np.float64).T
            # A mean over no counties is NaN: everything is suppressed.
            total = float(person_years.sum()) or np.nan
            rows.append(
                {
                    "year": year,
                    "enrollment_type": enrollment_type,
                    "per_capita_expenditures": float(spending @ person_years) / total,
                    "risk_score": float(risk @ person_years) / total,
                    "person_years": float(person_years.sum()),
                    "counties": len(known),
                }
            )
    return pd.DataFrame(rows).set_index(["year", "enrollment_type"])


def national_growth(counties: pd.DataFrame) -> pd.DataFrame:
    """Return the yearly growth of the nation's per-capita spending, a factor, by year and enrollment type."""
    spending = national_aggregates(counties)["per_capita_expenditures"].unstack("enrollment_type")
    return (spending / spending.shift(1)).dropna(how="all")[list(ENROLLMENT_TYPES)]


def _cells(table: TextTable, headers: Sequence[str], problems: list[str]) -> tuple[str, ...]:
    """Return the cells under the first of `headers` that the file has; the last word may be cut short."""
    for header in headers:
        for name, cells in table.columns.items():
            # The files of 2016 to 2018 end in "person-year", "person-years" or a tab.
            if re.sub(r"_years?$", "_years", name) == header:
                return cells
    problems.append(f"column {headers[0]!r} is missing{near_matches(headers[0], list(table.columns))}")
    return ("",) * table.rows


def _check(source: str, counties: pd.DataFrame) -> None:
    """Raise if a row has no year, or a county stands twice in a year."""
    problems = []
    if counties["year"].isna().any():
        problems.append(f"year: {int(counties['year'].isna().sum())} rows have none")
    repeated = counties[counties.duplicated(["year", "state_id", "county_id"])]
    if len(repeated):
        first = repeated.iloc[0]
        problems.append(f"{len(repeated)} counties stand twice, such as {first['county']}, {first['state']}")
    if problems:
        raise DataError(source, problems)
