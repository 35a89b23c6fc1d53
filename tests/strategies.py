"""Inputs that go wrong the way real ones do: scenarios, tables, rules and result files, mutated or damaged.

Every strategy gives bytes, as a file on a disk does. What is mutated is a valid file, so that a
mutation reaches the code behind the first check.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from hypothesis import strategies as st

from simcore.scenario.schema import Scenario, parse_scenario
from simcore.scenario.templates import templates
from simcore.scenario.writer import scenario_toml

ODD_VALUES = (
    *(
        "nan",
        "inf",
        "-inf",
        "1e308",
        "-1e308",
        "5e-324",
        "0",
        "-0.0",
        "-1",
        "2",
        "0.5",
        "9223372036854775808",
    ),
    *(
        "1" + "0" * 40,
        "9" * 5_000,
        "true",
        "[]",
        "[[]]",
        "{}",
        '""',
        '"x"',
        '"\\u0000"',
        '"\\u202e"',
        "[nan, nan]",
    ),
    *("1979-05-27", "0001-01-01", "9999-12-31", '"2024-13-45"', "2024-01-01T00:00:00Z", "07:32:00"),
    *('"../../../../etc/passwd"', '"/dev/zero"', '"/"', '"x.csv"', '"~/x.csv"', '"a\\u0000b.csv"'),
    *(
        '["BASIC-F"]',
        '["ENHANCED msr=9"]',
        '[{ track = "ENHANCED", msr_election = nan }]',
        '["BASIC-B", "BASIC-B"]',
    ),
    *('"<script>alert(1)</script>"', '"' + "a" * 5_000 + '"', "[" * 400 + "]" * 400, "[1, 'a', {b = 2}]"),
    *("2013", "2045", "2024", "[2024, 2026]", "[2030, 2029]", "[" + "2024, " * 300 + "]", "0.999999", "1e-9"),
)
"""Values as TOML writes them: out of range, of another type, hostile, or merely unusual."""

ODD_LINES = (
    *(
        "[aco]",
        "[[aco]]",
        "[simulation]",
        "[aco.population.ESRD]",
        "[contract.custom.x]",
        "[unknown]",
        "a.b.c = 1",
    ),
    *(
        "title = 'again'",
        "replicats = 5",
        "= 5",
        "[",
        "]]",
        "\x00",
        "\ufeff",
        "x = '''",
        '"" = 1',
        "'a b' = 2",
    ),
    "a." * 500 + "b = 1",
)
"""Whole lines that do not belong where they are put."""

ODD_CELLS = (
    *(
        "",
        " ",
        "-",
        "*",
        "nan",
        "inf",
        "-inf",
        "1e999",
        "1e308",
        "-1",
        "0",
        "1_000",
        "1,234",
        "1.234,56",
        "12%",
    ),
    *(
        '="123"',
        "=1+1",
        "$5",
        "(5)",
        "#N/A",
        "#REF!",
        "TRUE",
        "45292",
        "2024-01-01",
        "1/1/2024",
        "13/13/2024",
    ),
    *('a"b', '"', '"a\nb"', "'", ";", "\t", "\u00a0", "\u0661\u0662", "A" * 3_000, "\x1b[31m", "<b>", "\r"),
    *("99999", "0001", "9" * 400, "-0.0", "0x10", "1e-400", "BASIC-E", "enhanced", "AGED_DUAL", "aged dual"),
)
"""Cells as spreadsheets, people and other programs write them."""

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252", "utf-32")


@cache
def bounds() -> dict[str, tuple[str, ...]]:
    """Return, for each key of a scenario that is a number, its bounds and what lies just inside them."""
    found: dict[str, tuple[str, ...]] = {}
    for section in Scenario.model_json_schema()["$defs"].values():
        for key, field in section.get("properties", {}).items():
            for form in [field, *field.get("anyOf", ())]:
                low = form.get("minimum", form.get("exclusiveMinimum"))
                high = form.get("maximum", form.get("exclusiveMaximum"))
                if low is None:
                    continue
                high = 1e9 if high is None else high
                near = (low, high, low + 1e-6 * (high - low), high - 1e-6 * (high - low), (low + high) / 2)
                whole = form.get("type") == "integer"
                found[key] = tuple(str(int(value)) if whole else repr(float(value)) for value in near)
    return found


def scenario_files() -> st.SearchStrategy[bytes]:
    """Give scenario files: a template with every key spelled out, then mutated line by line."""
    return st.one_of(
        _mutated(_scenario_lines()), _at_bounds(), _at_bounds(), _damaged(_mutated(_scenario_lines(), most=1))
    )


def contract_files() -> st.SearchStrategy[bytes]:
    """Give files of contracts beyond the program, mutated: the shipped commercial one."""
    shipped = files("simcore.regulation").joinpath("data", "contracts", "commercial.toml")
    lines = st.just(shipped.read_text(encoding="utf-8").replace('"COMMERCIAL"', '"OWN"').splitlines())
    return st.one_of(_mutated(lines), _damaged(_mutated(lines, most=1)))


def portfolio_files() -> st.SearchStrategy[bytes]:
    """Give portfolios of two shipped scenarios, mutated."""
    folder = files("simcore.scenario").joinpath("templates")
    lines = ['title = "Two contracts"', "shared_market = true"]
    for name, contract in (("small_rural", "BASIC-B"), ("track_choice", "ENHANCED msr=0.010")):
        path = json.dumps(str(folder.joinpath(f"{name}.toml")))
        lines += ["[[contract]]", f"scenario = {path}", f'contract = "{contract}"', f'name = "{name}"']
    return st.one_of(_mutated(st.just(lines)), _damaged(_mutated(st.just(lines), most=1)))


def rules_files() -> st.SearchStrategy[bytes]:
    """Give files of an overlay of the rules, mutated."""
    number = [
        "[[number]]",
        'name = "maximum_sharing_rate"',
        "value = 0.5",
        'unit = "1"',
        'dated_by = "performance_year"',
        "from = 2019-07-01",
        "until = 2030-12-31",
        'tracks = ["BASIC-A", "BASIC-B"]',
        "where = { period = 1 }",
        'citation = "a contract"',
        'evidence = "illustrative"',
        'status = "final"',
    ]
    later = [line.replace("2019-07-01", "2022-01-01") for line in number]
    lines = st.just([*number, "", *later])
    return st.one_of(_mutated(lines), _damaged(_mutated(lines, most=1)))


def tables(header: Sequence[str], rows: Sequence[Sequence[str]]) -> st.SearchStrategy[bytes]:
    """Give tables made of `header` and `rows`: cells changed, columns and rows lost or doubled, bytes damaged."""
    sound = _table(list(header), [list(row) for row in rows])
    return st.one_of(sound, _damaged(sound))


def damaged_files(content: bytes) -> st.SearchStrategy[bytes]:
    """Give `content` truncated, with flipped bits, with foreign bytes, or replaced by noise."""
    return _damaged(st.just(content))


@st.composite
def _scenario_lines(draw: st.DrawFn) -> list[str]:
    """Give the lines of a template with every key."""
    name = draw(st.sampled_from(sorted(templates())))
    return scenario_toml(parse_scenario(templates()[name].content, source=name), comments=False).splitlines()


@st.composite
def _mutated(draw: st.DrawFn, lines: st.SearchStrategy[list[str]], most: int = 4) -> bytes:
    """Change some lines of a TOML file: values, keys, order, number."""
    text = list(draw(lines))
    for _ in range(draw(st.integers(0, most))):
        place = draw(st.integers(0, len(text) - 1))
        key, equals, _ = text[place].removeprefix("# ").partition(" =")
        change = draw(st.sampled_from(["value", "value", "value", "number", "key", "drop", "double", "line"]))
        if change == "value" and equals:
            text[place] = f"{key} = {draw(st.sampled_from(ODD_VALUES))}"
        elif change == "number" and equals:
            text[place] = f"{key} = {draw(_numbers())}"
        elif change == "key":
            text[place] = draw(st.text(max_size=6)) + text[place]
        elif change == "drop" and len(text) > 1:
            text.pop(place)
        elif change == "double":
            text.insert(place, text[place])
        else:
            text.insert(place, draw(st.sampled_from(ODD_LINES)))
    ending = draw(st.sampled_from(["\n", "\n", "\r\n", "\r"]))
    return ending.join(text).encode("utf-8", "surrogatepass")


@st.composite
def _at_bounds(draw: st.DrawFn) -> bytes:
    """Set some numbers of a scenario to what is just allowed, or to the bound that just is not."""
    text = draw(_scenario_lines())
    keys = [line.removeprefix("# ").partition(" =")[0] for line in text]
    places = [place for place, key in enumerate(keys) if key in bounds()]
    for place in draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        text[place] = f"{keys[place]} = {draw(st.sampled_from(bounds()[keys[place]]))}"
    return "\n".join(text).encode()


def _numbers() -> st.SearchStrategy[str]:
    """Give numbers of any size, as TOML writes them."""
    return st.one_of(
        st.integers(-(10**6), 10**6), st.integers(), st.floats(-1.0, 2.0), st.floats(allow_nan=False)
    ).map(repr)


@st.composite
def _table(draw: st.DrawFn, header: list[str], rows: list[list[str]]) -> bytes:
    """Write a table with a few faults of cells, columns, rows, delimiter and encoding."""
    table = [list(header), *(list(row) for row in rows)]
    for _ in range(draw(st.integers(0, 3))):
        row, column = draw(st.integers(0, len(table) - 1)), draw(st.integers(0, len(header) - 1))
        change = draw(st.sampled_from(["cell", "cell", "cell", "text", "column", "row", "short", "empty"]))
        if change in {"cell", "text"} and column < len(table[row]):
            odd = st.sampled_from(ODD_CELLS) if change == "cell" else st.text(max_size=8)
            table[row][column] = draw(odd)
        elif change == "column":
            table = [[*cells, *cells[column : column + 1]] for cells in table]
        elif change == "row":
            table.append(list(table[row]))
        elif change == "short":
            table[row] = table[row][:column]
        else:
            table.append([""] * draw(st.integers(0, len(header) + 3)))
    delimiter = draw(st.sampled_from([",", ",", ",", ";", "\t", "|"]))
    ending = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quoted = draw(st.booleans())
    text = ending.join(delimiter.join(_cell(cell, delimiter, quoted) for cell in cells) for cells in table)
    return (text + ending).encode(draw(st.sampled_from(ENCODINGS)), "replace")


def _cell(cell: str, delimiter: str, quoted: bool) -> str:
    """Write a cell in quotes where a careful program would, or as it is."""
    return (
        '"' + cell.replace('"', '""') + '"' if quoted and set(cell) & {delimiter, '"', "\n", "\r"} else cell
    )


@st.composite
def _damaged(draw: st.DrawFn, sound: st.SearchStrategy[bytes]) -> bytes:
    """Damage the bytes of a file."""
    content = draw(sound)
    place = draw(st.integers(0, max(len(content) - 1, 0)))
    change = draw(st.sampled_from(["truncate", "flip", "insert", "replace", "noise", "encode", "repeat"]))
    if change == "truncate":
        return content[:place]
    if change == "flip":
        return (
            content[:place]
            + bytes([byte ^ draw(st.integers(1, 255)) for byte in content[place : place + 1]])
            + content[place + 1 :]
        )
    if change == "insert":
        return content[:place] + draw(st.binary(max_size=12)) + content[place:]
    if change == "replace":
        foreign = draw(st.binary(max_size=64))
        return content[:place] + foreign + content[place + len(foreign) :]
    if change == "noise":
        return draw(st.binary(max_size=400))
    if change == "encode":
        return content.decode("utf-8", "replace").encode(draw(st.sampled_from(ENCODINGS)), "replace")
    return content + content
