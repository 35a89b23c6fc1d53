"""Read single fields of a written contract and gather what is wrong with each, by its place."""

from collections.abc import Mapping, Sequence
from math import inf, isnan
from typing import TypeVar

from simcore.errors import near_matches

Word = TypeVar("Word", bound=str)


class FieldReader:
    """The fields of one table, and the problems found in it and in the tables inside it.

    Parameters
    ----------
    values
        The table.
    place
        Its dotted path, empty for the contract itself.
    problems
        List that problems are added to; shared with the tables inside.
    """

    def __init__(
        self, values: Mapping[str, object], place: str = "", problems: list[str] | None = None
    ) -> None:
        self.values = values
        self.place = place
        self.problems: list[str] = [] if problems is None else problems

    def problem(self, name: str, message: str) -> None:
        """Note that the field `name` has a fault."""
        self.problems.append(f"{self.place}{name}: {message}")

    def table(self, name: str, keys: Sequence[str]) -> "FieldReader":
        """Return a reader of the table `name`, which has no other keys than `keys`."""
        value = self.values.get(name, {})
        inside = FieldReader(value if isinstance(value, dict) else {}, f"{self.place}{name}.", self.problems)
        if not isinstance(value, dict):
            self.problem(name, f"{value!r} is not allowed; a table with {', '.join(keys)}")
        for key in inside.values:
            if key not in keys:
                inside.problem(key, f"unknown key{near_matches(key, keys)}; allowed: {', '.join(keys)}")
        return inside

    def number(self, name: str, absent: float, *, lowest: float, highest: float) -> float:
        """Return a number within bounds; ``inf`` where that is what its absence means."""
        if name not in self.values:
            return absent
        number = _number(self.values[name])
        if lowest <= number <= highest or (absent == inf and number == inf):
            return number
        bounds = f"a fraction, not a percent, from {lowest:g} to {highest:g}"
        self.problem(name, f"{self.values[name]!r} is not allowed; {bounds}")
        return absent

    def flag(self, name: str) -> bool:
        """Return a switch, off where it is absent."""
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            self.problem(name, f"{value!r} is not allowed; true or false")
        return value is True

    def word(self, name: str, allowed: Sequence[Word]) -> Word:
        """Return one of the allowed words, the first where it is absent."""
        value = self.values.get(name, allowed[0])
        for word in allowed:
            if value == word:
                return word
        self.problem(
            name,
            f"{value!r} is not allowed{near_matches(str(value), allowed)}; allowed: {', '.join(allowed)}",
        )
        return allowed[0]

    def numbers(self, name: str) -> tuple[float, ...]:
        """Return a list of numbers that are not negative, empty where it is absent."""
        value = self.values.get(name, [])
        numbers = [_number(item) for item in value] if isinstance(value, (list, tuple)) else [-1.0]
        if all(number >= 0.0 for number in numbers):
            return tuple(numbers)
        self.problem(name, f"{value!r} is not allowed; a list of numbers that are not negative")
        return ()

    def pair(self, name: str, absent: tuple[float, float]) -> tuple[float, float]:
        """Return two numbers."""
        numbers = self.numbers(name) if name in self.values else absent
        if len(numbers) == 2:
            return numbers[0], numbers[1]
        self.problem(name, f"{self.values[name]!r} is not allowed; two numbers")
        return absent

    def pairs(self, name: str, absent: Sequence[object]) -> list[tuple[float, float]]:
        """Return a list of pairs of numbers; the first of a pair may be ``inf``, also written "inf"."""
        value = self.values.get(name, absent)
        if isinstance(value, (list, tuple)) and all(
            isinstance(item, (list, tuple)) and len(item) == 2 for item in value
        ):
            pairs = [(_number(first), _number(second)) for first, second in value]
            if not any(isnan(number) for pair in pairs for number in pair):
                return pairs
        self.problem(name, f"{value!r} is not allowed; a list of pairs such as [[0.05, 0.5], [inf, 0.1]]")
        return []


def _number(value: object) -> float:
    """Return a number, infinity for the word ``inf``, and not-a-number for anything else."""
    if value == "inf":
        return inf
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else float("nan")
