from simcore.report.figures import draw_pictures
from simcore.report.pictures import write_pictures
from tests.report.inputs import told_result

NAMES = ["stoplight", "comparison", "distribution", "exceedance", "corridor", "fan"]


def test_six_pictures_are_written_and_they_are_png(tmp_path):
    paths = write_pictures(draw_pictures(told_result()), tmp_path / "figures")
    assert [path.name for path in paths] == [f"{name}.png" for name in NAMES]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)
    assert sorted(path.name for path in (tmp_path / "figures").iterdir()) == sorted(
        f"{name}.png" for name in NAMES
    )


def test_each_picture_says_what_it_shows_in_a_sentence():
    for picture in draw_pictures(told_result()):
        assert len(picture.sentence.split()) > 5
        assert picture.caption.endswith(".")
