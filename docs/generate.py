"""Write what the documentation takes from the code: reference pages, API pages, the README's figures and pictures.

Run it after a change of a verb, a scenario key, a word of a result or a default, and after ``python -m benchmarks``,
whose figures it shows: ``python docs/generate.py``. With ``--check`` nothing is written, and the exit status is 1 if
anything is out of date.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib.image
import numpy as np
import xarray as xr
from benchmark_formats import read_results
from benchmark_page import benchmarks_page
from benchmark_readme import readme_benchmarks
from reference_pages import api_pages, commands_page, result_page, scenario_page, verbs_table

from simcore.analysis.display import choose_contracts
from simcore.analysis.summary import summarize
from simcore.plots.corridor import plot_corridor
from simcore.plots.distribution import plot_distribution
from simcore.plots.exceedance import plot_exceedance
from simcore.plots.style import Drawing
from simcore.plots.summary_table import summary_table
from simcore.report.answer import answer_sentences, contract_rows
from simcore.report.model_documentation import limitations
from simcore.scenario.files import read_scenario
from simcore.simulate import simulate

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
BLOCK = r"(<!-- generated: {name} -->\n).*?(<!-- end -->)"
# Root mean square difference of pixels that a reader does not see: fonts are drawn a little differently
# by other versions of the same library.
ALIKE = 0.03


def pages() -> Iterator[tuple[Path, str]]:
    """Yield every generated page and its text."""
    yield DOCS / "reference" / "result.md", result_page()
    yield DOCS / "reference" / "scenario.md", scenario_page()
    yield DOCS / "reference" / "commands.md", commands_page()
    yield DOCS / "benchmarks.md", benchmarks_page(read_results())
    for name, text in api_pages():
        yield DOCS / "api" / name, text


def readme(track_choice: xr.Dataset, real_aco: xr.Dataset) -> str:
    """Return the README with its generated blocks renewed."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = {
        "track choice": _answer(track_choice, choose_contracts(track_choice["net_settlement"])),
        "real aco": _answer(real_aco, _beside_current(real_aco)),
        "verbs": verbs_table(),
        "benchmarks": readme_benchmarks(read_results()),
        "limitations": "\n".join(f"- {one['what']} {one['effect']}" for one in limitations()),
    }
    for name, block in blocks.items():
        pattern = re.compile(BLOCK.format(name=name), flags=re.DOTALL)
        if len(pattern.findall(text)) != 1:
            raise ValueError(f"the README has no block {name!r}")
        text = pattern.sub(lambda found, block=block: f"{found[1]}\n{block}\n\n{found[2]}", text)
    return text


def _answer(result: xr.Dataset, contracts: list[str]) -> str:
    """Return a result's two sentences and its table."""
    sentences = " ".join(answer_sentences(result, contract_rows(result)))
    return f"{sentences}\n\n{summary_table(summarize(result), contracts=contracts)}"


def _beside_current(result: xr.Dataset) -> list[str]:
    """Return the ACO's own contract, and the best of each track."""
    current = read_scenario(ROOT / "scenarios" / "real_aco.toml").contract.current
    return list(dict.fromkeys([current, *choose_contracts(result["net_settlement"])]))


def pictures(track_choice: xr.Dataset, real_aco: xr.Dataset) -> Iterator[tuple[Path, bytes]]:
    """Yield every picture of the documentation and its PNG."""
    current = _beside_current(real_aco)[0]
    losses = track_choice["owed_shared_losses"].sum("performance_year", keep_attrs=True)
    two_sided = ["ENHANCED msr=0.010", "BASIC-E msr=0.010", "GLIDE-PATH msr=0.010"]
    chosen = choose_contracts(track_choice["net_settlement"])
    drawings: dict[str, Drawing] = {
        "track_choice": plot_distribution(track_choice, contracts=chosen),
        "real_aco": plot_corridor(real_aco, contract=current),
        "losses": plot_exceedance(
            losses.assign_attrs(long_name="Owed shared losses over the agreement"),
            contracts=two_sided,
            title="How likely shared losses exceed an amount over five years",
        ),
    }
    for name, drawing in drawings.items():
        yield DOCS / "images" / f"{name}.png", drawing.png()


def _same_picture(path: Path, png: bytes) -> bool:
    """Say whether a picture on disk shows what it should, to the eye."""
    if not path.is_file():
        return False
    kept, drawn = matplotlib.image.imread(path), matplotlib.image.imread(io.BytesIO(png))
    return kept.shape == drawn.shape and float(np.sqrt(np.mean((kept - drawn) ** 2))) < ALIKE


def _same_text(path: Path, text: str) -> bool:
    """Say whether a page on disk is what it should be."""
    return path.is_file() and path.read_text(encoding="utf-8") == text


def stale(*, write: bool) -> list[Path]:
    """Return what is out of date; write it anew if asked."""
    results = [
        simulate(read_scenario(ROOT / "scenarios" / f"{name}.toml")) for name in ("track_choice", "real_aco")
    ]
    found = []
    for path, text in [*pages(), (ROOT / "README.md", readme(*results))]:
        if not _same_text(path, text):
            found.append(path)
            if write:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    for path, png in pictures(*results):
        if not _same_picture(path, png):
            found.append(path)
            if write:
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(png)
    wanted = {path for path, _ in pages()}
    found += [path for path in sorted((DOCS / "api").glob("*.md")) if path not in wanted]
    return found


def main() -> int:
    """Write or check, and say what was out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 if anything is out of date"
    )
    check = parser.parse_args().check
    found = stale(write=not check)
    for path in found:
        print(f"{'out of date' if check else 'wrote'}: {path.relative_to(ROOT)}")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
