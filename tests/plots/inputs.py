"""Results and tables that the plots' tests draw."""

import numpy as np
import xarray as xr

from tests.example_results import example_result

ELECTIONS = ("0", "0.005", "0.010", "0.015", "0.020", "variable")


def all_options_result(replicates: int = 2_000) -> xr.Dataset:
    """Return a result of 26 contracts: one-sided A and B, and C, D, E and ENHANCED at every election.

    Settled by hand on the example's savings rates, with the loss limits of the tracks left out.
    """
    example = example_result(replicates)
    rows = [("BASIC-A", "variable", 0.4, 0.0), ("BASIC-B", "variable", 0.4, 0.0)]
    for track, share, loss in (
        ("BASIC-C", 0.5, 0.3),
        ("BASIC-D", 0.5, 0.3),
        ("BASIC-E", 0.5, 0.3),
        ("ENHANCED", 0.75, 0.4),
    ):
        rows += [(track, election, share, loss) for election in ELECTIONS]
    labels = [track if loss == 0.0 else f"{track} msr={election}" for track, election, _, loss in rows]
    result = example.isel(contract=[0] * len(rows)).copy(deep=True)
    result = result.assign_coords(
        contract=labels,
        track=("contract", [row[0] for row in rows]),
        msr_election=("contract", [row[1] for row in rows]),
    )
    minimum = np.array([0.03 if row[1] == "variable" else float(row[1]) for row in rows])[:, None, None]
    share = np.array([row[2] for row in rows])[:, None, None]
    loss = np.array([row[3] for row in rows])[:, None, None]
    gross, rate = example["gross_savings"].values, example["savings_rate"].values
    msr_met = (gross > 0.0) & (rate >= minimum)
    mlr_met = (gross < 0.0) & (rate <= -minimum) & (loss > 0.0)
    earned, owed = np.where(msr_met, 0.98 * share * gross, 0.0), np.where(mlr_met, -loss * gross, 0.0)
    shape = msr_met.shape
    for name, value in {
        "minimum_savings_rate": np.broadcast_to(minimum, shape).copy(),
        "msr_met": msr_met,
        "mlr_met": mlr_met,
        "final_sharing_rate": np.broadcast_to(share, shape).copy(),
        "final_loss_rate": np.broadcast_to(loss, shape).copy(),
        "earned_shared_savings": earned,
        "owed_shared_losses": owed,
        "net_settlement": earned - owed,
    }.items():
        result[name] = (result[name].dims, value, result[name].attrs)
    return result
