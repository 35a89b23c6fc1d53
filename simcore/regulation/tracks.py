"""The tracks of the Shared Savings Program, by CMS's names."""

from typing import Final

TRACKS: Final = (
    "TRACK-1",
    "TRACK-1+",
    "TRACK-2",
    "TRACK-3",
    "BASIC-A",
    "BASIC-B",
    "BASIC-C",
    "BASIC-D",
    "BASIC-E",
    "ENHANCED",
)
"""Every track and level that the program has had, from the least risk to the most within each generation."""
