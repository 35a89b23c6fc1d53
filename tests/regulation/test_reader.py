"""Which number of the rules is in force, and what is said of rules that cannot be read."""

import pickle
from datetime import date
from pathlib import Path

import pytest

from simcore.errors import RegulationError
from simcore.regulation.reader import Regulation, read_regulation, table

ENTRY = {
    "name": '"maximum_sharing_rate"',
    "value": "0.55",
    "unit": '"1"',
    "dated_by": '"performance_year"',
    "from": "2025-01-01",
    "tracks": '["BASIC-E"]',
    "citation": '"a contract of our own"',
    "evidence": '"illustrative"',
    "status": '"final"',
}


def overlay(folder: Path, *changes: dict[str, str]) -> Path:
    """Write an overlay with one entry for each of `changes` to an entry that is right."""
    folder.mkdir(exist_ok=True)
    tables = []
    for change in changes:
        lines = {**ENTRY, **change}
        tables.append("[[number]]\n" + "\n".join(f"{key} = {value}" for key, value in lines.items() if value))
    (folder / "own.toml").write_text("\n\n".join(tables), encoding="utf-8")
    return folder


def rate(regulation: Regulation, year: int, track: str = "BASIC-E") -> float:
    return regulation.number("maximum_sharing_rate", performance_year=year, track=track)


def test_a_number_holds_from_its_day_to_its_last() -> None:
    regulation = read_regulation()
    sequestration = [regulation.number("sequestration", performance_year=year) for year in range(2017, 2026)]
    assert sequestration == [0.02, 0.02, 0.0, 0.0, 0.02, 0.02, 0.02, 0.02, 0.02]
    beneficiaries = "years_at_minimum_beneficiaries"
    assert regulation.entry(beneficiaries, agreement_start=date(2026, 12, 31)).value == ("BY1", "BY2", "BY3")
    assert regulation.entry(beneficiaries, agreement_start=date(2027, 1, 1)).value == ("BY3",)


def test_a_performance_year_may_begin_with_its_agreement() -> None:
    months = read_regulation().number
    asked = "performance_year_months"
    assert months(asked, performance_year=2019) == 12.0
    assert months(asked, performance_year=2019, agreement_start=date(2018, 1, 1)) == 12.0
    assert months(asked, performance_year=2019, agreement_start=date(2019, 7, 1)) == 6.0
    assert months(asked, performance_year=2020, agreement_start=date(2019, 7, 1)) == 12.0


def test_the_number_with_more_selectors_counts() -> None:
    limit = read_regulation().number
    asked = {"performance_year": 2018, "track": "TRACK-2"}
    found = [limit("loss_limit_of_benchmark", **asked, where={"year_in_track": year}) for year in (1, 2, 3)]
    assert found == [0.05, 0.075, 0.10]
    assert limit("loss_limit_of_benchmark", **asked) == 0.10


@pytest.mark.parametrize(
    ("name", "asked", "says"),
    [
        ("maximum_sharing_rat", {"performance_year": 2024}, "did you mean 'maximum_sharing_rate'"),
        ("maximum_sharing_rate", {"performance_year": 2018, "track": "BASIC-E"}, "from 2019-07-01"),
        ("maximum_sharing_rate", {"performance_year": 2024}, "ENHANCED"),
        ("track_open", {"performance_year": 2024, "track": "BASIC-E"}, "agreement start from 2019-07-01"),
    ],
)
def test_no_number_in_force_says_which_there_are(name: str, asked: dict[str, object], says: str) -> None:
    with pytest.raises(RegulationError, match=says):
        read_regulation().entry(name, **asked)


def test_find_returns_none_where_nothing_is_in_force() -> None:
    regulation = read_regulation()
    assert regulation.find("loss_limit_of_revenue", performance_year=2024, track="ENHANCED") is None
    with pytest.raises(RegulationError, match="is no number"):
        regulation.find("loss_limit_of_revenues", performance_year=2024)


def test_a_word_is_not_a_number() -> None:
    with pytest.raises(RegulationError, match="not one number"):
        read_regulation().number("loss_rule", performance_year=2024, track="ENHANCED")
    word = read_regulation().entry("loss_rule", performance_year=2024, track="ENHANCED")
    with pytest.raises(RegulationError, match="no rectangle"):
        table(word)


def test_the_digest_names_the_content() -> None:
    assert read_regulation().digest == read_regulation().digest
    assert read_regulation(proposed=True).digest != read_regulation().digest
    assert pickle.loads(pickle.dumps(read_regulation())).digest == read_regulation().digest


def test_proposals_hold_only_when_asked_for() -> None:
    assert rate(read_regulation(), 2027) == 0.50
    assert rate(read_regulation(proposed=True), 2027) == 0.60
    assert rate(read_regulation(proposed=True), 2026) == 0.50


def test_an_overlay_counts_from_its_day_on(tmp_path: Path) -> None:
    regulation = read_regulation([overlay(tmp_path / "own", {})])
    assert [rate(regulation, year) for year in (2024, 2025, 2026)] == [0.50, 0.55, 0.55]
    assert rate(regulation, 2026, "BASIC-D") == 0.50
    second = overlay(tmp_path / "second", {"value": "0.58", "from": "2026-01-01", "until": "2026-12-31"})
    both = read_regulation([tmp_path / "own", second])
    assert [rate(both, year) for year in (2025, 2026, 2027)] == [0.55, 0.58, 0.55]
    assert both.digest != regulation.digest
    # One without a track counts before the law's, which has one.
    general = read_regulation([overlay(tmp_path / "general", {"tracks": ""})])
    assert rate(general, 2025, "ENHANCED") == 0.55


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": '"maximum_sharing_rats"'}, "did you mean 'maximum_sharing_rate'"),
        ({"valu": "1"}, "key 'valu' is not known.*did you mean 'value'"),
        ({"citation": ""}, "key 'citation' is missing"),
        ({"citation": '" "'}, "not a text with at least one character"),
        ({"value": "55"}, "is a fraction, not a percent"),
        ({"value": "-0.1"}, "is a fraction, not a percent"),
        ({"value": "nan"}, "not a finite number"),
        ({"value": "[0.5, inf]"}, "not a finite number"),
        ({"value": '"much"'}, "is not a number"),
        ({"value": "true"}, "is not a number"),
        ({"value": "2025-01-01"}, "neither a number"),
        ({"value": "[]"}, "the array is empty"),
        ({"unit": '"USD"'}, "is not '1'"),
        ({"dated_by": '"performance year"'}, "did you mean 'performance_year'"),
        ({"evidence": '"hearsay"'}, "allowed: cfr"),
        ({"status": "1"}, "allowed: final, proposed"),
        ({"from": '"2025"'}, "no date such as"),
        ({"from": "2025-01-01T00:00:00"}, "no date such as"),
        ({"until": "2024-01-01"}, "is before from"),
        ({"tracks": '["BASIC-F"]'}, "did you mean 'BASIC-E'"),
        ({"tracks": '"BASIC-E"'}, "no list of tracks"),
        ({"where": "3"}, "no table such as"),
        ({"where": "{ period = true }"}, "neither a text nor a whole number"),
        ({"note": "3"}, "note: 3 is not a text"),
    ],
)
def test_a_malformed_overlay_says_what_to_mend(tmp_path: Path, change: dict[str, str], says: str) -> None:
    with pytest.raises(RegulationError, match=says):
        read_regulation([overlay(tmp_path / "own", change)])


def test_all_problems_of_an_overlay_at_once(tmp_path: Path) -> None:
    folder = overlay(
        tmp_path / "own", {"value": "55"}, {}, {}, {"tracks": '["BASIC-F"]', "until": "2020-01-01"}
    )
    (folder / "more.toml").write_text("numbers = 1", encoding="utf-8")
    (folder / "spoilt.toml").write_text("[[number]\n", encoding="utf-8")
    (folder / "latin.toml").write_bytes(b'title = "\xe9"')
    (folder / "flat.toml").write_text("number = 3", encoding="utf-8")
    (folder / "deep.toml").write_text("number = " + "[" * 5_000 + "]" * 5_000, encoding="utf-8")
    with pytest.raises(RegulationError) as caught:
        read_regulation([folder])
    problems = caught.value.problems
    assert caught.value.source == str(folder)
    expected = {
        "deep.toml: cannot be read as TOML: it is nested too deeply",
        "flat.toml: 'number' is no list of tables; write [[number]] above each",
        "more.toml: key 'numbers' is not known; allowed: number; did you mean 'number'?",
    }
    assert expected <= set(problems)
    assert sum("cannot be read as TOML" in problem for problem in problems) == 2
    assert "latin.toml: is not UTF-8 text: byte 9 cannot be read; save it as UTF-8" in problems
    assert sum(problem.startswith("own.toml: number 1 ") for problem in problems) == 1
    assert any(
        problem.startswith("own.toml: number 3 ") and "the same name" in problem for problem in problems
    )
    assert sum(problem.startswith("own.toml: number 4 ") for problem in problems) == 2


def test_an_overlay_is_a_folder_with_rules(tmp_path: Path) -> None:
    for folder, says in ((tmp_path, "holds no TOML file"), (tmp_path / "none", "is no folder")):
        with pytest.raises(RegulationError, match=says):
            read_regulation([folder])


def test_every_number_is_cited_and_every_doubt_is_noted() -> None:
    for entry in read_regulation(proposed=True).entries:
        assert entry.citation.strip()
        assert entry.evidence in {
            "cfr",
            "public_results",
            "secondary",
            "derived",
            "unverified",
            "illustrative",
        }
        assert not any(word in entry.citation for word in ("rules.md", "S1", "S2")), entry.name
