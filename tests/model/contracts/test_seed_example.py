"""A benchmark of 10 million and 8 million spent, settled under every contract there is.

The quality score is 1 and the standard met. The arithmetic stands beside each; ``docs/contracts.md`` shows
the same table, and is held to it here.
"""

import re
from datetime import date
from pathlib import Path

import pytest

from simcore.cli.settle_all import limit_binds, settle_all
from simcore.cli.settle_case import read_rules
from simcore.model.aco_year import AcoYear, year_rules
from simcore.model.contracts.waterfall import settle_one
from simcore.model.settlement import Settlement, settle
from simcore.model.terms import track_terms
from simcore.regulation.reader import read_regulation
from tests.model.contracts.settling import PRESETS

BENCHMARK, EXPENDITURES = 10_000_000.0, 8_000_000.0
HALF_A_CENT = 0.005
DOCUMENT = Path(__file__).parents[3] / "docs" / "contracts.md"

# Contract, performance year: net settlement, whether a limit binds.
PROGRAM = {
    ("TRACK-1", 2021): (980_000.00, False),  # 2,000,000 x 0.50 x 0.98
    ("TRACK-1+", 2021): (980_000.00, False),
    ("TRACK-2", 2021): (1_176_000.00, False),  # 2,000,000 x 0.60 x 0.98
    ("TRACK-3", 2021): (1_470_000.00, False),  # 2,000,000 x 0.75 x 0.98
    ("BASIC-A", 2024): (784_000.00, False),  # 2,000,000 x 0.40 x 0.98
    ("BASIC-B", 2024): (784_000.00, False),
    ("BASIC-C", 2024): (980_000.00, False),  # 2,000,000 x 0.50 x 0.98; the limit is 1,000,000
    ("BASIC-D", 2024): (980_000.00, False),
    ("BASIC-E", 2024): (980_000.00, False),
    ("ENHANCED", 2024): (1_470_000.00, False),  # 2,000,000 x 0.75 x 0.98; the limit is 2,000,000
}
MODELS = {
    ("PGP", 2005): (500_000.00, True),  # (2,000,000 - 200,000) x 0.80 = 1,440,000; limit 5 % of 10,000,000
    ("PGP", 2009): (500_000.00, True),  # at full quality it does not matter which part of the pool is for it
    ("PIONEER-CORE", 2012): (1_000_000.00, True),  # 2,000,000 x 0.60 = 1,200,000; limit 10 %
    ("PIONEER-CORE", 2016): (1_372_000.00, False),  # 2,000,000 x 0.70 x 0.98; limit 15 %
    ("PIONEER-A", 2012): (500_000.00, True),  # 2,000,000 x 0.50 = 1,000,000; limit 5 %
    ("PIONEER-A", 2016): (1_372_000.00, False),  # 2,000,000 x 0.70 x 0.98; limit 15 %
    ("PIONEER-B", 2012): (1_400_000.00, False),  # 2,000,000 x 0.70; limit 15 %
    ("PIONEER-B", 2016): (1_470_000.00, False),  # 2,000,000 x 0.75 = 1,500,000, which is the limit; x 0.98
    ("PIONEER-C", 2012): (500_000.00, True),  # 2,000,000 x 0.50 = 1,000,000; limit 5 %
    ("PIONEER-C", 2016): (1_372_000.00, False),  # 2,000,000 x 0.70 x 0.98; limit 15 %
    ("NGACO-A cap=0.10", 2021): (780_080.00, True),  # B 9,950,000; 1,950,000, at most 995,000; x 0.80 x 0.98
    ("NGACO-B cap=0.10", 2021): (967_750.00, True),  # B 9,875,000; at most 987,500; x 1.00 x 0.98
    ("NGACO-B cap=0.15", 2021): (1_451_625.00, True),  # B 9,875,000; at most 1,481,250; x 1.00 x 0.98
    ("REACH-GLOBAL", 2024): (1_666_000.00, False),  # B 9,700,000; 1,700,000 is 17.5 %, all x 1; x 0.98
    # B 9,600,000; 960,000 x 1 + 640,000 x 0.50 = 1,280,000; x 0.98
    ("REACH-GLOBAL", 2026): (1_254_400.00, False),
    # 500,000 x 0.50 + 500,000 x 0.35 + 500,000 x 0.15 + 500,000 x 0.05 = 525,000; x 0.98
    ("REACH-PROFESSIONAL", 2024): (514_500.00, False),
    # B 9,825,000; 1,473,750 x 1 + 351,250 x 0.50 = 1,649,375; x 0.98
    ("LEAD-GLOBAL", 2027): (1_616_387.50, False),
    # 1,000,000 x 0.60 + 500,000 x 0.35 + 500,000 x 0.15 = 850,000; x 0.98
    ("LEAD-PROFESSIONAL", 2027): (833_000.00, False),
    ("COMMERCIAL", 2024): (1_000_000.00, False),  # 2,000,000 x 0.50, which is the limit of 10 %
    ("MEDICARE-ADVANTAGE", 2024): (575_000.00, False),  # 300,000 x 0.50 + 1,700,000 x 0.25
}


def under_the_program(track: str, year: int) -> Settlement:
    """Settle under a track, with an ACO of 10,000 people in its first agreement."""
    start = date(2024, 1, 1) if year == 2024 else date(2019, 1, 1)
    aco = AcoYear(performance_year=year, agreement_start=start, assigned_beneficiaries=10_000.0)
    regulation = read_regulation()
    terms = track_terms(regulation, aco, year_rules(regulation, aco), track=track).terms
    return settle(BENCHMARK, EXPENDITURES, terms)


@pytest.mark.parametrize(("contract", "expected"), PROGRAM.items(), ids=str)
def test_under_the_shared_savings_program(contract: tuple[str, int], expected: tuple[float, bool]) -> None:
    done = under_the_program(*contract)
    assert done.net_settlement == pytest.approx(expected[0], abs=HALF_A_CENT)
    assert done.payment_limit_binds == expected[1]


@pytest.mark.parametrize(("contract", "expected"), MODELS.items(), ids=str)
def test_under_every_other_contract(contract: tuple[str, int], expected: tuple[float, bool]) -> None:
    label, year = contract
    outcome = settle_one(label, BENCHMARK, EXPENDITURES, PRESETS, performance_year=year)
    assert outcome.settlement.net_settlement == pytest.approx(expected[0], abs=HALF_A_CENT)
    assert outcome.settlement.payment_limit_binds == expected[1]


def test_every_contract_is_in_the_example() -> None:
    assert {label.split()[0] for label, _ in MODELS} == set(PRESETS.labels)


def test_one_command_shows_every_contract() -> None:
    words = {"benchmark": "10000000", "expenditures": "8000000", "assigned_beneficiaries": "10000"}
    lines, _ = settle_all(words, read_rules())
    # An election that nobody made is the middle of its range.
    told = {
        (label.removesuffix(" cap=0.10"), year): expected
        for (label, year), expected in {**PROGRAM, **MODELS}.items()
    }
    for line in lines:
        net, binds = told.pop((line.contract, line.performance_year))
        assert line.outcome.settlement.net_settlement == pytest.approx(net, abs=HALF_A_CENT)
        assert limit_binds(line.outcome.settlement) == binds
    assert {label.split()[0] for label, _ in told} <= {line.contract for line in lines}


def test_the_document_shows_the_same_figures() -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \| (\d{4}) \|.*\| (yes|no) \| \$([\d,.]+) \|$", DOCUMENT.read_text(), re.M
    )
    shown = {
        (label, int(year)): (float(net.replace(",", "")), binds == "yes") for label, year, binds, net in rows
    }
    assert shown == {**PROGRAM, **MODELS}
