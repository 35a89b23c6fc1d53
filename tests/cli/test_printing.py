"""What is printed where the caller closed the stream is lost, and nothing else."""

import sys

import pytest

from simcore.cli.printing import console, print_table, remarks


def test_a_closed_stream_takes_what_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    print_table("a table", ("name", "number"), [("one", "1")])
    console().print("a word")
    remarks().print("a note")
