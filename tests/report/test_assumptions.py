import doctest
import json

import pytest

from simcore.errors import ResultError
from simcore.report import assumptions as module
from simcore.report.assumptions import assumptions
from simcore.scenario.default_values import default_sections
from simcore.scenario.schema import parse_scenario
from tests.report.inputs import SCENARIO, told_result

SMALLEST = {
    "title": "The least that a scenario needs",
    "aco": {
        "agreement_start": "2024-01-01",
        "performance_years": 1,
        "population": {"AGED_NON_DUAL": {"assigned_beneficiaries": 10_000}},
    },
    "savings": {"uncertainty": 0.02},
}


def _told(content: dict[str, object]) -> dict[str, object]:
    return json.loads(parse_scenario(content, source="test").canonical_json())


def test_the_example_of_the_docstring_holds():
    assert doctest.testmod(module).failed == 0


def test_every_key_that_a_scenario_may_have_is_in_words():
    """Oracle: the scenario's own schema. A key without words would be shown by its bare name."""
    scenario = _told(SMALLEST)
    missing = [
        f"{section}.{key}"
        for section, keys in scenario.items()
        if isinstance(keys, dict)
        for key in keys
        if "words" not in module._words().get(section, {}).get(key, {})
    ]
    assert missing == []


def test_a_changed_key_is_the_scenarios_and_an_untouched_one_the_defaults():
    rows = {row.key: row for row in assumptions(told_result(_told(SMALLEST)), default_sections())}
    assert rows["savings.uncertainty"].source == "the scenario"
    assert rows["aco_deviation.autocorrelation"].source.startswith("CMS public results")
    assert rows["simulation.engine"].source == "default"
    assert rows["aco.beneficiary_file"].value == "none: head counts are given"


def test_population_reads_as_head_counts():
    rows = {row.key: row.value for row in assumptions(told_result())}
    assert rows["aco.population"] == "ESRD 84; AGED_NON_DUAL 11,916"


def test_a_key_that_nobody_knows_is_still_shown():
    rows = assumptions(told_result({**SCENARIO, "new_section": {"new_key": 3}}))
    assert rows[-1].key == "new_section.new_key"


@pytest.mark.parametrize("text", ["no json", "[1, 2]", ""])
def test_a_result_without_its_scenario_is_refused(text):
    with pytest.raises(ResultError, match="scenario"):
        assumptions(told_result().assign_attrs(scenario=text))
