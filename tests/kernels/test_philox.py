"""The generator against its published vectors, and its addresses."""

import numpy as np
import pytest

from simcore.kernels.philox import _fill_uniforms, cell_of, philox4x32, uniforms
from tests.kernels.plain import plain_python

ONES = 0xFFFFFFFF
# Random123's kat_vectors, philox4x32 with 10 rounds: zeros, ones, digits of pi.
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_words_are_the_published_ones(counter, key, expected):
    words = philox4x32(*(np.uint64(word) for word in (*counter, *key)))
    assert tuple(int(word) for word in words) == expected


def test_compiled_and_plain_draws_have_the_same_bits():
    plain = np.empty(50)
    plain_python(_fill_uniforms)(2**31, *(np.uint64(word) for word in (3, ONES, 4, 2**63 + 5)), plain)
    compiled = uniforms(2**31, 50, position=3, cell=ONES, stream=4, seed=2**63 + 5)
    np.testing.assert_array_equal(plain, compiled)


def test_a_block_is_a_part_of_a_longer_one():
    address = {"position": 0, "cell": cell_of(3, 1, 2), "stream": 9, "seed": 11}
    np.testing.assert_array_equal(uniforms(70, 30, **address), uniforms(0, 100, **address)[70:])


@pytest.mark.compiled
def test_uniforms_lie_inside_the_unit_interval_and_are_even():
    draws = uniforms(0, 200_000, position=0, cell=0, stream=1, seed=3)
    assert draws.min() > 0.0
    assert draws.max() < 1.0
    # Mean 1/2 and variance 1/12, whose standard errors are sqrt(1/12n) and sqrt(1/180n).
    assert abs(draws.mean() - 0.5) < 4.0 * np.sqrt(1.0 / 12.0 / draws.size)
    assert abs(draws.var() - 1.0 / 12.0) < 4.0 * np.sqrt(1.0 / 180.0 / draws.size)


def test_every_part_of_an_address_changes_the_draw():
    address = {"position": 1, "cell": 2, "stream": 3, "seed": 4}
    draws = {float(uniforms(5, 1, **address)[0])}
    for part in address:
        draws.add(float(uniforms(5, 1, **{**address, part: 77})[0]))
    assert len(draws) == 5


def test_cells_of_different_places_differ():
    cells = {cell_of(y, t, b, d) for y in range(9) for t in range(4) for b in range(8) for d in range(9)}
    assert len(cells) == 9 * 4 * 8 * 9
    assert max(cells) < 2**32


@pytest.mark.parametrize("place", [(256,), (0, 16), (0, 0, 256), (0, 0, 0, 4096), (-1,)])
def test_a_place_past_the_address_is_refused(place):
    with pytest.raises(ValueError, match="out of an address's range"):
        cell_of(*place)
