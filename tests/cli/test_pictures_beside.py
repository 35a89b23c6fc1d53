"""What is drawn beside a run is what is drawn in one piece."""

import pytest

from simcore import beside
from simcore.cli.pictures_beside import PicturesBeside
from simcore.report.figures import draw_pictures
from tests.report.inputs import told_result


@pytest.mark.parametrize("copies", [True, False], ids=["in a copy", "here"])
def test_pictures_drawn_beside_are_the_same_in_the_same_order(
    copies: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "_may_copy", lambda: copies and beside.sys.platform == "linux")
    result = told_result()
    assert PicturesBeside(result).result() == draw_pictures(result)
