"""List the program's numbers in force for a performance year, an agreement and a track."""

from collections.abc import Sequence
from datetime import date

from simcore.regulation.participation import track_open
from simcore.regulation.reader import Entry, Regulation
from simcore.regulation.tracks import TRACKS


def entries_in_force(
    regulation: Regulation, *, performance_year: int, agreement_start: date, track: str | None = None
) -> tuple[Entry, ...]:
    """Return every number in force, each once, in the order of the rules.

    Parameters
    ----------
    regulation
        The program's numbers.
    performance_year, agreement_start
        The dates that decide.
    track
        Only numbers that hold for it; without one, those of every track that is open to the agreement.
    """
    open_tracks = [other for other in TRACKS if track_open(regulation, other, agreement_start)]
    asked: Sequence[str | None] = [track] if track else [*open_tracks, None]
    questions = dict.fromkeys((entry.name, frozenset(entry.where.items())) for entry in regulation.entries)
    found: dict[int, Entry] = {}
    for name, where in questions:
        for one in asked:
            entry = regulation.find(
                name,
                performance_year=performance_year,
                agreement_start=agreement_start,
                track=one,
                where=dict(where),
            )
            if entry is not None:
                found[id(entry)] = entry
    return tuple(entry for entry in regulation.entries if id(entry) in found)
