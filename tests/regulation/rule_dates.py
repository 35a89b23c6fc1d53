"""The days on which the program's rules changed, and the tracks they are about."""

from datetime import date

FIRST = date(2012, 4, 1)  # the first agreements
TRACK_3 = date(2016, 1, 1)  # 80 FR 32692
TRACK_1_PLUS = date(2018, 1, 1)
PATHWAYS = date(2019, 7, 1)  # 83 FR 67816
BEFORE_PATHWAYS = date(2019, 6, 30)
REDESIGN = date(2024, 1, 1)  # 87 FR 69404
BASIC = ("BASIC-A", "BASIC-B", "BASIC-C", "BASIC-D", "BASIC-E")
TWO_SIDED_BASIC = BASIC[2:]
TWO_SIDED = (*TWO_SIDED_BASIC, "ENHANCED")


def new_year(year):
    return date(year, 1, 1)


def old_year(year):
    return date(year, 12, 31)
