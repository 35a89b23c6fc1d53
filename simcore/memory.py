"""How much memory this machine lets a process have."""

from __future__ import annotations

import os
from pathlib import Path

_MEMBERSHIP = Path("/proc/self/cgroup")
"""Where Linux says in which control groups this process is: ``number:controllers:/path``, one a line."""

_CONTROL_GROUPS = {
    "": Path("/sys/fs/cgroup/memory.max"),
    "memory": Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
}
"""Where it says how much the outermost group may use, by controllers, in its second and its first form."""


def machine_memory() -> int | None:
    """Return the bytes of memory of this machine, or of its container; None where nobody says."""
    sizes = [size for size in (_physical(), *map(_allowed, _limits())) if size is not None]
    return min(sizes, default=None)


def _physical() -> int | None:
    """Return what is built in."""
    try:
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return None
    return size if size > 0 else None


def _limits() -> list[Path]:
    """Return the files with the limits of this process's groups, and of all that those are in.

    A container sees its own group as the outermost; a job of a cluster or of systemd is in one further in.
    """
    try:
        lines = _MEMBERSHIP.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        lines = []
    found = list(_CONTROL_GROUPS.values())
    for line in lines:
        _, _, named = line.partition(":")
        controllers, _, path = named.partition(":")
        outermost = _CONTROL_GROUPS.get(controllers)
        if outermost is None:
            continue
        folder = outermost.parent
        for name in filter(None, path.split("/")):
            folder /= name
            found.append(folder / outermost.name)
    return found


def _allowed(limit: Path) -> int | None:
    """Return the limit of a control group, if there is one."""
    try:
        return int(limit.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
