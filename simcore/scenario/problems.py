"""Say in plain words what is wrong with a scenario: where, what was found, what is allowed."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from simcore.errors import near_matches

_SHOWN = 60
"""Characters of a faulty value that are shown."""


def describe(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """Return one sentence for each fault that pydantic found in an input of `model`."""
    sentences: dict[str, None] = {}
    for fault in error.errors(include_url=False):
        place = tuple(part for part in fault["loc"] if not _is_branch(part))
        sentences[
            _sentence(place, fault["type"], fault["msg"], fault.get("input"), fault.get("ctx", {}), model)
        ] = None
    return list(sentences)


def _is_branch(part: int | str) -> bool:
    """Tell a branch of a union, which pydantic adds to a place, from a key of the scenario."""
    return isinstance(part, str) and (
        "[" in part or part in {"Option", "str", "float", "int", "literal", "tuple"}
    )


def _sentence(
    place: tuple[int | str, ...],
    kind: str,
    message: str,
    value: object,
    context: dict[str, Any],
    model: type[BaseModel],
) -> str:
    """Return the sentence for one fault."""
    where = ".".join(map(str, place)) or "scenario"
    if kind == "extra_forbidden":
        keys = _keys_beside(place, model)
        hint = near_matches(str(place[-1]), keys)
        return f"{where}: unknown key{hint}; allowed here: {', '.join(keys)}"
    if kind == "missing":
        return f"{where}: is missing; it has no default"
    if kind == "value_error":
        prefix = f"{where}: " if place else ""
        return f"{prefix}{message.removeprefix('Value error, ')}"
    if kind == "literal_error":
        expected = context["expected"]
        choices = [choice.strip().strip("'") for choice in expected.replace(" or ", ", ").split(",")]
        shown = str(place[-1]) if place and place[-1] == "[key]" else str(value)
        return f"{where}: {_short(value)} is not allowed{near_matches(shown, choices)}; allowed: {expected}"
    return f"{where}: {_short(value)} is not allowed; it {_lowered(message)}"


def _lowered(message: str) -> str:
    """Return pydantic's message as the second half of a sentence."""
    return message.removeprefix("Input ").replace("a valid tuple", "a list")


def _short(value: object) -> str:
    """Return a value as a user wrote it, cut to a readable length."""
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _keys_beside(place: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    """Return the keys that are allowed beside the last part of `place`."""
    current: type[BaseModel] | None = model
    for part in place[:-1]:
        if current is None or part not in current.model_fields:
            continue
        current = _section_of(current.model_fields[str(part)].annotation)
    return sorted(current.model_fields) if current is not None else []


def _section_of(annotation: object) -> type[BaseModel] | None:
    """Return the section that a field holds, looking into unions, mappings and sequences."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        found = _section_of(argument)
        if found is not None:
            return found
    return None
