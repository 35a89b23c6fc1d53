"""The verb that shows the rules in force."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from simcore.errors import RegulationError
from simcore.regulation.reader import read_regulation

runner = CliRunner()


def rules(*arguments: str) -> dict[str, Any]:
    done = runner.invoke(app, ["rules", "--json", *arguments])
    if isinstance(done.exception, RegulationError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def value(record: dict[str, Any], name: str) -> object:
    (entry,) = [entry for entry in record["numbers"] if entry["name"] == name]
    return entry["value"]


def test_numbers_of_a_track_with_citations() -> None:
    record = rules("--performance-year", "2024", "--agreement-start", "2024-01-01", "--track", "BASIC-E")
    assert value(record, "maximum_sharing_rate") == 0.50
    assert value(record, "loss_limit_of_revenue") == 0.08
    assert record["regulation_digest"] == read_regulation().digest
    assert all(entry["citation"] and entry["evidence"] and entry["status"] for entry in record["numbers"])


def test_dates_that_are_not_given() -> None:
    assert (rules()["performance_year"], rules()["agreement_start"]) == (2024, "2024-01-01")
    old = rules("--track", "TRACK-2")
    assert (old["performance_year"], old["agreement_start"]) == (2021, "2019-01-01")
    assert rules("--agreement-start", "2026-01-01")["performance_year"] == 2026


def test_proposals_hold_only_when_asked_for() -> None:
    asked = ("--track", "BASIC-E", "--performance-year", "2027", "--agreement-start", "2027-01-01")
    assert value(rules(*asked), "maximum_sharing_rate") == 0.50
    proposed = rules(*asked, "--proposed")
    assert value(proposed, "maximum_sharing_rate") == 0.60
    assert {entry["status"] for entry in proposed["numbers"]} == {"final", "proposed"}


def test_the_table_marks_what_nobody_has_read() -> None:
    done = runner.invoke(app, ["rules", "--track", "ENHANCED", "--performance-year", "2025"])
    assert "unverified" in done.stdout
    assert "42 CFR 425.610(d)" in done.stdout
    assert "75%" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--track", "BASIC-F"), "did you mean 'BASIC-E'"),
        (("--track", "TRACK-1", "--performance-year", "2024"), "not settled for 2024"),
        (("--performance-year", "2024", "--agreement-start", "2010-01-01"), "before the program's first"),
    ],
)
def test_what_is_asked_wrongly(arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(RegulationError, match=says):
        rules(*arguments)


def test_unverified_numbers_alone() -> None:
    record = json.loads(runner.invoke(app, ["rules", "--unverified", "--json"]).stdout)
    assert {number["evidence"] for number in record["numbers"]} == {"unverified"}
    assert len(record["numbers"]) == sum(entry.unverified for entry in read_regulation().entries)
    dated = json.loads(
        runner.invoke(app, ["rules", "--unverified", "--json", "--performance-year", "2024"]).stdout
    )
    # Sequestration is published until 2024 and assumed from 2025 on.
    names = {number["name"] for number in dated["numbers"]}
    assert "sequestration" in {number["name"] for number in record["numbers"]} - names
