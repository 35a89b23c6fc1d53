import numpy as np
import xarray as xr
from scipy.stats import norm

from simcore.plots.sizing import plot_size

SIZES, SAVINGS = np.array([5_000, 10_000, 20_000, 50_000]), np.array([0.0, 0.01, 0.02, 0.03])
# Normal savings rates with SD 2.1 / sqrt(n) against a minimum of 2.5 %.
GRID = xr.DataArray(
    norm.sf((0.025 - SAVINGS[:, None]) / (2.1 / np.sqrt(SIZES))),
    dims=("true_savings", "beneficiaries"),
    coords={"true_savings": SAVINGS, "beneficiaries": SIZES},
)
ACOS = xr.Dataset(
    {
        "assigned_beneficiaries": ("aco", [6_000, 9_000, 15_000, 31_000, 45_000]),
        "savings_rate": ("aco", [-0.002, 0.021, 0.013, 0.30, 0.028]),
        "paid": ("aco", [False, False, True, True, True]),
    }
)


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    assert_looks_as_kept(plot_size(GRID, acos=ACOS), "size")


def test_every_cell_says_its_chance_and_acos_off_the_grid_stay_off():
    drawing = plot_size(GRID, acos=ACOS)
    # P(Z > 0.025 / (2.1 / sqrt(5000))) = P(Z > 0.842) = 0.20
    assert drawing.artists["values"][0].get_text() == "20%"
    assert len(drawing.artists["values"]) == 16
    assert sum(line.get_xdata().size for line in drawing.artists["acos"]) == 4
