import importlib.util

import numpy as np
import pandas as pd
import pytest

from simcore.errors import ResultError
from simcore.report.tables import replicate_table, summary_table, write_csv, write_parquet
from tests.report.inputs import told_result


def test_the_summary_has_a_row_for_each_contract_period_and_measure():
    table = summary_table(told_result())
    assert not table.duplicated(["contract", "period", "measure"]).any()
    assert set(table["period"]) == {"2024", "2025", "2026", "2027", "2028", "all"}
    line = table[
        (table["contract"] == "BASIC-B")
        & (table["period"] == "2024")
        & (table["measure"] == "net_settlement mean")
    ]
    expected = told_result()["net_settlement"].sel(contract="BASIC-B", performance_year=2024).values
    assert line["value"].item() == pytest.approx(expected.mean(), rel=1e-12)
    assert line["standard_error"].item() == pytest.approx(
        expected.std(ddof=1) / np.sqrt(expected.size), rel=1e-12
    )


def test_the_settlements_have_a_row_for_each_replicate():
    result = told_result()
    table = replicate_table(result)
    assert len(table) == result["net_settlement"].size
    one = table[
        (table["contract"] == "ENHANCED msr=0")
        & (table["performance_year"] == 2025)
        & (table["replicate"] == 17)
    ]
    expected = result["net_settlement"].sel(contract="ENHANCED msr=0", performance_year=2025, replicate=17)
    assert one["net_settlement"].item() == float(expected)


def test_csv_and_parquet_read_back_as_they_were(tmp_path):
    table = summary_table(told_result())
    csv = pd.read_csv(write_csv(table, tmp_path / "t.csv"), dtype={"period": str, "msr_election": str})
    parquet = pd.read_parquet(write_parquet(table, tmp_path / "t.parquet"))
    np.testing.assert_array_equal(parquet["value"], table["value"])
    np.testing.assert_array_equal(csv["value"], table["value"])
    assert csv["contract"].tolist() == table["contract"].tolist()


def test_without_pyarrow_the_user_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ResultError, match=r"pip install 'simcore\[parquet\]'"):
        write_parquet(summary_table(told_result()), tmp_path / "t.parquet")
    assert list(tmp_path.iterdir()) == []
