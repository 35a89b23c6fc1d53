"""Read a sample of annualised spending, a row a person or a person-year with its weight."""

from pathlib import Path

from simcore.errors import DataError
from simcore.scenario.data_frame import as_numbers, bad_rows, read_data_frame


def read_amounts(path: Path) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return amounts and weights of a sample.

    Parameters
    ----------
    path
        CSV or parquet with ``amount`` (annualised, not truncated, any unit of money) and, if rows do not
        count alike, ``weight`` (person-years, say).

    Returns
    -------
    tuple
        Amounts, and weights; no weights where every row counts the same.

    Raises
    ------
    DataError
        With all problems of the file at once.
    """
    frame = read_data_frame(path, needs=["amount"])
    amount = as_numbers(frame["amount"])
    problems = bad_rows(frame, ~((amount >= 0.0) & (amount < float("inf"))), "amount", "0 or more")
    if not problems and not float(amount.sum()) > 0.0:
        problems.append("amount: nobody spends anything; allowed: at least one amount above 0")
    if "weight" not in frame:
        weight = amount.iloc[:0]
    else:
        weight = as_numbers(frame["weight"])
        problems += bad_rows(frame, ~((weight >= 0.0) & (weight < float("inf"))), "weight", "0 or more")
        if not problems and not float((weight * amount).sum()) > 0.0:
            problems.append("weight: nobody of weight spends anything; allowed: at least one")
    if problems:
        raise DataError(str(path), problems)
    return tuple(amount.tolist()), tuple(weight.tolist())
