"""The options of a settlement: how the text of each is read, and what may stand there."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from simcore.errors import near_matches
from simcore.model.aco_year import QUALITY_STANDARDS
from simcore.regulation.tracks import TRACKS

Field: TypeAlias = tuple[Callable[[str], object], str]
"""How the text of an option is read, and what may stand there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The options of one settlement as values; None where one is not given.

    The first four must be given: their defaults are never settled.
    """

    track: str = ""
    assigned_beneficiaries: int = 0
    benchmark: float = math.nan
    expenditures: float = math.nan
    quality_score: float | None = None
    quality_standard: str | None = None
    performance_year: int | None = None
    agreement_start: date | None = None
    msr_election: str | None = None
    participant_revenue: float | None = None
    revenue_class: str | None = None
    disaster_relief: float | None = None
    disaster_share: float | None = None
    two_way_benchmark: float | None = None
    year_in_track: int | None = None
    months: int | None = None
    termination_date: date | None = None
    terminated_by: str | None = None
    aip_balance: float | None = None


def read_fields(words: Mapping[str, str]) -> tuple[Given, list[str]]:
    """Return the values of `words` for a track, and a sentence for each that cannot be read.

    Parameters
    ----------
    words
        Texts by option name with underscores; an empty text is an option that is not given.
    """
    values, problems = read_values(words, FIELDS, required=REQUIRED)
    return Given(**values), problems  # type: ignore[arg-type]


def read_values(
    words: Mapping[str, str], fields: Mapping[str, Field], *, required: Sequence[str]
) -> tuple[dict[str, object], list[str]]:
    """Return the values of `words` by name, and a sentence for each that cannot be read or is missing.

    Parameters
    ----------
    words
        Texts by option name with underscores; an empty text is an option that is not given.
    fields
        The options there are.
    required
        Those that must be given.
    """
    values: dict[str, object] = {}
    problems = [
        f"{name}: is no option of a settlement{near_matches(name, list(fields))}"
        for name in words
        if name not in fields
    ]
    for name, (read, allowed) in fields.items():
        text = words.get(name, "").strip()
        if not text:
            if name in required:
                problems.append(f"{name}: is missing; allowed: {allowed}")
            continue
        try:
            values[name] = read(text)
        except ValueError as error:
            hint = str(error) if str(error).startswith("; did you mean") else _plain_number_hint(text)
            problems.append(f"{name}: {text!r} is not allowed; allowed: {allowed}{hint}")
    return values, problems


def _plain_number_hint(text: str) -> str:
    """Tell how to write what a spreadsheet shows as an amount or a share; nothing for any other text."""
    bare = _DRESS.sub("", text)
    return "; write a plain number, such as 1234.50 or 0.85" if bare != text and bare.isdecimal() else ""


def as_option(problem: str) -> str:
    """Return a problem with its option spelled as on the command line."""
    name, colon, rest = problem.partition(":")
    return f"--{name.replace('_', '-')}{colon}{rest}"


def _number(lowest: float, *, highest: float = 1e15, above: bool = False) -> Callable[[str], float]:
    """Return a reader of finite numbers from `lowest`, or above it, to `highest`."""

    def read(text: str) -> float:
        value = float(text)
        if not math.isfinite(value) or not lowest <= value <= highest or (above and value == lowest):
            raise ValueError
        return value

    return read


def _count(lowest: int, highest: int) -> Callable[[str], int]:
    """Return a reader of whole numbers between two bounds; a spreadsheet's ``2024.0`` is one."""

    def read(text: str) -> int:
        value = float(text)
        if not lowest <= value <= highest or not value.is_integer():
            raise ValueError
        return int(value)

    return read


def _one_of(*allowed: str) -> Callable[[str], str]:
    """Return a reader of words out of a list, in capitals or not."""

    def read(text: str) -> str:
        for word in allowed:
            if word.lower() == text.lower():
                return word
        raise ValueError(near_matches(text.upper() if allowed[0].isupper() else text.lower(), allowed))

    return read


_DRESS: Final = re.compile(r"[$€£%=()\"'.,\s]")
_AMOUNT: Final = "an amount in USD of 0 or more"
_POSITIVE: Final = "an amount in USD above 0"
_FRACTION: Final = "a fraction from 0 to 1"
_DAY: Final = "a date such as 2024-01-01"

FIELDS: Final[Mapping[str, Field]] = {
    "track": (_one_of(*TRACKS), ", ".join(TRACKS)),
    "assigned_beneficiaries": (_count(1, 100_000_000), "a whole number from 1"),
    "benchmark": (_number(0.0, above=True), _POSITIVE),
    "expenditures": (_number(0.0), _AMOUNT),
    "quality_score": (_number(0.0, highest=1.0), _FRACTION),
    "quality_standard": (_one_of(*QUALITY_STANDARDS), ", ".join(QUALITY_STANDARDS)),
    "performance_year": (_count(2013, 2040), "a year from 2013 to 2040"),
    "agreement_start": (date.fromisoformat, _DAY),
    "msr_election": (str, "a rate that the track may elect"),
    "participant_revenue": (_number(0.0), _AMOUNT),
    "revenue_class": (_one_of("low", "high"), "low, high"),
    "disaster_relief": (_number(0.0), f"{_AMOUNT}, by which losses are reduced"),
    "disaster_share": (_number(0.0, highest=1.0), _FRACTION),
    "two_way_benchmark": (_number(0.0, above=True), _POSITIVE),
    "year_in_track": (_count(1, 40), "a whole number from 1 to 40"),
    "months": (_count(1, 12), "12, or 6 in performance year 2019"),
    "termination_date": (date.fromisoformat, _DAY),
    "terminated_by": (_one_of("aco", "cms"), "aco, cms"),
    "aip_balance": (_number(0.0), _AMOUNT),
}
"""Every option of a settlement under a track."""

CONTRACT_FIELDS: Final[Mapping[str, Field]] = {
    "contract": (str, "a contract such as REACH-GLOBAL or NGACO-A cap=0.10"),
    "benchmark": FIELDS["benchmark"],
    "expenditures": FIELDS["expenditures"],
    "quality_score": FIELDS["quality_score"],
    "performance_year": (_count(2005, 2040), "a year from 2005 to 2040"),
    "equity_adjustment": (_number(-1e15), "an amount in USD of either sign"),
    "carried_losses": (_number(0.0), f"{_AMOUNT}, losses of earlier years"),
}
"""Every option of a settlement under a contract beyond the program."""

OPTIONS: Final = ("contract", *FIELDS, "equity_adjustment", "carried_losses")
"""The names of all options, in the order in which they are shown."""

REQUIRED: Final = ("track", "assigned_beneficiaries", "benchmark", "expenditures")
