"""The options that every compiled function shares, and where compiled code is kept between runs."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import numba
from numba.core import cgutils
from numba.extending import intrinsic, overload, register_jitable

CACHE_SETTING: Final = "SIMCORE_KERNEL_CACHE"
"""Environment variable: a directory for compiled code, or ``off``; absent, the user's cache."""

# No fast-math: it changed the 15th digit of a 10,007-term sum and made isnan(nan) False. No
# parallel: sums would change with the number of threads, and blocks are spread by the executor.
KERNEL_OPTIONS: Final[dict[str, Any]] = {"nogil": True, "fastmath": False, "error_model": "numpy"}

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile `function` at its first call, and keep the machine code for the next process."""
    directory = cache_directory()
    if directory is None:
        compiled: Function = numba.njit(**KERNEL_OPTIONS)(function)
        return compiled
    return _kept(function, directory)


def part_of_kernel(function: Function) -> Function:
    """Let kernels call `function`; called from Python, it stays plain Python."""
    part: Function = register_jitable(**KERNEL_OPTIONS)(function)
    return part


def spliced(function: Function) -> Function:
    """Copy `function` into the kernels that call it, before the compiler looks for vector loops.

    As a call that LLVM inlines, the generator's loop stayed scalar: 0.77e9 draws a second for 2.8e9.
    """
    part: Function = register_jitable(inline="always", **KERNEL_OPTIONS)(function)
    return part


def emitted(write: Callable[..., None]) -> Callable[[Function], Function]:
    """Let kernels have, in place of a call of a function, the instructions that `write` emits.

    Called from Python the function stays plain Python; both must do the same. Its last argument is an
    array that it writes into, the others are numbers, and it returns nothing. ``write(builder, numbers,
    address)`` is handed llvmlite's builder and values.
    """
    tools: Any = cgutils
    options: Any = KERNEL_OPTIONS

    def decorate(function: Function) -> Function:
        def typed(typing: Any, arguments: Any) -> Any:
            def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
                parts = tools.unpack_tuple(builder, values[0])
                array = context.make_array(signature.args[0][-1])(context, builder, parts[-1])
                write(builder, tuple(parts[:-1]), array.data)
                return context.get_dummy_value()

            return numba.types.void(arguments), generate

        instructions: Any = intrinsic(typed)

        @overload(function, jit_options=options)
        def compiled(*arguments: Any) -> Any:
            def call(*arguments: Any) -> Any:
                return instructions(arguments)

            return call

        return function

    return decorate


def cache_directory() -> Path | None:
    """Return the directory of compiled code, or None where nothing may be kept.

    Its name carries a digest of every kernel's source: numba looks at the file of the compiled
    function alone, and would keep a kernel whose inlined parts have changed elsewhere.
    """
    setting = os.environ.get(CACHE_SETTING, "")
    if setting.lower() == "off":
        return None
    root = Path(setting) if setting else _user_cache() / "simcore"
    directory = root / f"kernels-{_digest_of_sources()}"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=directory):
            return directory
    except OSError:
        return None


def stop_keeping() -> None:
    """Keep no machine code of kernels from here on, and read none, those that are imported already too."""
    os.environ[CACHE_SETTING] = "off"
    for name, module in list(sys.modules.items()):
        if name.startswith("simcore."):
            for value in list(vars(module).values()):
                cache: Any = getattr(value, "_cache", None)
                if callable(getattr(cache, "disable", None)):
                    cache.disable()


def _kept(function: Function, directory: Path) -> Function:
    """Compile with a disk cache in `directory`; numba reads its setting while it decorates."""
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(directory)
    try:
        compiled: Function = numba.njit(cache=True, **KERNEL_OPTIONS)(function)
    finally:
        settings.CACHE_DIR = before
    return compiled


def _user_cache() -> Path:
    """Return the directory where programs keep what they can make again."""
    given = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return Path(given) if given else Path.home() / ".cache"
    except RuntimeError:  # no home directory is known
        return Path(tempfile.gettempdir())


def _digest_of_sources() -> str:
    """Return a short digest of the sources of all kernels."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def how_made(function: Callable[..., Any]) -> str:
    """Tell how the machine code of a kernel that has run came about."""
    statistics: Any = getattr(function, "stats", None)
    if statistics is None:
        return "plain Python"
    return "read from the cache" if statistics.cache_hits else "compiled"
