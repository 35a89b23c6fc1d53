"""Write a result as a tidy table, one row a figure or a replicate, as CSV or parquet."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import xarray as xr

from simcore.analysis.summary import summarize
from simcore.errors import ResultError
from simcore.store import written_whole
from simcore.vocabulary import CONTRACT, PERFORMANCE_YEAR, REPLICATE


def summary_table(result: xr.Dataset) -> pd.DataFrame:
    """Return the summary as a long table: one row a contract, period and measure.

    Parameters
    ----------
    result
        A result of ``simulate``.

    Returns
    -------
    pandas.DataFrame
        ``contract``, ``track``, ``msr_election``, ``period`` (a year, or ``all``), ``measure``, ``units``,
        ``value`` and ``standard_error``.
    """
    frame = summarize(result).to_dataframe().reset_index()
    columns = [CONTRACT, "track", "msr_election", "period", "measure", "units", "value", "standard_error"]
    return frame[columns]


def replicate_table(result: xr.Dataset) -> pd.DataFrame:
    """Return every settlement: one row a contract, performance year and replicate, one column a variable.

    Parameters
    ----------
    result
        A result of ``simulate``. Variables by enrollment type are left out: they have rows of another kind.
    """
    dims = (CONTRACT, PERFORMANCE_YEAR, REPLICATE)
    kept = [name for name, variable in result.data_vars.items() if set(variable.dims) <= set(dims)]
    return result[kept].to_dataframe(dim_order=list(dims)).reset_index()


def write_csv(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as CSV in UTF-8 and return its path.

    Raises
    ------
    ResultError
        If the file cannot be written; nothing is left behind.
    """
    target = Path(path)
    with written_whole(target) as temporary:
        table.to_csv(temporary, index=False, lineterminator="\n")
    return target


def write_parquet(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as parquet and return its path.

    Raises
    ------
    ResultError
        If pyarrow is not installed, or the file cannot be written; nothing is left behind.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise ResultError(
            str(path),
            "parquet needs pyarrow, which is not installed: pip install 'simcore[parquet]', or use --csv",
        )
    target = Path(path)
    with written_whole(target) as temporary:
        table.to_parquet(temporary, engine="pyarrow", index=False)
    return target
