"""People that several tests of the model build."""

from simcore.model.bands import BandPlan
from simcore.model.families import GeneralizedGamma, LognormalMixture
from simcore.model.population import TypePlan
from simcore.model.spending import NationalSpending

MIXTURE = LognormalMixture(0.05, (0.863, 0.137), (0.0, 2.828), (1.409, 0.711))
REFERENCE_LAW = GeneralizedGamma(0.56, 0.65)
BANDS = BandPlan((0.30, 0.25, 0.20, 0.14, 0.08, 0.03), 0.04, 0.5, 0.9, 0.86, 0.93)
ONE_BAND = BandPlan((1.0,), 0.0, 0.5, 0.0, 0.0, 0.0)


def plan(**changes):
    """Return the plan of aged non-duals with some fields changed."""
    fields = {
        "enrollment_type": "AGED_NON_DUAL",
        "spending": NationalSpending(MIXTURE, 10_604.0, 0.99),
        "bands": BANDS,
        "assigned_again": 0.844,
        "score_explains": 0.115,
    }
    return TypePlan(**{**fields, **changes})
