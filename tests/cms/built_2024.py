"""A results file in the layout of 2024, which is not in the folder of CMS's data, made of the file of 2023."""

import re
from pathlib import Path

import numpy as np

from tests.cms.built_files import read_csv, write_csv

GONE = ("PosRegAdj", "DisAffQual", "Met_30pctl", "Met_Incentive", "Met_FirstYear", "Report_WI", "Recvd30p")
ADDED = {
    **dict.fromkeys(("AIP", "AIPBalance", "AIPRecoup", "AIPOwe", "RegAdj", "PriorSavAdj"), "-"),
    **{"FinalAdjCat": "-", "Guardrail": "-", "ReducedSS": "-", "Met_40pctl": "1"},
    **dict.fromkeys(("Demog_RiskScore_ESRD_PY", "RR_weight_ESRD"), "*"),
}
LEFT, JOINED, SUPPRESSED = 12, 9, 5
"""ACOs that leave, that come under a new identifier, and whose small cells are starred."""


def as_2024(source: Path, target: Path, *, change: float = 0.02) -> Path:
    """Write the ACOs of 2023 as those of 2024: other rates, percent points, no percent signs, new agreements."""
    random = np.random.default_rng(2024)
    header, rows = read_csv(source)
    records = [dict(zip(header, row, strict=True)) for row in rows[LEFT:]]
    for place, record in enumerate(records):
        _new_year(record, change * float(random.standard_normal()))
        if place < JOINED:
            record["ACO_ID"] = f"A9{place:03d}"
        if place >= len(records) - SUPPRESSED:
            for name in ("N_AB_Year_ESRD_PY", "Per_Capita_Exp_ALL_ESRD_PY", "CMS_HCC_RiskScore_ESRD_PY"):
                record[name] = "*"
    kept = [name for name in header if name not in GONE]
    return write_csv(
        target, [*kept, *ADDED], [[*(record[name] for name in kept), *ADDED.values()] for record in records]
    )


def _new_year(record: dict[str, str], change: float) -> None:
    """Change a record in place: agreements of 2019 begin anew, and the savings rate moves by `change`."""
    if record["Current_Start_Date"].endswith("2019"):
        record["Current_Start_Date"] = "1/1/2024"
        record["Current_Track"] = "EN" if record["Current_Track"] == "EN" else "E"
        record["Risk_Model"] = "Two-Sided"
    benchmark = int(record["ABtotBnchmk"])
    expenditures = round(int(record["ABtotExp"]) - change * benchmark)
    savings = benchmark - expenditures
    percent = {name: cell.rstrip("%") for name, cell in record.items() if re.fullmatch(r"-?[\d.]+%", cell)}
    record.update(percent)
    minimum = float(record["MinSavPerc"]) / 100.0
    share = {"EN": 75, "E": 50}.get(record["Current_Track"], 40)
    paid = savings > 0 and savings >= minimum * benchmark
    record.update(
        ABtotExp=str(expenditures),
        BnchmkMinExp=str(savings),
        Sav_rate=f"{100.0 * savings / benchmark:.2f}",
        GenSaveLoss=str(savings if paid else 0),
        EarnSaveLoss=str(round(0.98 * share / 100.0 * savings) if paid else 0),
        FinalShareRate=str(share if paid else 0),
    )
