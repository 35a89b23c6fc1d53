from simcore.report.answer import contract_rows
from simcore.report.checks import check_result
from simcore.report.model_documentation import model_documentation
from tests.report.inputs import SCENARIO, told_result

HEADINGS = [
    "Purpose", "Data", "Assumptions", "Methods", "Testing", "Credibility", "Uncertainty", "Limitations", "Reliance",
    "Responsible actuary and dates",
]  # fmt: skip


def _documented(result):
    return {
        section.heading: section
        for section in model_documentation(result, contract_rows(result), check_result(result))
    }


def test_every_heading_is_filled_or_says_why_not():
    sections = _documented(told_result())
    assert list(sections) == HEADINGS
    for section in sections.values():
        assert section.sentences
        assert section.filled or "Not filled" in section.sentences[0]


def test_the_four_standards_are_all_answered():
    standards = ", ".join(section.standards for section in _documented(told_result()).values())
    assert all(number in standards for number in ("56", "23", "25", "41"))


def test_what_is_held_at_its_mean_is_named():
    # The scenario of the tests draws individuals and the ACO only.
    methods = " ".join(_documented(told_result())["Methods"].sentences)
    assert (
        "Held at the mean: growth of nation and region; the quality score; what is believed about true savings."
        in methods
    )


def test_a_failed_check_leaves_testing_open():
    result = told_result()
    result["net_settlement"] = (result["net_settlement"] + 1.0).assign_attrs(result["net_settlement"].attrs)
    section = _documented(result)["Testing"]
    assert not section.filled
    assert "earned less owed is the net settlement" in section.sentences[0]


def test_credibility_is_filled_from_expected_expenditures():
    """Where expected expenditures are the mean, all spread is luck and a year's credibility is nought."""
    result = told_result()
    expected = result["expenditures"].mean("replicate").broadcast_like(result["expenditures"])
    sentences = _documented(result.assign(expected_expenditures=expected))["Credibility"].sentences
    assert "100% of the variance" in sentences[0]


def test_a_beneficiary_file_is_named_as_the_source_of_people():
    scenario = {**SCENARIO, "aco": {**SCENARIO["aco"], "beneficiary_file": "people.csv"}}
    assert "people.csv" in _documented(told_result(scenario))["Data"].sentences[0]
