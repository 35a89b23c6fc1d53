"""Every shipped scenario is what its template writes, and can be simulated."""

from pathlib import Path

import pytest

from simcore.regulation.presets import read_presets
from simcore.regulation.reader import read_regulation
from simcore.scenario.files import read_scenario
from simcore.scenario.schema import parse_scenario
from simcore.scenario.templates import templates
from simcore.scenario.writer import scenario_toml
from simcore.simulate import prepare

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.mark.parametrize("name", sorted(templates()))
def test_a_shipped_scenario_is_its_template_written_out(name: str) -> None:
    """Written again by ``simcore init scenarios/NAME.toml --template NAME --overwrite``."""
    about, content = templates()[name]
    path = SCENARIOS / f"{name}.toml"
    expected = scenario_toml(
        parse_scenario(content, source=name), preamble=f"{about}\nRun it: simcore run scenarios/{name}.toml"
    )
    assert path.read_text(encoding="utf-8") == expected
    assert read_scenario(path) == parse_scenario(content, source=name)


@pytest.mark.parametrize("name", sorted(templates()))
def test_a_shipped_scenario_can_be_simulated(name: str) -> None:
    prepare(parse_scenario(templates()[name].content, source=name))


def test_every_shipped_scenario_has_a_template() -> None:
    assert sorted(path.stem for path in SCENARIOS.glob("*.toml")) == sorted(templates())


@pytest.mark.parametrize("folder", sorted((SCENARIOS / "overlays").iterdir()), ids=lambda folder: folder.name)
def test_a_shipped_overlay_changes_the_rules(folder: Path) -> None:
    law, contracts = read_regulation([folder]), read_presets([folder])
    assert (law.digest, contracts.digest) != (read_regulation().digest, read_presets().digest)
