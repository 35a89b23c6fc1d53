import xarray as xr

from simcore.plots.spending_fit import plot_spending_fit

# Published: Wallis et al., eClinicalMedicine 2021, doi 10.1016/j.eclinm.2021.100873.
FIT = xr.Dataset(
    {
        "published": ("top_share", [0.149, 0.415, 0.600, 0.791, 0.957], {"source": "Wallis et al. 2021"}),
        "model": ("top_share", [0.152, 0.412, 0.603, 0.790, 0.956]),
    },
    coords={"top_share": [0.01, 0.05, 0.10, 0.20, 0.50]},
)


def test_the_picture_is_the_one_that_was_looked_at(assert_looks_as_kept):
    assert_looks_as_kept(plot_spending_fit(FIT), "spending_fit")


def test_the_title_names_the_widest_gap():
    # |0.152 - 0.149| = |0.412 - 0.415| = |0.603 - 0.600| = 0.3 points
    title = plot_spending_fit(FIT).artists["title"][0].get_text()
    assert "within 0.3 points" in title.replace("\n", " ")
