"""The table of a summary says what the summary says. Oracle: the summary itself, and the example's arithmetic."""

import pytest

from simcore.analysis.summary import summarize
from simcore.errors import ResultError
from simcore.plots.summary_table import NOT_RESOLVED, summary_table
from tests.example_results import example_result


def test_every_figure_is_the_summary_s_with_its_error() -> None:
    summary = summarize(example_result())
    table = summary_table(summary)
    at = summary.sel(contract="ENHANCED msr=0", period="all", measure="probability_shared_losses")
    line = next(row for row in table.rows if row[0] == "ENHANCED, MSR 0%")
    assert line[3] == f"{100 * at['value'].item():.1f}% ± {100 * at['standard_error'].item():.1f}"
    assert "2,000 replicates" in table.caption


def test_the_best_mean_stands_on_top_and_contracts_can_be_chosen() -> None:
    summary = summarize(example_result(mean=0.03))
    means = summary["value"].sel(period="2024", measure="net_settlement mean")
    names = [row[0] for row in summary_table(summary, period="2024").rows]
    best = str(means["contract"].values[int(means.values.argmax())])
    assert names[0].startswith(best.split(maxsplit=1)[0])
    assert len(summary_table(summary, contracts=["BASIC-B"]).rows) == 1


def test_what_the_error_hides_is_not_resolved() -> None:
    # The mean of 20 replicates around nought lies within its error: with this seed 0.6 of one.
    summary = summarize(example_result(replicates=20, mean=0.0))
    at = summary.sel(contract="ENHANCED msr=0", measure="net_settlement mean")
    hidden = [
        str(period)
        for period in at["period"].values
        if at.sel(period=period)["standard_error"] > abs(at.sel(period=period)["value"])
    ]
    assert hidden
    for period in hidden:
        line = next(r for r in summary_table(summary, period=period).rows if r[0].startswith("ENHANCED"))
        assert line[1] == NOT_RESOLVED


def test_it_shows_itself_in_a_notebook_with_every_cell_escaped() -> None:
    result = example_result()
    labels = ["<b>mine</b>", *result["contract"].values[1:]]
    shown = summary_table(summarize(result.assign_coords(contract=labels)))._repr_html_()
    assert "<b>mine" not in shown
    assert "&lt;b&gt;mine" in shown


def test_it_prints_as_markdown() -> None:
    lines = str(summary_table(summarize(example_result()))).splitlines()
    assert lines[0].startswith("| contract | mean net settlement |")
    assert len({line.count("|") for line in lines[:5]}) == 1


def test_what_is_not_there_is_said_all_at_once() -> None:
    with pytest.raises(ResultError) as fault:
        summary_table(summarize(example_result()), period="2031", contracts=["BASIC-Q"])
    assert "2031" in str(fault.value)
    assert "BASIC-Q" in str(fault.value)
