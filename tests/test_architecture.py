"""The house is as its plan says: who may import whom, who alone may import what, and no circles.

The plan stands in CONTRIBUTING.md; this test reads the imports of the source and holds them to it.
"""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "simcore"

# Room: the rooms that it may import. A room is a folder, or a file on the ground floor.
MAY_IMPORT = {
    "errors": set(),
    "vocabulary": set(),
    "kernels": set(),
    "interruption": set(),
    "executors": {"errors"},
    "beside": {"executors", "interruption"},
    "user_file": {"errors"},
    "toml_file": {"errors", "user_file"},
    "regulation": {"errors", "toml_file"},
    "scenario": {"errors", "toml_file"},
    "model": {"regulation", "scenario", "kernels", "executors", "errors", "vocabulary"},
    "dataset": {"vocabulary", "errors"},
    "memory": set(),
    "zarr_store": {"vocabulary", "errors", "dataset"},
    "store": {"vocabulary", "errors", "dataset", "memory", "interruption", "zarr_store"},
    # The version of the streams is part of a result's provenance.
    "simulate": {
        "model",
        "regulation",
        "scenario",
        "dataset",
        "executors",
        "kernels",
        "memory",
        "errors",
        "vocabulary",
    },
    "run_folder": {"simulate", "dataset", "store", "errors"},
    "runs": {
        "simulate",
        "scenario",
        "dataset",
        "store",
        "zarr_store",
        "run_folder",
        "memory",
        "executors",
        "errors",
        "vocabulary",
    },
    "partial_result": {
        "simulate",
        "scenario",
        "dataset",
        "store",
        "zarr_store",
        "run_folder",
        "vocabulary",
    },
    "analysis": {"vocabulary", "errors"},
    "cms": {"regulation", "model", "scenario", "analysis", "simulate", "errors", "vocabulary", "user_file"},
    "plots": {"analysis", "vocabulary", "errors"},
    # A report, like a result, is written whole or not at all.
    "report": {"plots", "analysis", "vocabulary", "store", "errors"},
}
ANYTHING = {"cli"}

# Library: the files or rooms that alone may import it.
ONLY_IN = {
    "numba": {"kernels/compile.py"},
    "llvmlite": {"kernels/instructions.py", "kernels/turn.py"},
    "dask": {"executors.py"},
    "distributed": {"executors.py"},
    "matplotlib": {"plots", "report", "cli/doctor.py"},
    "zarr": {"zarr_store.py"},
    "pickle": set(),
    "typer": {"cli"},
    "rich": {"cli"},
}

# Where an extra is imported when it is asked for, and where verbs import what is heavy.
FUNCTION_IMPORTS_ALLOWED = {"cli", "executors", "zarr_store"}


def source_files() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)


def room(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_modules(path: Path) -> list[str]:
    """Modules that `path` imports, dotted, type-checking blocks included."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append(node.module)
    return found


@pytest.mark.parametrize("path", source_files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_what_the_plan_lets_it(path: Path) -> None:
    here = room(path)
    if here in ANYTHING or here == "__init__":
        return
    assert here in MAY_IMPORT, f"{here} is no room of the plan"
    reached = {module.split(".")[1] for module in imported_modules(path) if module.startswith("simcore.")}
    assert reached - {here} <= MAY_IMPORT[here]


@pytest.mark.parametrize("path", source_files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_library_stays_where_the_plan_puts_it(path: Path) -> None:
    relative = path.relative_to(PACKAGE)
    for library in {module.split(".")[0] for module in imported_modules(path)} & set(ONLY_IN):
        assert {str(relative), relative.parts[0]} & ONLY_IN[library], f"{relative} imports {library}"


@pytest.mark.parametrize("path", source_files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_room_imports_the_face_or_hides_an_import(path: Path) -> None:
    if path == PACKAGE / "__init__.py":
        return
    assert "simcore" not in imported_modules(path)
    if room(path) in FUNCTION_IMPORTS_ALLOWED:
        return
    functions = [
        node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    hidden = [
        ast.unparse(n) for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_imports_form_no_circle() -> None:
    modules = {
        ".".join(("simcore", *path.relative_to(PACKAGE).with_suffix("").parts)): path
        for path in source_files()
    }
    graph = {name: {m for m in imported_modules(path) if m in modules} for name, path in modules.items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_faces_define_nothing() -> None:
    for path in PACKAGE.rglob("__init__.py"):
        kinds = {type(node).__name__ for node in tree(path).body}
        assert not kinds & {"FunctionDef", "ClassDef"}, path


def test_importing_the_package_brings_in_nothing_heavy() -> None:
    heavy = ("numba", "scipy", "xarray", "matplotlib")
    code = f"import sys, simcore, simcore.cli.main; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_a_run_writes_is_written_without_what_draws() -> None:
    """Pictures are drawn in a copy of a run's process: what it imports need not be imported here, too."""
    code = "import sys, simcore.cli.run_files; print([m for m in ('matplotlib', 'PIL') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_module_opens_with_a_sentence() -> None:
    for path in source_files():
        docstring = ast.get_docstring(tree(path))
        assert docstring, f"{path} has no docstring"
        assert len(docstring.splitlines()[0]) <= 120, path
