"""The lines of a contract year add up and have their sources."""

import pytest

from simcore.model.contracts.waterfall import settle_one
from tests.model.contracts.settling import PRESETS

CENT = 0.01


def lines(contract: object, expenditures: float, year: int, **more: float) -> dict[str, object]:
    outcome = settle_one(contract, 10e6, expenditures, PRESETS, performance_year=year, **more)
    return {step.step: step for step in outcome.steps}


def test_the_benchmark_s_lines_add_to_the_updated_benchmark() -> None:
    # 10,000,000 - 400,000 - 200,000 x ... : 4 %, 2 % retention, 5 % x (1 - 0.9), and 20,000 for equity.
    told = lines("REACH-GLOBAL retention=yes", 8e6, 2026, quality=0.9, equity_adjustment=20_000.0)
    parts = [
        "Benchmark",
        "Discount",
        "Retention withhold",
        "Quality withhold not earned back",
        "Equity adjustment",
    ]
    assert [told[part].value for part in parts] == pytest.approx([10e6, -4e5, -2e5, -5e4, 2e4], abs=CENT)
    assert told["Updated benchmark"].value == pytest.approx(sum(told[part].value for part in parts), abs=CENT)


def test_a_line_has_its_source_and_says_what_nobody_has_verified() -> None:
    told = lines("NGACO-A", 8e6, 2021)
    assert "lawinsider" in told["Sequestration"].citation
    assert not told["Sequestration"].unverified
    assert told["Discount"].unverified
    # A user's own value is the user's.
    assert lines("NGACO-A discount=0.01", 8e6, 2021)["Discount"].citation == "contract NGACO-A discount=0.01"


def test_the_lines_of_savings_follow_the_order_of_the_contract() -> None:
    # (2,000,000 - 200,000 - 300,000) x 0.80 x (0.7 + 0.3 x 0.9) = 1,164,000; limit 500,000; a quarter held.
    told = lines("PGP", 8e6, 2005, quality=0.9, carried_losses=300_000.0)
    assert [name for name in told if "avings" in name] == [
        "Gross savings",
        "Savings rate",
        "Minimum savings rate",
        "Savings exceed the minimum savings rate",
        "Savings above the threshold",
        "Savings after losses of earlier years",
        "Shared savings before the limit",
        "Limit of shared savings",
        "Shared savings",
        "Earned shared savings",
    ]
    assert told["Shared savings before the limit"].value == pytest.approx(1_164_000, abs=CENT)
    assert told["Of which paid later"].value == pytest.approx(125_000, abs=CENT)


def test_losses_have_lines_of_their_own() -> None:
    # LEAD Professional: 1,000,000 x 0.5, and 2 % more by sequestration.
    told = lines("LEAD-PROFESSIONAL", 11e6, 2027)
    assert told["Sequestration"].value == pytest.approx(10_000, abs=CENT)
    assert told["Net settlement"].value == pytest.approx(-510_000, abs=CENT)
    # Commercial: half of 1,500,000 against a limit of 5 % of the benchmark.
    told = lines("COMMERCIAL", 11.5e6, 2027)
    assert (told["Limit of shared losses"].value, told["The limit binds"].value) == (500_000.0, True)
    # Next Generation: at most 10 % of 9,950,000 before sharing.
    assert lines("NGACO-A", 12e6, 2021)["Losses after the limit before sharing"].value == pytest.approx(
        995_000
    )


def test_a_one_sided_contract_owes_nothing_and_remembers() -> None:
    told = lines("PGP", 11e6, 2005)
    assert told["Losses are owed"].value is False
    assert told["Losses carried to later years"].value == pytest.approx(800_000, abs=CENT)
    assert told["Net settlement"].value == 0.0
    assert "Losses carried to later years" not in lines(
        {"bands_savings": 0.5, "bands_losses": []}, 11e6, 2024
    )
