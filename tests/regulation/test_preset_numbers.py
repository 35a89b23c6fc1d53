"""Every number of the contracts beyond the program, typed a second time from the sources that are named.

Oracle: the tables of each model's source; a slip in either place shows. What is recalled or our choice
is pinned all the same, so that it changes by intent only.
"""

from math import inf

import pytest

from simcore.regulation.presets import read_presets

PRESETS = read_presets()

FIRST_DOLLAR = "first_dollar"
WHOLE = None  # in all years of the contract
GLOBAL, PROFESSIONAL = ("REACH-GLOBAL",), ("REACH-PROFESSIONAL",)
REACH = GLOBAL + PROFESSIONAL
LEAD_GLOBAL, LEAD_PROFESSIONAL = ("LEAD-GLOBAL",), ("LEAD-PROFESSIONAL",)
LEAD = LEAD_GLOBAL + LEAD_PROFESSIONAL
NGACO_A, NGACO_B = ("NGACO-A",), ("NGACO-B",)
NGACO = NGACO_A + NGACO_B
CORE, OPTION_B, OPTION_C = ("PIONEER-CORE",), ("PIONEER-B",), ("PIONEER-C",)
A_AND_C = ("PIONEER-A", "PIONEER-C")
PIONEER = (*CORE, "PIONEER-A", *OPTION_B, *OPTION_C)
PGP, COMMERCIAL, ADVANTAGE = ("PGP",), ("COMMERCIAL",), ("MEDICARE-ADVANTAGE",)

YEARS = {
    "PGP": (2005, 2009),  # April 2005 to March 2010
    **dict.fromkeys(PIONEER, (2012, 2016)),
    **dict.fromkeys(NGACO, (2016, 2021)),
    **dict.fromkeys(REACH, (2021, 2026)),
    **dict.fromkeys(LEAD, (2027, 2036)),
    "COMMERCIAL": (2010, 2100),
    "MEDICARE-ADVANTAGE": (2010, 2100),
}

GLOBAL_UNTIL_2025 = [[0.25, 1.0], [0.35, 0.50], [0.50, 0.25], [inf, 0.10]]
PROFESSIONAL_BANDS = [[0.05, 0.50], [0.10, 0.35], [0.15, 0.15], [inf, 0.05]]

# Contracts: term: [(years, value)], and (years, value, elections) where an election decides.
TERMS = {
    # Kautter et al. 2007; CMS-1345-P pp. 268 and 279; cms.gov/es/node/1653856
    PGP: {
        "msr": [(WHOLE, {"value": 0.02, "strict": True})],
        "mlr": [(WHOLE, {"value": 0.02})],
        "sharing_base": [(WHOLE, "above_threshold")],
        "threshold": [(WHOLE, 0.02)],
        "bands_savings": [(WHOLE, [[inf, 0.80]])],
        "bands_losses": [(WHOLE, [])],
        "quality_rate": [
            ((2005, 2005), {"savings": "cost_quality_split", "split": [0.70, 0.30]}),
            ((2006, 2006), {"savings": "cost_quality_split", "split": [0.60, 0.40]}),
            ((2007, 2009), {"savings": "cost_quality_split", "split": [0.50, 0.50]}),
        ],
        "cap_shared": [(WHOLE, {"savings": 0.05})],
        "loss_carry_forward": [(WHOLE, True)],
        "payment_withhold": [(WHOLE, 0.25)],
    },
    # Pioneer's request for applications and alternative payment arrangements: rate and cap by option and year
    PIONEER: {
        "msr": [(WHOLE, {"value": 0.01})],
        "mlr": [(WHOLE, {"value": 0.01})],
        "sharing_base": [(WHOLE, FIRST_DOLLAR)],
        "bands_losses": [(WHOLE, "same")],
        "quality_rate": [(WHOLE, {"savings": "times_q", "losses": "one_minus_rate_q"})],
        "sequestration": [((2013, 2016), {"rate": 0.02})],  # payments from April 2013
        "truncation": [(WHOLE, {"percentile": 0.99})],
    },
    CORE: {
        "bands_savings": [((2012, 2012), [[inf, 0.60]]), ((2013, 2016), [[inf, 0.70]])],
        "cap_shared": [
            ((2012, 2012), {"savings": 0.10, "losses": 0.10}),
            ((2013, 2016), {"savings": 0.15, "losses": 0.15}),
        ],
    },
    A_AND_C: {
        "bands_savings": [
            ((2012, 2012), [[inf, 0.50]]),
            ((2013, 2013), [[inf, 0.60]]),
            ((2014, 2016), [[inf, 0.70]]),
        ],
        "cap_shared": [
            ((2012, 2012), {"savings": 0.05, "losses": 0.05}),
            ((2013, 2013), {"savings": 0.10, "losses": 0.10}),
            ((2014, 2016), {"savings": 0.15, "losses": 0.15}),
        ],
    },
    OPTION_B: {
        "bands_savings": [((2012, 2012), [[inf, 0.70]]), ((2013, 2016), [[inf, 0.75]])],
        "cap_shared": [(WHOLE, {"savings": 0.15, "losses": 0.15})],
    },
    # one-sided in its first year, with a minimum of 2.0 to 2.7 percent by size
    OPTION_C: {
        "msr": [((2012, 2012), {"value": 0.02})],
        "bands_losses": [((2012, 2012), [])],
        "quality_rate": [((2012, 2012), {"savings": "times_q"})],
    },
    # participation agreement: 80 or 100 percent after the limit, 2 percent off savings; RTI's papers: discount
    NGACO: {
        "discount": [((2016, 2018), 0.02)],
        "quality_withhold": [
            ((2016, 2018), {"rate": 0.01, "earn": "linear"}),
            ((2019, 2019), {"rate": 0.02, "earn": "linear"}),
            ((2020, 2021), {"rate": 0.03, "earn": "linear"}),
        ],
        "sharing_base": [(WHOLE, FIRST_DOLLAR)],
        "bands_losses": [(WHOLE, "same")],
        "sequestration": [(WHOLE, {"rate": 0.02})],
        "truncation": [(WHOLE, {"percentile": 0.99})],
    },
    NGACO_A: {"discount": [((2019, 2021), 0.005)], "bands_savings": [(WHOLE, [[inf, 0.80]])]},
    NGACO_B: {"discount": [((2019, 2021), 0.0125)], "bands_savings": [(WHOLE, [[inf, 1.0]])]},
    # ACO REACH request for applications, table 6.16, to 2024; CMS's model updates for 2025 and 2026
    REACH: {
        "quality_withhold": [
            ((2021, 2022), {"rate": 0.05, "earn": "linear", "reporting_share": 0.8}),  # 4 of 5 points
            ((2023, 2023), {"rate": 0.02, "earn": "linear"}),
            ((2024, 2025), {"rate": 0.02, "earn": "linear"}),
            ((2026, 2026), {"rate": 0.05, "earn": "linear"}),
        ],
        "retention_withhold": [
            ((2021, 2023), 0.02, {"retention": "yes"}),
            ((2024, 2026), 0.02, {"retention": "yes"}),
        ],
        "equity_adjustment": [((2023, 2023), True), ((2024, 2026), True)],
        "sharing_base": [(WHOLE, FIRST_DOLLAR)],
        "bands_losses": [((2021, 2023), "same"), ((2024, 2026), "same")],
        "sequestration": [
            ((2021, 2023), {"rate": 0.02, "on_losses": False, "base": "shared"}),
            ((2024, 2026), {"rate": 0.02, "on_losses": False, "base": "shared"}),
        ],
    },
    GLOBAL: {
        "discount": [
            ((2021, 2022), 0.02),
            ((2023, 2023), 0.03),
            ((2024, 2024), 0.03),
            ((2025, 2025), 0.04),
            ((2026, 2026), 0.04),
        ],
        "bands_savings": [
            ((2021, 2023), GLOBAL_UNTIL_2025),
            ((2024, 2025), GLOBAL_UNTIL_2025),
            ((2026, 2026), [[0.10, 1.0], [0.35, 0.50], [0.50, 0.25], [inf, 0.10]]),
        ],
    },
    PROFESSIONAL: {"bands_savings": [((2021, 2023), PROFESSIONAL_BANDS), ((2024, 2026), PROFESSIONAL_BANDS)]},
    # the July 2026 methodology paper as a workbook has it; Benesch, Wakely
    LEAD: {
        "quality_withhold": [(WHOLE, {"rate": 0.03, "earn": "linear"})],
        "sharing_base": [(WHOLE, FIRST_DOLLAR)],
        "sequestration": [(WHOLE, {"rate": 0.02, "on_losses": True, "base": "shared"})],
    },
    LEAD_GLOBAL: {
        # 1.75 percent in 2027, 3 percent by 2032, a straight line between: a quarter of a point a year
        "discount": [
            ((2027, 2027), 0.0175),
            ((2028, 2028), 0.0200),
            ((2029, 2029), 0.0225),
            ((2030, 2030), 0.0250),
            ((2031, 2031), 0.0275),
            ((2032, 2036), 0.0300),
            (WHOLE, 0.0300, {"spending": "lower"}),
        ],
        "bands_savings": [(WHOLE, [[0.15, 1.0], [0.35, 0.50], [0.50, 0.25], [inf, 0.10]])],
        "bands_losses": [(WHOLE, "same")],
    },
    LEAD_PROFESSIONAL: {
        "bands_savings": [(WHOLE, [[0.10, 0.60], [0.15, 0.35], [0.20, 0.15], [inf, 0.05]])],
        "bands_losses": [(WHOLE, [[0.10, 0.50], [0.15, 0.35], [0.20, 0.15], [inf, 0.05]])],
    },
    # our own templates, after published designs
    COMMERCIAL: {
        "msr": [(WHOLE, {"value": 0.02})],
        "mlr": [(WHOLE, {"value": 0.02})],
        "sharing_base": [(WHOLE, FIRST_DOLLAR)],
        "bands_savings": [(WHOLE, [[inf, 0.50]])],
        "bands_losses": [(WHOLE, [[inf, 0.50]])],
        "quality_rate": [(WHOLE, {"savings": "table", "table": [[0.0, 0.0], [0.5, 0.5], [0.8, 1.0]]})],
        "cap_shared": [(WHOLE, {"savings": 0.10, "losses": 0.05})],
    },
    # 42 CFR 422.2410: a loss ratio of 85 percent at the least
    ADVANTAGE: {
        "target": [(WHOLE, {"kind": "premium_times_mlr", "mlr": 0.85})],
        "sharing_base": [(WHOLE, FIRST_DOLLAR)],
        "bands_savings": [(WHOLE, [[0.03, 0.50], [inf, 0.25]])],
        "bands_losses": [(WHOLE, [[0.03, 0.50], [inf, 0.25]])],
    },
}


def typed(contracts: tuple[str, ...], rows: list[tuple]) -> list[tuple]:
    """Return a term's rows as ``(years, value, elections)``."""
    return [
        (YEARS[contracts[0]] if years is WHOLE else years, value, dict(*where))
        for years, value, *where in rows
    ]


@pytest.mark.parametrize("contracts", TERMS, ids=" ".join)
def test_every_term_is_its_sources(contracts: tuple[str, ...]) -> None:
    found: dict[str, list[tuple]] = {}
    for term in PRESETS.terms:
        if set(term.contracts) == set(contracts):
            found.setdefault(term.name, []).append((term.years, term.value, dict(term.where)))
    assert found == {name: typed(contracts, rows) for name, rows in TERMS[contracts].items()}


def test_no_term_is_left_out() -> None:
    assert {frozenset(term.contracts) for term in PRESETS.terms} == set(map(frozenset, TERMS))


def test_every_contract_has_its_years() -> None:
    assert {label: PRESETS.preset(label).years for label in PRESETS.labels} == YEARS


def test_what_is_elected_and_what_is_taken_where_nobody_elects() -> None:
    found = {
        (label, election.name): (election.default, election.choices, election.lowest, election.highest)
        for label in PRESETS.labels
        for election in PRESETS.preset(label).elections.values()
    }
    assert found == {
        # participation agreement: a limit from 5 to 15 percent; the middle is our choice
        **{(label, "cap"): (0.10, (), 0.05, 0.15) for label in NGACO},
        **{(label, "retention"): ("no", ("no", "yes"), 0.0, 0.0) for label in REACH},
        ("LEAD-GLOBAL", "spending"): ("higher", ("higher", "lower"), 0.0, 0.0),
    }
