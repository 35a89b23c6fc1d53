"""Lay out the years of a simulation: benchmark years, performance years, agreement periods."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from simcore.errors import ScenarioError
from simcore.regulation.participation import start_problems
from simcore.regulation.reader import Regulation, table
from simcore.scenario.schema import Scenario

ADDRESS_ORIGIN = 2000
"""Calendar year that draws count from: a draw of 2026 is the same in every scenario that has it."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement period of a simulation.

    Attributes
    ----------
    start
        Its first day.
    period
        1 for an ACO's first agreement period, 2 for its second, and so on.
    performance_years
        Calendar years that are simulated.
    """

    start: date
    period: int
    performance_years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Calendar years, in order and without a gap.

    Attributes
    ----------
    simulated_years
        Years in which people are drawn.
    dollar_year
        Year whose dollars amounts are in; growth is one there.
    agreements
        The agreement periods, in order.
    benchmark_years
        Number of years before an agreement whose experience makes its benchmark.
    benchmark_simulated
        Whether the first agreement's benchmark years are simulated.
    """

    simulated_years: tuple[int, ...]
    dollar_year: int
    agreements: tuple[Agreement, ...]
    benchmark_years: int
    benchmark_simulated: bool

    @property
    def performance_years(self) -> tuple[int, ...]:
        """Return the performance years of all agreements."""
        return tuple(year for agreement in self.agreements for year in agreement.performance_years)

    def agreement_at(self, position: int) -> Agreement:
        """Return the agreement of the performance year at `position`."""
        year = self.performance_years[position]
        return next(agreement for agreement in self.agreements if year in agreement.performance_years)

    def year_in_track(self, position: int) -> int:
        """Return which year of the agreement the performance year at `position` is, counted from 1.

        An agreement that follows goes on in the same track, and goes on counting.
        """
        return self.performance_years[position] - self.agreements[0].start.year + 1

    @property
    def trend_years(self) -> tuple[int, ...]:
        """Return the years over which growth is drawn: the simulated ones, and those up to the dollar year."""
        first = min(self.simulated_years[0], self.dollar_year)
        last = max(self.simulated_years[-1], self.dollar_year)
        return tuple(range(first, last + 1))

    @property
    def anchor(self) -> int:
        """Return the position of the dollar year among the trend years."""
        return self.dollar_year - self.trend_years[0]

    def trend_positions(self) -> slice:
        """Return where the simulated years lie among the trend years."""
        first = self.simulated_years[0] - self.trend_years[0]
        return slice(first, first + len(self.simulated_years))

    def performance_positions(self) -> slice:
        """Return where the performance years lie among the simulated years."""
        first = self.performance_years[0] - self.simulated_years[0]
        return slice(first, first + len(self.performance_years))


def timeline(scenario: Scenario, regulation: Regulation) -> Timeline:
    """Return the years of a scenario.

    Raises
    ------
    RegulationError
        If the program had no agreements from that start.
    ScenarioError
        If agreements do not start on that day, or the performance years begin after the agreement or too
        late for the one that follows it.
    """
    aco = scenario.aco
    start, years = aco.agreement_start, aco.performance_years
    length = _agreement_length(regulation, start)
    if problems := start_problems(regulation, start):
        raise ScenarioError(scenario.title, [f"aco.{problem}" for problem in problems])
    agreements = []
    period = aco.agreement_period
    while years:
        within = tuple(year for year in years if year < start.year + length)
        if within:
            agreements.append(Agreement(start, period, within))
        years = years[len(within) :]
        start, period = date(start.year + length, 1, 1), period + 1
        length = _agreement_length(regulation, start)
    simulated = scenario.benchmark.mode == "simulated"
    before = benchmark_year_count(regulation, aco.agreement_start)
    _check_years(scenario, agreements, before)
    first = aco.agreement_start.year - before if simulated else aco.performance_years[0]
    return Timeline(
        simulated_years=tuple(range(first, aco.performance_years[-1] + 1)),
        dollar_year=aco.benchmark_year_3 if aco.dollar_year is None else aco.dollar_year,
        agreements=tuple(agreements),
        benchmark_years=before,
        benchmark_simulated=simulated,
    )


def _check_years(scenario: Scenario, agreements: list[Agreement], benchmark_years: int) -> None:
    """Refuse performance years that leave out the agreement, or the years that the next one is rebased on."""
    first, start = scenario.aco.performance_years[0], scenario.aco.agreement_start
    if agreements[0].start != start:
        raise ScenarioError(
            scenario.title,
            f"aco.performance_years: {first} is after the agreement from {start}; "
            "allowed: a first year within it, or a later aco.agreement_start",
        )
    for following in agreements[1:2]:
        latest = following.start.year - benchmark_years
        if first > latest:
            raise ScenarioError(
                scenario.title,
                f"aco.performance_years: {first} is the first, but the agreement from {following.start} is "
                f"rebased on {latest}-{following.start.year - 1}; allowed: {latest} at the latest, or no year "
                f"after {following.start.year - 1} (42 CFR 425.601(a), 425.652(a))",
            )


def _agreement_length(regulation: Regulation, start: date) -> int:
    """Return how many calendar years an agreement has, a first year of six months counted."""
    names = ("agreement_performance_years", "agreement_extension_years")
    return math.ceil(sum(regulation.number(name, agreement_start=start) for name in names))


def benchmark_year_count(regulation: Regulation, start: date) -> int:
    """Return how many benchmark years an agreement has."""
    weights = regulation.entry(
        "benchmark_year_weights", agreement_start=start, where={"agreement_period": "first"}
    )
    return len(table(weights))


def address(year: int) -> int:
    """Return the number of a calendar year in the address of a draw."""
    return year - ADDRESS_ORIGIN
