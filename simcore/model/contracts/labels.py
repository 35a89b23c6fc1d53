"""Read a contract's label, such as ``NGACO-A cap=0.10``: a preset and what is elected or changed in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from simcore.errors import ScenarioError, near_matches
from simcore.regulation.preset_checks import TERMS
from simcore.regulation.presets import Preset, Presets

PRESET: Final = "preset"
TERMS_OF: Final = "terms_of"
YEARS: Final = "years"
"""Keys of a contract beside its terms: what it starts from, whose year's terms, and its years."""


@dataclass(frozen=True, slots=True)
class ContractLabel:
    """A preset's name and the settings behind it, in the order written."""

    name: str
    settings: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        """Return the label as it is shown: one space between its parts."""
        return " ".join([self.name, *(f"{key}={value}" for key, value in self.settings)])


def parse_label(text: str) -> ContractLabel:
    """Return the parts of a label.

    Raises
    ------
    ScenarioError
        If it is empty, or what follows the name is not ``key=value``, or a key stands twice.
    """
    name, *parts = text.split() or [""]
    problems = [] if name and "=" not in name else [f"{text!r} names no contract; write NAME key=value ..."]
    settings = [part.partition("=") for part in parts]
    problems += [
        f"{part!r} in {text!r} is no setting; write key=value, such as cap=0.10"
        for part, (key, _, value) in zip(parts, settings, strict=True)
        if not key or not value
    ]
    keys = [key for key, _, _ in settings]
    problems += [f"{key!r} stands twice in {text!r}" for key in sorted(set(keys)) if keys.count(key) > 1]
    if problems:
        raise ScenarioError("contract", problems)
    return ContractLabel(name, tuple((key, value) for key, _, value in settings))


def contract_mapping(label: ContractLabel, presets: Presets) -> Mapping[str, object]:
    """Return a label as a contract in a scenario is written: the preset, and the changes to it.

    Raises
    ------
    RegulationError
        If the preset is unknown.
    """
    presets.preset(label.name)
    settings = {key: _value(text) for key, text in label.settings}
    return {PRESET: label.name, **settings}


def key_problems(contract: Mapping[str, object], preset: Preset | None) -> list[str]:
    """Return a sentence for each key of a contract that is neither a term nor an election of its preset."""
    elections = tuple(preset.elections) if preset else ()
    allowed = (PRESET, YEARS, *((TERMS_OF,) if preset else ()), *elections, *TERMS)
    return [
        f"{key}: unknown key{near_matches(key, allowed)}; allowed: {', '.join(allowed)}"
        for key in contract
        if key not in allowed
    ]


def _value(text: str) -> object:
    """Return the number, switch or word that a setting's text is."""
    if text in ("true", "false"):
        return text == "true"
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() and "." not in text else number
