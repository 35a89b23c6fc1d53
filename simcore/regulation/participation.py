"""Say which contract options are open to an agreement, and what is wrong with those that are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from simcore.errors import RegulationError, near_matches
from simcore.regulation.ledger import Ledger
from simcore.regulation.reader import Regulation
from simcore.regulation.tracks import TRACKS

LATEST_PUBLISHED_YEAR: Final = 2024
"""The last performance year whose results CMS has published."""

VARIABLE: Final = "variable"
"""The election that takes the table by number of beneficiaries."""


@dataclass(frozen=True, slots=True)
class ContractOption:
    """One contract that an ACO may sign: a track and, with two-sided risk, an elected minimum savings rate.

    ``msr_election`` is ``"0"``, ``"0.005"`` … ``"0.020"`` or ``"variable"``; a one-sided level has no
    choice and always ``"variable"``.
    """

    track: str
    msr_election: str
    elective: bool

    @property
    def label(self) -> str:
        """The contract's name in a result, such as ``BASIC-E msr=0.010``."""
        return f"{self.track} msr={self.msr_election}" if self.elective else self.track


def election_label(election: str) -> str:
    """Return an election as it is written in labels: ``0.01`` becomes ``0.010``, ``0`` stays.

    Raises
    ------
    ValueError
        If it is neither a number nor ``variable``.
    """
    if election == VARIABLE:
        return election
    rate = float(election)
    return f"{rate:.3f}" if round(rate, 3) == rate and rate else f"{rate:g}"


def elections(regulation: Regulation, track: str, agreement_start: date) -> tuple[str, ...]:
    """Return the minimum savings rates that may be elected, in the spelling of labels."""
    ledger = Ledger(regulation, agreement_start=agreement_start, track=track)
    return tuple(map(election_label, ledger.words("minimum_savings_rate_elections")))


def track_open(regulation: Regulation, track: str, agreement_start: date) -> bool:
    """Say whether an agreement that starts on `agreement_start` may be in `track`."""
    return Ledger(regulation, agreement_start=agreement_start, track=track).holds("track_open")


def contract_options(
    regulation: Regulation, agreement_start: date, performance_years: Sequence[int] = ()
) -> tuple[ContractOption, ...]:
    """Return every contract option open to an agreement, from the least risk to the most.

    Tracks that are not settled in one of `performance_years` are left out.

    Raises
    ------
    RegulationError
        If no track is open to that start.
    """
    options = tuple(
        ContractOption(track, election, elective=len(menu) > 1)
        for track in TRACKS
        if track_open(regulation, track, agreement_start)
        and all(_settles(regulation, track, agreement_start, year) for year in performance_years)
        for menu in [elections(regulation, track, agreement_start)]
        for election in menu
    )
    if not options:
        raise RegulationError("regulation", f"no track is open to an agreement from {agreement_start}")
    return options


def option_problems(
    regulation: Regulation,
    *,
    track: str,
    msr_election: str = "",
    agreement_start: date,
    performance_years: Sequence[int],
) -> list[str]:
    """Return what keeps an agreement from having a contract option, one sentence each.

    An empty `msr_election` is none given. Each sentence starts with the name of the argument at fault.
    """
    if track not in TRACKS:
        return [f"track: {track!r} is no track; allowed: {', '.join(TRACKS)}{near_matches(track, TRACKS)}"]
    if not track_open(regulation, track, agreement_start):
        open_to = [other for other in TRACKS if track_open(regulation, other, agreement_start)]
        return [
            f"track: {track} is not open to an agreement from {agreement_start}; "
            f"allowed: {', '.join(open_to) or 'none'} (42 CFR 425.600)"
        ]
    problems = [
        f"performance_year: {track} is not settled for {year}; {_settled(regulation, track)}"
        for year in performance_years
        if not _settles(regulation, track, agreement_start, year)
    ]
    ledger = Ledger(regulation, agreement_start=agreement_start, track=track)
    menu = elections(regulation, track, agreement_start)
    try:
        known = not msr_election or election_label(msr_election) in menu
    except ValueError:
        known = False
    if not known:
        source = ledger.entry("minimum_savings_rate_elections").citation
        problems.append(
            f"msr_election: {msr_election!r} is not open to {track}; allowed: {', '.join(menu)} ({source})"
        )
    return problems


def agreement_problems(
    regulation: Regulation, *, agreement_start: date, performance_years: Sequence[int]
) -> list[str]:
    """Return what is wrong with a start and with the years that shall lie in its agreement, one sentence each."""
    ledger = Ledger(regulation, agreement_start=agreement_start)
    try:
        length = int(
            ledger.number("agreement_performance_years") + ledger.number("agreement_extension_years")
        )
    except RegulationError:
        return [
            f"agreement_start: {agreement_start} is before the program's first agreements, of 1 April 2012"
        ]
    first = agreement_start.year
    source = ledger.entry("agreement_performance_years").citation
    return start_problems(regulation, agreement_start) + [
        f"performance_year: {year} does not lie in the agreement from {agreement_start}; "
        f"allowed: {first} to {first + int(length) - 1} ({source})"
        for year in performance_years
        if not first <= year < first + length
    ]


def start_problems(regulation: Regulation, agreement_start: date) -> list[str]:
    """Return a sentence if no agreement of the program starts on that day of its year.

    Raises
    ------
    RegulationError
        If the program had no agreements yet.
    """
    ledger = Ledger(regulation, agreement_start=agreement_start)
    days = ledger.words("agreement_start_days")
    if f"{agreement_start:%m-%d}" in days:
        return []
    allowed = " or ".join(f"{agreement_start.year}-{day}" for day in days)
    return [
        f"agreement_start: {agreement_start} is no day on which agreements start; "
        f"allowed: {allowed} ({ledger.entry('agreement_start_days').citation})"
    ]


def latest_start(regulation: Regulation, track: str, performance_year: int) -> date | None:
    """Return the latest start of an agreement in `track` whose first years may include the year."""
    starts = [
        date(year, month, 1)
        for year in range(performance_year, performance_year - 7, -1)
        for month in (1, 7)
        if (year, month) == (2019, 7) or month == 1
    ]
    return next((start for start in starts if track_open(regulation, track, start)), None)


def default_year(regulation: Regulation, track: str, agreement_start: date | None) -> int:
    """Return the last published performance year, or the nearest one that `track` and the start allow.

    Where they allow none it is the year of the start: what is wrong is told by `option_problems`.
    """
    years: list[int] = [*range(LATEST_PUBLISHED_YEAR, 2012, -1), *range(LATEST_PUBLISHED_YEAR + 1, 2041)]
    for year in years:
        start = agreement_start or latest_start(regulation, track, year)
        if start is None or agreement_problems(regulation, agreement_start=start, performance_years=(year,)):
            continue
        if not option_problems(regulation, track=track, agreement_start=start, performance_years=(year,)):
            return year
    return agreement_start.year if agreement_start else LATEST_PUBLISHED_YEAR


def glide_path(
    regulation: Regulation, *, agreement_start: date, first_level: str, performance_years: Sequence[int]
) -> tuple[str, ...]:
    """Return the level of each performance year: one up each year from `first_level`, then the last.

    Raises
    ------
    RegulationError
        If the agreement start has no glide path, or `first_level` is not on it.
    """
    ledger = Ledger(regulation, agreement_start=agreement_start)
    levels = ledger.words("glide_path")
    if first_level not in levels:
        raise RegulationError(
            "glide path",
            f"first level: {first_level!r} is not on it; allowed: {', '.join(levels)}"
            f"{near_matches(first_level, levels)}",
        )
    held = _years_held(ledger)
    path, level = [], levels.index(first_level)
    for position, year in enumerate(performance_years):
        if position and year not in held:
            level = min(level + 1, len(levels) - 1)
        path.append(levels[level])
    return tuple(path)


def _years_held(ledger: Ledger) -> set[int]:
    """Return the years for which nobody went up a level."""
    try:
        return {int(ledger.number("glide_path_year_without_advance"))}
    except RegulationError:
        return set()


def _settles(regulation: Regulation, track: str, agreement_start: date, year: int) -> bool:
    ledger = Ledger(regulation, performance_year=year, agreement_start=agreement_start, track=track)
    return ledger.holds("track_settles")


def _settled(regulation: Regulation, track: str) -> str:
    """Say for which years a track is settled."""
    spans = [
        f"{entry.effective.year} to {entry.until.year if entry.until else 'now'}"
        for entry in regulation.entries
        if entry.name == "track_settles" and track in entry.tracks
    ]
    return f"allowed: {', '.join(spans)}"
