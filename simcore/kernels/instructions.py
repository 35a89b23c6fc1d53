"""Arithmetic that writes itself down: a function of numbers, called with these, leaves its instructions.

numba finds out the type of every operation that it compiles, several times and among dozens of
candidates, and that was half of the time of a first run. Here there are two types, numbers of double
precision and words of 64 bits, and an operation is one instruction at once. The functions below are
what arithmetic needs beside the operators, and are typed for plain numbers: `Written` stands in for them.
"""

import math
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import numpy as np
from llvmlite import ir

NUMBER: Final = ir.DoubleType()
WORD_TYPE: Final = ir.IntType(64)

Plain = TypeVar("Plain", float, np.uint64)


class Written:
    """A number or a word that a kernel will have; an operation with it emits the instruction for it.

    Parameters
    ----------
    builder
        llvmlite's, at the place where the instructions go.
    value
        llvmlite's value of double precision, of 64 bits, or of one bit for a truth.
    """

    __slots__ = ("builder", "value")

    __array_ufunc__ = None
    """Lets NumPy's words leave an operation with this to it."""

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder = builder
        self.value = value

    def of(self, other: Any) -> Any:
        """Return llvmlite's value of another one, or of a constant of this one's type."""
        if isinstance(other, Written):
            return other.value
        kind = self.value.type
        return ir.Constant(kind, float(other) if kind == NUMBER else int(other))

    def with_value(self, value: Any) -> "Written":
        """Return another value at the same place."""
        return Written(self.builder, value)

    def __bool__(self) -> bool:
        message = "what a kernel writes out has no branch: either, & and | take the place of if, and, or, min and max"
        raise TypeError(message)

    def is_number(self) -> bool:
        """Say whether this is of double precision."""
        return bool(self.value.type == NUMBER)


def _operator(for_numbers: str, for_words: str, *, reflected: bool) -> Callable[[Written, Any], Written]:
    """Return the method of an operator, by the names of llvmlite's builders of instructions."""

    def method(self: Written, other: Any) -> Written:
        name = for_numbers if self.is_number() else for_words
        if not name:
            raise TypeError(f"{self.value.type} has no operator for {for_numbers or for_words}")
        emit = getattr(self.builder, name)
        pair = (self.value, self.of(other))
        return self.with_value(emit(*(reversed(pair) if reflected else pair)))

    return method


def _comparison(symbol: str) -> Callable[[Written, Any], Written]:
    """Return the method of a comparison; words have no sign."""

    def method(self: Written, other: Any) -> Written:
        # Not-a-number differs from everything, itself too.
        of_numbers = self.builder.fcmp_unordered if symbol == "!=" else self.builder.fcmp_ordered
        emit = of_numbers if self.is_number() else self.builder.icmp_unsigned
        return self.with_value(emit(symbol, self.value, self.of(other)))

    return method


_OPERATORS: Final = {
    "add": ("fadd", "add"),
    "sub": ("fsub", "sub"),
    "mul": ("fmul", "mul"),
    "truediv": ("fdiv", ""),
    "and": ("", "and_"),
    "or": ("", "or_"),
    "xor": ("", "xor"),
    "lshift": ("", "shl"),
    "rshift": ("", "lshr"),
}
for _name, _builders in _OPERATORS.items():
    setattr(Written, f"__{_name}__", _operator(*_builders, reflected=False))
    setattr(Written, f"__r{_name}__", _operator(*_builders, reflected=True))
for _name, _symbol in {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}.items():
    setattr(Written, f"__{_name}__", _comparison(_symbol))


def number_of(word: np.uint64) -> float:
    """Return a word as a number."""
    given: Any = word
    if isinstance(given, Written):
        return _standing_for(float, given, given.builder.uitofp(given.value, NUMBER))
    return float(word)


def bits_of(number: float) -> np.uint64:
    """Return the word that has the bits of a number."""
    given: Any = number
    if isinstance(given, Written):
        return _standing_for(np.uint64, given, given.builder.bitcast(given.value, WORD_TYPE))
    return np.uint64(np.float64(number).view(np.uint64))


def with_bits(word: np.uint64) -> float:
    """Return the number that has the bits of a word."""
    given: Any = word
    if isinstance(given, Written):
        return _standing_for(float, given, given.builder.bitcast(given.value, NUMBER))
    return float(np.uint64(word).view(np.float64))


def either(truth: bool, first: float, second: float) -> float:
    """Return the first of two numbers where something holds, else the second, without a branch."""
    given: Any = truth
    if isinstance(given, Written):
        pair: tuple[Any, Any] = (first, second)
        values = (one.value if isinstance(one, Written) else ir.Constant(NUMBER, one) for one in pair)
        return _standing_for(float, given, given.builder.select(given.value, *values))
    return first if truth else second


def square_root(x: float) -> float:
    """Return the square root of a number."""
    given: Any = x
    return _of_llvm("llvm.sqrt", given) if isinstance(given, Written) else math.sqrt(x)


def floor_of(x: float) -> float:
    """Return the largest whole number that is not above a number."""
    given: Any = x
    return _of_llvm("llvm.floor", given) if isinstance(given, Written) else float(np.floor(x))


def absolute(x: float) -> float:
    """Return a number without its sign."""
    given: Any = x
    return _of_llvm("llvm.fabs", given) if isinstance(given, Written) else abs(x)


def _of_llvm(name: str, given: Written) -> float:
    """Return what a function of a number that LLVM knows itself makes of it."""
    function = given.builder.module.declare_intrinsic(name, [NUMBER])
    return _standing_for(float, given, given.builder.call(function, [given.value]))


def _standing_for(kind: type[Plain], given: Written, value: Any) -> Plain:
    """Return what stands for a plain number or word where instructions are written."""
    written: Any = given.with_value(value)
    return cast("Plain", written)
