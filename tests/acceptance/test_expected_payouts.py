"""Expected payments and losses are those of the exact law: ENHANCED, BASIC-E and BASIC-B at 5,000 people.

Oracle: the published reference, percent of benchmark without sequestration, and the exact law of the sum
on a lattice with the contract's arithmetic written out again. The overlay `no_sequestration` is the
what-if on law under which they are quoted.
"""

from pathlib import Path

import numpy as np
import pytest

from simcore.simulate import simulate
from tests.acceptance.asked import assert_mean, template
from tests.independent.exact_law import law_of_sum, truncated_cells

OVERLAY = Path(__file__).parents[2] / "scenarios" / "overlays" / "no_sequestration"

# Percent of benchmark: savings, losses. ENHANCED shares 75 %, loses 40 %; E shares 50 %, loses 30 %; B shares 40 %.
REFERENCE = {
    0.0: {"ENHANCED": (0.599391, 0.321698), "BASIC-E": (0.399594, 0.241272), "BASIC-B": (0.142117, 0.0)},
    0.02: {"ENHANCED": (1.535566, 0.081051), "BASIC-E": (1.023710, 0.060788), "BASIC-B": (0.506303, 0.0)},
}
# Sharing rate, loss rate, minimum (5,000 people: 3.9 % by the table), payment limit, loss limit.
ARITHMETIC = {
    "ENHANCED": (0.75, 0.40, 0.02, 0.20, 0.15),
    "BASIC-E": (0.50, 0.30, 0.02, 0.10, 0.04),
    "BASIC-B": (0.40, 0.0, 0.039, 0.10, 1.0),
}


def payouts(true_savings: float, people: int, replicates: int, engine: str) -> dict[str, np.ndarray]:
    """Savings and losses as percent of the benchmark by contract, ``(2, replicate)``."""
    result = simulate(
        template(
            "reference_noise_given",
            aco__population={"AGED_NON_DUAL": {"assigned_beneficiaries": people}},
            savings__true_savings=true_savings,
            regulation__overlays=[OVERLAY],
            simulation__engine=engine,
            simulation__replicates=replicates,
        )
    )
    paid = [result[name].values[:, 0] for name in ("earned_shared_savings", "owed_shared_losses")]
    share = 100.0 * np.stack(paid) / result["updated_benchmark"].values[0]
    return {str(track): share[:, position] for position, track in enumerate(result["track"].values)}


def exact_payouts(track: str, true_savings: float, people: int) -> tuple[float, float]:
    """The same by the law of the sum, in percent of the benchmark."""
    share, loss, minimum, payment_limit, loss_limit = ARITHMETIC[track]
    deviation = 1.883658 * np.sqrt(people)
    step = deviation / 16_000
    points = 1 << int(np.ceil(np.log2((people + 12.0 * deviation) / step)))
    law = law_of_sum(truncated_cells(), people, points=points, step=step)
    # A point stands for the cell about it, which a gate may cut: four places in each cell.
    place = np.arange(points)[:, np.newaxis] + (np.arange(4) - 1.5) / 4.0
    rate = 1.0 - (1.0 - true_savings) * place * step / people
    earned = np.where(rate >= minimum, np.minimum(share * rate, payment_limit), 0.0)
    owed = np.where(rate <= -minimum, np.minimum(loss * -rate, loss_limit), 0.0)
    return 100.0 * float(law @ earned.mean(axis=1)), 100.0 * float(law @ owed.mean(axis=1))


@pytest.mark.slow
@pytest.mark.parametrize("true_savings", sorted(REFERENCE))
@pytest.mark.parametrize(("engine", "replicates"), [("pooled", 1_000_000), ("beneficiary", 20_000)])
def test_expected_payouts_are_the_reference(true_savings: float, engine: str, replicates: int) -> None:
    found = payouts(true_savings, 5_000, replicates, engine)
    for track, exact in REFERENCE[true_savings].items():
        for sample, expected in zip(found[track], exact, strict=True):
            if expected == 0.0:
                assert not sample.any()
            else:
                assert_mean(sample, expected)


@pytest.mark.parametrize("true_savings", sorted(REFERENCE))
def test_the_independent_law_gives_the_reference(true_savings: float) -> None:
    """To 5e-6: a lattice of 1/16,000 of the deviation adds spread and rounds the gate by that much."""
    for track, exact in REFERENCE[true_savings].items():
        assert exact_payouts(track, true_savings, 5_000) == pytest.approx(exact, abs=5e-6)


@pytest.mark.slow
def test_expected_payouts_of_another_size() -> None:
    """12,000 people, elected corridors of 2 percent: the table's rate of BASIC-B is another, so E and ENHANCED."""
    found = payouts(0.02, 12_000, 300_000, "pooled")
    for track in ("ENHANCED", "BASIC-E"):
        for sample, expected in zip(found[track], exact_payouts(track, 0.02, 12_000), strict=True):
            assert_mean(sample, expected)


def test_sequestration_takes_its_share_of_savings_and_none_of_losses() -> None:
    """Two percent less, below the limit, on the same draws: 0.98 of the payment without it."""
    asked = template("reference_noise_given", savings__true_savings=0.02, simulation__replicates=2_000)
    cut, whole = simulate(asked), simulate(asked.with_changes({"regulation.overlays": [OVERLAY]}))
    np.testing.assert_allclose(
        cut["earned_shared_savings"], 0.98 * whole["earned_shared_savings"], rtol=1e-12, atol=0.0
    )
    np.testing.assert_array_equal(cut["owed_shared_losses"], whole["owed_shared_losses"])
