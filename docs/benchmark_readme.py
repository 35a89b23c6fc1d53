"""Make the README's table of benchmarks: what was measured, and what is asked beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmark_formats import asked, command, described, number, percent, pooled_run_growth, rounded, times
from reference_pages import table

KERNEL_SHARE, POOLED_GROWTH = 0.7, 1.5
PROGRAM_SECONDS, PROGRAM_BYTES, ACOS_OF_A_YEAR = 120.0, 2e9, 400
"""What is asked of the kernel, of a pooled run of many people over one of few, and of the whole program."""

Row = tuple[str, str, str]


def readme_benchmarks(found: Mapping[str, Any]) -> str:
    """Return the table and the machine."""
    results = {part: content.get("result", content) for part, content in found.items()}
    rows = [
        *_kernel_rows(results["kernels"], results["engines"]),
        _growth_row(results["engines"], results["scaling"]),
        *_peer_rows(results["peers"]),
        _settlement_row(results["settlement"]),
        *_program_rows(results["whole_program"]),
        *_process_rows(results["end_to_end"]),
    ]
    return (
        f"{table(('what', 'measured', 'asked'), rows)}\n\n{described(found['kernels']['machine'])}; medians."
    )


def _kernel_rows(kernels: Mapping[str, Any], engines: Mapping[str, Any]) -> list[Row]:
    """Return the beneficiary kernel against its limit, against NumPy, and with few people against many."""
    share, small = kernels["share_of_its_own_mix"]["median"], engines["small_over_large"]["median"]
    limits, sizes = engines["limits"], engines["bench"]["sizes"]
    times_numpy = [size["engine"][0]["ratio"] for size in sizes]
    people = " / ".join(rounded(size["people"]) for size in sizes)
    few, many = rounded(engines["small_people"]), rounded(engines["large_people"])
    rate = number(kernels["rates"]["kernel"]["median"] / 1e9)
    return [
        (
            "Beneficiary kernel against its own words and look-ups one after the other, a thread",
            f"{percent(share)}, {rate} billion draws a second",
            asked(f"≥ {percent(KERNEL_SHARE)}", share >= KERNEL_SHARE),
        ),
        (
            f"Beneficiary engine against NumPy's fastest way at {people} people, a thread",
            " / ".join(times(ratio) for ratio in times_numpy),
            asked(f"≥ {limits['times_numpy']:.0f} ×", min(times_numpy) >= limits["times_numpy"]),
        ),
        (
            f"Its rate at {few} people over that at {many}",
            percent(small),
            asked(f"≥ {percent(limits['small_over_large'])}", small >= limits["small_over_large"]),
        ),
    ]


def _growth_row(engines: Mapping[str, Any], scaling: Mapping[str, Any]) -> Row:
    """Return how the cost of the pooled engine grows with the population."""
    few, many, run = pooled_run_growth(scaling)
    year = engines["pooled_largest_over_small"]["median"]
    return (
        f"Pooled run of {rounded(many)} people over one of {rounded(few)} (draws and head counts alone)",
        f"{times(run)} ({times(year)})",
        asked(f"≤ {POOLED_GROWTH} ×", run <= POOLED_GROWTH),
    )


def _peer_rows(peers: Mapping[str, Any]) -> list[Row]:
    """Return the time of other programs over ours."""
    sides = {name: peers["sides"][name] for name in ("aggregate", "gemact") if name in peers["sides"]}
    work = f"{peers['replicates']:,} sums of {peers['people']:,} people"
    return [
        (
            f"`{name}` over the beneficiary / pooled engine, time for the same {work}",
            f"{times(side['over_beneficiary']['median'])} / {times(side['over_pooled']['median'])}",
            "",
        )
        for name, side in sides.items()
    ]


def _settlement_row(settlement: Mapping[str, Any]) -> Row:
    """Return the time of many settlements."""
    what = f"{settlement['settlements']:,} settlements under {settlement['contract_options']} options"
    took = number(settlement["seconds"]["median"])
    return f"{what}, {settlement['threads']} threads", f"{took} s", ""


def _program_rows(program: Mapping[str, Any]) -> list[Row]:
    """Return the whole program's time and memory; what is asked is asked of the whole."""
    whole = program["acos"] >= ACOS_OF_A_YEAR
    what = (
        f"{'The whole program:' if whole else 'Of the whole program'} {program['acos']} ACOs, "
        f"{program['replicates']:,} replicates, {len(program['performance_years'])} years, every option, "
        f"{program['processes']} processes"
    )
    took, peak = program["seconds"], program["peak_memory_bytes"]
    limits = (
        asked(f"≤ {PROGRAM_SECONDS:.0f} s", took <= PROGRAM_SECONDS),
        asked(f"≤ {PROGRAM_BYTES / 1e9:.0f} GB", peak <= PROGRAM_BYTES),
    )
    return [
        (what, f"{took:.0f} s", limits[0] if whole else ""),
        ("Its peak memory", f"{peak / 1e9:.2f} GB", limits[1] if whole else ""),
    ]


def _process_rows(processes: Mapping[str, Any]) -> list[Row]:
    """Return what a user waits for."""
    rows = []
    for process in processes.values():
        limit, took = process["limit_seconds"], process["seconds"]["median"]
        if limit is not None:
            rows.append(
                (command(process["command"]), f"{number(took)} s", asked(f"≤ {limit:g} s", took <= limit))
            )
    return rows
