import pytest

from simcore.errors import ScenarioError
from simcore.model.families import (
    coefficient_of_variation,
    limited_coefficient_of_variation,
    mean,
    percentile_point,
    share_of_top,
)
from simcore.model.family_description import family_from
from simcore.model.family_tables import Sample


def read(**description):
    return family_from(description, truncation_percentile=0.99, place="spending.distribution.ESRD")


@pytest.mark.parametrize("zero", [0.0, 0.1])
@pytest.mark.parametrize(
    "description",
    [
        {"family": "lognormal"},
        {"family": "lognormal", "tail_index": 2.8, "tail_percentile": 0.97},
        {"family": "generalized-gamma-by-variation", "power": 0.7},
    ],
)
def test_an_actuarys_units_come_back(description, zero):
    # Oracle: the definition, on both bases; the root is found to 1e-12.
    truncated = read(
        **description, coefficient_of_variation=1.6, basis="truncated", share_with_no_spending=zero
    )
    limit = percentile_point(truncated, 0.99)
    assert limited_coefficient_of_variation(truncated, limit) == pytest.approx(1.6, rel=1e-7)
    whole = read(
        **description, coefficient_of_variation=1.6, basis="untruncated", share_with_no_spending=zero
    )
    assert coefficient_of_variation(whole) == pytest.approx(1.6, rel=1e-7)
    assert whole.probability_below(0.0) == pytest.approx(zero, abs=1e-12)


def test_a_published_concentration_comes_back():
    # Oracle: Wallis et al. 2021, table of shares; within 0.1 points.
    tops, shares = [0.01, 0.05, 0.10, 0.20, 0.50], [0.149, 0.415, 0.600, 0.791, 0.957]
    law = read(family="concentration", top_shares=tops, spending_shares=shares, share_with_no_spending=0.05)
    for top, share in zip(tops, shares, strict=True):
        assert share_of_top(law, top) == pytest.approx(share, abs=0.001)


def test_an_impossible_concentration_is_refused():
    with pytest.raises(ScenarioError, match="no mixture of two lognormals"):
        read(family="concentration", top_shares=[0.01, 0.5], spending_shares=[0.9, 0.901])


def test_a_users_table_is_a_sample_with_weights(tmp_path):
    law = read(family="sample", amounts=[0, 10, 100], weights=[1, 2, 1])
    # Two of 10 and one of 100, among four.
    assert mean(law) == pytest.approx(30.0)
    file = tmp_path / "amounts.csv"
    file.write_text("amount,weight\n0,1\n10,2\n100,1\n")
    assert read(family="sample", file=str(file)) == Sample((0.0, 10.0, 100.0), (1.0, 2.0, 1.0))


def test_all_problems_are_told_at_once():
    with pytest.raises(ScenarioError) as caught:
        read(family="lognormal", coefficient_of_variation="much", tail_indx=2.0, share_with_no_spending=1.5)
    text = str(caught.value)
    assert "basis: absent" in text
    assert "tail_indx: unknown key; did you mean 'tail_index'" in text
    assert "coefficient_of_variation: 'much'; allowed: a number" in text
    assert "share_with_no_spending: 1.5; allowed: 0 to 0.99" in text


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ({"family": "log-normal"}, "did you mean 'lognormal'"),
        ({}, "allowed: lognormal"),
        ({"family": "percentiles", "probabilities": [0.5, 0.9], "amounts": [1.0]}, "one length"),
        ({"family": "percentiles", "probabilities": [0.9, 0.5], "amounts": [1.0, 2.0]}, "in rising order"),
        ({"family": "sample", "amounts": [1.0], "file": "x.csv"}, "give one of the two"),
        ({"family": "sample"}, "give one of the two"),
        ({"family": "percentiles", "probabilities": [0.5, 0.9], "amounts": [5.0, 5.0]}, "different"),
        ({"family": "sample", "amounts": [0.0, 0.0]}, "above 0"),
        (
            {"family": "lognormal", "coefficient_of_variation": 50.0, "basis": "truncated"},
            "outside of",
        ),
        (
            {"family": "lognormal", "coefficient_of_variation": 2.0, "basis": "truncated", "tail_index": 2.0},
            "a tail needs both",
        ),
        (
            {
                "family": "lognormal",
                "coefficient_of_variation": 2.0,
                "basis": "truncated",
                "share_with_no_spending": 0.99,
            },
            "nobody below the truncation percentile spends anything",
        ),
        (
            {
                "family": "lognormal-mixture",
                "weights": [0.5, 0.5],
                "log_means": [0.0, 700.0],
                "log_standard_deviations": [1.0, 1.0],
            },
            "log_means: .*allowed: -50 to 50",
        ),
    ],
)
def test_a_faulty_description_says_what_to_mend(description, message):
    with pytest.raises(ScenarioError, match=message):
        read(**description)
