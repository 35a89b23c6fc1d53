"""What every test may ask for."""

import os
import signal
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Processes that test side by side must not share numba's disk cache, which races (numba #4807, #10128).
if (worker := os.environ.get("PYTEST_XDIST_WORKER")) is not None:
    os.environ.setdefault(
        "SIMCORE_KERNEL_CACHE", str(Path(tempfile.gettempdir()) / f"simcore-kernels-{worker}")
    )

# A shell lets what it starts in the background, and all that starts from there, ignore Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

CMS_DATA = Path(os.environ.get("SIMCORE_CMS_DATA", ROOT.parent / "shared" / "data" / "cms"))


@pytest.fixture(scope="session")
def cms_data() -> Path:
    """Folder of CMS's public files: ``puf/``, ``county/``, ``beneficiaries/``, ``reach_results.csv``."""
    if not CMS_DATA.is_dir():
        pytest.skip(f"CMS's public files are not at {CMS_DATA}: download them and set SIMCORE_CMS_DATA")
    return CMS_DATA


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Name raw bytes by their argument: workers must collect one set of names, and a terminal must show them."""
    return argname if isinstance(val, bytes) else None
