"""The verb on luck: Bühlmann by hand, CMS's own records, and faults."""

import json

import pytest
from typer.testing import CliRunner

from simcore.cli.main import app
from simcore.errors import SimcoreError

runner = CliRunner()


def run(*arguments):
    done = runner.invoke(app, ["luck", *map(str, arguments)])
    if isinstance(done.exception, SimcoreError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_one_year_by_hand():
    # Between variance 0.03^2 = 9e-4; noise 2^2/10,000 + 0.010^2 + 1.07^2/10,000 = 6.1449e-4; Z = 9 / 15.1449.
    answer = json.loads(
        run(
            *("--savings-rate", 0.05, "--beneficiaries", 10_000, "--mean", 0.02),
            *("--between", 0.03, "--individual-noise", 2, "--json"),
        )
    )
    credibility = 9 / 15.1449
    assert answer["credibility"] == pytest.approx(credibility, rel=1e-6)
    assert answer["true_savings"]["mean"] == pytest.approx(0.02 + credibility * 0.03, rel=1e-6)


def test_minimum_savings_rate_is_the_tables():
    # 42 CFR 425.605(b)(1): 3.0 % at 10,000 beneficiaries.
    (year,) = json.loads(run("--savings-rate", 0.05, "--beneficiaries", 10_000, "--json"))["years"]
    assert year["minimum_savings_rate"] == pytest.approx(0.030, abs=1e-9)
    assert year["met"] is True
    assert 0.0 < year["probability_reward_by_luck"] < 0.5
    assert year["probability_real_savings_denied"] is None


def test_savings_below_the_minimum_may_have_been_real():
    (year,) = json.loads(run("--savings-rate", 0.02, "--beneficiaries", 10_000, "--json"))["years"]
    assert year["probability_real_savings_denied"] > 0.5


def test_more_years_are_more_credible():
    def credibility(years):
        arguments = [*("--savings-rate", 0.05) * years, *("--beneficiaries", 8_000) * years]
        return json.loads(run(*arguments, "--json"))["credibility"]

    assert credibility(3) > credibility(2) > credibility(1)


def test_tables_are_for_people():
    text = run("--savings-rate", 0.041, "--beneficiaries", 9_800)
    assert "Credibility" in text
    assert "±" in text


@pytest.mark.cms_data
def test_a_real_record_is_cms_own(cms_data):
    files = [cms_data / "puf" / f"PY{year}.csv" for year in (2022, 2023)]
    answer = json.loads(run("--puf", files[0], "--puf", files[1], "--aco", "A1001", "--json"))
    assert [year["performance_year"] for year in answer["years"]] == [2022, 2023]
    # CMS's file of 2022: A1001 saved 62,404,688 USD, and the savings were shared.
    assert answer["years"][0]["met"] is True


@pytest.mark.cms_data
def test_an_aco_that_is_not_there_is_named(cms_data):
    with pytest.raises(SimcoreError, match="in none of the files"):
        run("--puf", cms_data / "puf" / "PY2023.csv", "--aco", "A9999")


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ([], "one of each for every observed year"),
        (["--savings-rate", 0.05], "one of each for every observed year"),
        (["--savings-rate", 5, "--beneficiaries", 10_000], "a fraction from -1 to 1"),
        (["--savings-rate", 0.05, "--beneficiaries", 0], "1 beneficiary or more"),
        (["--puf", "x.csv"], "together"),
        (["--puf", "x.csv", "--savings-rate", 0.05], "one of the two"),
    ],
)
def test_faults_are_said(arguments, match):
    with pytest.raises(SimcoreError, match=match):
        run(*arguments)
