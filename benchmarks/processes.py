"""Run a command as a process of its own, and tell what it cost."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measuring import spread

KIBIBYTES = sys.platform != "darwin"
"""Whether the system counts peak memory in KiB, and not in bytes."""


class Cost(NamedTuple):
    """Wall time and processor time of a process with its children, seconds, and its peak memory, bytes.

    A process starts with the peak of the one that started it: measure from one that has loaded little.
    """

    seconds: float
    processor_seconds: float
    peak_memory_bytes: int


def run_process(
    command: Sequence[str], *, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run a command to its end; one that fails is an error with what it said."""
    with tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **(environment or {})}, stdout=said, stderr=said
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {said.read().decode(errors='replace')[-2000:]}")
    peak = usage.ru_maxrss * (1024 if KIBIBYTES else 1)
    return Cost(seconds, usage.ru_utime + usage.ru_stime, peak)


def costs(measured: Sequence[Cost]) -> dict[str, Any]:
    """Return medians and spread of what processes cost, and the largest peak of memory."""
    return {
        "seconds": spread([cost.seconds for cost in measured]),
        "processor_seconds": spread([cost.processor_seconds for cost in measured]),
        "peak_memory_bytes": max(cost.peak_memory_bytes for cost in measured),
    }
