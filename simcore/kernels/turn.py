"""One turn of the beneficiary kernel: the last people's amounts are looked up while the next people are drawn.

A random word waits for ten rounds of arithmetic, and an amount waits for memory. Written out one after
the other, as instructions without a loop, the processor does both at the same time. Three runs of
people go side by side, eight calls of the generator each, so that the rounds of one hide those of another.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
from llvmlite import binding, ir
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

AMOUNTS: Final = 4096
"""Entries of a table of equally likely amounts."""

NOBODY: Final = AMOUNTS
"""The place, after a table's amounts, of the nothing that nobody spends."""

RUNS: Final = 3
"""Runs of people that a turn draws side by side."""

PEOPLE_PER_CALL: Final = 10

LANES: Final = 8
"""Calls of a run in a turn, and numbers of 64 bits in a register."""

RUN_PEOPLE: Final = LANES * PEOPLE_PER_CALL
"""People of a run in a turn."""

AMOUNT_BITS: Final = 29
"""Bits that an amount may have: five are added up in 32 bits before they are widened."""

# Of a call's two words of 60 bits person p has the field p mod 5 of the word p // 5. A vector holds two
# people of each of eight calls: these.
_PAIRS: Final = ((0, 3), (1, 4), (5, 8), (6, 9), (2, 7))
_PLACES: Final = 2 * LANES
_FIELD: Final = 0xFFF
_FIELD_BITS: Final = 12
_FIELDS_PER_WORD: Final = 5
_ROUNDS: Final = 10

_WORD_TYPE: Final = ir.IntType(64)
_PLACE_TYPE: Final = ir.IntType(32)
_WORDS_TYPE: Final = ir.VectorType(_WORD_TYPE, LANES)
_PLACES_TYPE: Final = ir.VectorType(_PLACE_TYPE, _PLACES)
_TRUTHS_TYPE: Final = ir.VectorType(ir.IntType(1), _PLACES)
_ADDRESSES_TYPE: Final = ir.VectorType(ir.PointerType(), _PLACES)
_GATHER: Final = "llvm.masked.gather.v16i32.v16p0"


def write_draws(builder: Any, numbers: tuple[Any, ...], left: Any, places: Any) -> Iterator[None]:
    """Emit what draws the people of the runs and stores their places; stop after each round of a run."""
    replicate, replicate_step, call, call_step, cell, stream, key_low, key_high = numbers
    counters = []
    for _ in range(RUNS):
        calls = builder.add(_in_all_lanes(builder, call), ir.Constant(_WORDS_TYPE, list(range(LANES))))
        counters.append(
            [_in_all_lanes(builder, replicate), calls, *(_in_all_lanes(builder, x) for x in (cell, stream))]
        )
        replicate, call = builder.add(replicate, replicate_step), builder.add(call, call_step)
    half, word = _every_word(HALF), _every_word(WORD)
    for _ in range(_ROUNDS):
        keys = _in_all_lanes(builder, key_low), _in_all_lanes(builder, key_high)
        for counter in counters:
            # High halves are left as they fall: a product takes the low ones alone.
            c0, c1, c2, c3 = counter
            first = builder.mul(_every_word(MULTIPLIER_0), builder.and_(c0, word))
            second = builder.mul(_every_word(MULTIPLIER_1), builder.and_(c2, word))
            counter[:] = (
                builder.xor(builder.xor(builder.lshr(second, half), c1), keys[0]),
                second,
                builder.xor(builder.xor(builder.lshr(first, half), c3), keys[1]),
                first,
            )
            yield
        key_low, key_high = (
            builder.and_(builder.add(key, _word(int(weyl))), _word(int(WORD)))
            for key, weyl in ((key_low, WEYL_0), (key_high, WEYL_1))
        )
    for run, (a, b, c, d) in enumerate(counters):
        people = builder.load(builder.gep(left, [_word(run)]))
        here = _in_all_lanes(builder, people, _PLACES)
        found = _fields(builder, _joined(builder, a, b), _joined(builder, c, d))
        for vector, (pair, fields) in enumerate(zip(_PAIRS, found, strict=True)):
            numbers_of_people = [PEOPLE_PER_CALL * lane + person for lane in range(LANES) for person in pair]
            is_here = builder.icmp_signed(">", here, ir.Constant(_PLACES_TYPE, numbers_of_people))
            place = builder.select(is_here, fields, _every_place(NOBODY))
            builder.store(
                place, _vector_at(builder, places, _first_place(run, vector), _PLACES_TYPE), align=4
            )


def write_gathers(builder: Any, amounts: Any, places: Any, sums: Any) -> Iterator[None]:
    """Emit what looks up and adds the amounts at the stored places, a vector at once; stop after each."""
    parts = [_every_place(0)] * RUNS
    everybody = ir.Constant(_TRUTHS_TYPE, [1] * _PLACES)
    nothing = ir.Constant(_PLACES_TYPE, ir.Undefined)
    gather = _gather_of(builder.module)
    for vector in range(len(_PAIRS)):
        for run in range(RUNS):
            place = _vector_at(builder, places, _first_place(run, vector), _PLACES_TYPE)
            place = builder.load(place, align=4, typ=_PLACES_TYPE)
            found = builder.call(
                gather, [_addresses(builder, amounts, place), ir.Constant(_PLACE_TYPE, 4), everybody, nothing]
            )
            parts[run] = builder.add(parts[run], found)
            if vector == len(_PAIRS) - 1:
                pairs = builder.bitcast(parts[run], _WORDS_TYPE)
                both = builder.add(
                    builder.and_(pairs, _every_word(WORD)), builder.lshr(pairs, _every_word(HALF))
                )
                address = _vector_at(builder, sums, LANES * run, _WORDS_TYPE)
                before = builder.load(address, align=8, typ=_WORDS_TYPE)
                builder.store(builder.add(before, both), address, align=8)
            yield


def write_look_ups(builder: Any, amounts: Any, places: Any, sums: Any) -> Iterator[None]:
    """Emit the same one by one, for processors whose vector look-ups are slower; stop as often."""
    first_sums = [builder.gep(sums, [_word(LANES * run)]) for run in range(RUNS)]
    parts = [builder.load(address) for address in first_sums]
    for vector in range(len(_PAIRS)):
        for run in range(RUNS):
            for lane in range(_PLACES):
                address = builder.gep(places, [_word(_first_place(run, vector) + lane)])
                place = builder.zext(builder.load(address), _WORD_TYPE)
                amount = builder.load(builder.gep(amounts, [place]))
                parts[run] = builder.add(parts[run], builder.zext(amount, _WORD_TYPE))
            if vector == len(_PAIRS) - 1:
                builder.store(parts[run], first_sums[run])
            yield


def write_turn(
    builder: Any,
    numbers: tuple[Any, ...],
    addresses: tuple[Any, ...],
    *,
    look_ups: Callable[..., Iterator[None]] | None = None,
) -> None:
    """Emit the instructions of `turn`, with the look-ups that suit this processor if none are given."""
    left, amounts, places, sums = addresses
    looking = (look_ups or fitting_look_ups())(builder, amounts, places, sums)
    # The compiler moves look-ups up: those that begin late come to lie among all rounds.
    late = RUNS * (_ROUNDS - len(_PAIRS))
    for step, _ in enumerate(write_draws(builder, numbers, left, places)):
        if step >= late:
            next(looking)


def fitting_look_ups() -> Callable[..., Iterator[None]]:
    """Return how this processor looks amounts up: AMD's vector look-ups are slower than single ones."""
    features = binding.get_host_cpu_features()
    amd = binding.get_host_cpu_name().startswith("znver")
    return write_gathers if features.get("avx512f") and not amd else write_look_ups


@emitted(write_turn)
def turn(
    replicate: np.uint64,
    replicate_step: np.uint64,
    call: np.uint64,
    call_step: np.uint64,
    cell: np.uint64,
    stream: np.uint64,
    key_low: np.uint64,
    key_high: np.uint64,
    left: NDArray[np.int32],
    amounts: NDArray[np.uint32],
    places: NDArray[np.int32],
    sums: NDArray[np.int64],
) -> None:
    """Add the amounts at `places` to the runs' `sums`, and draw the places of the next people.

    Run i draws the people of eight calls from ``call + i * call_step`` on, of the replicate
    ``replicate + i * replicate_step``; the rest of the address is common.

    Parameters
    ----------
    left
        How many people of each run are left to be drawn, shape ``(3,)``; those past them get the place `NOBODY`.
    amounts
        Equally likely amounts, and then a zero, shape ``(4097,)``, of `AMOUNT_BITS` bits.
    places
        Where in the table the people's amounts are, shape ``(3 * 80,)``.
    sums
        Sums of the runs' amounts, each in eight parts, shape ``(3 * 8,)``.
    """
    for run in range(RUNS):
        for place in places[RUN_PEOPLE * run : RUN_PEOPLE * (run + 1)]:
            sums[LANES * run] += np.int64(amounts[place])
        for lane in range(LANES):
            drawn = philox4x32(replicate, call + np.uint64(lane), cell, stream, key_low, key_high)
            a, b, c, d = (int(word) for word in drawn)
            for vector, pair in enumerate(_PAIRS):
                for half, person in enumerate(pair):
                    word = (b << 32 | a) if person < _FIELDS_PER_WORD else (d << 32 | c)
                    field = word >> (_FIELD_BITS * (person % _FIELDS_PER_WORD)) & _FIELD
                    here = PEOPLE_PER_CALL * lane + person < left[run]
                    places[_first_place(run, vector) + 2 * lane + half] = field if here else NOBODY
        replicate, call = replicate + replicate_step, call + call_step


def _first_place(run: int, vector: int) -> int:
    """Return where a vector's places begin."""
    return RUN_PEOPLE * run + _PLACES * vector


def _joined(builder: Any, low: Any, high: Any) -> Any:
    """Return the low halves of two vectors of words, in turn."""
    low_and_high = ir.Constant(
        _PLACES_TYPE, [i for lane in range(0, _PLACES, 2) for i in (lane, _PLACES + lane)]
    )
    return builder.shuffle_vector(
        builder.bitcast(low, _PLACES_TYPE), builder.bitcast(high, _PLACES_TYPE), low_and_high
    )


def _fields(builder: Any, first: Any, second: Any) -> Iterator[Any]:
    """Return the fields of 12 bits of two words a lane, as `_PAIRS` orders them.

    Of a word's halves of 32 bits the low one holds the fields 0 and 1, the high one, from bit 4 on, 3
    and 4, and field 2 lies across.
    """
    field = _every_place(_FIELD)
    for halves in (first, second):
        for shifts in ((0, 4), (12, 16)):
            yield builder.and_(builder.lshr(halves, ir.Constant(_PLACES_TYPE, shifts * LANES)), field)
    across = 2 * _FIELD_BITS
    low = builder.lshr(builder.bitcast(first, _WORDS_TYPE), _every_word(across))
    high = builder.shl(builder.bitcast(second, _WORDS_TYPE), _every_word(int(HALF) - across))
    yield builder.bitcast(
        builder.or_(
            builder.and_(low, _every_word(_FIELD)), builder.and_(high, _every_word(_FIELD << int(HALF)))
        ),
        _PLACES_TYPE,
    )


def _gather_of(module: Any) -> Any:
    """Return LLVM's own function that loads from a vector of addresses."""
    known = module.globals.get(_GATHER)
    kind = ir.FunctionType(_PLACES_TYPE, [_ADDRESSES_TYPE, _PLACE_TYPE, _TRUTHS_TYPE, _PLACES_TYPE])
    return known or ir.Function(module, kind, name=_GATHER)


def _addresses(builder: Any, amounts: Any, place: Any) -> Any:
    """Return the addresses of a vector of places; llvmlite's own builder knows single ones alone."""
    addresses = ir.GEPInstr(builder.block, amounts, [place], False, "", source_etype=_PLACE_TYPE)
    addresses.type = _ADDRESSES_TYPE
    builder._insert(addresses)
    return addresses


def _vector_at(builder: Any, array: Any, position: int, kind: Any) -> Any:
    """Return the address of a vector within an array."""
    return builder.bitcast(builder.gep(array, [_word(position)]), kind.as_pointer())


def _in_all_lanes(builder: Any, value: Any, lanes: int = LANES) -> Any:
    """Return a vector that has one value in every lane."""
    nothing = ir.Constant(ir.VectorType(value.type, lanes), ir.Undefined)
    one = builder.insert_element(nothing, value, ir.Constant(_PLACE_TYPE, 0))
    return builder.shuffle_vector(one, nothing, ir.Constant(ir.VectorType(_PLACE_TYPE, lanes), [0] * lanes))


def _word(value: int) -> ir.Constant:
    """Return a constant word."""
    return ir.Constant(_WORD_TYPE, value)


def _every_word(value: Any) -> ir.Constant:
    """Return a vector of one constant word."""
    return ir.Constant(_WORDS_TYPE, [int(value)] * LANES)


def _every_place(value: int) -> ir.Constant:
    """Return a vector of one constant place."""
    return ir.Constant(_PLACES_TYPE, [value] * _PLACES)
