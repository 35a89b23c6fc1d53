"""Which contract options are open to an agreement, and what is said of those that are not.

Oracle: 42 CFR 425.600 and the starts that CMS's results of 2018 to 2023 show.
"""

from datetime import date

import pytest

from simcore.errors import RegulationError
from simcore.regulation.participation import (
    agreement_problems,
    contract_options,
    default_year,
    election_label,
    glide_path,
    latest_start,
    option_problems,
)
from simcore.regulation.reader import read_regulation

REGULATION = read_regulation()
SIX = ["0", "0.005", "0.010", "0.015", "0.020", "variable"]


def labels(start: date, years: tuple[int, ...] = ()) -> list[str]:
    return [option.label for option in contract_options(REGULATION, start, years)]


def test_the_26_options_of_2024() -> None:
    two_sided = [
        f"{track} msr={rate}" for track in ("BASIC-C", "BASIC-D", "BASIC-E", "ENHANCED") for rate in SIX
    ]
    assert labels(date(2024, 1, 1)) == ["BASIC-A", "BASIC-B", *two_sided]
    assert labels(date(2019, 7, 1)) == labels(date(2024, 1, 1)) == labels(date(2027, 1, 1))


def test_the_options_of_older_agreements() -> None:
    # Track 2 had a fixed 2 % until 2015: no election to name.
    assert labels(date(2013, 1, 1)) == ["TRACK-1", "TRACK-2"]
    old = [f"{track} msr={rate}" for track in ("TRACK-1+", "TRACK-2", "TRACK-3") for rate in SIX]
    assert labels(date(2018, 1, 1)) == ["TRACK-1", *old]
    # An agreement of 2016 could change to Track 1+ in 2018, not before.
    assert "TRACK-1+ msr=0" not in labels(date(2016, 1, 1), (2016, 2017))
    assert "TRACK-1+ msr=0" in labels(date(2016, 1, 1), (2018,))
    with pytest.raises(RegulationError, match="no track is open"):
        labels(date(2011, 1, 1))


@pytest.mark.parametrize(
    ("election", "label"),
    [
        ("0", "0"),
        ("0.0", "0"),
        ("0.01", "0.010"),
        ("0.02", "0.020"),
        ("variable", "variable"),
        ("0.0125", "0.0125"),
    ],
)
def test_how_an_election_is_written(election: str, label: str) -> None:
    assert election_label(election) == label


@pytest.mark.parametrize(
    ("track", "election", "start", "years", "says"),
    [
        ("BASIC-F", "", date(2024, 1, 1), (2024,), "did you mean 'BASIC-E'"),
        ("TRACK-1", "", date(2024, 1, 1), (2024,), "allowed: BASIC-A, .*425.600"),
        ("ENHANCED", "", date(2018, 1, 1), (2018,), "allowed: TRACK-1, TRACK-1\\+, TRACK-2, TRACK-3"),
        ("TRACK-1", "", date(2018, 1, 1), (2022,), "not settled for 2022; allowed: 2012 to 2021"),
        ("BASIC-A", "0.01", date(2024, 1, 1), (2024,), "allowed: variable .*425.605"),
        ("ENHANCED", "0.03", date(2024, 1, 1), (2024,), "allowed: 0, 0.005, .*425.610"),
        ("ENHANCED", "two", date(2024, 1, 1), (2024,), "'two' is not open"),
    ],
)
def test_an_option_that_is_not_open(
    track: str, election: str, start: date, years: tuple[int, ...], says: str
) -> None:
    problems = option_problems(
        REGULATION, track=track, msr_election=election, agreement_start=start, performance_years=years
    )
    with pytest.raises(RegulationError, match=says):
        raise RegulationError("option", problems)
    assert len(problems) == 1


def test_an_open_option_has_no_problem() -> None:
    for option in contract_options(REGULATION, date(2024, 1, 1)):
        assert not option_problems(
            REGULATION,
            track=option.track,
            msr_election=option.msr_election,
            agreement_start=date(2024, 1, 1),
            performance_years=range(2024, 2029),
        )


@pytest.mark.parametrize(
    ("start", "first", "last"),
    [
        (date(2012, 4, 1), 2012, 2015),
        (date(2018, 1, 1), 2018, 2021),  # three years, and a fourth for the public health emergency
        (date(2019, 7, 1), 2019, 2024),  # six months and five years
        (date(2020, 1, 1), 2020, 2024),
        (date(2024, 1, 1), 2024, 2028),
    ],
)
def test_the_years_of_an_agreement(start: date, first: int, last: int) -> None:
    asked = range(first - 1, last + 2)
    problems = agreement_problems(REGULATION, agreement_start=start, performance_years=asked)
    assert len(problems) == 2
    assert all(f"allowed: {first} to {last}" in problem for problem in problems)


def test_an_agreement_before_the_program() -> None:
    (problem,) = agreement_problems(
        REGULATION, agreement_start=date(2010, 1, 1), performance_years=(2010, 2011)
    )
    assert "before the program's first agreements" in problem


@pytest.mark.parametrize(
    ("start", "allowed"),
    [
        (date(2012, 5, 1), "2012-04-01 or 2012-07-01"),
        (date(2018, 7, 1), "2018-01-01"),
        (date(2019, 6, 30), "2019-01-01 or 2019-07-01"),
        (date(2024, 1, 15), "2024-01-01"),
        (date(2024, 7, 1), "2024-01-01"),
    ],
)
def test_agreements_start_on_the_program_s_own_days(start: date, allowed: str) -> None:
    """Oracle: the start dates in CMS's results of 2013 to 2023 are these and no others."""
    (problem,) = agreement_problems(REGULATION, agreement_start=start, performance_years=(start.year,))
    assert problem.startswith(f"agreement_start: {start} is no day on which agreements start")
    assert f"allowed: {allowed} (42 CFR 425.200(b)" in problem


def test_dates_that_are_assumed() -> None:
    assert latest_start(REGULATION, "BASIC-E", 2019) == date(2019, 7, 1)
    assert latest_start(REGULATION, "BASIC-E", 2024) == date(2024, 1, 1)
    assert latest_start(REGULATION, "TRACK-1", 2021) == date(2019, 1, 1)
    assert latest_start(REGULATION, "ENHANCED", 2018) is None
    assert default_year(REGULATION, "ENHANCED", None) == 2024
    assert default_year(REGULATION, "TRACK-1", None) == 2021
    assert default_year(REGULATION, "BASIC-A", date(2026, 1, 1)) == 2026
    assert default_year(REGULATION, "BASIC-A", date(2019, 7, 1)) == 2024
    assert default_year(REGULATION, "TRACK-1", date(2024, 1, 1)) == 2024


def test_the_glide_path_goes_up_a_level_a_year() -> None:
    def path(start: date, first: str, years: range) -> list[str]:
        levels = glide_path(REGULATION, agreement_start=start, first_level=first, performance_years=years)
        return [level[-1] for level in levels]

    assert path(date(2024, 1, 1), "BASIC-A", range(2024, 2029)) == ["A", "B", "C", "D", "E"]
    assert path(date(2024, 1, 1), "BASIC-C", range(2024, 2029)) == ["C", "D", "E", "E", "E"]
    # Starters of July 2019 stayed where they were for 2020.
    assert path(date(2019, 7, 1), "BASIC-A", range(2019, 2025)) == ["A", "A", "B", "C", "D", "E"]
    with pytest.raises(RegulationError, match="did you mean"):
        path(date(2024, 1, 1), "BASIC-G", range(2024, 2029))
    with pytest.raises(RegulationError, match="glide_path"):
        path(date(2018, 1, 1), "BASIC-A", range(2018, 2021))
