"""Regenerate published tables by simulation: the law's own premise, the literature's, and the exact reference."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
from scipy import special

from simcore.analysis import estimates
from simcore.analysis.estimates import Float64
from simcore.analysis.findings import Chapter, Finding, Grid, exactly, near, shown, within, without_error
from simcore.cms.published_scenarios import (
    PERFORMANCE_YEAR,
    after_savings,
    as_percent,
    default_aco,
    first_rates,
    from_template,
    national_people,
    null_noise,
    replicates_of,
)
from simcore.model.minimum_savings_rate import rate_bands, table_rate
from simcore.model.noise import probability_of_savings
from simcore.model.persistence import concentration, last_year_of_life_share, spending_correlation
from simcore.model.population import TypeModel
from simcore.regulation.reader import Regulation
from simcore.scenario.default_values import default_table
from simcore.simulate import simulate

BENCHMARK_YEARS: Final = 3
ENGINES: Final = ("pooled", "beneficiary")


def published_tables(regulation: Regulation, *, replicates: int) -> list[Chapter]:
    """Return every published table beside the model's, by chapter.

    Parameters
    ----------
    regulation
        The program's numbers.
    replicates
        Of each simulation; the exact reference is simulated five times as often.
    """
    return [
        reference_chapter(regulation, replicates=5 * replicates),
        people_chapter(regulation),
        minimum_savings_rate_chapter(regulation, replicates=replicates),
        corridor_chapter(regulation, replicates=replicates),
        yearly_change_chapter(regulation, replicates=replicates),
    ]


def reference_chapter(regulation: Regulation, *, replicates: int) -> Chapter:
    """Return the exact reference of the noise and of expected payouts, by both engines."""
    figures = default_table("published_figures")
    return Chapter(
        "Exact reference",
        "A test of the code, not of the model: what can be worked out exactly, both engines must show.",
        (
            *_reference_probabilities(figures["reference_probabilities"], regulation, replicates),
            *_reference_payouts(figures["reference_payouts"], regulation, replicates),
        ),
    )


def _reference_probabilities(figure: Any, regulation: Regulation, replicates: int) -> list[Finding]:
    """Return the chances of crossing a level, benchmark simulated and given."""
    found = []
    for name, what in (("reference_noise", "simulated"), ("reference_noise_given", "given")):
        for engine in ENGINES:
            asked = from_template(name, engine=engine, replicates=replicates_of(engine, replicates))
            rates = first_rates(simulate(asked, regulation))
            for level, exact in zip(figure["levels"], figure[name], strict=True):
                event = rates >= level if level > 0.0 else rates <= level
                sign = "≥" if level > 0.0 else "≤"
                title = f"P(savings rate {sign} {100.0 * level:g}%), benchmark {what}, {engine}"
                found.append(exactly(title, estimates.probability(event), exact, source=figure["source"]))
    return found


def _reference_payouts(figure: Any, regulation: Regulation, replicates: int) -> list[Finding]:
    """Return expected payments and losses in percent of the benchmark."""
    found = []
    for position, savings in enumerate(figure["true_savings"]):
        asked = from_template("reference_noise_given", engine="pooled", replicates=replicates).with_changes(
            {"savings.true_savings": savings, "simulation.detail": True}
        )
        result = simulate(asked, regulation)
        benchmark = result["updated_benchmark"].values[0]
        for name, what in (
            ("shared_savings_before_sequestration", "earned"),
            ("owed_shared_losses", "owed"),
        ):
            for track, exact in zip(figure["tracks"], figure[what][position], strict=True):
                paid = result[name].values[result["track"].values == track][0, 0]
                title = f"Expected {what}, {track}, true savings {100.0 * savings:g}%, percent of benchmark"
                share = estimates.mean(100.0 * paid / benchmark)
                found.append(exactly(title, share, exact, source=figure["source"]))
    return found


def people_chapter(regulation: Regulation) -> Chapter:
    """Return concentration, persistence, turnover and mortality of the default people, in closed form."""
    models = national_people(regulation)
    found = [*_concentration(models), *_course_of_life(models["AGED_NON_DUAL"])]
    about = "People of the default model, from its tables without simulation; tests follow them one by one."
    return Chapter("Concentration, persistence, turnover, mortality", about, tuple(found))


def _concentration(models: dict[str, TypeModel]) -> list[Finding]:
    """Return the share of spending of the costliest people, 65 and over."""
    figure = default_table("targets")["concentration"]
    shares = default_table("population")["person_year_shares"]["value"]
    aged = ("AGED_DUAL", "AGED_NON_DUAL")
    reached = concentration(
        [models[name] for name in aged], [shares[name] for name in aged], figure["top_shares"]
    )
    return [
        near(
            f"Share of spending of the costliest {100.0 * top:g}%, 65 and over",
            without_error(value),
            published,
            tolerance=figure["tolerance"],
            source=figure["source"],
        )
        for top, value, published in zip(figure["top_shares"], reached, figure["value"], strict=True)
    ]


def _course_of_life(model: TypeModel) -> list[Finding]:
    """Return persistence, the end of life, deaths, and who is assigned again."""
    targets, turnover = default_table("targets"), default_table("turnover")
    pairs = (
        (targets["correlation_after_one_year"], spending_correlation(model, 1)),
        (targets["correlation_after_two_years"], spending_correlation(model, 2)),
        (targets["last_year_of_life"], last_year_of_life_share(model)),
        (turnover["decedent_share"], float(model.shares @ model.die)),
        (turnover["assigned_again"], float(model.shares @ model.stay)),
    )
    return [
        near(
            figure["title"],
            without_error(value),
            figure["value"],
            # What the chain is built to keep, it keeps to rounding.
            tolerance=figure.get("tolerance", 1e-9),
            source=figure["source"],
        )
        for figure, value in pairs
    ]


def minimum_savings_rate_chapter(regulation: Regulation, *, replicates: int) -> Chapter:
    """Return how often chance alone meets the minimum savings rate of the table."""
    target = default_table("targets")["probability_of_savings"]
    found = []
    for persistence in (False, True):
        who = "people persist" if persistence else "years independent"
        for position, size in enumerate(target["assigned_beneficiaries"]):
            asked = null_noise(size, persistence=persistence, replicates=replicates)
            met = simulate(asked, regulation)["msr_met"].values[0, 0]
            lowest, highest = target["persistent_range"][position]
            if not persistence:
                middle, tolerance = target["value"][position], target["tolerance"][position]
                lowest, highest = middle - tolerance, middle + tolerance
            title = f"P(savings rate ≥ minimum) by chance, {size:,} people, {who}"
            chance = estimates.probability(met)
            found.append(within(title, chance, lowest, highest, source=target["source"]))
    return Chapter(
        "The minimum savings rate table's own confidence",
        "No true savings, no trend: how often an ACO is rewarded by luck. In the default model people persist, "
        "so the benchmark and the performance year share them and chance has less room.",
        tuple(found),
        (_premise_grid(regulation),),
    )


def _premise_grid(regulation: Regulation) -> Grid:
    """Return the closed form of the chance at every edge of the table, beside the table's premise."""
    figure = default_table("published_figures")["minimum_savings_rate_premise"]
    bands = rate_bands(
        regulation, performance_year=PERFORMANCE_YEAR, agreement_start=date(PERFORMANCE_YEAR, 1, 1)
    )
    shares = default_table("population")["person_year_shares"]["value"]
    models = {
        persistence: national_people(regulation, persistence=persistence) for persistence in (False, True)
    }
    rows = []
    for size in figure["assigned_beneficiaries"]:
        minimum = float(table_rate(bands, float(size)))
        premise = float(special.ndtr(-minimum * np.sqrt(size) / figure["noise"]))
        heads = [[round(size * share)] * (BENCHMARK_YEARS + 1) for share in shares.values()]
        chances = [
            probability_of_savings([people[name] for name in shares], heads, minimum).corrected
            for people in models.values()
        ]
        rows.append((f"{size:,}", f"{100.0 * minimum:.2f}%", *(as_percent(p) for p in (premise, *chances))))
    columns = (
        "assigned beneficiaries",
        "minimum savings rate",
        "premise of the table",
        "ours, years independent",
        "ours, people persist",
    )
    return Grid("Chance of an undue reward, closed form", columns, tuple(rows))


def corridor_chapter(regulation: Regulation, *, replicates: int) -> Chapter:
    """Return rewards and penalties of a corridor by size and true savings, on the same draws."""
    target, grid = default_table("targets")["corridor"], default_table("published_figures")["corridor_grid"]
    corridor = target["corridor"]
    null = {
        size: first_rates(simulate(null_noise(size, persistence=False, replicates=replicates), regulation))
        for size in grid["assigned_beneficiaries"]
    }
    found = []
    for position, size in enumerate(target["assigned_beneficiaries"]):
        for what, event in (("reward", null[size] >= corridor), ("penalty", null[size] <= -corridor)):
            title = f"Undue {what}, corridor {100.0 * corridor:g}%, {size:,} people"
            chance = estimates.probability(event)
            tolerance = target["tolerance"][position]
            found.append(
                near(title, chance, target[what][position], tolerance=tolerance, source=target["source"])
            )
    about = (
        "Two-sided, years independent, three simulated benchmark years. A reward is a savings rate at or beyond "
        "the corridor, a penalty a loss rate at or beyond it; savings are denied where no reward is paid. In the "
        "tables true savings are a share of spending, as everywhere in simcore: they shrink its noise, too."
    )
    tables = tuple(
        _corridor_grid(null, grid["true_savings"], corridor, what) for what in ("reward", "penalty")
    )
    return Chapter(
        "Rewards and penalties of a corridor (DeLia and others)", about, (*found, *_denied(null)), tables
    )


def _denied(null: dict[int, Float64]) -> list[Finding]:
    """Return the chance that real savings are denied: a fixed share of the benchmark, and of spending."""
    figure = default_table("published_figures")["denied_savings"]
    rates, savings = null[figure["assigned_beneficiaries"]], figure["true_savings"]
    of_benchmark = estimates.probability(rates + savings < figure["corridor"])
    of_spending = estimates.probability(after_savings(rates, savings) < figure["corridor"])
    title = figure["title"]
    return [
        within(
            f"{title}, a share of the benchmark",
            of_benchmark,
            figure["at_least"],
            np.inf,
            source=figure["source"],
        ),
        shown(f"{title}, a share of spending", of_spending, source=figure["source"]),
    ]


def _corridor_grid(
    null: dict[int, Float64], true_savings: Sequence[float], corridor: float, what: str
) -> Grid:
    """Return one probability by true savings and size."""
    rows = []
    for savings in true_savings:
        cells = []
        for rates in null.values():
            rate = after_savings(rates, savings)
            estimate = estimates.probability(rate >= corridor if what == "reward" else rate <= -corridor)
            cells.append(
                f"{as_percent(float(estimate.value))} ± {100.0 * float(estimate.standard_error):.2f}"
            )
        rows.append((f"{100.0 * savings:g}%", *cells))
    columns = ("true savings", *(f"{size:,} people" for size in null))
    return Grid(f"P({what}), corridor {100.0 * corridor:g}%", columns, tuple(rows))


def yearly_change_chapter(regulation: Regulation, *, replicates: int) -> Chapter:
    """Return the spread of yearly changes of the savings rate by size, every layer at work."""
    figure = default_table("published_figures")["yearly_change"]
    found = []
    for size, published in zip(figure["assigned_beneficiaries"], figure["value"], strict=True):
        asked = default_aco(size, replicates)
        rates = simulate(asked, regulation)["savings_rate"].values
        change = estimates.standard_deviation(np.diff(rates[..., :2, :], axis=-2).reshape(-1))
        tolerance = figure["relative_tolerance"] * published
        title = f"SD of the yearly change, {size:,} people"
        found.append(near(title, change, published, tolerance=tolerance, source=figure["source"]))
    about = (
        "Individuals, the ACO, nation and region, as by default, under the two-way update of the years that were "
        "measured. The default ACO layer was derived from the same results, so this is a check, not a forecast."
    )
    return Chapter("Size effects", about, tuple(found))
