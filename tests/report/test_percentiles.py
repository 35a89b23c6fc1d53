import numpy as np
import pandas as pd
import pytest

from simcore.report.percentiles import badges, real_acos
from tests.report.inputs import told_result


def _number(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column.str.replace("%", "").str.replace(",", ""), errors="coerce")


@pytest.mark.cms_data
def test_the_percentiles_are_those_of_cmss_file(cms_data):
    """Oracle: CMS's public results of PY2023, read anew; rounded as typed."""
    file = pd.read_csv(cms_data / "puf" / "PY2023.csv", encoding="cp1252", dtype=str)
    columns = {
        "assigned_beneficiaries": (_number(file["N_AB"]), 0),
        "savings_rate": (_number(file["Sav_rate"]) / 100.0, 4),
        "quality_score": (_number(file["QualScore"]) / 100.0, 4),
        "per_capita_expenditures": (_number(file["ABtotExp"]) / _number(file["N_AB_Year_PY"]), 0),
    }
    table = real_acos()["percentiles"]
    for name, (values, places) in columns.items():
        expected = np.quantile(values.dropna(), table["levels"]).round(places)
        np.testing.assert_allclose(table[name], expected, rtol=0.0, atol=10.0**-places / 1.9, err_msg=name)


def test_a_badge_says_where_the_figure_stands():
    found = {badge.label: badge for badge in badges(told_result())}
    size = found["Assigned beneficiaries"]
    # 12,000 lies between 11,464 (40 %) and 12,480 (45 %): 40 + 5 * 536 / 1016 = 42.6 %.
    assert size.position == pytest.approx(0.4264, abs=5e-5)
    assert (size.value, size.sentence) == ("12,000", "above 43% of real ACOs")


def test_a_figure_beyond_the_published_range_says_so_and_no_more():
    result = told_result()
    large = result.assign(assigned_beneficiaries=result["assigned_beneficiaries"] * 100.0)
    small = result.assign(assigned_beneficiaries=result["assigned_beneficiaries"] / 100.0)
    assert badges(large)[0].sentence == "above 95% of real ACOs"
    assert badges(small)[0].sentence == "below 95% of real ACOs"


def test_the_swing_of_independent_years_is_the_root_of_two_deviations():
    # Rates are independent normals with SD 2.5 points: their difference has 2.5 * sqrt(2) = 3.54.
    assert badges(told_result())[-1].value == "3.5 points"


def test_one_year_has_no_swing():
    assert len(badges(told_result().isel(performance_year=[0]))) == 4
