"""How much memory this machine lets a process have."""

from __future__ import annotations

import os
from pathlib import Path

_CONTROL_GROUPS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
"""Where Linux says how much a container may use, in its second and its first form."""


def machine_memory() -> int | None:
    """Return the bytes of memory of this machine, or of its container; None where nobody says."""
    sizes = [size for size in (_physical(), *map(_allowed, _CONTROL_GROUPS)) if size is not None]
    return min(sizes, default=None)


def _physical() -> int | None:
    """Return what is built in."""
    try:
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
    return size if size > 0 else None


def _allowed(limit: Path) -> int | None:
    """Return the limit of a control group, if there is one."""
    try:
        return int(limit.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
