"""Which draw is which: the constant of every source of randomness, never renumbered."""

from typing import Final

STREAM_VERSION: Final = "2"
"""Changes when a stored seed would give other draws."""

# Layer 1: individuals.
INITIAL_BANDS: Final = 1
MOVES: Final = 2
JOINERS: Final = 3
SPENDING: Final = 4
POOLED_SPENDING: Final = 5
# Layer 2: the ACO.
ACO_DEVIATION: Final = 10
ACO_SIZE_SHOCK: Final = 11
# Layer 3: nation and region.
NATIONAL_GROWTH: Final = 20
NATIONAL_TYPE_GROWTH: Final = 21
REGIONAL_GROWTH: Final = 22
CODING_GROWTH: Final = 23
# Layer 4: quality, revenue, beliefs.
QUALITY: Final = 30
QUALITY_STANDARD: Final = 31
REVENUE: Final = 32
TRUE_SAVINGS: Final = 33
# Above one ACO.
MARKET: Final = 40
