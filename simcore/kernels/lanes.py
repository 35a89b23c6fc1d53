"""Draw the words of 32 calls of the generator at once, as vector code that is written out.

A loop over calls becomes vector code by itself, but one of few turns costs more to set up than it does, and one
of many does its work apart from the look-ups that follow. Without a loop the processor does both at
the same time: four vectors of eight calls, one operation after the other, then the look-ups.
"""

from functools import partial
from typing import Any, Final

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from simcore.kernels.compile import emitted
from simcore.kernels.philox import (
    HALF,
    MULTIPLIER_0,
    MULTIPLIER_1,
    WEYL_0,
    WEYL_1,
    WORD,
    philox4x32,
)

CALLS: Final = 32
"""Calls of the generator that are drawn together."""

FEW_CALLS: Final = 8
"""Calls that are drawn together where no more are needed."""

HIGH: Final = CALLS + 1
"""Where the second words of the calls begin, after the first words and a place for a mark."""

FIELDS: Final = np.uint64(2**60 - 1)
"""The bits of a word that are used: five fields of twelve."""

_LANES: Final = 8
_ROUNDS: Final = 10
_INTEGER: Final = ir.IntType(64)
_LANE_NUMBER: Final = ir.IntType(32)
_VECTOR: Final = ir.VectorType(_INTEGER, _LANES)


def _write_out(builder: Any, arguments: tuple[Any, ...], words: Any, *, calls: int) -> None:
    """Emit the instructions of `_fill`: its numbers are 64-bit values, `words` is an address."""
    replicate, first_call, cell, stream, key_low, key_high = arguments
    counters = [
        [
            _in_all_lanes(builder, replicate),
            builder.add(_in_all_lanes(builder, first_call), _constants(range(lane, lane + _LANES))),
            _in_all_lanes(builder, cell),
            _in_all_lanes(builder, stream),
        ]
        for lane in range(0, calls, _LANES)
    ]
    half, word = _constants([int(HALF)] * _LANES), _constants([int(WORD)] * _LANES)
    multiplier_0, multiplier_1 = (
        _constants([int(multiplier)] * _LANES) for multiplier in (MULTIPLIER_0, MULTIPLIER_1)
    )
    for _ in range(_ROUNDS):
        keys = _in_all_lanes(builder, key_low), _in_all_lanes(builder, key_high)
        for counter in counters:
            c0, c1, c2, c3 = counter
            first, second = builder.mul(multiplier_0, c0), builder.mul(multiplier_1, c2)
            counter[:] = (
                builder.xor(builder.xor(builder.lshr(second, half), c1), keys[0]),
                builder.and_(second, word),
                builder.xor(builder.xor(builder.lshr(first, half), c3), keys[1]),
                builder.and_(first, word),
            )
        key_low, key_high = (
            builder.and_(builder.add(key, ir.Constant(_INTEGER, int(weyl))), ir.Constant(_INTEGER, int(WORD)))
            for key, weyl in ((key_low, WEYL_0), (key_high, WEYL_1))
        )
    fields = _constants([int(FIELDS)] * _LANES)
    for vector, (a, b, c, d) in enumerate(counters):
        for start, low, high in ((0, a, b), (HIGH, c, d)):
            place = builder.gep(words, [ir.Constant(_INTEGER, start + vector * _LANES)])
            # numpy promises that an array of eight-byte numbers begins at one of eight bytes.
            joined = builder.and_(builder.or_(builder.shl(high, half), low), fields)
            builder.store(joined, builder.bitcast(place, _VECTOR.as_pointer()), align=8)


def _constants(values: Any) -> ir.Constant:
    """Return a vector of constants."""
    return ir.Constant(_VECTOR, list(values))


def _in_all_lanes(builder: Any, value: Any) -> Any:
    """Return a vector that has one value in every lane."""
    nothing = ir.Constant(_VECTOR, ir.Undefined)
    one = builder.insert_element(nothing, value, ir.Constant(_LANE_NUMBER, 0))
    return builder.shuffle_vector(
        one, nothing, ir.Constant(ir.VectorType(_LANE_NUMBER, _LANES), [0] * _LANES)
    )


@emitted(partial(_write_out, calls=CALLS))
def fill_words(
    replicate: np.uint64,
    first_call: np.uint64,
    cell: np.uint64,
    stream: np.uint64,
    key_low: np.uint64,
    key_high: np.uint64,
    words: NDArray[np.uint64],
) -> None:
    """Write the words of calls ``first_call … first_call + 31`` into ``words : (65,)``.

    Call i has two words of 60 bits, ``words[i]`` and ``words[HIGH + i]``, each made of two of the
    generator's; ``words[32]``, between them, is left alone.
    """
    _fill(CALLS, (replicate, first_call, cell, stream, key_low, key_high), words)


@emitted(partial(_write_out, calls=FEW_CALLS))
def fill_few_words(
    replicate: np.uint64,
    first_call: np.uint64,
    cell: np.uint64,
    stream: np.uint64,
    key_low: np.uint64,
    key_high: np.uint64,
    words: NDArray[np.uint64],
) -> None:
    """Write the words of eight calls at the same places as `fill_words`, in two thirds of the time."""
    _fill(FEW_CALLS, (replicate, first_call, cell, stream, key_low, key_high), words)


def _fill(calls: int, address: tuple[np.uint64, ...], words: NDArray[np.uint64]) -> None:
    """Do in plain Python what the instructions do."""
    replicate, first_call, cell, stream, key_low, key_high = address
    for i in range(calls):
        a, b, c, d = philox4x32(replicate, first_call + np.uint64(i), cell, stream, key_low, key_high)
        words[i] = ((b << HALF) | a) & FIELDS
        words[HIGH + i] = ((d << HALF) | c) & FIELDS
