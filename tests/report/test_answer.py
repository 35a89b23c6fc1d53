import numpy as np
import pytest

from simcore.analysis.risk import tail_value_at_risk
from simcore.report.answer import Estimate, answer_sentences, contract_rows, yearly_rows
from tests.report.inputs import told_result


def test_the_rows_are_the_moments_of_the_sums_over_years():
    result = told_result()
    net = result["net_settlement"].sum("performance_year")
    for row in contract_rows(result):
        values = net.sel(contract=row.label).values
        assert row.mean.value == pytest.approx(values.mean(), rel=1e-12)
        assert row.mean.error == pytest.approx(values.std(ddof=1) / np.sqrt(values.size), rel=1e-12)
        assert (row.gain.value, row.nothing.value, row.loss.value) == (
            (values > 0).mean(), (values == 0).mean(), (values < 0).mean(),
        )  # fmt: skip
        assert row.tail_loss.value == pytest.approx(
            float(tail_value_at_risk(net.sel(contract=row.label), 0.95))
        )


def test_the_cautious_contract_is_named_with_what_it_brings():
    result = told_result()
    _, second = answer_sentences(result, contract_rows(result))
    assert "BASIC-B, the most cautious choice, loses nothing there" in second


def test_a_twin_of_the_best_is_not_told_apart_from_it():
    result = told_result()
    twins = result.isel(contract=[2, 2, 0]).assign_coords(
        contract=["ENHANCED msr=0", "ENHANCED msr=0.005", "BASIC-B"]
    )
    first, _ = answer_sentences(twins, contract_rows(twins))
    assert "(not told apart from 1 other)" in first


def test_years_carry_their_chances_and_errors():
    result = told_result()
    rows = yearly_rows(result, "BASIC-E msr=0.010")
    gain = (result["net_settlement"].sel(contract="BASIC-E msr=0.010", performance_year=2026) > 0).mean()
    assert [row["year"] for row in rows] == ["2024", "2025", "2026", "2027", "2028"]
    assert rows[2]["gain"].startswith(f"{100 * float(gain):.1f}% ±")


def test_an_estimate_reads_as_value_and_error():
    assert Estimate(7_465_456.0, 56_996.0).in_money() == "$7.47M ± $57k"
    assert Estimate(0.9118, 0.0028).in_percent() == "91.2% ± 0.3"


def test_a_cautious_contract_that_still_gains_says_so():
    result = told_result()
    lifted = result.assign(
        net_settlement=(result["net_settlement"] + 5e5 * (result["contract"] == "BASIC-B")).assign_attrs(
            result["net_settlement"].attrs
        )
    )
    _, second = answer_sentences(lifted, contract_rows(lifted))
    # 5 years of half a million more: the worst twentieth of BASIC-B, nought before, is 2.50M.
    assert "BASIC-B, the most cautious choice, still brings $2.50M ± $0 there and" in second
