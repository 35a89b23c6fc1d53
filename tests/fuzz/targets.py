"""What reads a file that a user brings: each takes any bytes, and accepts them or says what to mend."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import xarray as xr
from hypothesis import strategies as st

from simcore.cli.portfolio_file import read_portfolio
from simcore.cli.settle_case import Rules, read_rules
from simcore.cli.settle_table import settle_table
from simcore.cms.aco_scenario import aco_scenario
from simcore.cms.public_results import read_public_results
from simcore.cms.replay import replay_results
from simcore.errors import SimcoreError
from simcore.regulation.presets import read_presets
from simcore.regulation.reader import read_regulation
from simcore.scenario.amount_file import read_amounts
from simcore.scenario.beneficiary_file import read_beneficiary_file
from simcore.scenario.files import read_scenario
from simcore.scenario.schema import parse_scenario
from simcore.scenario.writer import scenario_toml
from simcore.simulate import Block, prepare, simulate_block
from simcore.store import load, save
from tests.cms.built_files import COLUMNS_2024, ROWS_2024
from tests.example_results import example_result
from tests.strategies import (
    contract_files,
    damaged_files,
    portfolio_files,
    rules_files,
    scenario_files,
    tables,
)

LONGEST_MESSAGE = 20_000
"""Characters: a message is read by a person."""


@dataclass(frozen=True, slots=True)
class Target:
    """A reader of files: the name of its file, the inputs to try, how it is called, and its share of them."""

    file: str
    inputs: st.SearchStrategy[bytes]
    read: Callable[[Path], object]
    share: int


@cache
def rules() -> Rules:
    """Return the rules, read once."""
    return read_rules()


def check(target: Target, content: bytes) -> bool:
    """Let a target read `content`: true if it accepts it; an assertion if it does not, but not in words either."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / target.file
        path.write_bytes(content)
        try:
            target.read(path)
        except SimcoreError as error:
            _usable(error)
            return False
        finally:
            assert [entry.name for entry in Path(folder).iterdir()] == [target.file], (
                "a reader left a file behind"
            )
    return True


def _usable(error: SimcoreError) -> None:
    """Hold a message to what a user needs: a place, a problem, of a length that is read, safe on a terminal."""
    message = str(error)
    assert error.source
    assert error.problems
    assert all(problem.strip() for problem in error.problems)
    assert len(message) <= LONGEST_MESSAGE, f"{len(message)} characters"
    assert all(character.isprintable() or character == "\n" for character in message), repr(message[:300])


def _read_scenario(path: Path) -> None:
    """Simulate a few replicates of a scenario: all numbers exist; and write it: what is read again is the same."""
    scenario = read_scenario(path)
    few = scenario.with_changes({"simulation.engine": "pooled"})
    for name, values in simulate_block(prepare(few), Block(0, 3)).items():
        assert np.isfinite(values).all(), f"{name} is not finite"
    again = parse_scenario(json.loads(scenario.canonical_json()), source="canonical")
    assert again.digest() == scenario.digest()
    written = path.with_name("written.toml")
    written.write_text(scenario_toml(scenario), encoding="utf-8")
    try:
        assert read_scenario(written).canonical_json() == scenario.canonical_json()
    finally:
        written.unlink()


def _read_public_results(path: Path) -> None:
    """Read a results file, replay it, and make a scenario of its first ACO."""
    results = read_public_results(path)
    replay_results(results, rules().regulation)
    aco_scenario(results, str(results.frame["aco_id"].iloc[0]))


def _read_rules(path: Path) -> None:
    """Lay the file's folder over the rules."""
    assert read_regulation([path.parent]).digest


def _read_contracts(path: Path) -> None:
    """Lay the file over the shipped contracts."""
    with TemporaryDirectory() as folder:
        overlay = Path(folder) / "contracts"
        overlay.mkdir()
        (overlay / path.name).write_bytes(path.read_bytes())
        assert read_presets([Path(folder)]).digest


def _load_result(path: Path) -> None:
    """Load a result: damage that is not refused has changed nothing."""
    xr.testing.assert_equal(load(path), example_result(20))


@cache
def _result_bytes() -> bytes:
    """Return a sound result file."""
    with TemporaryDirectory() as folder:
        return save(example_result(20), Path(folder) / "result.nc").read_bytes()


BY_TYPE = tuple(
    (f"{column}_{kind}_PY", value)
    for kind, years, amount in (("ESRD", "90", "82000"), ("AGED_NON_DUAL", "9700", "11000"))
    for column, value in (("N_AB_Year", years), ("Per_Capita_Exp_ALL", amount), ("CMS_HCC_RiskScore", "1.02"))
)
RESULTS_HEADER = (*COLUMNS_2024, *(name for name, _ in BY_TYPE))
RESULTS_ROWS = tuple((*row, *(value for _, value in BY_TYPE)) for row in ROWS_2024)
"""CMS's results file of 2024 in small, with what a scenario needs besides."""

SETTLE_HEADER = (
    "track",
    "assigned_beneficiaries",
    "benchmark",
    "expenditures",
    "quality_score",
    "agreement_start",
)
SETTLE_ROWS = (
    ("ENHANCED", "12000", "150000000", "145000000", "0.85", "2024-01-01"),
    ("BASIC-E", "8000", "90000000", "93000000", "", "2022-01-01"),
)
BENEFICIARY_HEADER = ("enrollment_type", "risk_score", "months")
BENEFICIARY_ROWS = (("AGED_NON_DUAL", "0.9", "12"), ("ESRD", "1.2", "7"), ("aged dual", "1", "12"))
AMOUNT_HEADER = ("amount", "weight")
AMOUNT_ROWS = (("0", "1"), ("1200.50", "1"), ("98000", "0.5"))

TARGETS = {
    "scenario": Target("scenario.toml", scenario_files(), _read_scenario, 30),
    "rules": Target("rules.toml", rules_files(), _read_rules, 8),
    "contracts": Target("contracts.toml", contract_files(), _read_contracts, 6),
    "portfolio": Target("portfolio.toml", portfolio_files(), read_portfolio, 6),
    "results": Target("PY2024.csv", tables(RESULTS_HEADER, RESULTS_ROWS), _read_public_results, 14),
    "settle table": Target(
        "table.csv",
        tables(SETTLE_HEADER, SETTLE_ROWS),
        lambda path: settle_table(path, rules(), decimals=2),
        12,
    ),
    "beneficiaries": Target(
        "people.csv", tables(BENEFICIARY_HEADER, BENEFICIARY_ROWS), read_beneficiary_file, 8
    ),
    "amounts": Target("amounts.csv", tables(AMOUNT_HEADER, AMOUNT_ROWS), read_amounts, 6),
    "stored result": Target("result.nc", damaged_files(_result_bytes()), _load_result, 10),
}
"""Every reader, with its share of the inputs in percent."""
