"""The main job: simulate a scenario, settle it under every contract option, and report."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import typer

from simcore.cli.printing import (
    be_quiet,
    console,
    money,
    percent,
    print_json,
    print_table,
    remarks,
    titled_by_file,
)
from simcore.errors import SimcoreError

if TYPE_CHECKING:
    import xarray as xr

    from simcore.cli.basis import Basis
    from simcore.cli.pictures_beside import PicturesBeside
    from simcore.executors import Executor
    from simcore.run_folder import Store
    from simcore.scenario.schema import Scenario


class GoOn(TypedDict):
    """How the result is stored, and what becomes of what is there."""

    store: Store
    overwrite: bool
    resume: bool


def run(
    scenario: Annotated[Path, typer.Argument(help="Scenario file, TOML.")],
    replicates: Annotated[int | None, typer.Option(help="How many; instead of the scenario's.")] = None,
    seed: Annotated[int | None, typer.Option(help="Which draws; instead of the scenario's.")] = None,
    engine: Annotated[str | None, typer.Option(help="beneficiary or pooled.")] = None,
    threads: Annotated[int | None, typer.Option(help="How many threads; absent: all cores.")] = None,
    executor: Annotated[str, typer.Option(help="local or dask.")] = "local",
    scheduler: Annotated[str | None, typer.Option(help="dask: address of the scheduler.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write; absent: runs/NAME.")] = None,
    store: Annotated[
        str,
        typer.Option(
            help="netcdf (result.nc, made in memory), zarr (result.zarr, written as it is made), "
            "or auto: netcdf, unless memory does not suffice."
        ),
    ] = "auto",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a result that is there.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from what is there.")] = False,
    tolerance: Annotated[
        str | None, typer.Option(help='Go on until an error is reached, such as "net_settlement mean=50000".')
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no table.", callback=be_quiet)] = False,
) -> None:
    """Simulate a scenario, settle it under every contract option, and write result, summary, report and figures.

    Example: `simcore run scenarios/track_choice.toml --replicates 20000 --out runs/track_choice`
    """
    from simcore.analysis.summary import summarize
    from simcore.cli.basis import remarks_on
    from simcore.cli.progress import finishing
    from simcore.run_folder import Folder
    from simcore.scenario.files import read_scenario
    from simcore.store import written_whole

    changes = {"replicates": replicates, "seed": seed, "engine": engine}
    asked = read_scenario(scenario)
    asked = asked.with_changes(
        {f"simulation.{key}": value for key, value in changes.items() if value is not None},
        source="simcore run",
    )
    folder = out if out is not None else Path("runs") / scenario.stem
    start = time.perf_counter()
    workers = _executor(executor, scheduler, threads)
    with titled_by_file(asked.title, scenario):
        form = _store(asked, folder, store, resume=resume)
        go_on: GoOn = {"store": form, "overwrite": overwrite, "resume": resume}
        done = _simulate(asked, folder, workers, go_on, tolerance, quiet=quiet or as_json)
    seconds = time.perf_counter() - start
    result, basis, pictures = done
    with finishing(folder):
        summary = summarize(result)
        with written_whole(folder / "summary.csv") as temporary:
            summary.to_dataframe().reset_index().to_csv(temporary, index=False)
        _write_files(result, pictures, basis, folder)
    if as_json:
        print_json(run_json(result, summary, folder, seconds))
    elif not quiet:
        _print_summary(asked, summary)
        rate = float(result["assigned_beneficiaries"].sum()) / seconds
        written = Folder(folder).result.name
        console().print(
            f"{result.sizes['replicate']:,} replicates in {seconds:.1f} s "
            f"({rate:,.0f} beneficiary-years a second). Wrote {folder}: {written}, summary.csv, report.html, figures."
        )
    if not quiet:
        for doubt in remarks_on(basis):
            remarks().print(f"note: {doubt}", markup=False)


def _executor(name: str, scheduler: str | None, number: int | None) -> Executor:
    """Return who runs the blocks."""
    from simcore.executors import dask, threads

    if name == "dask":
        return dask(scheduler)
    if name != "local":
        raise SimcoreError("--executor", f"{name!r} is not allowed; allowed: local, dask")
    if scheduler is not None:
        raise SimcoreError("--scheduler", "is for --executor dask")
    return threads(number)


def _store(scenario: Scenario, folder: Path, name: str, *, resume: bool) -> Store:
    """Return the form of the result, and say so where this machine's memory decides."""
    from simcore.run_folder import SUFFIXES
    from simcore.runs import choose_store

    asked = next((form for form in SUFFIXES if form == name), None)
    if asked is None and name != "auto":
        raise SimcoreError("--store", f"{name!r} is not allowed; allowed: auto, {', '.join(SUFFIXES)}")
    form, reason = choose_store(scenario, folder, asked=asked, resume=resume)
    if reason:
        remarks().print(f"note: {reason}", markup=False)
    return form


def _simulate(
    scenario: Scenario,
    folder: Path,
    executor: Executor,
    go_on: GoOn,
    tolerance: str | None,
    *,
    quiet: bool,
) -> tuple[xr.Dataset, Basis, PicturesBeside]:
    """Run the scenario in its folder, with more replicates until the tolerance is reached.

    Returns the result, what it rests on, and the pictures, which are drawn while the result is written.
    """
    from simcore.analysis.convergence import more_replicates
    from simcore.cli.basis import basis_of_plan
    from simcore.cli.pictures_beside import PicturesBeside
    from simcore.cli.progress import watched
    from simcore.runs import run_in_folder
    from simcore.simulate import prepare

    pictures: list[PicturesBeside] = []

    def draw(result: xr.Dataset) -> None:
        pictures.append(PicturesBeside(result))

    wished = None if tolerance is None else _tolerance(tolerance)
    study = prepare(scenario)
    basis = basis_of_plan(study.plan)
    while True:
        with watched(scenario, folder, quiet=quiet) as progress:
            result = run_in_folder(
                scenario,
                folder,
                executor=executor,
                study=study,
                progress=progress,
                ready=draw if wished is None else None,
                **go_on,
            )
        missing = 0 if wished is None else more_replicates(result, *wished)
        if missing == 0:
            if not pictures:
                draw(result)
            return result, basis, pictures[0]
        total = scenario.simulation.replicates + missing
        remarks().print(f"{tolerance} is not reached: going on to {total:,} replicates")
        scenario = scenario.with_changes({"simulation.replicates": total})
        study = prepare(scenario)
        go_on = {**go_on, "overwrite": False, "resume": True}


def _write_files(result: xr.Dataset, pictures: PicturesBeside, basis: Basis, folder: Path) -> None:
    """Write pictures, report and manifest; here, so that `--help` imports nothing of what draws."""
    from simcore.cli.run_files import write_run_files

    write_run_files(result, pictures.result, basis, folder)


def _tolerance(text: str) -> tuple[str, float]:
    """Read ``MEASURE=ERROR``; a slip is found now, not after hours of simulation."""
    from simcore.analysis.summary import measure_named

    measure, _, error = text.partition("=")
    try:
        tolerance = float(error)
    except ValueError:
        tolerance = math.nan
    if not 0.0 < tolerance < math.inf:
        message = (
            f"{text!r} is not allowed; allowed: MEASURE=ERROR with an error above 0, "
            'such as "net_settlement mean=50000"'
        )
        raise SimcoreError("--tolerance", message)
    return measure_named(measure.strip()).name, tolerance


def run_json(result: xr.Dataset, summary: xr.Dataset, folder: Path, seconds: float) -> dict[str, Any]:
    """Return what `--json` prints."""
    from simcore.run_folder import Folder

    return {
        "result": str(Folder(folder).result),
        "replicates": result.sizes["replicate"],
        "seed": int(result.attrs["seed"]),
        "engine": result.attrs["engine"],
        "seconds": round(seconds, 3),
        "beneficiary_years": int(result["assigned_beneficiaries"].sum()),
        "contracts": [
            _contract_json(summary, contract, period)
            for contract in range(summary.sizes["contract"])
            for period in range(summary.sizes["period"])
        ],
    }


def _contract_json(summary: xr.Dataset, contract: int, period: int) -> dict[str, Any]:
    """Return one contract and period, by position."""
    estimates = _estimates(summary, contract, period)

    def pair(measure: str) -> dict[str, float]:
        value, error = estimates[measure]
        return {"value": value, "standard_error": error}

    levels = [name for name in estimates if name.startswith("net_settlement quantile ")]
    label = str(summary["period"].values[period])
    return {
        "contract": str(summary["contract"].values[contract]),
        "track": str(summary["track"].values[contract]),
        "msr_election": str(summary["msr_election"].values[contract]),
        "performance_year": int(label) if label.isdigit() else label,
        "probability_shared_savings": pair("probability_shared_savings"),
        "probability_shared_losses": pair("probability_shared_losses"),
        "earned_shared_savings": {"mean": pair("earned_shared_savings mean")},
        "owed_shared_losses": {"mean": pair("owed_shared_losses mean")},
        "net_settlement": {
            "mean": pair("net_settlement mean"),
            "quantiles": {name.rpartition(" ")[2]: pair(name) for name in levels},
        },
    }


def _estimates(summary: xr.Dataset, contract: int, period: int) -> dict[str, tuple[float, float]]:
    """Return value and standard error by measure."""
    values, errors = (summary[kind].values[contract, period] for kind in ("value", "standard_error"))
    names = map(str, summary["measure"].values)
    return {name: (float(v), float(e)) for name, v, e in zip(names, values, errors, strict=True)}


def _print_summary(scenario: Scenario, summary: xr.Dataset) -> None:
    """Print the agreement's line of every contract option, the best mean first."""
    from simcore.analysis.convergence import warnings

    agreement = summary.sel(period="all")
    order = agreement["value"].sel(measure="net_settlement mean").argsort().values[::-1]
    rows = []
    for position in order:
        line = agreement.isel(contract=position)
        value, error = (
            {
                str(name): float(number)
                for name, number in zip(line["measure"].values, line[kind].values, strict=True)
            }
            for kind in ("value", "standard_error")
        )
        rows.append(
            (
                str(line["contract"].item()),
                money(value["net_settlement mean"], error["net_settlement mean"]),
                percent(value["probability_shared_savings"], error["probability_shared_savings"]),
                percent(value["probability_shared_losses"], error["probability_shared_losses"]),
                money(value["net_settlement quantile 0.05"], error["net_settlement quantile 0.05"]),
                money(value["net_settlement quantile 0.95"], error["net_settlement quantile 0.95"]),
            )
        )
    years = scenario.aco.performance_years
    columns = (
        "contract",
        "mean net settlement",
        "any savings",
        "any losses",
        "5th percentile",
        "95th percentile",
    )
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])
    print_table(
        f"{scenario.title} ({span})", columns, rows, caption="Value ± standard error of the simulation."
    )
    for warning in warnings(summary):
        remarks().print(f"note: {warning}", markup=False)
