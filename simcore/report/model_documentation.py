"""Document a run under the headings of ASOP 56, 23, 25 and 41, each filled from the run or saying why not."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import xarray as xr

from simcore.plots.words import percent
from simcore.report.answer import ContractRow
from simcore.report.assumptions import say, scenario_of
from simcore.report.checks import Check
from simcore.vocabulary import CONTRACT, PERFORMANCE_YEAR, REPLICATE

LIMITATIONS: Final = Path(__file__).with_name("limitations.toml")

LAYERS: Final = {
    "individuals": "who is ill and what each person costs",
    "aco": "the ACO's own course against its region",
    "market": "growth of nation and region",
    "quality": "the quality score",
    "beliefs": "what is believed about true savings",
}


class Section(NamedTuple):
    """One heading of the documentation: its standards, its sentences, and whether the run could fill it."""

    heading: str
    standards: str
    sentences: tuple[str, ...]
    filled: bool = True


class Run(NamedTuple):
    """What the documentation is written from."""

    result: xr.Dataset
    scenario: Mapping[str, Any]
    rows: Sequence[ContractRow]
    checks: Sequence[Check]


@cache
def limitations() -> tuple[Mapping[str, str], ...]:
    """Return what the model leaves out, each with its effect."""
    content: Sequence[Mapping[str, str]] = tomllib.loads(LIMITATIONS.read_text(encoding="utf-8"))[
        "limitation"
    ]
    return tuple(content)


def model_documentation(
    result: xr.Dataset, rows: Sequence[ContractRow], checks: Sequence[Check]
) -> list[Section]:
    """Return the documentation of a run.

    Parameters
    ----------
    result
        A result of ``simulate``.
    rows
        Its contracts' figures, from ``contract_rows``.
    checks
        Its identities, from ``check_result``.

    References
    ----------
    Actuarial Standards of Practice No. 56 (Modeling), 23 (Data Quality), 25 (Credibility Procedures) and
    41 (Actuarial Communications), Actuarial Standards Board.
    """
    run = Run(result, scenario_of(result), rows, checks)
    sections: tuple[Callable[[Run], Section], ...] = (
        _purpose,
        _data,
        _assumptions,
        _methods,
        _testing,
        _credibility,
        _uncertainty,
        _limitations,
        _reliance,
        _responsibility,
    )
    return [section(run) for section in sections]


def _of(run: Run, section: str, key: str, default: object = None) -> Any:
    """Return one key of the scenario, or `default` where it has none."""
    table = run.scenario.get(section)
    return table.get(key, default) if isinstance(table, dict) else default


def _purpose(run: Run) -> Section:
    """Say what was asked and what the answer may be used for."""
    years = run.result[PERFORMANCE_YEAR].values
    title = run.scenario.get("title", "")
    return Section(
        "Purpose",
        "ASOP 56, 41",
        (
            f"The question put to the model: “{title}”" if title else "The scenario states no question.",
            f"Intended use: to compare {len(run.rows)} contract option{'s' if len(run.rows) != 1 else ''} "
            "over the "
            f"performance years {years[0]} to {years[-1]} on the same draws, and to size the risk of each.",
            "Not intended for: a statement of the settlement that CMS will make, or a reserve without an "
            "actuary's review.",
        ),
    )


def _data(run: Run) -> Section:
    """Say which data went in, and who checked them."""
    file = _of(run, "aco", "beneficiary_file")
    people = (
        f"People come from the file “{file}”, read for type, risk score and months; it was not audited."
        if file
        else f"People are head counts of the scenario: "
        f"{say(_of(run, 'aco', 'population', {})) or 'not recorded'}."
    )
    aco_id = _of(run, "aco", "aco_id", "")
    record = (
        f"The scenario names CMS's id {aco_id}; its figures are those of CMS's public results."
        if aco_id
        else ""
    )
    benchmark = _of(run, "benchmark", "mode")
    source = {
        "given": "The historical benchmark was given, not rebuilt from claims.",
        "simulated": "The historical benchmark was simulated from benchmark years, not taken from a CMS "
        "report.",
    }.get(str(benchmark), "The scenario does not say where the benchmark comes from.")
    review = (
        "Values were checked for type and range when the scenario was read; whether they are true was not."
    )
    return Section("Data", "ASOP 23, 56", tuple(text for text in (people, record, source, review) if text))


def _assumptions(run: Run) -> Section:
    """Point to the list of assumptions, and to those that matter most."""
    savings, doubt = _of(run, "savings", "true_savings"), _of(run, "savings", "uncertainty")
    effect = (
        f"True savings of care management: {say(savings)} of expenditures, with a standard deviation of "
        f"{say(doubt)}. "
        "This is the assumption that the answer leans on most."
        if savings is not None
        else "The scenario holds no assumption on true savings."
    )
    return Section(
        "Assumptions",
        "ASOP 56, 41",
        (
            effect,
            "Every other assumption, defaults included, stands in the table of assumptions with its source.",
            f"Contracts: {say(_of(run, 'contract', 'options', 'not recorded'))}; settled under the law in "
            "force for each year"
            + (", with the CY2027 proposals laid over it." if _of(run, "regulation", "proposed") else "."),
        ),
    )


def _methods(run: Run) -> Section:
    """Say how the numbers were made."""
    engine = run.result.attrs["engine"]
    how = {
        "beneficiary": "drew every person's spending",
        "pooled": "drew each risk band's total from its exact distribution",
    }.get(engine, "made its draws")
    layers = _of(run, "simulation", "layers", [])
    still = [LAYERS[name] for name in LAYERS if layers and name not in layers]
    sentences = [
        f"Monte Carlo simulation of {run.result.sizes[REPLICATE]:,} replicates; the {engine} engine {how}.",
        "Random: " + "; ".join(LAYERS.get(name, name) for name in layers) + "." if layers else "",
        "Held at the mean: " + "; ".join(still) + "." if still else "",
        "Every contract is settled on the same draws, so differences between contracts are free of most "
        "noise.",
        "Settlement follows the regulation's own order; its numbers are data with dates and citations, "
        "listed under rules.",
    ]
    return Section("Methods", "ASOP 56", tuple(sentence for sentence in sentences if sentence))


def _testing(run: Run) -> Section:
    """Say which checks ran on this result."""
    failed = [check for check in run.checks if not check.holds]
    replicates = run.result.sizes[REPLICATE]
    verdict = (
        f"All {len(run.checks)} identities of the accounts hold on all {replicates:,} replicates (list "
        "below)."
        if not failed
        else f"{len(failed)} of {len(run.checks)} identities do not hold: "
        f"{'; '.join(check.name for check in failed)}."
    )
    return Section(
        "Testing",
        "ASOP 56",
        (
            verdict,
            "Validation against CMS's settlements and a back-test on real ACOs are the project's own, not "
            "this run's: "
            "`simcore replay` and `simcore backtest` repeat them.",
        ),
        filled=not failed,
    )


def _credibility(run: Run) -> Section:
    """Say how much of a year's savings rate is luck of individuals, where the result can tell."""
    result = run.result
    if "expected_expenditures" not in result:
        return Section(
            "Credibility",
            "ASOP 25",
            (
                "Not filled: the result does not keep expected expenditures, which tell luck from the rest; "
                "simulate with simulation.detail = true.",
            ),
            filled=False,
        )
    one = result.isel({CONTRACT: 0, PERFORMANCE_YEAR: 0}, missing_dims="ignore")
    luck = (one["expenditures"] - one["expected_expenditures"]) / one["updated_benchmark"]
    ratio = float(luck.var() / one["savings_rate"].var())
    return Section(
        "Credibility",
        "ASOP 25",
        (
            f"In the first performance year {percent(ratio)} of the variance of the savings rate is "
            "individual luck; "
            f"the credibility of one observed year for all the rest is {percent(1.0 - ratio)}.",
        ),
    )


def _uncertainty(run: Run) -> Section:
    """Say how large the simulation error is, and what it leaves out."""
    best = run.rows[0]
    relative = best.mean.error / abs(best.mean.value) if best.mean.value else float("inf")
    known = (
        f"which is {percent(relative, 1)} of it"
        if np.isfinite(relative) and relative < 1.0
        else "which does not resolve it"
    )
    return Section(
        "Uncertainty",
        "ASOP 41, 56",
        (
            f"Simulation error: ± after a figure is its standard error. That of the best mean is "
            f"{best.mean.in_money()}, {known}.",
            "Model and parameter uncertainty come on top and are not in that error, save the belief about "
            "true savings.",
            "`simcore sensitivity` shows what moves the answer, input by input.",
        ),
    )


def _limitations(run: Run) -> Section:
    """Point to what is left out."""
    return Section(
        "Limitations",
        "ASOP 56, 41",
        tuple(f"{item['what']} {item['effect']}" for item in limitations()),
    )


def _reliance(run: Run) -> Section:
    """Say on whom the run relies."""
    attrs = run.result.attrs
    return Section(
        "Reliance",
        "ASOP 23, 41, 56",
        (
            f"On simcore {attrs['simcore_version']}, streams version {attrs['stream_version']}, and on the "
            "published sources "
            "named with each assumption, none of which was audited.",
            f"The run repeats bit for bit from its scenario (digest {attrs['scenario_digest'][:16]}…), its "
            "regulation "
            f"(digest {attrs['regulation_digest'][:16]}…) and its seed, {attrs['seed']}.",
        ),
    )


def _responsibility(run: Run) -> Section:
    """Say what only a person can fill."""
    return Section(
        "Responsible actuary and dates",
        "ASOP 41",
        (
            "Not filled: a program is no actuary. Whoever signs this report states name, qualification, "
            "the date of the "
            "information and of the report, and any conflict of interest. The file itself carries no "
            "time, host or user, so "
            "that the same scenario gives the same file.",
        ),
        filled=False,
    )
