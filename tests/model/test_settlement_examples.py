"""Worked examples of real ACOs, with their arithmetic, against what CMS published.

Oracle: CMS's results files of 2018 to 2024. To a dollar where the rate is a round number; otherwise
to half a unit of the last published digit of the rate times the gross savings.
"""

from datetime import date
from typing import NamedTuple

import pytest

from simcore.model.aco_year import ALTERNATIVE, MET, NOT_MET, AcoYear, year_rules
from simcore.model.settlement import Settlement, settle
from simcore.model.terms import track_terms
from simcore.regulation.reader import read_regulation

REGULATION = read_regulation()
B_OF_G = 100_000_000.0  # stands for a benchmark that CMS's published example does not use


class Example(NamedTuple):
    aco: str
    year: int
    start: date
    track: str
    election: str
    beneficiaries: int
    benchmark: float
    gross_savings: float
    published: float
    tolerance: float = 1.0
    quality: float = 1.0
    standard: int = MET
    relief: float | None = None
    revenue: float | None = None
    low_revenue: bool = False


OLD, LATE, FIFTH = date(2016, 1, 1), date(2018, 1, 1), date(2017, 1, 1)
JULY, Y20, Y22, Y23, Y24 = (
    date(2019, 7, 1),
    date(2020, 1, 1),
    date(2022, 1, 1),
    date(2023, 1, 1),
    date(2024, 1, 1),
)

EXAMPLES = [
    # 146,796,367 x .75 x .98 = 107,895,330
    Example("A1001", 2024, Y24, "ENHANCED", "0.02", 70_000, 1_650_927_172, 146_796_367, 107_895_330),
    # 62,404,688 x .75 x .98 = 45,867,446
    Example("A1001", 2022, JULY, "ENHANCED", "0.02", 74_992, 966_116_777, 62_404_688, 45_867_446),
    # 6,641 beneficiaries: 3.47 %; 3,261,620 x .40 x .98 = 1,278,555
    Example("A2452", 2021, Y20, "BASIC-B", "variable", 6_641, 86_426_650, 3_261_620, 1_278_555),
    # 37,681,081 x .4541 x .98 = 16.77 M is above the limit: 10 % of 121,182,225
    Example("A1409", 2018, OLD, "TRACK-1", "variable", 5_451, 121_182_225, 37_681_081, 12_118_223, quality=0.9081),
    # 112,523,299 x .5 x .9084 x .98 = 50,085,941; the score is known to half a hundredth of a percent
    Example(
        "A1001", 2018, OLD, "TRACK-1", "variable", 77_372, 1_072_551_536, 112_523_299, 50_087_988,
        tolerance=0.00005 * 112_523_299 * 0.5, quality=0.9084,
    ),
    # 4,894,747 of 369,044,210 is 1.33 %, below 2.33 %, and the standard is not met
    Example(
        "A3547", 2018, LATE, "TRACK-1", "variable", 36_982, 369_044_210, 4_894_747, 0,
        quality=0.4545, standard=NOT_MET,
    ),
    # 1 - .75 x .8884 = .3337, not below .40: .40 x 15,259,668 - 2,655 = 6,101,212
    Example(
        "A1215", 2018, OLD, "TRACK-3", "0.005", 72_033, 797_237_607, -15_259_669, -6_101_212,
        quality=0.8884, relief=2_655,
    ),
    # Standard not met: .75 x 2,828,054 - 2,797 = 2,118,244
    Example(
        "A3743", 2018, LATE, "TRACK-3", "0.01", 6_003, 86_448_539, -2_828_054, -2_118_244,
        quality=0.4545, standard=NOT_MET, relief=2_797,
    ),
    # 1 - .6 x .9794 = .41236; x 4,400,612 - 1,070 = 1,813,564
    Example(
        "A3336", 2018, FIFTH, "TRACK-2", "0.01", 16_966, 181_635_269, -4_400_612, -1_813_633,
        tolerance=0.00005 * 4_400_612 * 0.6, quality=0.9794, relief=1_070,
    ),
    # .30 x 3,382,497 - 11,504 = 1,003,245
    Example(
        "A3764", 2018, LATE, "TRACK-1+", "0", 19_192, 214_772_468, -3_382_497, -1_003_245, relief=11_504
    ),
    # .40 x 4,203,702 = 1,681,481, all relieved: the emergency lasted the year
    Example("A3442", 2021, Y20, "ENHANCED", "0.005", 19_986, 216_693_922, -4_203_702, 0, quality=0.9036),
    # 1 - .75 x .7063 = .470275; x 13,280,553 = 6,245,512, all relieved
    Example("A1539", 2022, JULY, "ENHANCED", "0.01", 23_249, 236_275_356, -13_280_553, 0, quality=0.7063),
    # Track 2: 1 - .6 x .90 = .46; x 2,382,640 = 1,096,014, all relieved
    Example("A2029", 2021, LATE, "TRACK-2", "0", 41_407, 420_738_870, -2_382_640, 0, quality=0.90),
    # .40 x 15,884,998 = 6,353,999; less 2,649,296
    Example(
        "A2029", 2023, Y22, "ENHANCED", "0", 36_551, 411_787_704, -15_884_998, -3_704_703,
        quality=0.8245, relief=2_649_296,
    ),
    # 8 % of 24,655,087 = 1,972,407 < .30 x 8,290,897; less 823,342. The revenue is backed out of the answer.
    Example(
        "A1241", 2023, JULY, "BASIC-E", "variable", 10_043, 119_995_393, -8_290_897, -1_149_065,
        relief=823_342, revenue=1_972_407 / 0.08,
    ),
    # 4 % of 58,011,875 = 2,320,475 < 2 % of the benchmark, 11.1 M; all relieved. Backed out, too.
    Example(
        "A1070", 2022, JULY, "BASIC-D", "variable", 22_904, 555_253_455, -28_610_637, 0,
        revenue=2_320_475 / 0.04,
    ),
    # 2 % of 8,557,400 = 171,148 < .30 x 3,346,177; less 72,695. Backed out, too.
    Example(
        "A5293", 2023, Y23, "BASIC-C", "0.01", 6_763, 104_354_043, -3_346_177, -98_453,
        relief=72_695, revenue=171_148 / 0.02,
    ),
    # 1 - .75 x .541 = .59425; x 358,135 = 212,822; less 551
    Example("A5386", 2024, Y24, "ENHANCED", "0", 8_000, B_OF_G, -358_135, -212_271, quality=0.541, relief=551),
    # 1 - .75 x .7178 = .46165; x 2,576,264 = 1,189,332; less 5,398
    Example(
        "A5407", 2024, Y24, "ENHANCED", "0.01", 8_000, B_OF_G, -2_576_264, -1_183_935,
        tolerance=2.0, quality=0.7178, relief=5_398,
    ),
    # 9,000 beneficiaries or so: 2,529,603 is 2.34 %, below the table: half of 40 %, x .98 = 495,802
    Example(
        "A5388", 2024, Y24, "BASIC-A", "variable", 10_100, 2_529_603 / 0.0234, 2_529_603, 495_802,
        low_revenue=True,
    ),
    # 176,988 x half of 50 % x .98 = 43,362
    Example(
        "A5347", 2024, Y24, "BASIC-E", "variable", 10_000, B_OF_G, 176_988, 43_362, low_revenue=True
    ),
    # Only the alternative standard: .5 x .7663 = .38315; x 10,807,317 x .98 = 4,058,007
    Example(
        "A2366", 2024, Y24, "BASIC-E", "0", 20_000, 2e8, 10_807_317, 4_058_007,
        tolerance=0.00005 * 10_807_317 * 0.5, quality=0.7663, standard=ALTERNATIVE,
    ),
    # .4 x .721 = .2884; x 23,438,159 x .98 = 6,624,374
    Example(
        "A2619", 2024, Y24, "BASIC-B", "variable", 20_000, 3e8, 23_438_159, 6_624_374,
        tolerance=0.00005 * 23_438_159 * 0.4, quality=0.721, standard=ALTERNATIVE,
    ),
    # 5,349,765 x .40 x .98 = 2,097,108
    Example("A5334", 2024, Y24, "BASIC-A", "variable", 10_000, B_OF_G, 5_349_765, 2_097_108),
    # 4,324 beneficiaries: 4.27 %; 3,293,070 x .75 x .9002 x .98 = 2,178,850
    Example(
        "A2011", 2018, FIFTH, "TRACK-3", "variable", 4_324, 57_374_735, 3_293_070, 2_178_881,
        tolerance=0.00005 * 3_293_070 * 0.75, quality=0.9002,
    ),
]  # fmt: skip


def settled(example: Example, *, two_way_benchmark: float | None = None) -> Settlement:
    aco = AcoYear(
        performance_year=example.year,
        agreement_start=example.start,
        assigned_beneficiaries=float(example.beneficiaries),
        quality_score=example.quality,
        quality_standard=example.standard,
        participant_revenue=example.revenue,
        low_revenue=example.low_revenue,
        disaster_relief=example.relief,
        year_in_track=example.year - example.start.year + 1,
    )
    contract = track_terms(
        REGULATION, aco, year_rules(REGULATION, aco), track=example.track, msr_election=example.election
    )
    expenditures = example.benchmark - example.gross_savings
    return settle(example.benchmark, expenditures, contract.terms, two_way_benchmark=two_way_benchmark)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.year}-{example.aco}")
def test_real_settlement(example: Example) -> None:
    assert settled(example).net_settlement == pytest.approx(example.published, abs=example.tolerance)


def test_guardrail_leaves_neither_savings_nor_losses() -> None:
    # 2024 A5321, BASIC-E, minimum 0: against the two-way benchmark 0.108 % were saved, CMS paid nothing.
    two_way = 100_000_000.0
    expenditures = two_way * (1.0 - 0.00108)
    three_way = expenditures / 1.02
    example = Example("A5321", 2024, Y24, "BASIC-E", "0", 10_000, three_way, three_way - expenditures, 0)
    result = settled(example, two_way_benchmark=two_way)
    assert result.guardrail_applies
    assert result.updated_benchmark == two_way
    assert result.savings_rate == pytest.approx(0.00108)
    assert (result.earned_shared_savings, result.owed_shared_losses) == (0.0, 0.0)
    # Without the guardrail 2 % of losses would be shared.
    assert settled(example).owed_shared_losses > 0.0
