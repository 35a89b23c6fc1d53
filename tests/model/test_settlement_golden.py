"""Real settlements that cover the law's branches, against what CMS paid.

Oracle: CMS's public results; each row's input is what CMS alone knows (quality, disaster relief, the
elected rate), everything else comes from the rules. Dollars agree to a dollar where the published
rate is round, else to half a unit of the last published digit of the rate times the gross savings.
"""

import csv
from datetime import datetime
from pathlib import Path

import pytest

from simcore.model.aco_year import MET, NOT_MET, AcoYear, year_rules
from simcore.model.settlement import settle
from simcore.model.terms import track_terms
from simcore.regulation.participation import VARIABLE, elections
from simcore.regulation.reader import read_regulation

pytestmark = pytest.mark.cms_data

# The participants' revenue is not published: these limits are backed out of CMS's own answer.
IMPLIED_REVENUE = {
    ("2023", "A1241"): 1_972_407 / 0.08,
    ("2023", "A4627"): 509_148 / 0.08,
    ("2023", "A5293"): 171_148 / 0.02,
    ("2022", "A1070"): 2_320_475 / 0.04,
    ("2021", "A4627"): 266_996 / 0.02,
}


def test_golden_settlements_are_what_cms_paid(cms_data: Path) -> None:
    regulation = read_regulation()
    with (cms_data / "golden_settlement.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 36
    for row in rows:
        aco = _aco_year(row)
        track = row["track"].upper().replace(" ", "-").replace("TRACK-1-+", "TRACK-1+")
        election = _election(row, elections(regulation, track, aco.agreement_start))
        terms, _, _ = track_terms(
            regulation, aco, year_rules(regulation, aco), track=track, msr_election=election
        )
        result = settle(float(row["benchmark"]), float(row["expenditures"]), terms)
        # A score published to a hundredth of a percent is known to half of that.
        by_score = aco.performance_year <= 2020 or (result.owed_shared_losses > 0.0 and track == "ENHANCED")
        tolerance = 1.0 + by_score * 0.00005 * abs(result.gross_savings)
        assert result.net_settlement == pytest.approx(float(row["earn_save_loss"]), abs=tolerance), row
        assert 100.0 * terms.minimum_savings_rate == pytest.approx(float(row["msr_pct"]), abs=0.005), row


def _aco_year(row: dict[str, str]) -> AcoYear:
    start = datetime.strptime(row["start"].split()[0], "%m/%d/%Y").date()
    return AcoYear(
        performance_year=int(row["py"]),
        agreement_start=start,
        assigned_beneficiaries=float(row["n_ab"]),
        quality_score=float(row["quality_pct"]) / 100.0,
        quality_standard=MET if row["met_qps"] == "1" else NOT_MET,
        participant_revenue=IMPLIED_REVENUE.get((row["py"], row["aco_id"])),
        disaster_relief=-float(row["dis_adj"]),
    )


def _election(row: dict[str, str], menu: tuple[str, ...]) -> str:
    """Return the elected rate: the published one where it can be elected, otherwise the table."""
    published = float(row["msr_pct"]) / 100.0
    fixed = [election for election in menu if election != VARIABLE and float(election) == published]
    if (row["py"], row["aco_id"]) == ("2023", "A4627"):
        return "0.015"  # elected in 2021; with 4,690 beneficiaries the table's 4.07 % takes its place
    return fixed[0] if fixed else VARIABLE
