import doctest

import pytest

from simcore.plots import words
from simcore.plots.words import contract_name, money, percent


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(words).failed == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "$0"),
        (999_499.0, "$999k"),
        (999_600.0, "$1.00M"),
        (-1_234_567.0, "−$1.23M"),
        (2.5e9, "$2.50B"),
        (120.0, "$120"),
        (float("nan"), "—"),
    ],
)
def test_money_is_said_in_the_unit_of_its_rounded_size(value, text):
    assert money(value) == text


def test_a_chance_that_is_not_certain_never_reads_as_certain():
    assert (percent(0.0), percent(0.0049), percent(0.9951), percent(1.0)) == ("0%", "<1%", ">99%", "100%")


def test_an_election_is_read_aloud_and_an_unknown_label_is_left_alone():
    assert contract_name("BASIC-D msr=0.005") == "BASIC-D, MSR 0.5%"
    assert contract_name("my <own> contract") == "my <own> contract"
