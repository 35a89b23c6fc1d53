"""Tell which performance year a results file is of from its columns and dates, its name only at the last."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Final

from simcore.errors import DataError

FIRST_YEAR: Final = 2013
"""The first year with a results file: it settled the months from April 2012."""

LATEST_YEAR: Final = 2040

# (columns that must be there, columns that must not, first year, last year), most telling first.
_FINGERPRINTS: Final = (
    (("aco_identifier",), (), 2013, 2013),
    (("track1", "track2"), ("current_track_1",), 2014, 2015),
    (("current_track", "met_40pctl"), (), 2024, LATEST_YEAR),
    (("current_track", "guardrail"), (), 2024, LATEST_YEAR),
    (("current_track", "met_altqps"), (), 2023, LATEST_YEAR),
    (("current_track",), ("met_altqps",), 2022, 2022),
    (("current_basic_a", "maxsharerate"), (), 2021, 2021),
    (("current_basic_a",), ("maxsharerate",), 2019, 2020),
    (("current_track_1_plus",), ("current_basic_a",), 2018, 2018),
    (("current_track_3",), ("current_track_1_plus",), 2016, 2017),
)


def performance_year_of(
    path: Path,
    headers: Collection[str],
    *,
    year_cells: Iterable[str],
    starts: Iterable[date | None],
    asked: int | None,
) -> tuple[int, tuple[str, ...]]:
    """Return the performance year of a file, and what must be said about how it was found.

    Parameters
    ----------
    path
        The file, whose name is looked at last.
    headers
        Normalised headers.
    year_cells
        Cells of the year's own column, where the file has one.
    starts
        Starts of the agreements: there is none after the year that is settled.
    asked
        What the user says it is, which settles the matter unless the file's own column says otherwise.

    Raises
    ------
    DataError
        If the file's column holds several years, or contradicts what was asked, or no year can be told.
    """
    told = {int(float(cell)) for cell in year_cells if re.fullmatch(r"\d{4}(\.0+)?", cell)}
    if len(told) > 1:
        raise DataError(str(path), f"the file holds the years {sorted(told)}; allowed: one year a file")
    if told:
        year = told.pop()
        if asked is not None and asked != year:
            raise DataError(
                str(path), f"--year {asked}: the file's own column says {year}; leave the option out"
            )
        return _checked(path, year), ()
    if asked is not None:
        return _checked(path, asked), ()
    return _inferred(path, headers, starts)


def _inferred(
    path: Path, headers: Collection[str], starts: Iterable[date | None]
) -> tuple[int, tuple[str, ...]]:
    """Return the year that columns and agreement starts allow, or the one in the name among them."""
    first, last = _years_of_columns(headers)
    latest_start = max((start.year for start in starts if start is not None), default=first)
    first = max(first, latest_start)
    if first == last:
        return first, ()
    in_name = re.search(r"(?<!\d)(20[1-3]\d)(?!\d)", path.stem)
    named = int(in_name.group(1)) if in_name else None
    if first > last:
        raise DataError(
            str(path),
            f"the columns are those of a year up to {last}, an agreement starts in {first}; give --year",
        )
    if latest_start == first:
        # New agreements start every year but 2021, whose file has columns of its own.
        note = f"the latest agreement starts in {first}, so the performance year is taken to be {first}"
        if named is not None and named != first:
            note += f", though the file's name says {named}; --year decides otherwise"
        return _checked(path, first), (note,)
    if named is not None and first <= named <= last:
        return named, (
            f"the performance year {named} is taken from the file's name; nothing in it says more",
        )
    raise DataError(
        str(path), f"the performance year cannot be told ({first} to {last}); give it with --year"
    )


def _years_of_columns(headers: Collection[str]) -> tuple[int, int]:
    """Return the first and the last performance year whose file has such columns."""
    for present, absent, first, last in _FINGERPRINTS:
        if all(name in headers for name in present) and not any(name in headers for name in absent):
            return first, last
    return FIRST_YEAR, LATEST_YEAR


def _checked(path: Path, year: int) -> int:
    """Return `year` if there can be a file of it."""
    if not FIRST_YEAR <= year <= LATEST_YEAR:
        raise DataError(str(path), f"performance year {year}; allowed: {FIRST_YEAR} to {LATEST_YEAR}")
    return year
