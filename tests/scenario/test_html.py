"""A scenario shows itself in a notebook: every key, its value, its meaning. Oracle: the schema."""

from pydantic import BaseModel

from simcore.scenario.html import scenario_html
from simcore.scenario.schema import Scenario, parse_scenario
from simcore.scenario.templates import templates


def shipped(**changes: object) -> Scenario:
    asked = parse_scenario(templates()["track_choice"].content, source="track_choice")
    return asked.with_changes({key.replace("__", "."): value for key, value in changes.items()})


def test_every_section_and_key_is_shown_with_its_meaning() -> None:
    shown = scenario_html(shipped())
    for name, field in Scenario.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            assert f"[{name}]" in shown
    for key in ("replicates", "population.ESRD.assigned_beneficiaries", "true_savings"):
        assert f"<code>{key}</code>" in shown
    assert Scenario.model_fields["simulation"].annotation.model_fields["engine"].description in shown


def test_what_the_scenario_sets_is_told_from_the_defaults() -> None:
    folded = scenario_html(shipped(savings__true_savings=0.031)).split("<table>")
    assert any("true_savings = 0.031" in block for block in folded)
    assert "(default)" in scenario_html(shipped())


def test_a_hostile_title_stays_text() -> None:
    shown = scenario_html(shipped(title="<script>alert(1)</script>"))
    assert "<script>" not in shown


def test_a_scenario_shows_itself() -> None:
    assert shipped()._repr_html_() == scenario_html(shipped())
