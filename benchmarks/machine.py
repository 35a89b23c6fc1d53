"""Describe the machine and the libraries that the figures were measured with."""

from __future__ import annotations

import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from simcore.cli import throughput

CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
LIBRARIES = ("simcore", "xarray", "matplotlib", "h5netcdf", "aggregate", "gemact")


def machine() -> dict[str, object]:
    """Return processor, cores, caches of a core, memory, and versions; what is not known is absent."""
    return {**throughput.machine(), "caches": caches(), "memory_bytes": memory_bytes(), **versions()}


def caches() -> dict[str, str]:
    """Return the sizes of the first core's caches by level and kind, as the system tells them."""
    found = {}
    for cache in sorted(CACHES.glob("index*")):
        level, kind, size = ((cache / name).read_text().strip() for name in ("level", "type", "size"))
        found[f"L{level} {kind.lower()}"] = size
    return found


def largest_cache_bytes() -> int:
    """Return the size of the largest cache, 32 MiB where none is known."""
    sizes = [int(size.removesuffix("K")) * 1024 for size in caches().values() if size.endswith("K")]
    return max(sizes, default=32 * 2**20)


def memory_bytes() -> int:
    """Return the machine's memory."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def versions() -> dict[str, str]:
    """Return the versions of the libraries that are installed."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
