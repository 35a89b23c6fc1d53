"""Every default of growth, typed a second time, and held to the figures that it says it comes from."""

import tomllib
from importlib.resources import files

import pytest

from simcore.scenario.default_values import default, default_table

TABLE = tomllib.loads(files("simcore.scenario").joinpath("defaults", "growth.toml").read_text("utf-8"))


def test_every_number():
    assert TABLE == {
        "growth": {
            "projected": {"ESRD": 0.0256, "DISABLED": 0.0396, "AGED_DUAL": 0.0423, "AGED_NON_DUAL": 0.0359},
            "common_deviation": 0.025,
            "type_deviation": {"ESRD": 0.015, "DISABLED": 0.010, "AGED_DUAL": 0.010, "AGED_NON_DUAL": 0.004},
            "prospective": {"ESRD": 0.0256, "DISABLED": 0.0373, "AGED_DUAL": 0.0373, "AGED_NON_DUAL": 0.0373},
        },
        "region": {
            "deviation": {"ESRD": 0.017, "DISABLED": 0.013, "AGED_DUAL": 0.026, "AGED_NON_DUAL": 0.013},
            "autocorrelation": 0.0,
        },
        "risk_scores": {"coding_growth": 0.0, "coding_deviation": 0.005, "demographic_growth": 0.0},
    }


@pytest.mark.parametrize(
    ("enrollment_type", "in_2016", "in_2019"),
    [
        ("ESRD", 81_033, 87_405),
        ("DISABLED", 10_393, 11_678),
        ("AGED_DUAL", 16_131, 18_265),
        ("AGED_NON_DUAL", 9_533, 10_596),
    ],
)
def test_projected_growth_is_that_of_2016_to_2019(enrollment_type, in_2016, in_2019):
    # national assignable per capita, CMS county files; stated to a hundredth of a percent
    annual = (in_2019 / in_2016) ** (1 / 3) - 1
    assert TABLE["growth"]["projected"][enrollment_type] == pytest.approx(annual, abs=0.5e-4)


def test_the_prospective_trend_is_the_projection_of_all_types_but_esrd():
    # weighted by expenditures of 2019: 3,602,695 x 11,678; 2,427,769 x 18,265; 20,901,241 x 10,596 USD
    spending = {
        "DISABLED": 3_602_695 * 11_678,
        "AGED_DUAL": 2_427_769 * 18_265,
        "AGED_NON_DUAL": 20_901_241 * 10_596,
    }
    growth = TABLE["growth"]
    mean = sum(growth["projected"][name] * amount for name, amount in spending.items()) / sum(
        spending.values()
    )
    assert all(growth["prospective"][name] == pytest.approx(mean, abs=0.5e-4) for name in spending)


def test_the_acos_own_course_is_that_of_the_back_test():
    """Held to an independent derivation of the same public results, within two standard errors of the estimate.

    Size-dependent: (8.31 - 2 x 1.853^2 x (1 - .844 x .35)) / 2 = 1.736; its root is 1.32. Course: savings
    rates are correlated by 0.72, 0.57, 0.47 at lags of one to three years, each 0.8 times the one before, and
    2 x s^2 / 1.8 = 1.11e-4 gives s = 0.010.
    """
    derived = {"size_dependent": 1.32, "autocorrelation": 0.8, "innovation_deviation": 0.010}
    for key, figure in derived.items():
        entry = default_table("aco_layer")[key]
        assert default(f"aco_deviation.{key}") == entry["value"]
        assert abs(entry["value"] - figure) < 2 * entry["standard_error"], key
