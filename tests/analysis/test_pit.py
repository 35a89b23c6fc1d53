"""Bins of forecasts against the binomial law of a right forecast."""

import numpy as np
from scipy.stats import binom

from simcore.analysis.pit import pit_bins


def test_pit_bins_allow_what_a_binomial_share_allows():
    table = pit_bins(np.linspace(0.0, 1.0, 500))
    np.testing.assert_allclose(table["share"], 0.1)
    assert float(table["lower"][0]) == binom.ppf(0.025, 500, 0.1) / 500
