"""Compile the kernels ahead of time, and say what was compiled and where it is kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, NamedTuple

import typer

from simcore.cli.printing import print_json, print_table


class Warmed(NamedTuple):
    """One kernel that is ready: its name, how its machine code came about, and how long that took."""

    kernel: str
    how: str
    seconds: float


def warmup(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Compile every kernel now, so that the next command does not have to.

    Compiled code is kept in the user's cache. The environment variable SIMCORE_KERNEL_CACHE names another
    directory for it, or is `off`.

    Example: `simcore warmup`
    """
    from simcore.kernels.compile import cache_directory

    warmed = warm_kernels()
    directory = cache_directory()
    kept = "not kept" if directory is None else str(directory)
    if as_json:
        print_json({"cache": kept, "kernels": [kernel._asdict() for kernel in warmed]})
        return
    rows = [(kernel.kernel, kernel.how, f"{kernel.seconds:.2f} s") for kernel in warmed]
    total = sum(kernel.seconds for kernel in warmed)
    print_table(
        "simcore warmup",
        ("kernel", "how", "time"),
        [*rows, ("all", "", f"{total:.2f} s")],
        caption=f"Compiled code: {kept}",
    )


def warm_kernels() -> list[Warmed]:
    """Run every kernel once on its smallest input."""
    import numpy as np

    from simcore.kernels import counts, normal, philox, pooled, spending, turn
    from simcore.kernels.compile import how_made
    from simcore.model.sum_tables import sum_tables

    address = {"first_replicate": 0, "cell": 0, "seed": 0}
    one = {"position": 0, "cell": 0, "stream": 0, "seed": 0}
    amounts, people = np.zeros(turn.AMOUNTS, np.int32), np.ones(1, np.int64)
    tables = sum_tables(amounts, 1)
    begin = {"block": 1, "first_replicate": 0, "year": 0, "enrollment_type": 0, "seed": 0}
    tasks: list[tuple[str, Callable[..., object], Callable[[], object]]] = [
        ("uniform draws", philox._fill_uniforms, lambda: philox.uniforms(0, 1, **one)),
        ("normal draws", normal._fill_normals, lambda: normal.normals(0, 1, **one)),
        ("head counts", counts._next_year, lambda: counts.initial_counts(1, np.ones(1), **begin)),
        ("beneficiary engine", spending._add_spending, lambda: spending.spending(people, amounts, **address)),
        ("pooled engine", pooled._add_pooled, lambda: pooled.pooled_spending(people, tables, **address)),
    ]
    warmed = []
    for name, kernel, run in tasks:
        begun = time.perf_counter()
        run()
        warmed.append(Warmed(name, how_made(kernel), time.perf_counter() - begun))
    return warmed
