"""The documentation is what the code is: generated pages are current, links lead somewhere, examples run.

Oracle: the code that the pages are made from, and what the examples themselves say.
"""

import doctest
import importlib
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from simcore.cli.main import VERBS
from simcore.regulation.checks import entry_problems
from simcore.scenario.files import read_scenario
from simcore.simulate import simulate
from simcore.store import save

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "simcore").rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(
        rf"^ *```{language}\n(.*?)^ *```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


def test_generated_pages_figures_and_pictures_are_current() -> None:
    """Fails after a change of a verb, a key, a word or a default: run ``python docs/generate.py``."""
    command = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    inside = [target for target in targets if "://" not in target]
    assert [target for target in inside if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_in_docstrings_run(name: str) -> None:
    done = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert done.attempted > 0
    assert done.failed == 0


def test_what_a_newcomer_calls_has_an_example() -> None:
    assert {"simcore.model.settlement", "simcore.analysis.risk", "simcore.simulate"} <= set(EXAMPLES)


@pytest.mark.slow
def test_sphinx_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(ROOT / "docs")]
    done = subprocess.run(
        [*command, "-d", str(tmp_path / "doctrees"), str(tmp_path / "site")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "simulate" in (tmp_path / "site" / "api" / "face.html").read_text(encoding="utf-8")


def test_the_readme_answers_for_a_real_aco_in_at_most_four_commands() -> None:
    section = README.read_text(encoding="utf-8").split("## A question about a real ACO")[1].split("\n## ")[0]
    commands = section.split("```sh\n")[1].split("```")[0].strip().splitlines()
    assert len(commands) <= 4
    run = shlex.split(commands[1])
    assert Path(run[0]).name == "simcore"
    assert read_scenario(ROOT / run[2]).aco.aco_id
    assert run[-1] in commands[2]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_verb_that_a_page_calls_is_one(page: Path) -> None:
    typed = "\n".join(blocks(page, "sh"))
    called = re.findall(r"(?:^|bin/|&& )simcore ([a-z]+)", typed, re.MULTILINE)
    called += re.findall(r"`simcore ([a-z]+)", page.read_text(encoding="utf-8"))
    assert set(called) <= set(VERBS)


def test_the_toml_that_the_law_page_shows_is_law() -> None:
    """Oracle: the reader's own checks of a number."""
    shown = [block for block in blocks(ROOT / "docs" / "law.md", "toml") if "[[number]]" in block]
    numbers = [number for block in shown for number in tomllib.loads(block)["number"]]
    assert len(numbers) == 3
    assert [problem for number in numbers for problem in entry_problems(number)] == []


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = blocks(README, "python")
    assert len(code.splitlines()) <= 12
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    exec(compile(code, "README", "exec"), {"__name__": "readme"})
    assert (tmp_path / "result.nc").is_file()
    assert (tmp_path / "net_settlement.png").is_file()


@pytest.mark.parametrize("role", ["reinsurer", "researcher"])
def test_the_python_of_a_role_runs(role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = read_scenario(ROOT / "scenarios" / "track_choice.toml").with_changes(
        {"simulation.replicates": 500}
    )
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    save(simulate(asked), tmp_path / "runs" / "cedent" / "result.nc")
    code = "\n".join(blocks(ROOT / "docs" / "roles" / f"{role}.md", "python"))
    assert code
    exec(compile(code, role, "exec"), {"__name__": role})


def test_the_readme_is_read_in_five_minutes() -> None:
    # 230 words a minute; tables and code are looked at, not read.
    text = re.sub(
        r"```.*?```|^\|.*?$", "", README.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    assert len(text.split()) <= 5 * 230
