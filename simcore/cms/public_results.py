"""Read CMS's yearly results of the Shared Savings Program into one table with the project's words.

CMS publishes a file a year, each in a layout of its own. A file is recognised by its columns and the
unit of a rate by its values. What could not be read is said in notes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from simcore.cms.cells import is_missing, parse_date, parse_flag, parse_numbers, read_rates
from simcore.cms.csv_text import TextTable, read_text_table
from simcore.cms.fields import (
    FIELDS,
    PERIODS,
    SHIFTED_2013,
    TRACK_CODES,
    TRACK_FLAGS,
    TRACK_TWO_OF_2013,
    Field,
)
from simcore.cms.performance_year import performance_year_of
from simcore.errors import DataError, near_matches
from simcore.model.arrays import Bool, Float64
from simcore.vocabulary import ENROLLMENT_TYPES

PAY_FOR_REPORTING: Final = "P4R"
"""Instead of a quality score, in the file of 2014: complete reporting earned the full rate."""

ONE_SIDED: Final = ("TRACK-1", "BASIC-A", "BASIC-B")
"""Tracks without losses."""

_YEAR_COLUMNS: Final = ("performance_year", "year")
_NEVER_NEGATIVE: Final = ("assigned_beneficiaries", "person_years", "updated_benchmark", "expenditures")
_NEVER_ZERO: Final = ("assigned_beneficiaries", "person_years", "updated_benchmark")
_SHOWN_ROWS: Final = 5
_TYPE_AND_PERIOD: Final = re.compile(rf"_({'|'.join(ENROLLMENT_TYPES)})(_({'|'.join(PERIODS)}))?$")

# A fraction of these columns never exceeds the number, a percentage of a whole column never stays below.
_LARGEST_FRACTION: Final = {"minimum_savings_rate": 0.2, "published_savings_rate": 1.0}
_LARGEST_SHARE: Final = 1.5


@dataclass(frozen=True, slots=True)
class PublicResults:
    """CMS's results of one performance year.

    ``frame`` has a row for each ACO and the words of ``simcore.cms.fields`` as columns, the same for
    every year, with ``track``, ``performance_year``, ``months`` (of the year that is settled),
    ``gross_savings``, ``savings_rate`` (to all digits), ``disaster_relief``, ``quality_standard``
    (``met``, ``alternative`` or ``not-met``), ``pay_for_reporting`` and ``two_sided``. Money is in
    USD, rates are fractions, NaN is what CMS did not publish. ``half_unit`` is half a unit of the last
    published digit of each rate, a fraction. ``notes`` say what could not be read.
    """

    source: str
    performance_year: int
    frame: pd.DataFrame
    half_unit: dict[str, float]
    notes: tuple[str, ...]


def read_public_results(path: Path, *, performance_year: int | None = None) -> PublicResults:
    """Read one results file, whatever its year and layout.

    Parameters
    ----------
    path
        CSV file "Performance Year Financial and Quality Results" of data.cms.gov.
    performance_year
        The year, where neither columns nor dates tell it.

    Raises
    ------
    DataError
        If the file is none of CMS's results, lacks columns, breaks off, names an ACO twice, or has no
        number where one must be: all problems at once.
    """
    table = read_text_table(path)
    cells = _cells_by_word(table)
    problems = _missing_columns(table, cells)
    if problems:
        raise DataError(table.source, problems)
    starts = [None if is_missing(cell) else parse_date(cell) for cell in cells["agreement_start"]]
    year, year_notes = performance_year_of(
        path,
        table.columns.keys(),
        year_cells=next((table.columns[name] for name in _YEAR_COLUMNS if name in table.columns), ()),
        starts=starts,
        asked=performance_year,
    )
    reader = _Reader(table.source, table.rows)
    for field in FIELDS:
        reader.read(field, cells.get(field.word, ("",) * table.rows))
    reader.columns["agreement_start"] = np.array(starts, dtype=object)
    reader.columns["track"] = np.array(_tracks(table, reader.problems), dtype=object)
    reader.columns["performance_year"] = np.full(table.rows, year)
    _derive(reader, cells)
    reader.check()
    if reader.problems:
        raise DataError(table.source, reader.problems)
    frame = pd.DataFrame(reader.columns)
    return PublicResults(
        table.source,
        year,
        frame,
        reader.half_unit,
        (*table.notes, *year_notes, *reader.notes, *_absent(cells)),
    )


class _Reader:
    """Columns as they are read, with the problems and notes found on the way."""

    def __init__(self, source: str, rows: int) -> None:
        self.source = source
        self.rows = rows
        self.columns: dict[str, np.ndarray[tuple[int], np.dtype[np.generic]]] = {}
        self.half_unit: dict[str, float] = {}
        self.problems: list[str] = []
        self.notes: list[str] = []

    def read(self, field: Field, cells: Sequence[str]) -> None:
        """Read one column by its kind."""
        if field.kind == "text":
            self.columns[field.word] = np.array(
                ["" if is_missing(cell) else cell for cell in cells], dtype=object
            )
        elif field.kind == "date":
            self.columns[field.word] = np.array([parse_date(cell) for cell in cells], dtype=object)
        elif field.kind == "flag":
            self.columns[field.word] = np.array([parse_flag(cell) for cell in cells])
        elif field.kind == "rate":
            largest = _LARGEST_FRACTION.get(field.word, _LARGEST_SHARE)
            rates = read_rates(cells, largest_fraction=largest)
            self.columns[field.word] = rates.values
            self.half_unit[field.word] = rates.half_unit
            self._report_unreadable(field, [cell for cell in cells if cell.upper() != PAY_FOR_REPORTING])
        else:
            self.columns[field.word], _ = parse_numbers(cells)
            self._report_unreadable(field, cells)

    def _report_unreadable(self, field: Field, cells: Sequence[str]) -> None:
        """Report cells that are neither number nor missing: a problem if the column is needed, else a note."""
        _, unreadable = parse_numbers(cells)
        if unreadable.any():
            example = cells[int(np.argmax(unreadable))]
            sentence = f"{field.word}: {int(unreadable.sum())} cells hold no number, such as {example[:40]!r}"
            (self.problems if field.required else self.notes).append(sentence)

    def number(self, word: str) -> Float64:
        """Return a numeric column."""
        return self.columns[word].astype(np.float64)

    def check(self) -> None:
        """Find rows that no ACO can have."""
        names = self.columns["aco_id"]
        no_start = np.array([start is None for start in self.columns["agreement_start"]])
        self._report(names, no_start, "agreement_start is no date")
        for word in (
            "updated_benchmark",
            "expenditures",
            "assigned_beneficiaries",
            "person_years",
            "net_settlement",
        ):
            values = self.number(word)
            self._report(names, np.isnan(values), f"{word} has no number where there must be one")
            if word in _NEVER_NEGATIVE:
                self._report(names, values < 0.0, f"{word} is negative; allowed: 0 or more")
            if word in _NEVER_ZERO:
                self._report(names, values == 0.0, f"{word} is zero; allowed: more than 0")
        self._report(names, np.array([not name for name in names]), "aco_id is empty")
        identifiers = pd.Series(names)
        repeated = identifiers[identifiers.duplicated() & (identifiers != "")].unique()
        if len(repeated):
            listed = ", ".join(map(str, repeated[:_SHOWN_ROWS]))
            self.problems.append(f"aco_id: {len(repeated)} ACOs stand in more than one row: {listed}")

    def _report(
        self, names: Sequence[object] | np.ndarray[tuple[int], np.dtype[np.generic]], bad: Bool, what: str
    ) -> None:
        """Add a problem for the rows `bad`, naming the first of them."""
        rows = np.flatnonzero(bad)
        if rows.size:
            shown = ", ".join(f"row {row + 2} ({names[row] or 'no id'})" for row in rows[:_SHOWN_ROWS])
            more = f" and {rows.size - _SHOWN_ROWS} more" if rows.size > _SHOWN_ROWS else ""
            self.problems.append(f"{what}: {shown}{more}")


def _cells_by_word(table: TextTable) -> dict[str, tuple[str, ...]]:
    """Return the cells of each known column under the project's word."""
    cells = {
        field.word: table.columns[spelling]
        for field in FIELDS
        for spelling in reversed(field.spellings)
        if spelling in table.columns
    }
    if "aco_identifier" in table.columns and len(table.positions) > max(
        place for place, _ in SHIFTED_2013.values()
    ):
        cells |= {word: table.positions[place] for word, (place, _) in SHIFTED_2013.items()}
        earned, _ = parse_numbers(cells.pop("earned_shared_savings"))
        owed, _ = parse_numbers(cells.pop("owed_shared_losses"))
        net = np.nan_to_num(earned) - np.abs(np.nan_to_num(owed))
        cells["net_settlement"] = tuple(f"{value:.2f}" for value in net)
    return cells


def _missing_columns(table: TextTable, cells: dict[str, tuple[str, ...]]) -> list[str]:
    """Return a problem for each column that must be there and is not."""
    problems = []
    for field in FIELDS:
        if field.required and field.word not in cells:
            hint = near_matches(field.spellings[0], list(table.columns))
            problems.append(f"column {field.spellings[0]!r} ({field.word}) is missing{hint}")
    flags = [*TRACK_FLAGS, TRACK_TWO_OF_2013, "current_track"]
    if not any(name in table.columns for name in flags):
        problems.append(
            "no column tells the track: expected Current_Track, or Track1, Current_Track_1 and so on"
        )
    return problems


def _tracks(table: TextTable, problems: list[str]) -> list[str]:
    """Return each ACO's track from a code, from flags, or from the one flag of 2013."""
    if "current_track" in table.columns:
        codes = [cell.upper() for cell in table.columns["current_track"]]
        unknown = sorted({code for code in codes if code not in TRACK_CODES})
        if unknown:
            problems.append(f"Current_Track: {unknown[:_SHOWN_ROWS]}; allowed: {', '.join(TRACK_CODES)}")
        return [TRACK_CODES.get(code, "") for code in codes]
    if TRACK_TWO_OF_2013 in table.columns:
        return [
            "TRACK-2" if parse_flag(cell) == 1.0 else "TRACK-1" for cell in table.columns[TRACK_TWO_OF_2013]
        ]
    names = [name for name in TRACK_FLAGS if name in table.columns]
    flags = np.array([[parse_flag(cell) == 1.0 for cell in table.columns[name]] for name in names])
    wrong = np.flatnonzero(flags.sum(axis=0) != 1)
    if wrong.size:
        rows = ", ".join(f"row {row + 2}" for row in wrong[:_SHOWN_ROWS])
        problems.append(
            f"{', '.join(names)}: exactly one must be 1; it is not so in {wrong.size} rows: {rows}"
        )
    return [TRACK_FLAGS[names[place]] for place in flags.argmax(axis=0)]


def _derive(reader: _Reader, cells: dict[str, tuple[str, ...]]) -> None:
    """Add the columns that follow from others."""
    columns = reader.columns
    columns["two_sided"] = np.array([track not in ONE_SIDED for track in columns["track"]])
    benchmark, expenditures = reader.number("updated_benchmark"), reader.number("expenditures")
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = (benchmark - expenditures) / benchmark
        full_year = reader.number("per_capita_updated_benchmark") * reader.number("person_years")
        halved = full_year / benchmark > 1.5
    published = reader.number("published_savings_rate")
    # Its unit is known by what it must equal; 2014 has it in percent beside quality in fractions.
    if np.nansum(np.abs(published / 100.0 - exact)) < np.nansum(np.abs(published - exact)):
        columns["published_savings_rate"] = published / 100.0
        reader.half_unit["published_savings_rate"] /= 100.0
    columns["gross_savings"] = benchmark - expenditures
    columns["savings_rate"] = exact
    columns["disaster_relief"] = np.abs(np.nan_to_num(reader.number("disaster_adjustment")))
    columns["months"] = np.where(halved, 6, 12)
    columns["pay_for_reporting"] = _pay_for_reporting(reader, cells["quality_score"])
    columns["quality_standard"] = _quality_standard(reader)


def _pay_for_reporting(reader: _Reader, scores: Sequence[str]) -> Bool:
    """Say where the full rate was earned by reporting: no score is published, yet a sharing rate is."""
    unscored = np.array(
        [cell.upper() == PAY_FOR_REPORTING or is_missing(cell) for cell in scores], dtype=bool
    )
    return unscored & (reader.number("final_sharing_rate") > 0.0)


def _quality_standard(reader: _Reader) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Return ``met``, ``alternative`` or ``not-met``; before 2016 a sharing rate says that it was met."""
    met = reader.number("met_quality_standard")
    met = np.where(np.isnan(met), reader.number("final_sharing_rate") > 0.0, met)
    alternative = reader.number("met_alternative_standard") == 1.0
    return np.where(met == 1.0, "met", np.where(alternative, "alternative", "not-met")).astype(object)


def _absent(cells: dict[str, tuple[str, ...]]) -> list[str]:
    """Return one note that names what this layout does not have, columns by type and period as one."""
    absent = [field.word for field in FIELDS if field.word not in cells]
    stems = dict.fromkeys(_TYPE_AND_PERIOD.sub("", word) for word in absent)
    return [f"not in this file: {', '.join(stems)}"] if absent else []


def agreement_year(start: date, performance_year: int) -> int:
    """Return which calendar year of its agreement a performance year is, the first being 1."""
    return performance_year - start.year + 1
