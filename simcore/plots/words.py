"""Write numbers and names as a reader says them: $4.2M, 37 %, 'BASIC-E, MSR 1%'."""

from __future__ import annotations

import math
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"
_SCALES: Final = ((1e9, "B"), (1e6, "M"), (1e3, "k"))


def money(value: float, digits: int = 3) -> str:
    """Return dollars in the unit a reader would choose, to `digits` significant digits.

    Examples
    --------
    >>> money(4_213_000.0), money(-250_000.0), money(0.0)
    ('$4.21M', '−$250k', '$0')
    """
    size = abs(value)
    if not math.isfinite(value):
        return "—"
    sign = MINUS if value < 0 else ""
    for scale, letter in _SCALES:
        # 999.5 thousand at three digits is a million: the unit follows the rounded figure.
        rounded = float(f"{size / scale:.{digits}g}")
        if rounded >= 1.0:
            return f"{sign}${_plain(rounded, digits)}{letter}"
    return f"{sign}${size:,.0f}" if size >= 0.5 else "$0"


def _plain(value: float, digits: int) -> str:
    """Return `value` with `digits` significant digits, never in powers of ten."""
    places = max(digits - 1 - math.floor(math.log10(value)), 0) if value > 0 else 0
    return f"{value:,.{places}f}"


def percent(value: float, places: int = 0) -> str:
    """Return a fraction as percent; what rounds to 0 or 100 without being it says so.

    Examples
    --------
    >>> percent(0.374), percent(0.004), percent(0.999), percent(-0.021, 1)
    ('37%', '<1%', '>99%', '−2.1%')
    """
    if not math.isfinite(value):
        return "—"
    if places == 0 and 0.0 < value < 0.005:
        return "<1%"
    if places == 0 and 0.995 <= value < 1.0:
        return ">99%"
    text = f"{abs(100.0 * value):.{places}f}%"
    return f"{MINUS}{text}" if value < 0 and float(text[:-1]) != 0.0 else text


def quantity(value: float, units: str) -> str:
    """Return `value` in the words of its units: money for USD, else a plain number."""
    if units == "USD":
        return money(value)
    return f"{value:,.4g}".replace("-", MINUS)


def contract_name(label: str) -> str:
    """Return a contract's label as read aloud: ``BASIC-E msr=0.010`` is 'BASIC-E, MSR 1%'.

    Examples
    --------
    >>> contract_name("BASIC-E msr=0.010"), contract_name("ENHANCED msr=variable"), contract_name("BASIC-A")
    ('BASIC-E, MSR 1%', 'ENHANCED, MSR variable', 'BASIC-A')
    """
    name, separator, election = label.partition(" msr=")
    if not separator:
        return label
    try:
        rate = float(election)
    except ValueError:
        return f"{name}, MSR {election}"
    return f"{name}, MSR {100.0 * rate:g}%"
