"""The validation report shows every finding with its verdict, and counts what is missed.

Oracle: hand-worked findings.
"""

import numpy as np

from simcore.analysis.estimates import Estimate
from simcore.analysis.findings import Chapter, Grid, exactly, near, shown, within, without_error
from simcore.report.validation import finding_row, validation_markdown


def estimate(value: float, error: float) -> Estimate:
    return Estimate(np.asarray(value), np.asarray(error))


def test_an_exact_figure_has_four_standard_errors_of_room() -> None:
    assert exactly("x", estimate(0.104, 0.001), 0.1, source="").holds
    assert exactly("x", estimate(0.1041, 0.001), 0.1, source="").verdict == "missed"


def test_a_published_figure_has_its_own_room_and_no_more() -> None:
    assert near("x", estimate(0.25, 0.1), 0.24, tolerance=0.02, source="").holds
    assert near("x", estimate(0.27, 0.1), 0.24, tolerance=0.02, source="").verdict == "missed"
    assert within("x", estimate(0.151, 0.0), 0.15, np.inf, source="").published == "at least 0.15"
    assert within("x", estimate(0.149, 0.0), 0.15, np.inf, source="").verdict == "missed"
    assert shown("x", estimate(0.149, 0.0), source="").verdict == "shown"


def test_a_figure_has_the_digits_that_its_error_bears() -> None:
    assert finding_row(exactly("x", estimate(0.0997123, 0.00095), 0.1, source=""))[2] == "0.09971 ± 0.00095"
    assert finding_row(shown("x", without_error(0.844), source=""))[2] == "0.844"
    assert finding_row(shown("x", without_error(4323.0), source=""))[2] == "4,323"


def test_the_report_counts_what_is_missed() -> None:
    found = (
        near("P(a | b)", without_error(0.5), 0.5, tolerance=0.1, source="Somebody 2012"),
        near("other", without_error(0.5), 0.1, tolerance=0.1, source="Somebody 2012"),
    )
    grid = Grid("Table", ("size", "chance"), (("5,000", "10%"),))
    text = validation_markdown([Chapter("People", "About.", found, (grid,))], replicates=1_000)
    assert "1 of 2 figures hold; 1 are missed. 1,000 replicates each." in text
    assert "| P(a \\| b) | 0.5 ± 0.1 | 0.5 | holds |" in text
    assert "| 5,000 | 10% |" in text
    assert text.count("Somebody 2012") == 1
