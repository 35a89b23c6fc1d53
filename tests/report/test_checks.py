import numpy as np
import pytest

from simcore.report.checks import check_result
from tests.report.inputs import told_result


def _missed(result):
    return [check.name.split(",")[0] for check in check_result(result) if not check.holds]


def test_a_sound_result_passes_every_check():
    assert _missed(told_result()) == []


@pytest.mark.parametrize(
    ("name", "change", "found"),
    [
        ("net_settlement", 0.02, "earned less owed is the net settlement"),
        ("expenditures", 0.02, "benchmark less expenditures are the gross savings"),
        ("savings_rate", 1e-9, "savings rate times benchmark are the gross savings"),
        ("owed_shared_losses", -1e9, "negative payments or losses"),
        ("quality_score", np.nan, "values that are no number"),
    ],
)
def test_a_damaged_variable_is_found(name, change, found):
    result = told_result()
    result[name] = (result[name] + change).assign_attrs(result[name].attrs)
    assert found in _missed(result)


def test_losses_without_the_minimum_loss_rate_are_found():
    result = told_result()
    result["mlr_met"] = (result["mlr_met"] & False).assign_attrs(result["mlr_met"].attrs)
    assert _missed(result) == ["losses owed without losses at the minimum loss rate"]


def test_a_word_of_no_vocabulary_is_found():
    assert _missed(told_result().assign(cost=1.0)) == ["variables that the vocabulary does not know"]
