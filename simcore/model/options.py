"""Spell out which contract options a scenario settles: a track for every year, an election, a label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simcore.errors import ScenarioError, SimcoreError, near_matches
from simcore.model.contracts.in_force import Note, contract_years
from simcore.model.contracts.labels import parse_label
from simcore.model.contracts.terms import ContractTerms
from simcore.model.timeline import Timeline
from simcore.regulation.participation import (
    VARIABLE,
    contract_options,
    election_label,
    elections,
    glide_path,
    option_problems,
)
from simcore.regulation.presets import Presets
from simcore.regulation.reader import Regulation
from simcore.scenario.schema import Option, Scenario

GLIDE_PATH = "GLIDE-PATH"
"""Track of an option that goes up a level from year to year."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One contract option of a scenario.

    Attributes
    ----------
    label
        Its name in the result.
    track, msr_election
        Its parts; the election is empty where the contract has none to elect.
    levels, elections
        The track of each performance year, and the election that holds in it.
    terms, notes
        Of a contract outside of the Shared Savings Program: its terms in each performance year, and
        what a user must know about them.
    """

    label: str
    track: str
    msr_election: str
    levels: tuple[str, ...]
    elections: tuple[str, ...]
    terms: tuple[ContractTerms, ...] = ()
    notes: tuple[Note, ...] = ()


def choices(
    scenario: Scenario, timeline: Timeline, regulation: Regulation, presets: Presets
) -> tuple[Choice, ...]:
    """Return the contract options of a scenario, in its order.

    Raises
    ------
    ScenarioError
        If options are not open to the agreement, with all problems at once.
    """
    years = timeline.performance_years
    start = scenario.aco.agreement_start
    options = scenario.contract.options
    current = scenario.contract.current
    if options == "all":
        found = [
            Choice(
                option.label,
                option.track,
                option.msr_election,
                (option.track,) * len(years),
                (option.msr_election,) * len(years),
            )
            for option in contract_options(regulation, start, years)
        ]
        found += _automatic_glide_path(timeline, regulation)
        return _holding(tuple(found), current, scenario.title)
    problems: list[str] = []
    found = []
    for position, option in enumerate(options):
        place = f"contract.options[{position}]"
        text = option if isinstance(option, str) else option.track
        if _is_contract(text, scenario, presets):
            try:
                found.append(_contract(text, scenario, timeline, presets))
            except SimcoreError as error:
                problems += [f"{place}: {problem}" for problem in error.problems]
            continue
        read = _read(option) if isinstance(option, str) else option
        wrong = _problems(read, timeline, regulation)
        problems += [f"{place}.{problem}" for problem in wrong]
        if not wrong:
            found.append(_choice(read, timeline, regulation))
    labels = [choice.label for choice in found]
    problems += [
        f"contract.options: {label!r} stands there {labels.count(label)} times; allowed: once"
        for label in sorted({label for label in labels if labels.count(label) > 1})
    ]
    if problems:
        raise ScenarioError(scenario.title, problems)
    return _holding(tuple(found), current, scenario.title)


def _holding(found: tuple[Choice, ...], current: str, title: str) -> tuple[Choice, ...]:
    """Return the options, of which the contract that the ACO is in must be one if it is named."""
    labels = [choice.label for choice in found]
    if current and current not in labels:
        raise ScenarioError(
            title, f"contract.current: {current!r} is none of the options{near_matches(current, labels)}"
        )
    return found


def _is_contract(text: str, scenario: Scenario, presets: Presets) -> bool:
    """Say whether a label names a contract outside of the Shared Savings Program."""
    name = text.partition(" ")[0]
    return name in presets.labels or text in scenario.contract.custom


def _contract(text: str, scenario: Scenario, timeline: Timeline, presets: Presets) -> Choice:
    """Return a contract of a preset or of the scenario's own as a choice.

    Raises
    ------
    ScenarioError
        With all problems of the contract at once.
    """
    own = {**scenario.contract.custom}.get(text)
    years = timeline.performance_years
    terms, notes = contract_years(text if own is None else own, years, presets, label=text)
    name = text if own is not None else str(parse_label(text))
    empty = ("",) * len(years)
    return Choice(name, name.partition(" ")[0], "", empty, empty, terms, notes)


def _automatic_glide_path(timeline: Timeline, regulation: Regulation) -> list[Choice]:
    """Return the glide path from its first level, with every election, where the agreement has one."""
    start, years = timeline.agreements[0].start, timeline.performance_years
    levels = _glide_levels(timeline, regulation)
    if len(set(levels)) < 2:
        return []
    # The election is that of the last level: it is made before two-sided risk begins.
    menu = [
        option.msr_election
        for option in contract_options(regulation, start, years)
        if option.track == levels[-1]
    ]
    return [
        Choice(
            f"{GLIDE_PATH} msr={election}",
            GLIDE_PATH,
            election,
            levels,
            _by_level(levels, election, timeline, regulation),
        )
        for election in menu
    ]


def _by_level(
    levels: Sequence[str], election: str, timeline: Timeline, regulation: Regulation
) -> tuple[str, ...]:
    """Return the election of each year: the elected one where the level has a choice, else the only one it has."""
    start = timeline.agreements[0].start
    menus = {level: elections(regulation, level, start) for level in set(levels)}
    return tuple(election if election in menus[level] else menus[level][0] for level in levels)


def _glide_levels(timeline: Timeline, regulation: Regulation) -> tuple[str, ...]:
    """Return the level of each performance year from the lowest open level on; none where there is no glide path."""
    start, years = timeline.agreements[0].start, timeline.performance_years
    open_levels = [option.track for option in contract_options(regulation, start, years)]
    first = next((track for track in open_levels if track.startswith("BASIC")), None)
    if first is None:
        return ()
    # It goes up from the agreement's first year, whether or not that is simulated.
    since = range(start.year, years[-1] + 1)
    levels = glide_path(regulation, agreement_start=start, first_level=first, performance_years=since)
    return levels[-len(years) :]


def _read(label: str) -> Option:
    """Return the option that a label such as ``BASIC-E msr=0.010`` names."""
    track, _, election = label.partition(" msr=")
    return Option(track=track.strip(), msr_election=election.strip())


def _problems(option: Option, timeline: Timeline, regulation: Regulation) -> list[str]:
    """Return what keeps the agreement from having an option; each sentence starts with the key at fault."""
    if option.track and option.glide_path:
        return ["track: a track and a glide_path are given; allowed: one of the two"]
    if option.track.upper() == GLIDE_PATH:
        levels: Sequence[str] = _glide_levels(timeline, regulation)
        if not levels:
            return ["track: this agreement start has no glide path"]
    elif option.glide_path:
        levels = option.glide_path
        if len(levels) != len(timeline.performance_years):
            return [
                f"glide_path: names {len(levels)} levels; allowed: one for each of the "
                f"{len(timeline.performance_years)} performance years"
            ]
    else:
        levels = (option.track,) * len(timeline.performance_years)
    found: dict[str, None] = {}
    for year, level in zip(timeline.performance_years, levels, strict=True):
        election = option.msr_election if level == levels[-1] else ""
        start = next(a.start for a in timeline.agreements if year in a.performance_years)
        for problem in option_problems(
            regulation, track=level, msr_election=election, agreement_start=start, performance_years=(year,)
        ):
            found[problem] = None
    return list(found)


def _choice(option: Option, timeline: Timeline, regulation: Regulation) -> Choice:
    """Return an option that is open to the agreement as a choice."""
    years = timeline.performance_years
    if option.glide_path or option.track.upper() == GLIDE_PATH:
        levels = option.glide_path or _glide_levels(timeline, regulation)
        election = election_label(option.msr_election or VARIABLE)
        path = (
            "" if not option.glide_path else " " + ">".join(level.removeprefix("BASIC-") for level in levels)
        )
        return Choice(
            f"{GLIDE_PATH}{path} msr={election}",
            GLIDE_PATH,
            election,
            tuple(levels),
            _by_level(levels, election, timeline, regulation),
        )
    menu = [
        o
        for o in contract_options(regulation, timeline.agreements[0].start, years)
        if o.track == option.track
    ]
    wanted = election_label(option.msr_election or VARIABLE)
    chosen = next((o for o in menu if o.msr_election == wanted), menu[0])
    length = len(years)
    return Choice(
        chosen.label,
        chosen.track,
        chosen.msr_election,
        (option.track,) * length,
        (chosen.msr_election,) * length,
    )
