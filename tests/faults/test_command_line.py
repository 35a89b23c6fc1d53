"""A command that is misspelled, incomplete or pointed at the wrong thing says what to mend; JSON stays JSON."""

import json
from pathlib import Path

import pytest

from simcore.cli.main import VERBS
from tests.faults.commands import Simcore

RESULT_VERBS = ("compare", "explain", "cover", "report", "export")
SCENARIO_VERBS = ("run", "validate", "size", "sensitivity")
TABLE_VERBS = ("replay", "backtest")
EXTRA = {
    "explain": ("--contract", "BASIC-B", "--replicate", "0", "--year", "2024"),
    "export": ("--csv", "x.csv"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(simcore: Simcore, verb: str) -> None:
    left = simcore(verb, "--help")
    assert left.status == 0
    assert f"simcore {verb}" in left.output
    assert "xample" in left.output
    assert left.remarks == ""


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_option_is_refused(simcore: Simcore, verb: str) -> None:
    left = simcore(verb, "--no-such-option")
    assert left.status == 2
    assert left.output == ""
    assert "No such option" in left.remarks


@pytest.mark.parametrize(("typed", "meant"), [("rnu", "run"), ("settel", "settle"), ("backtset", "backtest")])
def test_a_misspelled_verb_is_answered_with_its_neighbour(simcore: Simcore, typed: str, meant: str) -> None:
    left = simcore(typed)
    assert left.status == 2
    assert f"{typed!r} is no verb; did you mean {meant!r}" in left.remarks


@pytest.mark.parametrize("verb", [*RESULT_VERBS, *SCENARIO_VERBS, *TABLE_VERBS, "portfolio"])
@pytest.mark.parametrize("kind", ["absent", "folder", "foreign"])
def test_a_verb_pointed_at_the_wrong_thing_names_it(
    simcore: Simcore, tmp_path: Path, verb: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if kind == "folder":
        Path("there").mkdir()
    elif kind == "foreign":
        Path("there").write_bytes(b"\x00\x01\x02 not what you think \xff")
    left = simcore(verb, "there", *EXTRA.get(verb, ()))
    assert left.status == 2
    assert left.output == ""
    assert left.remarks.startswith("error: there: ")
    assert [path.name for path in tmp_path.iterdir()] == (["there"] if kind != "absent" else [])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--replicates", "1"), "simulation.replicates: 1 is not allowed"),
        (("--seed", "-1"), "simulation.seed: -1 is not allowed"),
        (("--engine", "poled"), "'poled' is not allowed; did you mean 'pooled'"),
        (("--threads", "0"), "threads: 0 is no number of threads; allowed: 1 to 1,024"),
        (("--executor", "ray"), "--executor: 'ray' is not allowed; allowed: local, dask"),
        (("--scheduler", "tcp://x:1"), "--scheduler: is for --executor dask"),
        (
            ("--tolerance", "net_settlement"),
            "--tolerance: 'net_settlement' is not allowed; allowed: MEASURE=ERROR",
        ),
        (("--tolerance", "net_setlement mean=5"), "did you mean 'net_settlement mean'"),
        (("--tolerance", "net_settlement mean=-5"), "with an error above 0"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else "",
)
def test_an_option_of_a_run_is_refused_before_anything_is_simulated(
    simcore: Simcore, scenario: Path, words: tuple[str, ...], told: str
) -> None:
    left = simcore("run", scenario, "--out", scenario.parent / "out", *words)
    assert left.status == 2
    assert left.output == ""
    assert told in left.remarks
    assert not (scenario.parent / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "two_options.toml"),
        ("run", "two_options.toml", "--replicates", "50", "--out", "out"),
        ("compare", "result.nc"),
        ("rules",),
        (
            *("settle", "--track", "BASIC-B", "--assigned-beneficiaries", "9000"),
            *("--benchmark", "1e8", "--expenditures", "9.9e7"),
        ),
        ("report", "result.nc"),
        ("luck", "--savings-rate", "0.03", "--beneficiaries", "12000"),
        ("explain", "result.nc", *EXTRA["explain"]),
    ],
    ids=lambda words: words[0],
)
def test_json_is_all_that_stands_on_standard_output(
    simcore: Simcore, scenario: Path, result: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(scenario.parent)
    left = simcore(*words, "--json")
    assert left.status in {0, 2}
    if left.status == 0:
        assert isinstance(json.loads(left.output), dict)
    else:
        assert left.output == ""
        assert words[0] == "explain", left.remarks


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [(MemoryError, 2, "the memory of this machine does not suffice"), (KeyboardInterrupt, 130, "")],
)
def test_the_machine_s_limits_and_the_user_s_patience_end_without_a_traceback(
    simcore: Simcore,
    fault: type[BaseException],
    status: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def end(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("simcore.cli.doctor._attempt", end)
    left = simcore("doctor")
    assert left.status == status
    assert told in left.remarks
    assert "Traceback" not in left.remarks
