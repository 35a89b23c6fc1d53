"""The summary holds what its measures say, computed here a second way."""

import json

import numpy as np
import pytest

from simcore.analysis import risk
from simcore.analysis.summary import MEASURES, contract_records, measure_named, summarize
from simcore.errors import ResultError
from tests.example_results import example_result

CONTRACT = "BASIC-E msr=0.010"


@pytest.fixture(scope="module")
def result():
    return example_result(replicates=3_000)


@pytest.fixture(scope="module")
def summary(result):
    return summarize(result)


def test_a_year_agrees_with_the_measures_one_by_one(result, summary):
    net = result["net_settlement"].sel(contract=CONTRACT, performance_year=2026)
    expected = {
        "net_settlement mean": risk.mean(net),
        "net_settlement sd": risk.standard_deviation(net),
        "net_settlement quantile 0.05": risk.quantile(net, 0.05),
        "net_settlement value_at_risk 0.95": risk.value_at_risk(net, 0.95),
        "net_settlement tail_value_at_risk 0.99": risk.tail_value_at_risk(net, 0.99),
        "probability_net_loss": risk.probability(net < 0.0),
        "probability_msr_met": risk.probability(
            result["msr_met"].sel(contract=CONTRACT, performance_year=2026)
        ),
    }
    for name, estimate in expected.items():
        line = summary.sel(contract=CONTRACT, period="2026", measure=name)
        # The two routes add in different orders: equal to rounding.
        assert float(line["value"]) == pytest.approx(float(estimate), rel=1e-12), name
        assert float(line["standard_error"]) == pytest.approx(float(estimate.standard_error), rel=1e-9), name


def test_the_agreement_sums_dollars_and_asks_for_any_year(result, summary):
    agreement = summary["value"].sel(contract=CONTRACT, period="all")
    one = result.sel(contract=CONTRACT)
    net = one["net_settlement"].values.sum(axis=0)
    assert float(agreement.sel(measure="net_settlement mean")) == pytest.approx(net.mean(), rel=1e-12)
    assert float(agreement.sel(measure="probability_net_loss")) == (net < 0).mean()
    any_loss = (one["owed_shared_losses"].values > 0).any(axis=0)
    assert float(agreement.sel(measure="probability_shared_losses")) == any_loss.mean()
    rate = one["gross_savings"].values.sum(axis=0) / one["updated_benchmark"].values.sum(axis=0)
    assert float(agreement.sel(measure="savings_rate mean")) == pytest.approx(rate.mean(), rel=1e-12)


def test_a_one_sided_track_owes_nothing_for_certain(summary):
    line = summary.sel(contract="BASIC-B", period="all", measure="probability_shared_losses")
    assert float(line["value"]) == 0.0
    assert float(line["standard_error"]) == 0.0


def test_table_has_a_line_for_every_contract_period_and_measure(result, summary):
    table = summary.to_dataframe()
    assert len(table) == result.sizes["contract"] * (result.sizes["performance_year"] + 1) * len(MEASURES)
    assert table["value"].notna().all()
    assert table["standard_error"].notna().all()


def test_records_are_what_run_prints(result, summary):
    records = json.loads(json.dumps(contract_records(summary), allow_nan=False))
    assert len(records) == 3 * 6
    record = records[2 * 6 + 5]
    assert (record["contract"], record["performance_year"]) == ("ENHANCED msr=0", "all")
    assert (record["track"], record["msr_election"]) == ("ENHANCED", "0")
    expected = summary["value"].sel(
        contract="ENHANCED msr=0", period="all", measure="net_settlement quantile 0.05"
    )
    assert record["net_settlement"]["quantiles"]["0.05"]["value"] == float(expected)
    assert set(record["net_settlement"]["quantiles"]) == {
        "0.01",
        "0.05",
        "0.25",
        "0.5",
        "0.75",
        "0.95",
        "0.99",
    }
    for name in ("probability_shared_savings", "probability_shared_losses"):
        assert set(record[name]) == {"value", "standard_error"}
    assert records[0]["performance_year"] == 2024


def test_benchmark_common_to_all_contracts_gives_the_same_summary(result, summary):
    wide = result.copy()
    for name in ("updated_benchmark", "gross_savings", "savings_rate"):
        wide[name] = result[name].expand_dims(contract=result.contract).assign_attrs(result[name].attrs)
    np.testing.assert_array_equal(summarize(wide)["value"], summary["value"])


def test_an_unknown_measure_is_named_with_its_neighbours():
    with pytest.raises(ResultError, match="did you mean 'net_settlement mean'"):
        measure_named("net_settlment mean")


def test_chosen_lines_are_those_of_the_whole(result, summary):
    names = ["net_settlement quantile 0.05", "probability_shared_losses", "savings_rate sd"]
    chosen = summarize(result, measures=names)
    assert chosen["measure"].values.tolist() == names
    np.testing.assert_array_equal(chosen["value"], summary["value"].sel(measure=names))
    np.testing.assert_array_equal(chosen["standard_error"], summary["standard_error"].sel(measure=names))
