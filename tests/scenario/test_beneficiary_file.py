import pandas as pd
import pytest

from simcore.errors import DataError
from simcore.scenario.amount_file import read_amounts
from simcore.scenario.beneficiary_file import read_beneficiary_file

ROWS = """enrollment_type,risk_score,months,remark
AGED_NON_DUAL,0.8,12,
aged non-dual,1.4,6,
ESRD,1.1,12,a remark
"""


@pytest.fixture
def write(tmp_path):
    def _write(text, name="people.csv"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return _write


def test_people_are_added_up_by_type(write):
    groups = read_beneficiary_file(write(ROWS))
    assert list(groups) == ["ESRD", "AGED_NON_DUAL"]
    aged = groups["AGED_NON_DUAL"]
    assert aged.assigned_beneficiaries == 2
    assert aged.person_years == pytest.approx(1.5)
    # Twelve months at 0.8 and six at 1.4 make a mean of 1.0.
    assert aged.mean_risk_score == pytest.approx(1.0)


def test_parquet_says_the_same(write, tmp_path):
    csv = write(ROWS)
    parquet = tmp_path / "people.parquet"
    pd.read_csv(csv).to_parquet(parquet)
    assert read_beneficiary_file(parquet) == read_beneficiary_file(csv)


def test_all_problems_are_told_at_once(write):
    bad = "enrollment_type,risk_score,months\nAGED,1.0,12\nESRD,much,12\nESRD,1.0,13\nESRD,-1,0\n"
    with pytest.raises(DataError) as caught:
        read_beneficiary_file(write(bad))
    text = str(caught.value)
    assert "line 2: 'AGED'; allowed: ESRD, DISABLED" in text
    assert "risk_score: line 3: 'much'; line 5" in text
    assert "months: line 4" in text


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (
            "enrollment_type,riskscore,months\nESRD,1,12\n",
            "people.csv",
            "'risk_score' is absent; found enrollment_type, riskscore, months; did you mean 'riskscore'",
        ),
        ("enrollment_type,risk_score,months\n", "people.csv", "no rows"),
        ("", "people.csv", "cannot be read as csv"),
        ("not parquet", "people.parquet", "cannot be read as parquet"),
        ("x", "people.xlsx", "allowed: .csv, .parquet"),
    ],
)
def test_a_file_that_is_not_one_says_so(write, text, name, message):
    with pytest.raises(DataError, match=message):
        read_beneficiary_file(write(text, name))


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(DataError, match="no such file"):
        read_beneficiary_file(tmp_path / "people.csv")


def test_many_bad_rows_are_counted(write):
    rows = "\n".join("ESRD,0,12" for _ in range(9))
    with pytest.raises(DataError, match="line 6: '0' and 4 more"):
        read_beneficiary_file(write(f"enrollment_type,risk_score,months\n{rows}\n"))


def test_amounts_come_with_or_without_weights(write):
    assert read_amounts(write("amount\n0\n5.5\n")) == ((0.0, 5.5), ())
    assert read_amounts(write("weight,amount\n2,0\n1,5\n")) == ((0.0, 5.0), (2.0, 1.0))


@pytest.mark.parametrize(
    "text", ["amount\n0\n0\n", "amount,weight\n5,0\n", "amount\n-1\n", "amount,weight\n5,-1\n"]
)
def test_amounts_that_nobody_could_spend_are_refused(write, text):
    with pytest.raises(DataError, match="allowed"):
        read_amounts(write(text))
