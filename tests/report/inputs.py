"""Results with whole scenarios, for the report's tests."""

import json

import xarray as xr

from tests.example_results import example_result

SCENARIO = {
    "title": "Which track for an ACO of 12,000?",
    "aco": {
        "name": "Hill Country ACO",
        "aco_id": "A1234",
        "agreement_start": "2024-01-01",
        "performance_years": [2024, 2025, 2026, 2027, 2028],
        "population": {
            "ESRD": {"assigned_beneficiaries": 84},
            "AGED_NON_DUAL": {"assigned_beneficiaries": 11_916},
        },
        "beneficiary_file": None,
    },
    "savings": {"true_savings": 0.01, "uncertainty": 0.01},
    "benchmark": {"mode": "given", "prior_performance": []},
    "contract": {"options": "all"},
    "simulation": {"replicates": 2_000, "seed": 7, "engine": "pooled", "layers": ["individuals", "aco"]},
    "regulation": {"overlays": [], "proposed": False},
}


def told_result(scenario: dict[str, object] | None = None) -> xr.Dataset:
    """Return the example result with a whole scenario told in its attributes."""
    return example_result().assign_attrs(scenario=json.dumps(scenario or SCENARIO))
