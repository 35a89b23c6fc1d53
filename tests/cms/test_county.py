"""CMS's county files, whose headers are spelled anew every year."""

from pathlib import Path

import pandas as pd
import pytest

from simcore.cms.county import national_aggregates, national_growth, read_counties
from simcore.errors import DataError
from simcore.vocabulary import ENROLLMENT_TYPES

# Person-year weighted per-capita spending of assignable beneficiaries, whole USD (calibration.md 2).
NATIONAL = {2016: (81_033, 10_393, 16_131, 9_533), 2019: (87_405, 11_678, 18_265, 10_596)}
HEADER = (
    "Year,State Name,County Name,State ID,County ID,"
    "Per_Capita_Exp_ESRD,Avg_Risk_Score_ESRD,Person_Years_ESRD,Per_Capita_Exp_DIS,Avg_Risk_Score_DIS,"
    "Person_Years_DIS,Per_Capita_Exp_AGDU,Avg_Risk_Score_AGDU,Person_Years_AGDU,Per_Capita_Exp_AGND,"
    "Avg_Risk_Score_AGND,Person_Years_AGND\n"
)
ROW = "{year},Maine,{county},20,{county},80000,1,{n},10000,1,100,*,*,*,{aged},1.1,1000\n"


@pytest.mark.cms_data
def test_national_spending_by_type(cms_data: Path) -> None:
    files = [cms_data / "county" / f"{year}.csv" for year in (2016, 2017, 2018, 2019)]
    counties = pd.concat([read_counties(path) for path in files])
    spending = national_aggregates(counties)["per_capita_expenditures"]
    for year, expected in NATIONAL.items():
        assert [round(spending[year, name]) for name in ENROLLMENT_TYPES] == list(expected)
    growth = national_growth(counties)
    assert list(growth.index) == [2017, 2018, 2019]
    # The product of the yearly factors is the growth from the first year to the last.
    product = growth["ESRD"].prod() * NATIONAL[2016][0]
    assert product == pytest.approx(NATIONAL[2019][0], abs=1.5)


@pytest.mark.cms_data
def test_esrd_is_suppressed_in_small_counties(cms_data: Path) -> None:
    counties = read_counties(cms_data / "county" / "2019.csv")
    assert counties["per_capita_expenditures_ESRD"].isna().sum() == pytest.approx(745, abs=60)


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "counties.csv"
    path.write_text(text)
    return path


def test_means_are_weighted_by_person_years(tmp_path: Path) -> None:
    rows = ROW.format(year=2019, county=1, n=10, aged=9000) + ROW.format(
        year=2019, county=2, n=30, aged=11000
    )
    spending = read_counties(write(tmp_path, HEADER + rows.replace("2,80000", "2,60000")))
    aggregates = national_aggregates(spending)
    # (80,000 x 10 + 60,000 x 30) / 40
    assert aggregates.loc[(2019, "ESRD"), "per_capita_expenditures"] == 65_000.0
    assert aggregates.loc[(2019, "AGED_NON_DUAL"), "per_capita_expenditures"] == 10_000.0
    # Suppressed everywhere: there is no mean.
    assert aggregates["per_capita_expenditures"].isna()[2019, "AGED_DUAL"]


def test_faults_are_told_at_once(tmp_path: Path) -> None:
    row = ROW.format(year=2019, county=1, n=10, aged=9000)
    with pytest.raises(DataError, match="stand twice"):
        read_counties(write(tmp_path, HEADER + row + row))
    with pytest.raises(DataError, match="hold no number"):
        read_counties(write(tmp_path, HEADER + row.replace("80000", "much")))
    with pytest.raises(DataError) as caught:
        read_counties(write(tmp_path, HEADER.replace("Person_Years_DIS", "x").replace("Year,", "y,") + row))
    assert len(caught.value.problems) == 2
