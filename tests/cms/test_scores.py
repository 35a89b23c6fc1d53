"""Scores of forecasts, against numerical integrals and closed forms."""

import numpy as np
import pytest
from scipy import integrate, stats

from simcore.cms.scores import brier_score, coverage, normal_crps, student_crps


def integrated(outcome: float, below: object) -> float:
    """Return the score by its definition, the integral of (F(x) - 1{x >= outcome})^2."""
    left = integrate.quad(lambda x: below.cdf(x) ** 2, -60.0, outcome, limit=200)[0]  # type: ignore[attr-defined]
    right = integrate.quad(lambda x: below.sf(x) ** 2, outcome, 60.0, limit=200)[0]  # type: ignore[attr-defined]
    return float(left + right)


@pytest.mark.parametrize("outcome", [-2.5, 0.3, 1.0, 6.0])
def test_scores_are_the_integrals_of_their_definition(outcome: float) -> None:
    location, scale = 1.0, 0.7
    # Quadrature errors are below 1e-7; the t law's tails beyond 60 add less than 1e-6.
    normal = integrated(outcome, stats.norm(location, scale))
    assert normal_crps(np.array([outcome]), location, scale)[0] == pytest.approx(normal, abs=1e-6)
    student = integrated(outcome, stats.t(8.0, location, scale))
    score = student_crps(np.array([outcome]), location, scale, degrees_of_freedom=8.0)[0]
    assert score == pytest.approx(student, abs=1e-5)


def test_student_becomes_normal() -> None:
    outcome = np.linspace(-3.0, 3.0, 13)
    student = student_crps(outcome, 0.0, 1.0, degrees_of_freedom=200.0)
    # The difference of the two laws is of the order of one over the degrees of freedom.
    np.testing.assert_allclose(student, normal_crps(outcome, 0.0, 1.0), atol=0.01)


def test_coverage_and_brier_by_hand() -> None:
    # Of 0.02, 0.3, 0.6 and 0.99, two lie in the central half and three in the central 96 %.
    pit = np.array([0.02, 0.3, 0.6, 0.99])
    assert coverage(pit, 0.5) == 0.5
    assert coverage(pit, 0.96) == 0.75
    # The mean of the squares of 0.8 - 1 and of 0.4 - 0 is 0.04 and 0.16 over two.
    assert brier_score(np.array([0.8, 0.4]), np.array([True, False])) == pytest.approx(0.10)
