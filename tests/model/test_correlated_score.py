"""The score of a band's people falls where the bivariate normal law says, for few scores and for many."""

import numpy as np
import pytest
from scipy import special, stats

from simcore.model.correlated_score import share_below, share_below_many
from tests.model.people import BANDS

SHARES = BANDS.normalized_risk_shares


def test_share_below_agrees_with_the_bivariate_normal_law():
    # Oracle: scipy's bivariate normal distribution function (Genz), good to 1e-8.
    cuts = np.concatenate([[-12.0], stats.norm.ppf(np.cumsum(SHARES)[:-1]), [12.0]])
    joint = stats.multivariate_normal([0.0, 0.0], [[1.0, 0.7], [0.7, 1.0]])
    scores = np.array([-2.0, 0.3, 2.5])
    found = share_below(SHARES, 0.7, scores)
    for band, share in enumerate(SHARES):
        for index, score in enumerate(scores):
            expected = joint.cdf([cuts[band + 1], score]) - joint.cdf([cuts[band], score])
            assert found[band, index] * share == pytest.approx(expected, abs=1e-7)


def test_bands_add_up_to_the_marginal_law():
    scores = np.linspace(-5.0, 5.0, 11)
    np.testing.assert_allclose(SHARES @ share_below(SHARES, 0.9, scores), stats.norm.cdf(scores), rtol=1e-12)


@pytest.mark.parametrize("correlation", [0.2, 0.7, 0.97])
def test_many_scores_are_found_between_knots_as_few_are(correlation):
    ranks = np.concatenate([np.arange(1, 4096) / 4096, special.ndtr(np.linspace(-7.4, 7.4, 600))])
    scores = special.ndtri(np.sort(ranks))
    many = share_below_many(SHARES, correlation, scores)
    # Where the law is steep, 0.25 wide at a correlation of 0.97, a cubic is less exact.
    exact = 1e-9 if correlation < 0.9 else 1e-8
    np.testing.assert_allclose(many, share_below(SHARES, correlation, scores), rtol=0.0, atol=exact)
    np.testing.assert_allclose(SHARES @ many, special.ndtr(scores), rtol=1e-12)
