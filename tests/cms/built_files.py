"""Small results files in layouts that are not in the folder of CMS's data."""

import csv
from collections.abc import Sequence
from pathlib import Path

COLUMNS_2024 = (
    *("ACO_ID", "ACO_Name", "Agree_Type", "Agreement_Period_Num", "Current_Start_Date", "Current_Track"),
    *("Risk_Model", "Assign_Type", "N_AB", "Sav_rate", "MinSavPerc", "BnchmkMinExp", "GenSaveLoss", "DisAdj"),
    *(
        "Impact_Mid_Year_Termination",
        "EarnSaveLoss",
        "Met_QPS",
        "Met_AltQPS",
        "Met_40pctl",
        "QualScore",
        "AIP",
    ),
    *("AIPBalance", "AIPRecoup", "AIPOwe", "RegAdj", "PriorSavAdj", "FinalAdjCat", "UpdatedBnchmk"),
    *("HistBnchmk", "Guardrail", "ABtotBnchmk", "ABtotExp", "FinalShareRate", "ReducedSS", "FinalLossRate"),
    *("Rev_Exp_Cat", "N_AB_Year_PY", "Demog_RiskScore_ESRD_PY", "RR_weight_ESRD"),
)
# Performance year 2024 (public results, earlier release): what rules.md 10 gives of A1001, A5388, A2366
# and A5386 is as published; what it does not give is filled in so that the row is consistent.
ROWS_2024 = tuple(
    tuple(row.split(","))
    for row in (
        "A1001,Palm Beach,Renewal,3,7/1/2019,EN,Two-Sided,Retrospective,112000,8.89,2,146796367,14679636"
        "7,0,0,107895330,1,-,1,90.21,0,-,-,-,-,-,-,15000,13000,-,1650927172,1504130805,75,0,40,Low Reven"
        "ue,110062,1.001,.05",
        "A5388,Half Rate,Initial,1,1/1/2024,A,One-Sided,Prospective,10100,2.34,2.99,2529603,2529603,0,0,"
        "495802,1,-,1,81.5,0,*,*,*,55,0,Regional,10810,10500,0,108100000,105570397,20,1,-,Low Revenue,10"
        "000,.999,.061",
        "A2366,Alternative,Renewal,2,1/1/2022,E,Two-Sided,Retrospective,20000,5.4,1,10807317,10807317,0,"
        "0,4058007,0,1,0,76.63,0,-,-,-,-,-,-,10006,9800,-,200120000,189312683,38.32,0,30,High Revenue,20"
        "000,1,.04",
        "A5386,Loser,Initial,1,1/1/2024,EN,Two-Sided,Prospective,9000,-0.4,0,-358135,-358135,-551,0,-212"
        "271,0,1,0,54.1,1,100000,0,100000,-20,0,No Adjustment,10000,9800,0,89533750,89891885,0,0,59.43,L"
        "ow Revenue,8953,1,.03",
    )
)


def write_csv(
    path: Path, header: Sequence[str], rows: Sequence[Sequence[str]], encoding: str = "utf-8"
) -> Path:
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows([header, *rows])
    return path


def read_csv(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(newline="", encoding="cp1252") as file:
        header, *rows = csv.reader(file)
    return header, rows
