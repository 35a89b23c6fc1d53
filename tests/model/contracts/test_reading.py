"""A written contract becomes terms, or a list of all that is wrong with it."""

from math import inf

import pytest

from simcore.model.contracts.reading import expanded, merged, read_terms
from simcore.model.contracts.terms import Band, QualityRule, StopLoss

FULL = {
    "target": {"kind": "premium_times_mlr", "mlr": 0.85},
    "discount": 0.02,
    "benchmark_addition": 0.015,
    "quality_withhold": {"rate": 0.05, "earn": "gate", "gate": 0.4},
    "retention_withhold": 0.02,
    "equity_adjustment": True,
    "msr": {"value": 0.02, "strict": True},
    "mlr": {"value": 0.01},
    "sharing_base": "above_threshold",
    "threshold": 0.02,
    "bands_savings": [[0.05, 0.5], ["inf", 0.1]],
    "bands_losses": [[inf, 0.3]],
    "quality_rate": {"savings": "cost_quality_split", "split": [0.7, 0.3], "losses": "one_minus_rate_q"},
    "cap_gross": {"savings": 0.15},
    "cap_shared": 0.10,
    "sequestration": {"rate": 0.02, "on_losses": True, "base": "gross"},
    "payment_withhold": 0.25,
    "truncation": 0.99,
    "stop_loss": {"elect": True, "attachment": [150_000], "share": [0.9]},
}


def test_every_term_finds_its_place() -> None:
    terms, problems = read_terms(FULL)
    assert problems == []
    assert terms is not None
    assert terms.target_loss_ratio == 0.85
    assert (terms.discount, terms.benchmark_addition, terms.retention_withhold) == (0.02, 0.015, 0.02)
    assert (terms.quality_withhold, terms.quality_earned_by, terms.quality_gate) == (0.05, "gate", 0.4)
    assert terms.equity_adjustment
    assert (terms.minimum_savings_rate, terms.strict_minimum, terms.minimum_loss_rate) == (0.02, True, 0.01)
    assert terms.sharing_threshold == 0.02
    assert terms.savings_bands == (Band(0.05, 0.5), Band(inf, 0.1))
    assert terms.loss_bands == (Band(inf, 0.3),)
    assert terms.savings_quality == QualityRule("cost_quality_split", 0.7)
    assert terms.loss_quality.kind == "one_minus_rate_q"
    assert (terms.gross_savings_limit, terms.gross_loss_limit) == (0.15, inf)
    assert (terms.shared_savings_limit, terms.shared_loss_limit) == (0.10, 0.10)
    assert (terms.sequestration, terms.sequestration_on_losses) == (0.02, True)
    assert terms.sequestration_base == "gross"
    assert (terms.payment_withhold, terms.truncation_percentile) == (0.25, 0.99)
    assert terms.stop_loss == StopLoss((150_000.0,), (0.9,))


def test_an_empty_contract_shares_everything_both_ways() -> None:
    terms, problems = read_terms({})
    assert problems == []
    assert terms is not None
    assert terms.savings_bands == terms.loss_bands == (Band(inf, 1.0),)


def test_a_bare_number_stands_for_the_principal_key() -> None:
    assert expanded("quality_withhold", 0.03) == {"rate": 0.03}
    assert expanded("cap_gross", 0.05) == {"savings": 0.05, "losses": 0.05}
    assert expanded("bands_savings", 0.5) == [[inf, 0.5]]
    assert expanded("discount", 0.02) == 0.02


def test_a_change_keeps_what_it_does_not_name() -> None:
    assert merged({"rate": 0.05, "reporting_share": 0.8}, {"rate": 0.03}) == {
        "rate": 0.03,
        "reporting_share": 0.8,
    }
    assert merged([[inf, 0.5]], [[inf, 0.4]]) == [[inf, 0.4]]


def test_all_problems_are_told_at_once_each_with_its_place() -> None:
    _, problems = read_terms(
        {
            "discount": 3,
            "quality_withhold": {"rat": 0.02, "earn": "gate"},
            "msr": {"value": "two"},
            "threshold": 0.02,
            "bands_savings": [[0.10, 0.5], [0.05, 1.5]],
            "bands_losses": 0.3,
            "quality_rate": {"savings": "times-q", "split": [0.7, 0.7]},
            "cap_shared": {"savings": -0.1},
            "sequestration": {"on_losses": "yes"},
            "loss_carry_forward": True,
            "stop_loss": {"elect": True, "attachment": [2, 1], "share": [1.0, 1.0]},
        }
    )
    expected = [
        "quality_withhold.rat: unknown key; did you mean 'rate'?",
        "quality_withhold.gate: is missing",
        "discount: 3 is not allowed; a fraction, not a percent",
        "msr.value: 'two' is not allowed",
        "threshold: is 0.02; above_threshold needs one",
        "bands_savings: the upper ends [0.1, 0.05] do not rise",
        "bands_savings: the rates [0.5, 1.5]",
        "quality_rate.savings: 'times-q' is not allowed; did you mean 'times_q'?",
        "quality_rate.split: 0.7 and 0.7 are no two parts of 1",
        "cap_shared.savings: -0.1 is not allowed",
        "sequestration.on_losses: 'yes' is not allowed; true or false",
        "loss_carry_forward: losses that are repaid are not carried",
        "stop_loss.attachment: needs rising amounts",
    ]
    assert [any(problem.startswith(start) for problem in problems) for start in expected] == [True] * 13
    assert len(problems) == len(expected)


@pytest.mark.parametrize(
    ("contract", "problem"),
    [
        ({"bands_savings": "half"}, "bands_savings: 'half' is not allowed; a list of pairs"),
        ({"bands_savings": [[0.05, "x"]]}, "a list of pairs"),
        ({"msr": "none"}, "msr: 'none' is not allowed; a table with value, strict"),
        ({"quality_rate": {"savings": "table"}}, "quality_rate.table: [] is no list"),
        ({"quality_rate": {"savings": "cost_quality_split"}}, "quality_rate.split: is missing"),
        ({"quality_rate": {"split": [1.0]}}, "quality_rate.split: [1.0] is not allowed; two numbers"),
        (
            {"quality_rate": {"losses": "one_minus_rate_q"}, "bands_losses": []},
            "'one_minus_rate_q' needs bands_losses",
        ),
        ({"discount": 0.5, "quality_withhold": 0.3, "retention_withhold": 0.2}, "takes 1 of the benchmark"),
        ({"stop_loss": {"attachment": "high"}}, "stop_loss.attachment: 'high' is not allowed"),
    ],
)
def test_a_contract_that_makes_no_sense_is_refused(contract: dict[str, object], problem: str) -> None:
    terms, problems = read_terms(contract)
    assert terms is None
    assert any(problem in told for told in problems), problems
