"""The defaults of growth and region, estimated again from CMS's county files."""

import tomllib
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

TYPES = ("ESRD", "DISABLED", "AGED_DUAL", "AGED_NON_DUAL")
YEARS = (2016, 2017, 2018, 2019)
TABLE = tomllib.loads(files("simcore.scenario").joinpath("defaults", "growth.toml").read_text("utf-8"))

pytestmark = pytest.mark.cms_data


@pytest.fixture(scope="module", name="counties")
def _counties(cms_data: Path) -> np.ndarray:
    """Per-capita expenditures, risk score and person-years: ``(year, measure, type, county)``."""
    tables = []
    for year in YEARS:
        table = pd.read_csv(cms_data / "county" / f"{year}.csv", dtype=str, encoding="cp1252")
        state, county = table.iloc[:, 3].str.strip(), table.iloc[:, 4].str.strip()
        table.index = pd.Index(state.str.zfill(2) + county.str.zfill(3))
        # Suppressed cells are "*". Three columns a type, from the sixth on.
        cells = table.iloc[:, 5:17].apply(
            lambda cell: pd.to_numeric(cell.str.replace(",", ""), errors="coerce")
        )
        tables.append(cells[~cells.index.duplicated()])
    common = tables[0].index
    for table in tables[1:]:
        common = common.intersection(table.index)
    return np.stack([table.loc[common].to_numpy().T.reshape(4, 3, -1).swapaxes(0, 1) for table in tables])


@pytest.mark.parametrize("position", range(4))
def test_projected_growth(counties, position):
    spending, _, people = counties[:, :, position].swapaxes(0, 1)
    known = np.isfinite(spending)
    level = np.where(known, spending * people, 0.0).sum(axis=1) / np.where(known, people, 0.0).sum(axis=1)
    annual = (level[3] / level[0]) ** (1 / 3) - 1
    # counties that are not in all four files are left out here: a hundredth of a percent at the most
    assert TABLE["growth"]["projected"][TYPES[position]] == pytest.approx(annual, abs=1.5e-4)


@pytest.mark.parametrize("position", range(4))
def test_regional_deviation(counties, position):
    spending, risk, people = counties[:, :, position].swapaxes(0, 1)
    known = np.isfinite(spending / risk).all(axis=0) & np.isfinite(people).all(axis=0)
    spending, risk, people = spending[:, known], risk[:, known], people[:, known]
    size = people.mean(axis=0)
    change = np.diff(np.log(spending / risk), axis=0)
    change -= (change * size).sum(axis=1, keepdims=True) / size.sum()

    # Variance in classes of size, each weighed by how surely it is known, on one over the size.
    edges = np.quantile(size, [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0])
    classes = [(low < size) & (size <= high) for low, high in pairwise(edges)]
    variance = np.array([(change[:, members] ** 2).mean() for members in classes])
    inverse_size = np.array([np.exp(-np.log(size[members]).mean()) for members in classes])
    weight = np.sqrt([members.sum() for members in classes]) / variance
    design = np.stack([np.ones(len(classes)), inverse_size], axis=1)
    (intercept, _), *_ = np.linalg.lstsq(design * weight[:, None], variance * weight, rcond=None)
    assert TABLE["region"]["deviation"][TYPES[position]] == pytest.approx(np.sqrt(intercept), abs=0.0006)
