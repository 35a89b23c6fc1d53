"""Every default of growth, typed a second time, and held to the figures that it says it comes from."""

import tomllib
from importlib.resources import files

import pytest

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
        "aco_deviation": {"autocorrelation": 0.8, "innovation_deviation": 0.010, "size_dependent": 1.3},
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


def test_the_acos_size_dependent_shock_is_what_individuals_leave():
    # (8.31 - 2 x 1.853^2 x (1 - .844 x .35)) / 2 = 1.736; its root is 1.32
    left = (8.31 - 2 * 1.853**2 * (1 - 0.844 * 0.35)) / 2
    assert TABLE["aco_deviation"]["size_dependent"] == pytest.approx(left**0.5, abs=0.05)


def test_the_acos_own_course_stays_within_the_change_that_size_does_not_remove():
    # 2 x .01^2 / 1.8 + .005^2 = 1.36e-4, below 1.46e-4
    aco, coding = TABLE["aco_deviation"], TABLE["risk_scores"]["coding_deviation"]
    change = 2 * aco["innovation_deviation"] ** 2 / (1 + aco["autocorrelation"]) + coding**2
    assert 1.2e-4 < change < 1.46e-4
