"""How much of an observed savings rate was luck, and how much skill."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simcore.cli.bounds import FRACTION, SIGNED_FRACTION, YEAR, Bounds, hold_to_bounds
from simcore.cli.printing import percent, print_json, print_table
from simcore.errors import DataError, near_matches

if TYPE_CHECKING:
    from simcore.analysis.credibility import Program

_SIZE = Bounds(1.0, 1e9, "1 beneficiary or more")
_SPREAD = Bounds(1e-6, 1.0, "a standard deviation from 0.000001 to 1")
_NOISE = Bounds(0.0, 100.0, "a number from 0 to 100, such as 1.4")


@dataclass(frozen=True, slots=True)
class Record:
    """The observed years of an ACO, one entry a year in each column."""

    years: list[int]
    rates: list[float]
    beneficiaries: list[float]
    minimum_rates: list[float]


def luck(
    savings_rate: Annotated[
        list[float] | None, typer.Option(metavar="S", help="Observed, a fraction; repeat for each year.")
    ] = None,
    beneficiaries: Annotated[
        list[float] | None, typer.Option(metavar="N", help="Assigned beneficiaries; repeat likewise.")
    ] = None,
    year: Annotated[
        list[int] | None, typer.Option(metavar="Y", help="Performance year; repeat likewise.")
    ] = None,
    puf: Annotated[list[Path] | None, typer.Option(help="CMS results file; repeat for each year.")] = None,
    aco: Annotated[str | None, typer.Option(metavar="ACO_ID", help="The ACO in those files.")] = None,
    minimum_savings_rate: Annotated[
        float | None, typer.Option(metavar="X", help="A fraction; by the rules' table if not given.")
    ] = None,
    real: Annotated[float, typer.Option(help="True savings above this are real, a fraction.")] = 0.0,
    mean: Annotated[float | None, typer.Option(help="Program's mean true savings.")] = None,
    between: Annotated[float | None, typer.Option(help="SD of true savings between ACOs.")] = None,
    persistence: Annotated[float | None, typer.Option(help="Their correlation year to year.")] = None,
    individual_noise: Annotated[
        float | None, typer.Option(help="SD of a year's luck times the root of the size.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """How much of an observed savings rate was luck: true savings, credibility, rewards by luck.

    Example: `simcore luck --savings-rate 0.041 --beneficiaries 9800`

    Example: `simcore luck --puf PY2022.csv --puf PY2023.csv --aco A1001`
    """
    hold_to_bounds(
        "simcore luck",
        {
            "--savings-rate": (savings_rate, SIGNED_FRACTION),
            "--beneficiaries": (beneficiaries, _SIZE),
            "--year": (year, YEAR),
            "--minimum-savings-rate": (minimum_savings_rate, FRACTION),
            "--real": (real, SIGNED_FRACTION),
            "--mean": (mean, SIGNED_FRACTION),
            "--between": (between, _SPREAD),
            "--persistence": (persistence, FRACTION),
            "--individual-noise": (individual_noise, _NOISE),
        },
    )
    if puf and (savings_rate or beneficiaries):
        raise DataError("simcore luck", "--puf stands beside --savings-rate; allowed: one of the two")
    typed = (list(year or ()), list(savings_rate or ()), list(beneficiaries or ()))
    record = _from_files(puf, aco) if puf else _typed(typed, minimum_savings_rate)
    program = _program(
        mean=mean, between_deviation=between, persistence=persistence, individual_noise=individual_noise
    )
    answer = _answer(record, program, real=real)
    print_json(answer) if as_json else _print(answer)


def _typed(columns: tuple[list[int], list[float], list[float]], minimum: float | None) -> Record:
    """Return the record typed in; years count up to the latest published one where none are given."""
    years, rates, sizes = columns
    if not rates or len(rates) != len(sizes) or (years and len(years) != len(rates)):
        counts = f"{len(rates)} --savings-rate, {len(sizes)} --beneficiaries, {len(years)} --year"
        allowed = "one of each for every observed year, or --puf and --aco; --year may be left out altogether"
        raise DataError("simcore luck", f"{counts}; allowed: {allowed}")
    first = _latest_year() - len(rates) + 1
    years = years or list(range(first, first + len(rates)))
    minimum_rates = [
        minimum if minimum is not None else _table_rate(one, size)
        for one, size in zip(years, sizes, strict=True)
    ]
    return Record(years, rates, sizes, minimum_rates)


def _from_files(files: list[Path], aco: str | None) -> Record:
    """Return the record of an ACO from CMS's results files, in the order of years."""
    from simcore.cms.public_results import read_public_results

    if aco is None:
        raise DataError("simcore luck", "--puf: stands without --aco; allowed: together")
    rows: list[tuple[float, ...]] = []
    known: set[str] = set()
    starts: set[object] = set()
    for results in map(read_public_results, files):
        known.update(results.frame["aco_id"].astype(str))
        found = results.frame[results.frame["aco_id"].astype(str) == aco]
        for _, row in found.iterrows():
            words = ("savings_rate", "assigned_beneficiaries", "minimum_savings_rate")
            rows.append((results.performance_year, *(float(row[word]) for word in words)))
            starts.add(row["agreement_start"])
    if not rows:
        raise DataError("--aco", f"{aco!r} is in none of the files{near_matches(aco, sorted(known))}")
    if len(starts) > 1:
        raise DataError(
            "--aco", f"{aco!r} began an agreement within the files; allowed: years of one agreement"
        )
    years, rates, sizes, minimum_rates = (list(column) for column in zip(*sorted(rows), strict=True))
    return Record([int(one) for one in years], rates, sizes, minimum_rates)


def _program(**changes: float | None) -> Program:
    """Return the shipped picture of the program with some of its numbers changed."""
    from simcore.analysis.credibility import Program
    from simcore.scenario.default_values import default_table

    given = {name: value for name, value in changes.items() if value is not None}
    return Program(**{**default_table("credibility")["program"], **given})


def _latest_year() -> int:
    """Return the year that a single year typed in stands for; no rule of the answer depends on it alone."""
    from simcore.scenario.default_values import default_table

    return int(default_table("credibility")["latest_year"])


def _table_rate(year: int, beneficiaries: float) -> float:
    """Return the minimum savings rate of the rules' table."""
    from datetime import date

    from simcore.model.minimum_savings_rate import rate_bands, table_rate
    from simcore.regulation.reader import read_regulation

    bands = rate_bands(read_regulation(), performance_year=year, agreement_start=date(year, 1, 1))
    return float(table_rate(bands, beneficiaries))


def _answer(record: Record, program: Program, *, real: float) -> dict[str, object]:
    """Return the posterior, and for each observed year what luck had to do with it."""
    from simcore.analysis.credibility import chance_of_reward, luck_of_size, posterior

    believed = posterior(program, record.rates, record.beneficiaries, years=record.years)
    chance_real = believed.chance_above(real)
    years = []
    columns = zip(record.years, record.rates, record.beneficiaries, record.minimum_rates, strict=True)
    for year, rate, size, minimum in columns:
        of_size = luck_of_size(program, size, minimum_savings_rate=minimum, real=real)
        then = posterior(program, record.rates, record.beneficiaries, years=record.years, year=year)
        met = rate >= minimum
        years.append(
            {
                "performance_year": year,
                "savings_rate": rate,
                "assigned_beneficiaries": size,
                "minimum_savings_rate": minimum,
                "met": met,
                "probability_reward_by_luck": 1.0 - then.chance_above(real) if met else None,
                "probability_real_savings_denied": None if met else then.chance_above(real),
                "chance_of_reward_without_true_savings": chance_of_reward(
                    program, 0.0, size, minimum_savings_rate=minimum
                ),
                "of_this_size": of_size._asdict(),
            }
        )
    return {
        "true_savings": {
            "performance_year": record.years[-1],
            "mean": believed.mean,
            "standard_deviation": believed.deviation,
            "probability_real": chance_real,
        },
        "credibility": believed.credibility,
        "program_mean": program.mean,
        "years": years,
    }


def _chance(value: float) -> str:
    """Return a chance in percent, or nothing where what it is a chance among does not happen."""
    return "" if math.isnan(value) else percent(value)


def _print(answer: dict[str, object]) -> None:
    """Print the answer as two tables."""
    true_savings, years = answer["true_savings"], answer["years"]
    assert isinstance(true_savings, dict)
    assert isinstance(years, list)
    rows = [
        ("True savings, mean ± SD", percent(true_savings["mean"], true_savings["standard_deviation"], 2)),
        ("Probability that they are real", percent(true_savings["probability_real"])),
        ("Credibility of the record (Bühlmann)", percent(float(str(answer["credibility"])))),
        ("Mean of the program", percent(float(str(answer["program_mean"])), None, 2)),
    ]
    caption = "The rest of the credibility is the program's mean. Parameters: defaults/credibility.toml."
    print_table(
        f"What the record says of {true_savings['performance_year']}", ("", ""), rows, caption=caption
    )
    by_year = [
        (
            str(one["performance_year"]),
            percent(one["savings_rate"], None, 2),
            percent(one["minimum_savings_rate"], None, 2),
            percent(one["probability_reward_by_luck"]) if one["met"] else "",
            "" if one["met"] else percent(one["probability_real_savings_denied"]),
            _chance(one["of_this_size"]["reward_by_luck"]),
            _chance(one["of_this_size"]["savings_denied"]),
        )
        for one in years
    ]
    columns = (
        "year",
        "savings rate",
        "minimum",
        "luck",
        "denied",
        "luck at this size",
        "denied at this size",
    )
    caption = (
        "luck: chance that this reward was for savings that are not real; denied: that real savings "
        "went without; at this size: the same over all ACOs of the size."
    )
    print_table("Year by year", columns, by_year, caption=caption)
