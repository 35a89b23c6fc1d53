import numpy as np
import pytest

from simcore.model.calibration import aged_models, as_defaults, fit, shipped_fit, shown
from simcore.model.calibration_report import figures
from simcore.scenario.default_values import default_table

# 42 CFR 425.605(b)(1): the rate at 5,000, 20,000 and 50,000 assigned beneficiaries.
MINIMUM_SAVINGS_RATE = {5_000: 0.039, 20_000: 0.025, 50_000: 0.022}


@pytest.fixture(scope="module")
def refitted():
    return fit(year="2022", truncation_percentile=0.99)


def test_shipped_people_show_every_published_figure():
    # Oracle: the figures and tolerances of calibration.md, kept with their sources in targets.toml.
    shipped = shipped_fit()
    rows = figures(
        shipped,
        year="2022",
        truncation_percentile=0.99,
        minimum_savings_rate=MINIMUM_SAVINGS_RATE.__getitem__,
    )
    assert [row.title for row in rows if not row.holds] == []
    assert len(rows) == 25


def test_a_fit_meets_eight_figures_with_six_parameters(refitted):
    reached = shown(aged_models(refitted, year="2022", truncation_percentile=0.99))
    # Wallis et al. 2021; CMS DE-SynPUF; KFF 2016. Each within a hundredth of what is asked of it.
    np.testing.assert_allclose(reached.concentration, [0.149, 0.415, 0.600, 0.791, 0.957], atol=2e-4)
    assert reached.after_one_year == pytest.approx(0.35, abs=1e-3)
    assert reached.after_two_years == pytest.approx(0.24, abs=1e-3)
    assert reached.last_year_of_life == pytest.approx(0.25, abs=1e-3)


def test_the_shipped_defaults_are_what_the_fit_finds(refitted):
    # Least squares ends where the gradient is small; another machine may end a little elsewhere.
    found, shipped = as_defaults(refitted), default_table("calibrated")
    assert found.keys() == shipped.keys()
    for key in ("loading", "persistence", "mortality_loading"):
        assert found[key]["value"] == pytest.approx(shipped[key]["value"], abs=1e-3)
    for key in ("weights", "log_means", "log_standard_deviations"):
        expected = shipped["spending_shape"]["value"][key]
        np.testing.assert_allclose(found["spending_shape"]["value"][key], expected, atol=2e-3)


def test_every_default_says_what_it_is_and_where_from():
    for name in ("calibrated", "targets", "turnover", "population"):
        for key, entry in default_table(name).items():
            assert {"title", "unit", "source"} <= entry.keys(), f"{name}.{key}"
