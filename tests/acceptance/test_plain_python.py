"""With compilation off a result is the same to the last bit.

Oracle: Python's and numpy's own arithmetic, which the compiled kernels must not differ from.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

QUESTION = """
import hashlib
from simcore.executors import serial
from simcore.simulate import simulate
from tests.acceptance.asked import template
few = {"ESRD": 3, "AGED_DUAL": 7, "AGED_NON_DUAL": 60}
for engine in ("beneficiary", "pooled"):
    asked = template(
        "rebasing",
        simulation__replicates=2,
        simulation__engine=engine,
        simulation__detail=True,
        aco__performance_years=6,
        aco__population={name: {"assigned_beneficiaries": count} for name, count in few.items()},
    )
    result = simulate(asked, executor=serial())
    digest = hashlib.sha256()
    for name in sorted(map(str, result.data_vars)):
        digest.update(result[name].values.tobytes())
    print(engine, result.sizes["replicate"], digest.hexdigest())
"""


def answer(**setting: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", QUESTION],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **setting},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.slow
def test_without_compilation_every_bit_is_the_same() -> None:
    """Two agreements, three enrollment types, both engines, every step of benchmark and settlement."""
    compiled = answer(NUMBA_DISABLE_JIT="0")
    assert compiled == answer(NUMBA_DISABLE_JIT="1")
    assert compiled.count("\n") == 2
