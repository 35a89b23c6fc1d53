"""Contract years worked by hand, contract by contract; the arithmetic stands beside each.

Cents are exact: amounts below are whole dollars, and sums of a few products of doubles stay within a
millionth of a cent.
"""

import numpy as np
import pytest

from simcore.model.contracts.contract_year import contract_steps
from simcore.model.contracts.terms import Band, ContractTerms
from tests.model.contracts.settling import worked

M = 1_000_000.0
MILLIONTH_OF_A_CENT = 1e-8


def cents(amount: float) -> object:
    return pytest.approx(amount, abs=1e-6, rel=MILLIONTH_OF_A_CENT)


@pytest.mark.parametrize(
    ("year", "expenditures", "quality", "carried", "bonus", "held"),
    [
        (2005, 98.0, 1.0, 0.0, 0, 0),  # exactly 2 %: the gate is strict
        (2005, 97.9, 1.0, 0.0, 80_000, 20_000),  # (2.1 - 2.0) x 0.80
        (2005, 95.0, 1.0, 0.0, 2_400_000, 600_000),  # 3.0 x 0.80
        (2007, 95.0, 0.9, 0.0, 2_280_000, 570_000),  # 2.4 x (0.5 + 0.5 x 0.9)
        (2007, 88.0, 1.0, 0.0, 5_000_000, 1_250_000),  # 10.0 x 0.80 = 8.0, limit 5 % of 100
        (2006, 95.0, 0.8, 1.0, 1_472_000, 368_000),  # (3.0 - 1.0) x 0.80 x (0.6 + 0.4 x 0.8)
    ],
)
def test_physician_group_practice(
    year: int, expenditures: float, quality: float, carried: float, bonus: float, held: float
) -> None:
    done = worked("PGP", year, 100 * M, expenditures * M, quality=quality, carried_losses=carried * M)
    assert done.earned_shared_savings == cents(bonus)
    assert done.withheld_payment == cents(held)
    assert done.owed_shared_losses == 0.0


def test_physician_group_practice_remembers_losses_beyond_two_percent() -> None:
    # 105 against 100: 5 - 2 is remembered; 101.5 lies within 2 %: nothing; savings of 3 past the gate
    # use up 3 of the 4 that were carried.
    assert worked("PGP", 2006, 100 * M, 105 * M).carried_losses == cents(3 * M)
    assert worked("PGP", 2006, 100 * M, 101.5 * M, carried_losses=M).carried_losses == cents(M)
    assert worked("PGP", 2006, 100 * M, 95 * M, carried_losses=4 * M).carried_losses == cents(M)


@pytest.mark.parametrize(
    ("contract", "year", "expenditures", "quality", "shared", "paid"),
    [
        ("PIONEER-CORE", 2012, 199.0, 1.0, 0, 0),  # 0.5 % is below 1 %
        ("PIONEER-CORE sequestration=0.02", 2012, 190.0, 1.0, 6_000_000, 5_880_000),  # 10 x 0.60; x 0.98
        ("PIONEER-CORE", 2012, 190.0, 1.0, 6_000_000, 6_000_000),  # paid before April 2013
        ("PIONEER-CORE", 2013, 190.0, 0.9, 6_300_000, 6_174_000),  # 10 x 0.70 x 0.9; x 0.98
        ("PIONEER-CORE", 2012, 160.0, 1.0, 20_000_000, 20_000_000),  # 40 x 0.60 = 24, limit 10 % of 200
        ("PIONEER-A", 2012, 206.0, 1.0, -3_000_000, -3_000_000),  # 6 x (1 - 0.50)
        ("PIONEER-A", 2013, 206.0, 0.8, -3_120_000, -3_120_000),  # 6 x (1 - 0.60 x 0.8)
        ("PIONEER-C", 2012, 206.0, 1.0, 0, 0),  # one-sided in its first year
        ("PIONEER-B", 2012, 160.0, 1.0, 28_000_000, 28_000_000),  # 40 x 0.70 = 28, below 15 % of 200
    ],
)
def test_pioneer(
    contract: str, year: int, expenditures: float, quality: float, shared: float, paid: float
) -> None:
    done = worked(contract, year, 200 * M, expenditures * M, quality=quality)
    assert done.shared_savings - done.shared_losses == cents(shared)
    assert done.earned_shared_savings - done.owed_shared_losses == cents(paid)


def test_pioneer_genesys_repaid_half_of_its_loss_of_2012() -> None:
    # AJMC 2014: gross loss 5.10 million, -2.9 %, repaid 2.55 million.
    done = worked("PIONEER-A", 2012, 5.10 * M / 0.029, 5.10 * M / 0.029 + 5.10 * M)
    assert done.owed_shared_losses == cents(2.55 * M)


@pytest.mark.parametrize(
    ("contract", "expenditures", "benchmark", "limited", "shared", "paid"),
    [
        # The discount is taken as 2.0, 1.25 or 0.5 %; the arrangement shares 80 or 100 %.
        ("NGACO-A cap=0.05 discount=0.02", 98.0, 98.0, 0, 0, 0),
        ("NGACO-A cap=0.05 discount=0.02", 95.0, 98.0, 3_000_000, 2_400_000, 2_352_000),
        ("NGACO-A cap=0.05 discount=0.02", 90.0, 98.0, 4_900_000, 3_920_000, 3_841_600),  # 5 % of 98, x 0.8
        ("NGACO-B cap=0.15 discount=0.02", 90.0, 98.0, 8_000_000, 8_000_000, 7_840_000),
        ("NGACO-B cap=0.15", 103.0, 98.75, -4_250_000, -4_250_000, -4_250_000),
        # It saved 0.4 % and writes a check: the discount is 0.5 %.
        ("NGACO-A cap=0.10", 99.6, 99.5, -100_000, -80_000, -80_000),
    ],
)
def test_next_generation(
    contract: str, expenditures: float, benchmark: float, limited: float, shared: float, paid: float
) -> None:
    done = worked(contract, 2019, 100 * M, expenditures * M)
    assert done.updated_benchmark == cents(benchmark * M)
    assert done.limited_savings - done.limited_losses == cents(limited)
    assert done.shared_savings - done.shared_losses == cents(shared)
    assert done.earned_shared_savings - done.owed_shared_losses == cents(paid)


def test_next_generation_limits_before_it_shares() -> None:
    # The agreement's own example: a limit of 5 % and a share of 80 % pay up to 4 % of the benchmark.
    done = worked("NGACO-A cap=0.05 discount=0", 2016, 100 * M, 50 * M)
    assert done.shared_savings == cents(4 * M)


def test_next_generation_quality_enters_the_discount_of_2016() -> None:
    # 2 % + 1 % x (1 - 0.5).
    done = worked("NGACO-A", 2016, 100 * M, 100 * M, quality=0.5)
    assert done.updated_benchmark == cents(97.5 * M)


@pytest.mark.parametrize(
    ("contract", "year", "expenditures", "quality", "equity", "benchmark", "shared", "paid"),
    [
        # 100 - 2 = 98; all within 25 %
        ("REACH-GLOBAL", 2021, 93.0, 1.0, 0.0, 98.0, 5_000_000, 4_900_000),
        # 100 - 3 - 2 x 0.2 = 96.6
        ("REACH-GLOBAL", 2023, 93.0, 0.8, 0.0, 96.6, 3_600_000, 3_528_000),
        # and 2 more held back
        ("REACH-GLOBAL retention=yes", 2023, 93.0, 0.8, 0.0, 94.6, 1_600_000, 1_568_000),
        # 96.6 + 0.5
        ("REACH-GLOBAL", 2023, 93.0, 0.8, 0.5, 97.1, 4_100_000, 4_018_000),
        # 100 - 4 - 5 x 0.1 = 95.5; 15.5: 9.55 + 5.95 x 0.5
        ("REACH-GLOBAL", 2026, 80.0, 0.9, 0.0, 95.5, 12_525_000, 12_274_500),
        # 12: 5 x 0.5 + 5 x 0.35 + 2 x 0.15
        ("REACH-PROFESSIONAL", 2023, 88.0, 1.0, 0.0, 100.0, 4_550_000, 4_459_000),
        # -7: 5 x 0.5 + 2 x 0.35, no sequestration
        ("REACH-PROFESSIONAL", 2023, 107.0, 1.0, 0.0, 100.0, -3_200_000, -3_200_000),
    ],
)
def test_reach(
    contract: str,
    year: int,
    expenditures: float,
    quality: float,
    equity: float,
    benchmark: float,
    shared: float,
    paid: float,
) -> None:
    done = worked(contract, year, 100 * M, expenditures * M, quality=quality, equity_adjustment=equity * M)
    assert done.updated_benchmark == cents(benchmark * M)
    assert done.shared_savings - done.shared_losses == cents(shared)
    assert done.earned_shared_savings - done.owed_shared_losses == cents(paid)


def test_reach_fourth_band() -> None:
    # Global: 25 x 1 + 10 x 0.5 + 15 x 0.25 + 10 x 0.1 of 98, at savings of 60 % of the benchmark.
    done = worked("REACH-GLOBAL", 2021, 100 * M, 98.0 * 0.4 * M)
    assert done.shared_savings == cents(0.3475 * 98 * M)


def test_reach_quality_of_2021_is_four_fifths_reporting() -> None:
    # 5 % x (1 - (0.8 + 0.2 x 0.5)) = 0.5 %, besides the discount of 2 %.
    assert worked("REACH-GLOBAL", 2021, 100 * M, 90 * M, quality=0.5).updated_benchmark == cents(97.5 * M)


@pytest.mark.parametrize(
    ("contract", "expenditures", "quality", "benchmark", "shared", "paid"),
    [
        # 100 - 1.75 - 3 x 0.1 = 97.95
        ("LEAD-GLOBAL", 93.0, 0.9, 97.95, 4_950_000, 4_851_000),
        # 97; 19.4 is 20 %: 14.55 + 4.85 x 0.5
        ("LEAD-GLOBAL spending=lower", 77.6, 1.0, 97.0, 16_975_000, 16_635_500),
        # 12: 10 x 0.6 + 2 x 0.35
        ("LEAD-PROFESSIONAL", 88.0, 1.0, 100.0, 6_700_000, 6_566_000),
        # -7 x 0.5; sequestration adds 2 % to what is owed
        ("LEAD-PROFESSIONAL", 107.0, 1.0, 100.0, -3_500_000, -3_570_000),
    ],
)
def test_lead(
    contract: str, expenditures: float, quality: float, benchmark: float, shared: float, paid: float
) -> None:
    done = worked(contract, 2027, 100 * M, expenditures * M, quality=quality)
    assert done.updated_benchmark == cents(benchmark * M)
    assert done.shared_savings - done.shared_losses == cents(shared)
    assert done.earned_shared_savings - done.owed_shared_losses == cents(paid)


def test_lead_global_loss_of_the_whole_benchmark_costs_a_third_of_it() -> None:
    # 15 x 1 + 20 x 0.5 + 15 x 0.25 + 50 x 0.1 = 33.75 %, which the source states too.
    done = worked("LEAD-GLOBAL discount=0", 2027, 100 * M, 200 * M)
    assert done.shared_losses == cents(33.75 * M)


def test_lead_sequestration_of_the_gross_amount() -> None:
    # The workbook's reading: 2 % of |7| more is owed, and of 12 less is paid.
    contract = {"preset": "LEAD-PROFESSIONAL", "sequestration": {"base": "gross"}}
    assert worked(contract, 2027, 100 * M, 107 * M).owed_shared_losses == cents(3.64 * M)
    assert worked(contract, 2027, 100 * M, 88 * M).earned_shared_savings == cents(6.46 * M)


def test_commercial_example_with_and_without_a_minimum_savings_rate() -> None:
    # axenehp.com: 125,000 member months at 500.00 and 495.50; 0.9 % is below 1 %; else half of 562,500.
    benchmark, expenditures = 125_000 * 500.0, 125_000 * 495.5
    half = {"bands_savings": 0.5, "bands_losses": []}
    assert worked({**half, "msr": 0.01}, 2024, benchmark, expenditures).earned_shared_savings == 0.0
    assert worked(half, 2024, benchmark, expenditures).earned_shared_savings == cents(281_250)


def test_commercial_two_sided_example() -> None:
    # 40,000 members: 480,000 member months at 450 and 420; half of 14.4 million. The most that can be
    # owed is half of the losses up to 5 % of the target of 216 million: 5.4 million.
    contract = {"msr": 0.02, "mlr": 0.02, "bands_savings": 0.5, "bands_losses": [[0.05, 0.5]]}
    assert worked(contract, 2024, 480_000 * 450.0, 480_000 * 420.0).earned_shared_savings == cents(7.2 * M)
    assert worked(contract, 2024, 480_000 * 450.0, 480_000 * 900.0).owed_shared_losses == cents(5.4 * M)


def test_commercial_quality_gate_and_step() -> None:
    # 10 x 0.5, times 0 below a score of 0.5, 0.5 below 0.8, then 1.
    paid = [
        worked("COMMERCIAL", 2024, 100 * M, 90 * M, quality=score).earned_shared_savings
        for score in (0.49, 0.5, 0.79, 0.8)
    ]
    assert paid == [0.0, cents(2.5 * M), cents(2.5 * M), cents(5 * M)]


def test_medicare_advantage_bands() -> None:
    # 5 % of 100: 3 x 0.50 + 2 x 0.25, on both sides.
    assert worked("MEDICARE-ADVANTAGE", 2024, 100 * M, 95 * M).earned_shared_savings == cents(2 * M)
    assert worked("MEDICARE-ADVANTAGE", 2024, 100 * M, 105 * M).owed_shared_losses == cents(2 * M)


def test_medicaid_corridors_of_published_contracts() -> None:
    # Vermont: all of the cost between 100 and 103 % of what was expected. Michigan: all that is unspent
    # down to 95 %, half of it between 90 and 95 %, nothing below.
    vermont = {"bands_savings": [[0.03, 1.0]], "bands_losses": "same"}
    michigan = {"bands_savings": [[0.05, 1.0], [0.10, 0.5]], "bands_losses": []}
    assert worked(vermont, 2024, 100 * M, 110 * M).owed_shared_losses == cents(3 * M)
    assert worked(michigan, 2024, 100 * M, 80 * M).earned_shared_savings == cents(7.5 * M)


def test_a_benchmark_that_withholds_use_up_is_refused() -> None:
    terms = ContractTerms(savings_bands=(Band(np.inf, 1.0),), discount=1.0)
    with pytest.raises(ValueError, match="not positive"):
        contract_steps(M, M, terms)
