"""What every test may ask for."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CMS_DATA = Path(os.environ.get("SIMCORE_CMS_DATA", ROOT.parent / "shared" / "data" / "cms"))


@pytest.fixture(scope="session")
def cms_data() -> Path:
    """Folder of CMS's public files: ``puf/``, ``county/``, ``beneficiaries/``, ``reach_results.csv``."""
    if not CMS_DATA.is_dir():
        pytest.skip(f"CMS's public files are not at {CMS_DATA}: download them and set SIMCORE_CMS_DATA")
    return CMS_DATA
