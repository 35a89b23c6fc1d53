"""Which numbers are listed as in force."""

from datetime import date

from simcore.regulation.in_force import entries_in_force
from simcore.regulation.reader import read_regulation

REGULATION = read_regulation()


def rates(year: int, start: date, track: str | None = None) -> dict[str, float]:
    found = entries_in_force(REGULATION, performance_year=year, agreement_start=start, track=track)
    return {entry.tracks[0]: entry.value for entry in found if entry.name == "maximum_sharing_rate"}


def test_only_tracks_open_to_the_agreement_are_listed() -> None:
    assert set(rates(2018, date(2018, 1, 1))) == {"TRACK-1", "TRACK-1+", "TRACK-2", "TRACK-3"}
    assert len(rates(2024, date(2024, 1, 1))) == 6
    assert rates(2024, date(2024, 1, 1), "ENHANCED") == {"ENHANCED": 0.75}


def test_each_number_is_listed_once_in_the_rules_order() -> None:
    found = entries_in_force(REGULATION, performance_year=2024, agreement_start=date(2024, 1, 1))
    order = {id(entry): place for place, entry in enumerate(REGULATION.entries)}
    places = [order[id(entry)] for entry in found]
    assert places == sorted(set(places))
    assert sum(entry.name == "minimum_savings_rate_band" for entry in found) == 14
    assert [entry.value for entry in found if entry.name == "sequestration"] == [0.02]
