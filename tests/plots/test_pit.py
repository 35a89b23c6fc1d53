import numpy as np
import pytest

from simcore.analysis.pit import pit_bins
from simcore.plots.pit import plot_pit


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    assert_looks_as_kept(plot_pit(pit_bins(np.random.default_rng(8).random(900))), "pit")


def test_the_bars_make_a_whole():
    drawing = plot_pit(pit_bins(np.random.default_rng(8).random(900)))
    assert sum(bar.get_height() for bar in drawing.artists["bars"]) == pytest.approx(1.0, abs=1e-12)
