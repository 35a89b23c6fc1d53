"""The scenario of a real ACO: which contract its record says it is in."""

from datetime import date

import pandas as pd
import pytest

from simcore.cms.aco_scenario import current_contract


@pytest.mark.parametrize(
    ("track", "start", "rate", "label"),
    [
        # Track 2 had a fixed 2 percent until 2015, and the menu from 2016 on (42 CFR 425.606(b)(1)).
        ("TRACK-2", date(2012, 4, 1), 0.02, "TRACK-2"),
        ("TRACK-2", date(2016, 1, 1), 0.02, "TRACK-2 msr=0.020"),
        ("BASIC-E", date(2022, 1, 1), 0.0231, "BASIC-E msr=variable"),
        ("BASIC-A", date(2022, 1, 1), 0.02, "BASIC-A"),
    ],
)
def test_the_contract_of_a_record(track: str, start: date, rate: float, label: str) -> None:
    row = pd.Series(
        {
            "track": track,
            "agreement_start": start,
            "minimum_savings_rate": rate,
            "two_sided": track != "BASIC-A",
        }
    )
    assert current_contract(row) == label
