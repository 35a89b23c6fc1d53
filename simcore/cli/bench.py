"""Measure throughput on this machine: the engines and NumPy, on the same model, in the same run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from simcore.cli.printing import print_json, print_table
from simcore.errors import SimcoreError

if TYPE_CHECKING:
    from simcore.cli.throughput import SizeResult

MAIN_SIZE = 100_000
SIZES = (10_000, MAIN_SIZE, 1_000_000)
ENGINES = ("beneficiary", "pooled")


def bench(
    threads: Annotated[int, typer.Option(metavar="N", help="Calls under way at a time, on both sides.")] = 1,
    rounds: Annotated[int, typer.Option(metavar="N", help="Rounds; the median is shown.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure beneficiary-years a second of both engines, and of NumPy's best way on the same tables.

    Example: `simcore bench --threads 2`
    """
    if threads < 1 or rounds < 1:
        raise SimcoreError("simcore bench", f"threads {threads}, rounds {rounds}; allowed: 1 and more")
    measured = measure(threads=threads, rounds=rounds)
    if as_json:
        print_json(measured)
    else:
        _print(measured)


def measure(*, threads: int, rounds: int) -> dict[str, object]:
    """Measure both engines and NumPy at each size; figures are beneficiary-years a second."""
    from simcore.cli.throughput import at_size, default_models, machine

    models = default_models()
    results = {size: at_size(size, models, threads=threads, rounds=rounds) for size in SIZES}
    main = results[MAIN_SIZE]
    return {
        "machine": machine(),
        "threads": threads,
        "rounds": rounds,
        "people": main.people,
        "engine": [_engine(name, main) for name in ENGINES],
        "numpy_ways": main.numpy_ways,
        "sizes": [
            {
                "people": result.people,
                "engine": [_engine(name, result) for name in ENGINES],
                "performance_year_seconds": result.performance_year_seconds,
            }
            for result in results.values()
        ],
    }


def _engine(name: str, result: SizeResult) -> dict[str, object]:
    """Return the comparison of one engine with NumPy at one size."""
    own = result.beneficiary if name == "beneficiary" else result.pooled
    return {
        "engine": name,
        "beneficiary_years_per_second": own.value,
        "numpy_beneficiary_years_per_second": result.numpy.value,
        "ratio": own.value / result.numpy.value,
        "relative_spread": own.relative_spread,
        "numpy_relative_spread": result.numpy.relative_spread,
        "numpy_way": result.numpy_way,
    }


def _print(measured: dict[str, Any]) -> None:
    """Print the comparison at each size, and the cost of a performance year."""
    rows = []
    for size in measured["sizes"]:
        seconds = size["performance_year_seconds"]
        for engine in size["engine"]:
            spread = engine["relative_spread"]
            rows.append(
                (
                    f"{engine['engine']}, {size['people']:,} people",
                    f"{engine['beneficiary_years_per_second'] / 1e6:,.0f} M/s ± {50.0 * spread:.0f}%",
                    f"{engine['numpy_beneficiary_years_per_second'] / 1e6:,.0f} M/s",
                    f"{engine['ratio']:.1f}",
                    f"{seconds[engine['engine']] * 1e6:,.1f} µs",
                )
            )
    described = measured["machine"]
    print_table(
        "simcore bench: beneficiary-years a second",
        ("engine", "simcore", "NumPy", "ratio", "a year with head counts"),
        rows,
        caption=(
            f"{described['processor']}, {measured['threads']} of {described['cores_usable']} threads; "
            f"median of {measured['rounds']} rounds ± half the distance of the quartiles; NumPy: its "
            "fastest way on the same tables"
        ),
    )
