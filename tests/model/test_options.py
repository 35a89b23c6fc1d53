"""Which contract options a scenario settles, and what is said of those that an agreement may not have."""

from datetime import date

import pytest

from simcore.errors import ScenarioError
from simcore.model.options import Choice, choices
from simcore.model.timeline import timeline
from simcore.regulation.presets import read_presets
from simcore.regulation.reader import read_regulation
from simcore.scenario.schema import parse_scenario

LAW, PRESETS = read_regulation(), read_presets()


def options(
    wanted: object, start: date = date(2024, 1, 1), years: object = 5, **contract: object
) -> tuple[Choice, ...]:
    aco = {"agreement_start": start, "performance_years": years}
    aco["population"] = {"AGED_NON_DUAL": {"assigned_beneficiaries": 10_000}}
    content = {"title": "t", "aco": aco, "contract": {"options": wanted, **contract}}
    scenario = parse_scenario(content, source="t")
    return choices(scenario, timeline(scenario, LAW), LAW, PRESETS)


def test_all_options_of_a_2024_agreement() -> None:
    """2 one-sided levels, 4 two-sided ones by 6 elections, and the glide path by 6 (42 CFR 425.600, 425.605(b))."""
    labels = [choice.label for choice in options("all")]
    assert len(labels) == len(set(labels)) == 2 + 4 * 6 + 6
    assert {"BASIC-A", "BASIC-E msr=0.010", "ENHANCED msr=variable", "GLIDE-PATH msr=0"} <= set(labels)


def test_a_glide_path_goes_up_a_level_a_year() -> None:
    (path,) = options(["GLIDE-PATH msr=0.010"])
    assert path.levels == ("BASIC-A", "BASIC-B", "BASIC-C", "BASIC-D", "BASIC-E")
    # One-sided levels have the table; the election holds from two-sided risk on.
    assert path.elections == ("variable", "variable", "0.010", "0.010", "0.010")


def test_a_glide_path_counts_from_the_agreement_s_start() -> None:
    (path,) = options(["GLIDE-PATH msr=0.010"], years=[2026, 2027, 2028])
    assert path.levels == ("BASIC-C", "BASIC-D", "BASIC-E")


def test_a_path_of_ones_own_is_labelled_by_its_levels() -> None:
    levels = ["BASIC-B", "BASIC-B", "BASIC-E", "BASIC-E", "BASIC-E"]
    (path,) = options([{"glide_path": levels, "msr_election": 0.02}])
    assert path.label == "GLIDE-PATH B>B>E>E>E msr=0.020"
    assert path.levels == tuple(levels)


def test_tracks_of_the_time_before_pathways() -> None:
    found = {choice.track for choice in options("all", date(2016, 1, 1), [2016, 2017, 2018])}
    assert found == {"TRACK-1", "TRACK-2", "TRACK-3"}


@pytest.mark.parametrize(
    ("written", "label"), [("ENHANCED msr=0.02", "ENHANCED msr=0.020"), ("BASIC-A", "BASIC-A")]
)
def test_a_label_is_an_option(written: str, label: str) -> None:
    assert options([written])[0].label == label


def test_other_contracts_stand_among_the_options() -> None:
    found = options(["ENHANCED msr=0", "REACH-GLOBAL", "mine"], custom={"mine": {"preset": "COMMERCIAL"}})
    assert [bool(choice.terms) for choice in found] == [False, True, True]
    assert len(found[1].terms) == 5
    assert found[1].notes


def test_all_faults_of_a_list_come_at_once() -> None:
    wanted = [
        "TRACK-1",
        "BASIC-F",
        "ENHANCED msr=0.03",
        {"glide_path": ["BASIC-A"]},
        "BASIC-A",
        "BASIC-A",
        "REACH-GLOBAL x",
    ]
    with pytest.raises(ScenarioError) as raised:
        options(wanted)
    found = "\n".join(raised.value.problems)
    for sentence in (
        "contract.options[0].track: TRACK-1 is not open",
        "contract.options[1].track: 'BASIC-F' is no track",
        "contract.options[2].msr_election: '0.03' is not open to ENHANCED",
        "contract.options[3].glide_path: names 1 levels",
        "'BASIC-A' stands there 2 times",
        "contract.options[6]: 'x' in 'REACH-GLOBAL x' is no setting",
    ):
        assert sentence in found, found


def test_the_contract_that_the_aco_is_in_is_one_of_its_options() -> None:
    assert options(["BASIC-A", "BASIC-B"], current="BASIC-B")
    with pytest.raises(
        ScenarioError, match=r"contract.current: 'BASIC-C' is none of the options; did you mean"
    ):
        options(["BASIC-A", "BASIC-B"], current="BASIC-C")
