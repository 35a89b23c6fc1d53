"""Three results files of invented ACOs whose savings rates follow a known law."""

from pathlib import Path

import numpy as np

from tests.cms.built_files import write_csv

ACOS = 90
HEADER = (
    *("year", "ACO_ID", "Agreement_Period_Num", "Current_Start_Date", "Current_Track", "N_AB", "Sav_rate"),
    *("MinSavPerc", "EarnSaveLoss", "Met_QPS", "QualScore", "UpdatedBnchmk", "HistBnchmk", "ABtotBnchmk"),
    *("ABtotExp", "FinalShareRate", "Rev_Exp_Cat", "N_AB_Year_PY", "N_AB_Year_ESRD_PY", "N_AB_Year_DIS_PY"),
    *("N_AB_Year_AGED_Dual_PY", "N_AB_Year_AGED_NonDual_PY", "Per_Capita_Exp_ALL_ESRD_PY"),
    *("Per_Capita_Exp_ALL_DIS_PY", "Per_Capita_Exp_ALL_AGDU_PY", "Per_Capita_Exp_ALL_AGND_PY"),
    *("Per_Capita_Exp_ALL_ESRD_BY3", "Per_Capita_Exp_ALL_DIS_BY3", "Per_Capita_Exp_ALL_AGDU_BY3"),
    "Per_Capita_Exp_ALL_AGND_BY3",
)


def write_years(folder: Path, years: tuple[int, ...] = (2020, 2021, 2022, 2023)) -> list[Path]:
    """Write one file a year: ENHANCED ACOs whose rate is 0.8 of last year's plus 0.01 plus noise."""
    random = np.random.default_rng(20_240_101)
    people = random.integers(6_000, 40_000, ACOS)
    rate = 0.05 + 0.03 * random.standard_normal(ACOS)
    paths = []
    for year in years:
        rate = 0.01 + 0.8 * rate + (0.01 + 1.5 / np.sqrt(people)) * random.standard_normal(ACOS)
        rows = [_row(year, number, int(people[number]), float(rate[number])) for number in range(ACOS)]
        paths.append(write_csv(folder / f"year{year}.csv", HEADER, rows))
    return paths


def _row(year: int, number: int, people: int, rate: float) -> list[str]:
    """Return one ACO's record: benchmark 10,000 USD a person, full quality, no losses worth a note."""
    benchmark = 10_000 * people
    expenditures = round(benchmark * (1.0 - rate))
    savings = benchmark - expenditures
    # ENHANCED at an elected 2 %: 0.75 x 0.98 of the savings, or 0.40 of the losses; relief in PHE years aside.
    earned = round(0.735 * savings) if rate >= 0.02 else 0
    esrd, disabled, dual = people // 100, people // 10, people // (12 + number % 7)
    mix = [esrd, disabled, dual, people - esrd - disabled - dual]
    start = "7/1/2019" if year < 2022 or number % 3 else "1/1/2022"
    spending = [85_000, 11_000, 17_000, 9_000 + 10 * (number % 50)]
    return [
        *(str(year), f"A{number:04d}", "1", start, "EN", str(people), f"{rate:.4f}", "0.02", str(earned)),
        *("1", "0.9", "10000", "9800", str(benchmark), str(expenditures), "0.75"),
        *("Low Revenue" if number % 2 else "High Revenue", str(people), *map(str, mix)),
        *(*map(str, spending), *(str(round(0.95 * amount)) for amount in spending)),
    ]
