"""Read and settle one case, whether it is a track of the Shared Savings Program or another contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from simcore.cli.settle_contract import ContractInput, read_contract, settle_contract
from simcore.cli.settle_fields import OPTIONS
from simcore.cli.settle_input import SettlementInput, read_settlement
from simcore.cli.settle_outcome import Outcome, settle_input
from simcore.errors import near_matches
from simcore.regulation.presets import Presets, read_presets
from simcore.regulation.reader import Regulation, read_regulation

Case = SettlementInput | ContractInput


class Rules(NamedTuple):
    """What settlements rest on: the program's numbers, and the contracts beyond it."""

    regulation: Regulation
    presets: Presets


def read_rules(overlays: Sequence[Path] = (), *, proposed: bool = False) -> Rules:
    """Return the rules with the user's overlays; errors as of `read_regulation` and `read_presets`."""
    return Rules(read_regulation(overlays, proposed=proposed), read_presets(overlays))


def read_case(words: Mapping[str, str], rules: Rules) -> tuple[Case | None, list[str]]:
    """Return the settlement that `words` describe, or None and all that is wrong with them.

    Parameters
    ----------
    words
        Texts by option name with underscores; an empty text is an option that is not given.
    rules
        The program's numbers and the contracts.
    """
    given = {name: text for name, text in words.items() if text.strip()}
    unknown = [
        f"{name}: is no option of a settlement{near_matches(name, OPTIONS)}"
        for name in given
        if name not in OPTIONS
    ]
    if unknown:
        return None, unknown
    if "contract" not in given:
        foreign = [name for name in given if name in ("equity_adjustment", "carried_losses")]
        case, problems = read_settlement(
            {name: text for name, text in given.items() if name not in foreign}, rules.regulation
        )
        problems += [f"{name}: no track has any; allowed: with contract" for name in foreign]
        return (None if problems else case), problems
    if "track" in given:
        return None, ["contract: stands beside track; allowed: one of the two"]
    return read_contract(given, rules.presets)


def settle_case(case: Case, rules: Rules) -> Outcome:
    """Settle `case`, and tell it line by line."""
    if isinstance(case, ContractInput):
        return settle_contract(case, rules.presets)
    return settle_input(case, rules.regulation)
