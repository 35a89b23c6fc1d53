"""A shell's words reach every option as they are: what is no number to compute with is refused, not computed with."""

import math
from pathlib import Path

import pytest

from tests.faults.commands import Simcore

NO_NUMBERS = ("nan", "inf", "-inf", "1e999", "99999999999999999999", "-1e-9", "1,5", "")
"""Numbers to Python, but to no option of these verbs (or no numbers at all)."""

LUCK = ("luck", "--savings-rate", "0.03", "--beneficiaries", "12000")
OPTIONS = {
    LUCK: (
        *("--year", "--minimum-savings-rate", "--between", "--persistence", "--individual-noise"),
        "--beneficiaries",
    ),
    ("rules",): ("--performance-year",),
    ("compare", "result.nc"): ("--level", "--give-up", "--risk-tolerance"),
    ("cover", "result.nc"): (
        *("--attachment", "--maximum", "--coinsurance", "--loading", "--person-attachment", "--amount"),
    ),
    ("explain", "result.nc"): ("--replicate", "--worst"),
    ("size", "two_options.toml"): ("--probability",),
    ("sensitivity", "two_options.toml"): ("--goal",),
    ("portfolio", "portfolio.toml"): ("--level", "--replicates", "--seed"),
    ("run", "two_options.toml", "--out", "out"): ("--replicates", "--seed", "--threads"),
}


@pytest.mark.parametrize(
    ("words", "option"),
    [(words, option) for words, options in OPTIONS.items() for option in options],
    ids=lambda part: part if isinstance(part, str) else part[0],
)
def test_what_is_no_number_for_an_option_is_refused(
    simcore: Simcore,
    scenario: Path,
    result: Path,
    words: tuple[str, ...],
    option: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(scenario.parent)
    there = {path.name for path in scenario.parent.iterdir()}
    for number in NO_NUMBERS:
        left = simcore(*words, f"{option}={number}")
        assert left.status == 2, (number, left)
        assert left.output == "", number
        assert "Traceback" not in left.remarks
        assert "Warning" not in left.remarks
        assert len(left.remarks) < 2_000
    assert {path.name for path in scenario.parent.iterdir()} == there


@pytest.mark.parametrize("option", ["--savings-rate", "--real", "--mean"])
@pytest.mark.parametrize("number", ["nan", "inf", "-1.5", "3"])
def test_a_rate_is_a_fraction_of_either_sign(simcore: Simcore, option: str, number: str) -> None:
    left = simcore(
        "luck", *(() if option == "--savings-rate" else LUCK[1:3]), *LUCK[3:], f"{option}={number}"
    )
    assert left.status == 2
    assert "allowed: a fraction from -1 to 1" in left.remarks


@pytest.mark.parametrize("number", ["1e-320", "0", "-5e-324"])
def test_a_number_next_to_nought_divides_nothing(simcore: Simcore, number: str) -> None:
    left = simcore(*LUCK[:3], f"--beneficiaries={number}")
    assert left.status == 2
    assert "allowed: 1 beneficiary or more" in left.remarks


def test_all_options_at_fault_are_told_at_once(simcore: Simcore) -> None:
    left = simcore(*LUCK, "--between=0", "--persistence=2", "--year=1")
    assert left.remarks.splitlines()[0] == "error: simcore luck: 3 problems"


def test_a_chance_among_nothing_is_left_out(simcore: Simcore) -> None:
    """Nobody's true savings exceed the whole benchmark: savings denied there are a share of none."""
    words = (*LUCK, "--real=1", "--minimum-savings-rate=1")
    left = simcore(*words)
    assert left.status == 0, left.remarks
    assert str(math.nan) not in left.output
    assert '"savings_denied": null' in simcore(*words, "--json").output


@pytest.mark.parametrize("day", ["2024-01-15", "2024-07-01", "0001-01-01", "9999-12-31", "2012-05-01"])
def test_a_day_on_which_no_agreement_starts_is_refused(simcore: Simcore, day: str) -> None:
    case = ("--assigned-beneficiaries", "9000", "--benchmark", "1e8", "--expenditures", "9e7")
    for words in (("settle", "--track", "ENHANCED", *case), ("rules",)):
        left = simcore(*words, "--agreement-start", day)
        assert left.status == 2
        assert left.output == ""
        assert left.remarks.startswith("error: ")
