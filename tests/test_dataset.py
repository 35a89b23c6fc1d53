"""Labels at the border: dims, units and long names come from the vocabulary, and a digest tells contents apart."""

import numpy as np

from simcore.dataset import build_dataset, content_digest
from simcore.vocabulary import VARIABLES, problems
from tests.example_results import example_result


def test_a_variable_without_the_contract_dimension_is_recognised() -> None:
    arrays = {"updated_benchmark": np.ones((2, 5)), "net_settlement": np.ones((3, 2, 5))}
    dataset = build_dataset(
        arrays,
        contracts=[("A", "A", ""), ("B", "B", ""), ("C", "C", "")],
        performance_years=[2024, 2025],
        first_replicate=10,
        attributes={"seed": "1"},
    )
    assert dataset["updated_benchmark"].dims == ("performance_year", "replicate")
    assert dataset["net_settlement"].dims == ("contract", "performance_year", "replicate")
    assert dataset["net_settlement"].attrs["units"] == VARIABLES["net_settlement"].units
    assert dataset["replicate"].values[0] == 10


def test_problems_name_what_is_wrong() -> None:
    result = example_result(20)
    assert problems(result) == []
    broken = result.drop_vars("msr_met").assign(
        net_settlement=result["net_settlement"].assign_attrs(units="EUR")
    )
    broken["pnl"] = result["savings_rate"]
    found = "\n".join(problems(broken))
    for sentence in ("'msr_met' is missing", "net_settlement.units is 'EUR'", "'pnl' is no word"):
        assert sentence in found


def test_a_digest_changes_with_values_names_and_attributes() -> None:
    result = example_result(20)
    digests = {
        content_digest(result),
        content_digest(result.assign_attrs(seed="8")),
        content_digest(result.drop_vars("true_savings")),
        content_digest(result.assign(true_savings=result["true_savings"] + 1e-12)),
    }
    assert len(digests) == 4
