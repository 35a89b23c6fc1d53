from datetime import date
from types import SimpleNamespace

import pytest

from simcore.report.citations import citation_texts


def _number(**changes):
    fields = {
        "name": "maximum_sharing_rate", "value": 0.5, "unit": "1",
        "effective": date(2019, 7, 1), "tracks": ("BASIC-E",),
        "citation": "42 CFR 425.605(d)(1)(v)", "evidence": "cfr", "status": "final",
    }  # fmt: skip
    return SimpleNamespace(**{**fields, **changes})


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.5, "1", "0.5"),
        (1.0 / 3.0, "1", "0.333333"),
        (250_000, "USD", "250,000 USD"),
        (True, "bool", "yes"),
        ((0.1, 0.3, 0.6), "1", "0.1, 0.3, 0.6"),
        (((5000, 0.039), (6000, 0.036)), "1", "table of 2 rows"),
        ("three_way", "", "three_way"),
    ],
)
def test_a_value_reads_as_a_person_would_write_it(value, unit, text):
    assert citation_texts(_number(value=value, unit=unit))["value"] == text


def test_a_proposed_number_says_so():
    assert citation_texts(_number(status="proposed"))["evidence"] == "cfr, proposed"
    assert citation_texts(_number(tracks=()))["tracks"] == "all"
