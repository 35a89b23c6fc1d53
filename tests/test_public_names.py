"""The names that a notebook finds under ``import simcore as sc``: these, each where it is defined, each lazily."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import simcore as sc

PACKAGE = Path(sc.__file__).parent

# A name that goes breaks somebody's notebook: it leaves with a line in the changelog.
NAMES = {
    *("simulate", "read_scenario", "Scenario", "read_regulation", "read_presets", "save", "load"),
    *("settle", "SharingTerms", "Settlement", "settle_contract", "contract_terms", "ContractTerms"),
    *("SimcoreError", "ScenarioError", "RegulationError", "DataError", "ResultError"),
    *("threads", "serial", "dask"),
    *("summarize", "mean", "standard_deviation", "probability", "quantile", "agreement_total"),
    *("value_at_risk", "tail_value_at_risk", "medicare_savings", "exceedance_curve", "return_period_loss"),
    *("paired_differences", "probability_better", "regret", "difference_between", "dominance"),
    *("choose_contracts", "corridor", "rule_amounts", "value_of_rules"),
    *("certainty_equivalent", "lowest_tail_within", "mean_tail_frontier"),
    *("election_values", "value_by_true_savings", "break_even_elections", "break_even_true_savings"),
    *("error_by_replicates", "replicates_needed"),
    *("Program", "posterior", "posterior_on_grid", "chance_of_reward", "luck_of_size"),
    *("stack_contracts", "portfolio_total", "portfolio_measures", "tail_contributions"),
    *("diversification_benefit", "adequacy", "required_amount", "AggregateCover", "SpecificCover"),
    *("expected_recovery", "agreement_outcome", "paired_difference", "summarize_grid"),
    *("InputRange", "one_at_a_time", "goal_seek", "size_table", "beneficiaries_needed", "normal_chance"),
    *("value_of_merging", "individual_share", "variance_by_layer", "shares_by_input"),
    *("plot_comparison", "plot_convergence", "plot_corridor", "plot_distribution", "plot_exceedance"),
    *("plot_fan", "plot_frontier", "plot_pit", "plot_reliability", "plot_size", "plot_spending_fit"),
    *("plot_stoplight", "plot_tornado", "plot_variance_layers", "plot_waterfall"),
    *("summary_table", "house_style", "write_report", "write_excel"),
}


def test_the_names_are_these() -> None:
    assert set(sc.__all__) == NAMES
    assert set(dir(sc)) >= NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_name_is_handed_on_with_its_explanation(name: str) -> None:
    found = getattr(sc, name)
    assert found.__module__.startswith("simcore.")
    assert found.__name__ == name
    assert found.__doc__


def test_every_plot_is_there() -> None:
    plots = {
        node.name
        for path in (PACKAGE / "plots").glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("plot_")
    }
    assert plots <= NAMES


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="simulat"):
        _ = sc.simulat


def told(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_no_room_is_entered_before_its_name_is_used() -> None:
    listed = "print(sorted(name for name in sys.modules if name.startswith('simcore.')))"
    assert told(f"import sys, simcore; {listed}").strip() == "[]"
    assert told(f"import sys, simcore; simcore.SimcoreError; {listed}").strip() == "['simcore.errors']"


@pytest.mark.parametrize("before", ["import simcore.simulate", "from simcore.runs import run_in_folder", ""])
def test_simulate_is_the_function_though_a_file_has_its_name(before: str) -> None:
    assert told(f"{before}\nimport simcore as sc\nprint(callable(sc.simulate))").strip() == "True"
