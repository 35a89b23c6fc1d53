"""A small result with every word of the vocabulary that analysis and plots need, made without a simulation.

Normal savings rates around a chosen mean, settled by hand under three contracts, so that closed
forms of the normal law are oracles for what is computed from it.
"""

import numpy as np
import xarray as xr

from simcore.vocabulary import VARIABLES

CONTRACTS = {
    # label: (track, election, msr, sharing rate, loss rate, payment limit, loss limit)
    "BASIC-B": ("BASIC-B", "variable", 0.030, 0.40, 0.0, 0.10, 0.0),
    "BASIC-E msr=0.010": ("BASIC-E", "0.010", 0.010, 0.50, 0.30, 0.10, 0.04),
    "ENHANCED msr=0": ("ENHANCED", "0", 0.0, 0.75, 0.40, 0.20, 0.15),
}


def example_result(
    replicates: int = 2_000, mean: float = 0.01, deviation: float = 0.025, seed: int = 7, years: int = 5
) -> xr.Dataset:
    """Return a result of `years` years from 2024 whose savings rates are normal and independent."""
    generator = np.random.default_rng(seed)
    shape = (years, replicates)
    benchmark = np.full(shape, 150e6) * 1.04 ** np.arange(years)[:, None]
    expenditures = benchmark * (1.0 - generator.normal(mean, deviation, shape))
    gross_savings = benchmark - expenditures
    savings_rate = gross_savings / benchmark
    world = {
        "assigned_beneficiaries": np.full(shape, 12_000.0),
        "person_years": np.full(shape, 11_760.0),
        "updated_benchmark": benchmark,
        "expenditures": expenditures,
        "gross_savings": gross_savings,
        "savings_rate": savings_rate,
        "quality_score": np.full(shape, 0.85),
        "participant_revenue": 0.3 * benchmark,
        "true_savings": np.full(shape, mean),
    }
    parts: dict[str, list[np.ndarray]] = {}
    for _, _, msr, share, loss, payment_limit, loss_limit in CONTRACTS.values():
        msr_met = (gross_savings > 0.0) & (savings_rate >= msr)
        mlr_met = (gross_savings < 0.0) & (savings_rate <= -msr) & (loss > 0.0)
        shared = np.where(msr_met, share * gross_savings, 0.0)
        before_limit = 0.98 * shared
        earned = np.minimum(before_limit, payment_limit * benchmark)
        losses = np.where(mlr_met, -loss * gross_savings, 0.0)
        owed = np.minimum(losses, loss_limit * benchmark)
        for name, value in {
            "minimum_savings_rate": np.full(shape, msr),
            "msr_met": msr_met,
            "mlr_met": mlr_met,
            "maximum_sharing_rate": np.full(shape, share),
            "final_sharing_rate": np.full(shape, share),
            "final_loss_rate": np.full(shape, loss),
            "shared_savings_before_sequestration": shared,
            "shared_savings_before_limit": before_limit,
            "performance_payment_limit": payment_limit * benchmark,
            "shared_losses_before_limit": losses,
            "loss_recoupment_limit": loss_limit * benchmark,
            "earned_shared_savings": earned,
            "owed_shared_losses": owed,
            "net_settlement": earned - owed,
            "payment_limit_binds": before_limit > payment_limit * benchmark,
            "loss_limit_binds": losses > loss_limit * benchmark,
        }.items():
            parts.setdefault(name, []).append(value)
    variables = {}
    for name, value in {**world, **{name: np.stack(values) for name, values in parts.items()}}.items():
        word = VARIABLES[name]
        dims = word.dims if value.ndim == 3 else tuple(dim for dim in word.dims if dim != "contract")
        variables[name] = (dims, value, {"units": word.units, "long_name": word.long_name})
    coords = {
        "contract": list(CONTRACTS),
        "track": ("contract", [row[0] for row in CONTRACTS.values()]),
        "msr_election": ("contract", [row[1] for row in CONTRACTS.values()]),
        "performance_year": np.arange(2024, 2024 + years, dtype=np.int32),
        "replicate": np.arange(replicates, dtype=np.int64),
    }
    attrs = {
        "simcore_version": "0.1.0",
        "scenario": '{"title": "Normal savings rates"}',
        "scenario_digest": "0" * 64,
        "regulation_digest": "0" * 64,
        "seed": str(seed),
        "engine": "pooled",
        "stream_version": "2",
    }
    return xr.Dataset(variables, coords=coords, attrs=attrs)
