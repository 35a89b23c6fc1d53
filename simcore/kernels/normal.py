"""Standard normal draws by address, with the same bits on every machine.

References
----------
Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics
37(3), 1988, routine PPND16. The logarithm is fdlibm's (Sun Microsystems, 1993).
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcore.kernels.compile import kernel, part_of_kernel, written_out
from simcore.kernels.instructions import bits_of, either, number_of, with_bits
from simcore.kernels.philox import HALF, WORD, philox4x32, uniform_of

# Coefficients from the highest power down. The centre is in 0.180625 - q², the two tails in
# sqrt(-log(p)) less 1.6 and less 5.
_CENTRE_TOP: Final = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080e0,
)
_CENTRE_BOTTOM: Final = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
_TAIL_TOP: Final = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
_TAIL_BOTTOM: Final = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940e0,
    2.05319162663775882187e0,
    1.0,
)
_FAR_TAIL_TOP: Final = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
_FAR_TAIL_BOTTOM: Final = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)


_CENTRE: Final = 0.425

_FRACTION_BITS: Final = np.uint64(52)
_FRACTION: Final = np.uint64(2**52 - 1)
_EXPONENT_OF_HALF: Final = 1022.0
_HALF_EXPONENT: Final = np.uint64(1022 << 52)


@written_out
def natural_logarithm(x: float) -> float:
    """Return the logarithm of a positive, normal `x`, made of additions, products and quotients alone.

    The C library's differs between machines in the last bit; this one does not.
    """
    bits = bits_of(x)
    half_to_one = with_bits((bits & _FRACTION) | _HALF_EXPONENT)
    doubled = half_to_one < 0.7071067811865476
    exponent = number_of(bits >> _FRACTION_BITS) - _EXPONENT_OF_HALF - either(doubled, 1.0, 0.0)
    f = either(doubled, half_to_one * 2.0, half_to_one) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
    odd = z * (
        0.6666666666666735130
        + w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591))
    )
    half_square = 0.5 * f * f
    tail = s * (half_square + (even + odd)) + exponent * 1.90821492927058770002e-10
    return exponent * 6.93147180369123816490e-01 - ((half_square - tail) - f)


def _ratio(top: tuple[float, ...], bottom: tuple[float, ...], x: float) -> float:
    """Return the ratio of two polynomials at `x`, by Horner's rule."""
    above = top[0] * x + top[1]
    below = bottom[0] * x + bottom[1]
    for i in range(2, 8):
        above = above * x + top[i]
        below = below * x + bottom[i]
    return above / below


@written_out
def _central_quantile(p: float) -> float:
    """Return the standard normal quantile of a `p` within `_CENTRE` of a half."""
    q = p - 0.5
    return q * _ratio(_CENTRE_TOP, _CENTRE_BOTTOM, 0.180625 - q * q)


@written_out
def _tail_size(r: float) -> float:
    """Return the size of a normal quantile beyond the centre, from the root of minus the logarithm of its tail."""
    near = _ratio(_TAIL_TOP, _TAIL_BOTTOM, r - 1.6)
    far = _ratio(_FAR_TAIL_TOP, _FAR_TAIL_BOTTOM, r - 5.0)
    return either(r > 5.0, far, near)


@part_of_kernel
def _tail_quantile(p: float) -> float:
    """Return the standard normal quantile of a `p` in (0, 1) that lies farther from a half."""
    r = math.sqrt(-natural_logarithm(min(p, 1.0 - p)))
    return math.copysign(_tail_size(r), p - 0.5)


@kernel
def _fill_normals(
    first_replicate: int,
    position: np.uint64,
    cell: np.uint64,
    stream: np.uint64,
    seed: np.uint64,
    out: NDArray[np.float64],
) -> None:
    """Write the normal draw of each replicate of a block into ``out : (block,)``.

    The quantile has relative error of about 1e-16. All draws are taken for central ones in a loop that
    becomes vector code; those in the tails, one in seven, are put right after it.
    """
    tails = np.empty(out.shape[0], dtype=np.int64)
    probabilities = np.empty(out.shape[0])
    for r in range(out.shape[0]):
        high, low, _, _ = philox4x32(
            np.uint64(first_replicate + r), position, cell, stream, seed & WORD, seed >> HALF
        )
        out[r] = uniform_of(high, low)
    n = 0
    for r in range(out.shape[0]):
        # Written whether it counts or not: a branch that nobody can foresee costs more.
        tails[n] = r
        probabilities[n] = out[r]
        n += abs(out[r] - 0.5) > _CENTRE
    for r in range(out.shape[0]):
        out[r] = _central_quantile(out[r])
    for i in range(n):
        out[tails[i]] = _tail_quantile(probabilities[i])


def normals(
    first_replicate: int, block: int, *, position: int, cell: int, stream: int, seed: int
) -> NDArray[np.float64]:
    """Draw one standard normal for each replicate of a block.

    It is the quantile of the uniform that `simcore.kernels.philox.uniforms` draws at that address,
    whose parameters this function shares.

    Returns
    -------
    NDArray[np.float64]
        Shape ``(block,)``.
    """
    out = np.empty(block)
    words = (np.uint64(position), np.uint64(cell), np.uint64(stream), np.uint64(seed))
    _fill_normals(first_replicate, *words, out)
    return out
