import json
import re
from datetime import date
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from simcore.errors import ResultError
from simcore.report.figures import draw_pictures
from simcore.report.html import write_report
from simcore.report.page import render_report
from simcore.report.pictures import Picture
from tests.report.inputs import SCENARIO, told_result

ATTACK = "<script>alert('owned')</script>"
PICTURES = (Picture("stoplight", "A sentence", "A caption", b"\x89PNG"),)


class _Tags(HTMLParser):
    """Collects what a browser would run or load, and whether every tag is closed."""

    VOID = frozenset({"meta", "img", "br", "link", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.loads: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.loads += [value for name, value in attrs if name in {"src", "href", "data", "action"}]
        self.loads += [name for name, _ in attrs if name.startswith("on")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def _parsed(page: str) -> _Tags:
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


def _cited(name: str) -> SimpleNamespace:
    return SimpleNamespace(
        name=name, value=(1.0, 2.0), unit="1", effective=date(2024, 1, 1), tracks=("BASIC-E",),
        citation="42 CFR 425.605(d)", evidence="cfr", status="final",
    )  # fmt: skip


def test_the_page_is_well_formed_and_loads_nothing_but_its_own_pictures():
    tags = _parsed(render_report(told_result(), PICTURES, citations=[_cited("maximum_sharing_rate")]))
    assert "script" not in tags.seen
    assert "link" not in tags.seen
    assert all(load.startswith("data:image/png;base64,") for load in tags.loads)


def test_hostile_text_stays_text_wherever_it_comes_from():
    scenario = {**SCENARIO, "title": ATTACK, "aco": {**SCENARIO["aco"], "name": ATTACK, ATTACK: ATTACK}}
    result = told_result(scenario).assign_coords(
        contract=[ATTACK, "BASIC-E msr=0.010", f'"><img src=x onerror=1>{ATTACK}']
    )
    result = result.assign_attrs(engine=ATTACK, seed=ATTACK)
    page = render_report(result, (Picture(ATTACK, ATTACK, ATTACK, b""),), citations=[_cited(ATTACK)])
    tags = _parsed(page)
    assert "script" not in tags.seen
    assert not [load for load in tags.loads if not load.startswith("data:image/png")]
    # Once in the title, and wherever else it is shown.
    assert page.count("&lt;script&gt;alert(&#39;owned&#39;)&lt;/script&gt;") >= 8


def test_the_answer_names_the_best_contract_with_its_number_and_error():
    result = told_result()
    page = render_report(result, PICTURES)
    net = result["net_settlement"].sum("performance_year").sel(contract="ENHANCED msr=0").values
    answer = re.search(r'<section class="answer".*?</section>', page, re.S).group(0)
    assert "ENHANCED, MSR 0% brings the most on average over 2024–2028" in answer
    error = float(f"{net.std(ddof=1) / net.size**0.5 / 1e3:.2g}")
    assert f"${net.mean() / 1e6:.2f}M ± ${error:.0f}k" in answer
    assert f"{100 * (net > 0).mean():.1f}% ±" in answer


def test_every_contract_stands_in_the_table_best_mean_first():
    page = render_report(told_result(), PICTURES)
    table = re.search(r'<table class="wide" id="contracts">.*?</table>', page, re.S).group(0)
    assert re.findall(r'<th scope="row">(.*?)</th>', table) == [
        "ENHANCED, MSR 0%",
        "BASIC-E, MSR 1%",
        "BASIC-B",
    ]


def test_digests_seed_and_every_assumption_are_shown():
    result = told_result()
    page = render_report(result, PICTURES)
    for name in (
        "simcore_version",
        "scenario_digest",
        "regulation_digest",
        "seed",
        "engine",
        "stream_version",
    ):
        assert result.attrs[name] in page
    for section, keys in SCENARIO.items():
        if isinstance(keys, dict):
            assert all(f"{section}.{key}" in page for key in keys)


def test_the_same_result_gives_the_same_page():
    pictures = draw_pictures(told_result())
    assert render_report(told_result(), pictures) == render_report(
        told_result(), draw_pictures(told_result())
    )


def test_a_report_is_written_whole_or_not_at_all(tmp_path):
    broken = told_result().assign_attrs(scenario="no json")
    with pytest.raises(ResultError, match="carries its scenario"):
        write_report(broken, tmp_path / "report.html", pictures=PICTURES)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError, match="cannot be written"):
        write_report(told_result(), tmp_path / "file" / "report.html", pictures=PICTURES)


def test_one_contract_and_one_year_are_told_too():
    scenario = json.loads(json.dumps(SCENARIO))
    result = told_result(scenario).isel(contract=[0], performance_year=[0])
    page = render_report(result, draw_pictures(result))
    assert "BASIC-B brings" in page
    assert "performance year 2024" in page


@pytest.mark.parametrize("replicates", [2, 20])
def test_a_run_of_few_replicates_is_reported_without_a_complaint(replicates):
    result = told_result().isel(replicate=slice(replicates))
    assert "</html>" in render_report(result, draw_pictures(result))


@pytest.mark.parametrize("amount", [0.0, 5e5])
def test_a_result_without_any_chance_in_it_is_reported_too(amount):
    """What a scenario gives in which nothing is random: every replicate is the same."""
    result = told_result().isel(replicate=slice(10)).copy(deep=True)
    for name in ("savings_rate", "gross_savings", "owed_shared_losses"):
        result[name][:] = 0.0
    result["expenditures"][:] = result["updated_benchmark"].values
    for name in ("earned_shared_savings", "net_settlement"):
        result[name][:] = amount
    assert "</html>" in render_report(result, draw_pictures(result))


def test_contracts_outside_the_program_are_told_with_their_evidence():
    note = SimpleNamespace(
        contract="LEAD-GLOBAL", kind="not comparable", text=ATTACK, years=(2027, 2028), term=""
    )
    page = render_report(told_result(), PICTURES, contract_notes=[note])
    assert "Contracts outside the program" in page
    assert "2027–2028" in page
    assert ATTACK not in page
    assert _parsed(page).open == []
    assert "Contracts outside the program" not in render_report(told_result(), PICTURES)
