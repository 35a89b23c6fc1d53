"""Labels of contracts are read as they are written, or refused with all that is wrong."""

import pytest

from simcore.errors import RegulationError, ScenarioError
from simcore.model.contracts.labels import contract_mapping, parse_label
from tests.model.contracts.settling import PRESETS


def test_a_label_is_a_name_and_settings() -> None:
    label = parse_label("  NGACO-A   cap=0.10 terms_of=2021 ")
    assert (label.name, dict(label.settings)) == ("NGACO-A", {"cap": "0.10", "terms_of": "2021"})
    assert str(label) == "NGACO-A cap=0.10 terms_of=2021"


def test_settings_become_numbers_words_and_switches() -> None:
    label = parse_label("LEAD-GLOBAL spending=lower discount=0.02 terms_of=2027 equity_adjustment=true")
    assert contract_mapping(label, PRESETS) == {
        "preset": "LEAD-GLOBAL",
        "spending": "lower",
        "discount": 0.02,
        "terms_of": 2027,
        "equity_adjustment": True,
    }


def test_all_problems_of_a_label_are_told_at_once() -> None:
    with pytest.raises(ScenarioError) as error:
        parse_label("NGACO-A 0.10 cap=0.10 cap=0.15")
    assert [word in str(error.value) for word in ("'0.10'", "'cap' stands twice")] == [True, True]


@pytest.mark.parametrize("text", ["", "cap=0.10"])
def test_a_label_without_a_name_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match="names no contract"):
        parse_label(text)


def test_an_unknown_contract_has_near_matches() -> None:
    with pytest.raises(RegulationError, match="did you mean 'REACH-GLOBAL'"):
        contract_mapping(parse_label("REACH-GLOBL"), PRESETS)
