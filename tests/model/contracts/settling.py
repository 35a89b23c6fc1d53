"""Settle a contract by its label, for tests: the presets as shipped, every step at hand."""

from collections.abc import Mapping

from simcore.model.contracts.contract_year import ContractSteps, contract_steps
from simcore.model.contracts.in_force import contract_terms
from simcore.model.contracts.settlement import as_settlement
from simcore.model.settlement import Settlement
from simcore.regulation.presets import read_presets

PRESETS = read_presets()


def worked(
    contract: str | Mapping[str, object], year: int, benchmark: float, expenditures: float, **more: float
) -> ContractSteps:
    """Return every step of a contract year; `more` goes to `contract_steps`."""
    terms = contract_terms(contract, year, PRESETS).terms
    return contract_steps(benchmark, expenditures, terms, **more)


def settled(
    contract: str | Mapping[str, object], year: int, benchmark: float, expenditures: float, **more: float
) -> Settlement:
    """Return a contract year in the words of every settlement."""
    terms = contract_terms(contract, year, PRESETS).terms
    done = contract_steps(benchmark, expenditures, terms, **more)
    return as_settlement(done, terms, quality=more.get("quality", 1.0))
