from itertools import pairwise

from simcore.plots.labels import spread


def test_labels_are_moved_apart_by_the_gap_and_keep_their_order():
    places = spread([1.0, 1.0, 1.01, 5.0], 0.5)
    assert places[3] == 5.0
    assert all(b - a >= 0.5 - 1e-6 for a, b in pairwise(places))
