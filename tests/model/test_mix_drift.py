"""A mix of risk that joiners cannot keep is told, with how far spending moves by itself."""

import re

import numpy as np
import pytest

from simcore.cli.basis import basis_of_plan, remarks_on
from simcore.model.mix_drift import mix_drifts
from simcore.simulate import prepare, simulate
from tests.acceptance.asked import template


def asked(score: float, **changed: object):
    return template(
        "track_choice",
        aco__population={"ESRD": {"assigned_beneficiaries": 900, "risk_score": score}},
        aco__performance_years=5,
        simulation__replicates=400,
        simulation__detail=True,
        contract__options=["BASIC-B"],
        **changed,
    )


def drifts(scenario) -> tuple[str, ...]:
    plan = prepare(scenario).plan
    return mix_drifts(plan.people, plan.timeline)


@pytest.mark.parametrize("score", [0.8, 1.0, 1.2])
def test_a_mix_that_joiners_keep_is_not_told(score: float) -> None:
    assert drifts(asked(score)) == ()


@pytest.mark.parametrize("score", [0.5, 1.8])
def test_the_drift_that_is_told_is_the_one_that_is_simulated(score: float) -> None:
    """Oracle: simulated spending and scores of the first and the last year, without growth of any kind."""
    (sentence,) = drifts(asked(score))
    assert sentence.startswith("aco.population.ESRD.risk_score: nobody could join who keeps a mix of risk")
    assert f"a mean of {score}: " in sentence
    told = [float(share) / 100.0 for share in re.findall(r"([+-]\d+\.\d)%", sentence)]
    layers = {"simulation__layers": ["individuals"], "growth__projected": {"ESRD": 0.0}}
    still = {"risk_scores__coding_growth": 0.0, "savings__true_savings": 0.0}
    result = simulate(asked(score, **layers, **still))
    lived, spent, scores = (
        result[word].values[0] for word in ("type_person_years", "type_expenditures", "risk_score")
    )
    for values, expected in ((spent / lived, told[0]), (scores, told[1])):
        first, last = values[0].mean(), values[-1].mean()
        error = np.hypot(values[0].std() / first, values[-1].std() / last) / np.sqrt(values.shape[1])
        assert abs(last / first - 1.0 - expected) < 4.0 * error * last / first + 0.0005


def test_every_run_tells_it() -> None:
    scenario = asked(1.8)
    basis = basis_of_plan(prepare(scenario).plan)
    assert basis.drifts == drifts(scenario)
    assert basis.drifts[0] in remarks_on(basis)
