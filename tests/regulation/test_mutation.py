"""The program that changes each number of the law does change what is read, and sees a test fail."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_change_of_a_file_of_the_law_survives() -> None:
    """One short file, for the whole takes minutes: a change that nobody reads would survive."""
    file = ROOT / "simcore" / "regulation" / "data" / "repayment.toml"
    command = [sys.executable, str(ROOT / "tests" / "mutate_regulation.py"), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(" changes, 0 survive\n")
