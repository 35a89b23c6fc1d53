"""Where compiled code is kept, and that it can do without."""

import os
import subprocess
import sys

import pytest

from simcore.kernels.compile import CACHE_SETTING, cache_directory

SMALL_CASE = """
import numpy as np
from simcore.kernels.counts import evolve_counts, initial_counts
from simcore.kernels.normal import normals
from simcore.kernels.pooled import pooled_spending
from simcore.kernels.spending import spending
from simcore.model.sum_tables import sum_tables

amounts = (np.arange(4096) ** 2).astype(np.int32)
shares = np.array([0.5, 0.3, 0.2])
address = {"first_replicate": 5, "year": 1, "enrollment_type": 2, "seed": 7}
few = initial_counts(1, np.array([0.5, 0.5]), block=257, **address)
initial = initial_counts(300, shares, block=3, **address)
moves = np.full((3, 3), 0.28)
counts = evolve_counts(initial, np.array([300, 280, 310]), moves=moves, joiners=shares, **address)
draw = {"first_replicate": 5, "cell": 9, "seed": 7}
dollars = spending(counts[2, 0], amounts, **draw), pooled_spending(counts[2, 1], sum_tables(amounts, 90), **draw)
gauss = normals(5, 3, position=0, cell=1, stream=10, seed=7)
print(np.concatenate([few.ravel(), counts.ravel(), *dollars]).tobytes().hex(), gauss.tobytes().hex())
"""


def run_small_case(**settings: str) -> str:
    command = [sys.executable, "-W", "error", "-c", SMALL_CASE]
    done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=True)
    return done.stdout


def test_plain_python_gives_the_same_bits_as_compiled_code():
    assert run_small_case(NUMBA_DISABLE_JIT="1") == run_small_case(NUMBA_DISABLE_JIT="0")


@pytest.mark.parametrize("setting", ["off", "OFF"])
def test_the_cache_can_be_turned_off(monkeypatch, setting):
    monkeypatch.setenv(CACHE_SETTING, setting)
    assert cache_directory() is None


def test_a_place_that_cannot_be_written_means_no_cache(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv(CACHE_SETTING, str(tmp_path / "file"))
    assert cache_directory() is None


def test_the_cache_is_named_after_the_kernels_sources(monkeypatch, tmp_path):
    monkeypatch.setenv(CACHE_SETTING, str(tmp_path))
    directory = cache_directory()
    assert directory is not None
    assert directory.parent == tmp_path
    assert directory.name.startswith("kernels-")


@pytest.mark.compiled
def test_a_process_fills_the_cache_that_it_is_told_to(tmp_path):
    code = "from simcore.kernels.philox import uniforms; uniforms(0, 1, position=0, cell=0, stream=0, seed=0)"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, CACHE_SETTING: str(tmp_path)}, check=True)
    assert list(tmp_path.rglob("*.nbi"))
