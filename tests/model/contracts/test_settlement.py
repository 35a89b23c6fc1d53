"""A contract's settlement in the words of every settlement: identities, arrays, years, and MSSP itself."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simcore.model.contracts.in_force import contract_terms, contract_years
from simcore.model.contracts.settlement import settle_contract, settle_contract_years
from simcore.model.contracts.terms import Band, ContractTerms
from simcore.model.settlement import SharingTerms, settle
from tests.model.contracts.settling import PRESETS, settled

CONTRACTS = [(label, year) for label in PRESETS.labels for year in (2005, 2012, 2016, 2021, 2024, 2026, 2031)]
CENT = 0.01

STEADY = settings(derandomize=True, deadline=None)
"""The same examples in every run, however busy the machine."""

years_of = st.sampled_from(CONTRACTS)
expenditure_ratios = st.floats(0.05, 3.0)
scores = st.floats(0.0, 1.0)


@STEADY
@given(years_of, expenditure_ratios, scores)
def test_the_aco_gets_no_more_than_was_saved_and_owes_no_more_than_was_lost(
    contract: tuple[str, int], ratio: float, quality: float
) -> None:
    # LEAD's sequestration adds 2 % to a loss.
    done = settled(*contract, 50e6, 50e6 * ratio, quality=quality)
    assert done.earned_shared_savings <= max(done.gross_savings, 0.0) + CENT
    assert done.owed_shared_losses <= 1.02 * max(-done.gross_savings, 0.0) + CENT


@STEADY
@given(years_of, expenditure_ratios, scores)
def test_never_both_savings_and_losses(contract: tuple[str, int], ratio: float, quality: float) -> None:
    done = settled(*contract, 50e6, 50e6 * ratio, quality=quality)
    assert not (done.earned_shared_savings > 0.0 and done.owed_shared_losses > 0.0)
    assert done.earned_shared_savings >= 0.0
    assert done.owed_shared_losses >= 0.0
    assert done.earned_shared_savings == 0.0 or done.msr_met
    assert done.owed_shared_losses == 0.0 or done.mlr_met


@STEADY
@given(years_of, expenditure_ratios, scores)
def test_what_is_earned_and_owed_is_the_lesser_of_share_and_limit(
    contract: tuple[str, int], ratio: float, quality: float
) -> None:
    done = settled(*contract, 50e6, 50e6 * ratio, quality=quality)
    earned = min(done.shared_savings_before_limit, done.performance_payment_limit)
    owed = min(done.shared_losses_before_limit, done.loss_recoupment_limit)
    assert done.earned_shared_savings == pytest.approx(earned, abs=CENT)
    assert done.owed_shared_losses == pytest.approx(owed, abs=CENT)


@STEADY
@given(years_of, expenditure_ratios, scores)
def test_the_final_rates_explain_the_shares(contract: tuple[str, int], ratio: float, quality: float) -> None:
    label, year = contract
    done = settled(label, year, 50e6, 50e6 * ratio, quality=quality)
    threshold = contract_terms(label, year, PRESETS).terms.sharing_threshold
    if done.msr_met:
        shared = done.final_sharing_rate * (done.gross_savings - threshold * done.updated_benchmark)
        assert done.shared_savings_before_sequestration == pytest.approx(shared, abs=CENT)
    assert done.final_sharing_rate <= done.maximum_sharing_rate + 1e-12
    assert 0.0 <= done.final_loss_rate <= 1.0


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: f"{contract[0]} {contract[1]}")
def test_arrays_settle_as_numbers_do(contract: tuple[str, int]) -> None:
    terms = contract_terms(*contract, PRESETS).terms
    expenditures = np.linspace(20e6, 90e6, 15).reshape(3, 5)
    quality = np.linspace(0.0, 1.0, 15).reshape(3, 5)
    whole = settle_contract(50e6, expenditures, terms, quality=quality)
    for place in np.ndindex(3, 5):
        one = settle_contract(50e6, float(expenditures[place]), terms, quality=float(quality[place]))
        for name, value, number in zip(one._fields, whole, one, strict=True):
            assert np.broadcast_to(value, (3, 5))[place] == number, name


def test_years_settle_one_by_one_where_nothing_is_carried() -> None:
    years = (2025, 2026)
    terms, _ = contract_years("REACH-GLOBAL", years, PRESETS)
    benchmark, expenditures = np.full((2, 4), 50e6), np.linspace(30e6, 60e6, 8).reshape(2, 4)
    whole = settle_contract_years(benchmark, expenditures, terms, quality=0.9)
    for place, year_terms in enumerate(terms):
        year = settle_contract(benchmark[place], expenditures[place], year_terms, quality=0.9)
        np.testing.assert_array_equal(whole.net_settlement[place], year.net_settlement)
    assert all(np.shape(field) == (2, 4) for field in whole)


def test_losses_are_carried_from_year_to_year_in_each_replicate() -> None:
    # PGP, 100 million. Replicate 0 loses 6 % (4 million past the threshold), then saves 5 % (3 past it:
    # used up, 1 left), then saves 7 %: 5 - 1 = 4 million x 0.80. Replicate 1 saves each time.
    expenditures = np.array([[106e6, 100e6], [95e6, 95e6], [93e6, 93e6]])
    terms, _ = contract_years("PGP", (2007, 2008, 2009), PRESETS)
    done = settle_contract_years(np.full((3, 2), 100e6), expenditures, terms)
    expected = [[0.0, 0.0], [0.0, 2.4e6], [3.2e6, 4.0e6]]
    np.testing.assert_allclose(done.earned_shared_savings, expected, atol=CENT)
    assert not done.owed_shared_losses.any()


def test_as_many_terms_as_years() -> None:
    terms, _ = contract_years("PGP", (2007, 2008), PRESETS)
    with pytest.raises(ValueError, match="zip"):
        settle_contract_years(np.full((3, 2), 1e6), np.full((3, 2), 1e6), terms)


@STEADY
@given(
    expenditure_ratios,
    st.sampled_from([0.0, 0.005, 0.02, 0.035]),
    st.floats(0.1, 0.75),
    st.floats(0.05, 0.2),
    st.floats(0.3, 0.75),
    st.floats(0.01, 0.15),
)
def test_the_shared_savings_program_is_one_such_contract(
    ratio: float, minimum: float, share: float, limit: float, loss_rate: float, loss_limit: float
) -> None:
    # It limits the payment after sequestration, the others before: 10 % of the benchmark paid is a limit
    # of 10 / 0.98 %.
    program = SharingTerms(
        minimum_savings_rate=minimum,
        maximum_sharing_rate=share,
        final_sharing_rate=share,
        performance_payment_limit=limit,
        sequestration=0.02,
        minimum_loss_rate=minimum,
        final_loss_rate=loss_rate,
        benchmark_loss_limit=loss_limit,
    )
    contract = ContractTerms(
        savings_bands=(Band(inf, share),),
        loss_bands=(Band(inf, loss_rate),),
        minimum_savings_rate=minimum,
        minimum_loss_rate=minimum,
        shared_savings_limit=limit / 0.98,
        shared_loss_limit=loss_limit,
        sequestration=0.02,
    )
    theirs, ours = settle(50e6, 50e6 * ratio, program), settle_contract(50e6, 50e6 * ratio, contract)
    binding = {"payment_limit_binds", "loss_limit_binds"}
    for name, expected, value in zip(theirs._fields, theirs, ours, strict=True):
        if name not in binding:
            assert value == pytest.approx(expected, abs=CENT), name


def test_the_limit_that_binds_is_named() -> None:
    # NGACO-A: 20 % saved against a limit of 10 % before sharing; a commercial contract without a limit.
    assert settled("NGACO-A cap=0.10 discount=0", 2021, 10e6, 8e6).payment_limit_binds
    assert settled("NGACO-A cap=0.10 discount=0", 2021, 10e6, 12e6).loss_limit_binds
    assert not settled({"bands_savings": 0.5}, 2021, 10e6, 8e6).payment_limit_binds


def test_an_equity_adjustment_counts_only_where_the_contract_has_one() -> None:
    terms = contract_terms("REACH-GLOBAL", 2023, PRESETS).terms
    without = replace(terms, equity_adjustment=False)
    with_it = settle_contract(10e6, 9e6, terms, equity_adjustment=50_000.0).updated_benchmark
    assert (
        with_it - settle_contract(10e6, 9e6, without, equity_adjustment=50_000.0).updated_benchmark == 50_000
    )
