"""Check the installation: versions, compilation, drawing, writing."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from simcore.cli.printing import print_json, print_table
from simcore.errors import SimcoreError

CORE = (
    "numpy",
    "scipy",
    "numba",
    "xarray",
    "pandas",
    "matplotlib",
    "h5netcdf",
    "pydantic",
    "typer",
    "rich",
    "jinja2",
)
EXTRAS = {"dask": ("dask", "distributed"), "parquet": ("pyarrow",), "zarr": ("zarr",)}


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Check the installation: versions, a compiled kernel, a figure, a file.

    Example: `simcore doctor`
    """
    checks = [("Python", platform.python_version(), True)]
    checks += [(name, *_installed(name)) for name in CORE]
    checks += [(what, *_attempt(check)) for what, check in _CHECKS.items()]
    extras = [
        (f"extra {extra}" + (f", {name}" if name != extra else ""), *_installed(name))
        for extra, names in EXTRAS.items()
        for name in names
    ]
    sound = all(good for _, _, good in checks)
    if as_json:
        rows = [{"check": what, "found": found, "ok": good} for what, found, good in checks]
        optional = [{"check": what, "found": found, "installed": good} for what, found, good in extras]
        print_json({"ok": sound, "checks": rows, "extras": optional})
    else:
        body = [(what, found, "ok" if good else "FAILS") for what, found, good in checks]
        body += [(what, found, "ok" if good else "absent") for what, found, good in extras]
        print_table("simcore doctor", ("check", "found", "verdict"), body)
    if not sound:
        raise typer.Exit(1)


def _installed(name: str) -> tuple[str, bool]:
    """Return the version of a package and whether it is there."""
    try:
        return version(name), True
    except PackageNotFoundError:
        return "not installed", False


def _attempt(check: Callable[[], str]) -> tuple[str, bool]:
    """Return what a check found, or how it failed."""
    try:
        return check(), True
    except (SimcoreError, OSError, ImportError, RuntimeError, ValueError) as error:
        return f"{type(error).__name__}: {error}", False


def _compile() -> str:
    """Draw by address and compare with the published known answer."""
    import numpy as np

    from simcore.kernels.philox import philox4x32

    zero = np.uint64(0)
    words = [f"{int(word):08x}" for word in philox4x32(zero, zero, zero, zero, zero, zero)]
    if words != ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]:
        raise RuntimeError(f"Philox4x32-10 of zeros gives {' '.join(words)}")
    return "Philox4x32-10 known answer"


def _draw() -> str:
    """Draw an empty figure into memory."""
    from io import BytesIO

    from matplotlib.figure import Figure

    buffer = BytesIO()
    Figure().savefig(buffer, format="png")
    return f"a figure of {len(buffer.getvalue()):,} bytes"


def _write() -> str:
    """Write and read a file where results would go."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        (Path(folder) / "file").write_text("simcore")
    return "this folder can be written"


def _law() -> str:
    """Read the rules."""
    from simcore.regulation.reader import read_regulation

    return f"{len(read_regulation().entries):,} numbers of the law"


_CHECKS: dict[str, Callable[[], str]] = {
    "compiled kernels": _compile,
    "figures": _draw,
    "files": _write,
    "regulation": _law,
}
