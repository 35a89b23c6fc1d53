"""Make the page of benchmarks from what `python -m benchmarks` measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmark_formats import (
    cached,
    command,
    number,
    percent,
    pooled_run_growth,
    rounded,
    spread_text,
    times,
)
from reference_pages import NOTE, table

PAGE = """\
What simcore takes in time and memory, measured by one command on one machine, with the machine's own limits and
other programs beside it in the same run. `python -m benchmarks` measures it anew; `simcore bench`
compares both engines with NumPy on your machine. What was tried on the kernels stands in `benchmarks/NOTES.md`.
A figure is a median, with its quartiles in brackets."""

KERNELS = """\
Small kernels measure the parts of the beneficiary kernel apart: random words without look-ups, look-ups without
random words. The time of one after the other is the limit of the kernel's own mix of instructions. Processor
time of one thread; all in turn, round by round, so that a ratio has both sides in the same round."""

ENGINES = """\
Beneficiary-years a second of the default model on one thread, and NumPy on the same tables with the same people
in every band. NumPy's way is the fastest of fourteen that are tried at each size."""

GROWTH = """\
Microseconds of one year of one replicate, all sizes in turn in the same rounds. Both engines need next year's
head counts besides their draws."""

PEERS = """\
One and the same work for every side: {replicates:,} sums of what {people:,} people spend, a lognormal amount
cut at its 99th percentile. What a side needs besides is in its time: tables of sums, a Fourier transform. Every
answer is held to the truth before its time counts, within four standard errors: mean and standard deviation by
closed form, P(S ≥ x) by a Fourier power. The Fourier transform of `gemact` refuses so many people, whose P(S =
0) rounds below 0, so its simulation stands here. `aggregate` gives the law of one sum; the draws from it are by
inversion."""

END_TO_END = """\
Whole processes, the interpreter's start included, with what `pip install .` brings and nothing else: other libraries
import those of the extras where they find them, 0.2 s of a run. The first run finds no compiled kernels and no list
of fonts, as on the day of installation. Memory is the largest peak."""

SCALING = """\
`simulate` with the default scenario, five performance years under every contract option, in a process of its
own for each size. Memory is the peak of the process, the result included."""


RATES = {
    "random_words": ("Random words alone: Philox4x32-10, ten draws a call", "draws"),
    "gathers": ("Look-ups alone, as vector gathers", "draws"),
    "single_look_ups": ("Look-ups alone, one by one", "draws"),
    "kernel": ("The kernel, 1,000,000 people in one band", "draws"),
    "kernel_in_small_bands": ("The kernel, as many people in bands of 300", "draws"),
    "memory": ("Memory read in a row, past all caches", "bytes"),
}
RATIOS = {
    "share_of_its_own_mix": ("The kernel against words and its own look-ups, one after the other", percent),
    "share_of_the_other_mix": ("… and against words and look-ups of the other kind", percent),
    "times_memory_if_amounts_were_stored": (
        "The kernel against reading eight bytes for each draw from memory, the least of a way that stores amounts",
        times,
    ),
    "small_bands_over_one_band": ("Bands of 300 people against one band", percent),
}
AXES = {"beneficiaries": "Beneficiaries", "replicates": "Replicates", "threads": "Threads"}


def benchmarks_page(found: Mapping[str, Any]) -> str:
    """Return the page of all that was measured."""
    results = {part: content.get("result", content) for part, content in found.items()}
    sections: dict[str, Sequence[str]] = {
        "The machine": (_machines(found),),
        "The kernel and the machine's limits": (KERNELS, *_kernels(results["kernels"])),
        "The engines and NumPy": (ENGINES, _bench(results["engines"]["bench"])),
        "Cost by population": (GROWTH, *_growth(results["engines"], results["scaling"])),
        "Other programs": (PEERS.format_map(results["peers"]), *_peers(results["peers"])),
        "Settlement": (_settlement(results["settlement"]),),
        "What a user waits for": (END_TO_END, _processes(results["end_to_end"])),
        "Time and memory by size": (SCALING, *_scaling(results["scaling"])),
        "The whole program": (_program(results["whole_program"]),),
    }
    text = ["# Benchmarks", NOTE.strip(), PAGE]
    for title, parts in sections.items():
        text += [f"## {title}", *parts]
    return "\n\n".join(text) + "\n"


def _machines(found: Mapping[str, Any]) -> str:
    """Return the machines that parts were measured on: one line each."""
    parts: dict[str, list[str]] = {}
    for part, content in found.items():
        parts.setdefault(cached(content["machine"]), []).append(part.replace("_", " "))
    # The whole program's own script knows nothing of caches: the same machine otherwise.
    merged = {
        line: names
        for line, names in parts.items()
        if not any(other != line and other.startswith(line) for other in parts)
    }
    if len(merged) == 1:
        return f"{next(iter(merged))}."
    return "\n".join(f"- {', '.join(names)}: {line}" for line, names in merged.items())


def _kernels(kernels: Mapping[str, Any]) -> Iterator[str]:
    """Yield rates and ratios."""
    yield table(
        ("part", "billion a second"),
        [
            (what, f"{spread_text(kernels['rates'][name], lambda rate: number(rate / 1e9))} {unit}")
            for name, (what, unit) in RATES.items()
        ],
    )
    yield table(
        ("ratio", "in the same round"),
        [(what, spread_text(kernels[name], write)) for name, (what, write) in RATIOS.items()],
    )


def _bench(bench: Mapping[str, Any]) -> str:
    """Return both engines beside NumPy by size."""
    rows = [
        (
            rounded(size["people"]),
            engine["engine"],
            f"{engine['beneficiary_years_per_second'] / 1e6:,.0f}",
            f"{engine['numpy_beneficiary_years_per_second'] / 1e6:,.0f}",
            times(engine["ratio"]),
            engine["numpy_way"],
        )
        for size in bench["sizes"]
        for engine in size["engine"]
    ]
    head = ("people", "engine", "simcore, millions a second", "NumPy", "ratio", "NumPy's fastest way")
    return table(head, rows)


def _growth(engines: Mapping[str, Any], scaling: Mapping[str, Any]) -> Iterator[str]:
    """Yield the cost of a year by population, and the ratios that are asked for."""
    names = ("pooled", "head counts", "beneficiary")
    rows = [
        (
            rounded(size["people"]),
            *(
                spread_text(size[name], lambda second: number(1e6 * second)) if name in size else ""
                for name in names
            ),
        )
        for size in engines["sizes"]
    ]
    yield table(("people", "pooled draws", "head counts", "beneficiary draws"), rows)
    few, many, large = (rounded(engines[f"{name}_people"]) for name in ("small", "largest", "large"))
    run = pooled_run_growth(scaling)[2]
    yield (
        f"From {few} to {many} people the draws of the pooled engine cost "
        f"{times(engines['pooled_draws_largest_over_small']['median'])}, draws and head counts "
        f"{times(engines['pooled_largest_over_small']['median'])}, and a whole run {times(run)}. The beneficiary "
        f"engine draws {few} people at {percent(engines['small_over_large']['median'])} of its rate at {large}."
    )


def _peers(peers: Mapping[str, Any]) -> Iterator[str]:
    """Yield each side's time, its ratios, and how far its answer is from the truth."""
    rows = [
        (
            name,
            spread_text(side["seconds"], lambda second: number(1e3 * second)),
            times(side["over_beneficiary"]["median"]),
            times(side["over_pooled"]["median"]),
            ", ".join(f"{value:+.1f}" for value in side["deviations_in_standard_errors"].values()),
        )
        for name, side in peers["sides"].items()
    ]
    errors = "mean, SD, P(S ≥ x): standard errors from the truth"
    yield table(("side", "milliseconds", "over beneficiary", "over pooled", errors), rows)
    for name, why in peers["missing"].items():
        yield f"`{name}`: {why}."


def _settlement(settlement: Mapping[str, Any]) -> str:
    """Return the time of many settlements."""
    return (
        f"{settlement['settlements']:,} settlements under {settlement['contract_options']} contract options, from head "
        f"counts and dollars to what is earned and owed: {spread_text(settlement['seconds'], number)} s on "
        f"{settlement['threads']} threads, {spread_text(settlement['processor_seconds'], number)} s of processor time."
    )


def _processes(processes: Mapping[str, Any]) -> str:
    """Return each command's time and memory."""
    rows = [
        (
            command(process["command"]),
            spread_text(process["seconds"], number),
            "" if process["limit_seconds"] is None else f"{process['limit_seconds']:g}",
            spread_text(process["processor_seconds"], number),
            f"{process['peak_memory_bytes'] / 1e6:,.0f}",
            str(process["seconds"]["n"]),
        )
        for process in processes.values()
    ]
    return table(("command", "wall, s", "at most, s", "processor, s", "memory, MB", "times"), rows)


def _scaling(scaling: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table and a picture for each kind of growth."""
    head = (
        "engine",
        "people",
        "replicates",
        "threads",
        "wall, s",
        "processor, s",
        "memory, MB",
        "result, MB",
    )
    for name, title in AXES.items():
        yield f"### {title}"
        rows = [
            (
                run["engine"],
                *(f"{run[key]:,}" for key in ("people", "replicates", "threads")),
                spread_text(run["seconds"], number),
                spread_text(run["processor_seconds"], number),
                *(f"{run[key] / 1e6:,.0f}" for key in ("peak_memory_bytes", "result_bytes")),
            )
            for run in scaling[name]
        ]
        yield table(head, rows)
        yield f"![Time and memory by {name}](../benchmarks/results/scaling_{name}.png)"


def _program(program: Mapping[str, Any]) -> str:
    """Return time, rate, memory and totals of the whole program."""
    years = program["performance_years"]
    current = program["every_aco_in_its_current_option"]
    totals = ", ".join(
        f"{name.replace('_', ' ')} {current[name]['value'] / 1e9:.3f} ± {current[name]['standard_error'] / 1e9:.3f}"
        for name in ("earned_shared_savings", "owed_shared_losses", "net_settlement")
    )
    people = program["beneficiary_years_per_second"] / 1e9
    return (
        f"`benchmarks/whole_program.py` simulates the {program['acos']} ACOs of {program['file']} over "
        f"{years[0]}–{years[-1]}, {program['replicates']:,} replicates under every contract option, with the "
        f"{program['engine']} engine: {program['seconds']:.0f} s on {program['processes']} processes, "
        f"{program['processor_seconds']:.0f} s of processor time, {people:,.1f} billion beneficiary-years a "
        f"second, {program['peak_memory_bytes'] / 1e9:.2f} GB at the peak of all processes together.\n\n"
        f"Each ACO in its current option, billions of USD over the agreement ± standard error: {totals}."
    )
