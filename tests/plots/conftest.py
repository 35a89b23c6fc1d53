"""Compare a drawing with the picture that was looked at and kept."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib.testing.compare import compare_images

from simcore.plots.style import Drawing, house_style

BASELINES = Path(__file__).with_name("baseline")

# Root mean square over pixels of 0 to 255. The same matplotlib gives 0; labels one point smaller gave 6.6
# to 21, a title moved by a fiftieth of the width 11 to 27, other font hinting 22 to 33 (five pictures).
TOLERANCE = 4.0


@pytest.fixture
def assert_looks_as_kept(tmp_path: Path) -> Callable[[Drawing, str], None]:
    """Hold a drawing to its baseline; ``SIMCORE_WRITE_BASELINES=1`` writes it anew, to be looked at."""

    def check(drawing: Drawing, name: str) -> None:
        kept, drawn = BASELINES / f"{name}.png", tmp_path / f"{name}.png"
        with house_style():
            drawing.figure.savefig(drawn, dpi=72, metadata={"Software": None})
        if os.environ.get("SIMCORE_WRITE_BASELINES"):
            kept.write_bytes(drawn.read_bytes())
        difference = compare_images(str(kept), str(drawn), tol=TOLERANCE)
        assert difference is None, difference

    return check
