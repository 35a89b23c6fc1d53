"""Run the command line as a user does: in this process for its words, in another where a process must die."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from simcore.cli.main import main

TWO_OPTIONS = """\
title = "Two options"
[aco]
agreement_start = 2024-01-01
performance_years = 2
[aco.population.AGED_NON_DUAL]
assigned_beneficiaries = 6000
[contract]
options = ["BASIC-B", "ENHANCED msr=0.010"]
[simulation]
engine = "pooled"
"""
"""A scenario of which a thousand replicates take a few milliseconds."""


class Outcome(NamedTuple):
    """What a command left behind on the terminal."""

    status: int
    output: str
    remarks: str


Simcore = Callable[..., Outcome]


def in_this_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Simcore:
    """Return a function that runs a command in this process."""

    def run(*words: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["simcore", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        output, remarks = capsys.readouterr()
        status = left.value.code
        return Outcome(0 if status is None else int(status), output, remarks)

    return run


def started(*words: object, before: str = "", folder: Path) -> subprocess.Popen[str]:
    """Start a command in a process of its own, some Python done before it."""
    code = f"{before}\nfrom simcore.cli.main import main\nmain()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, words)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> Outcome:
    """Wait for a command and return what it left behind."""
    output, remarks = process.communicate(timeout=600)
    return Outcome(process.returncode, output, remarks)
