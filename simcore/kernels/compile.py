"""The options that every compiled function shares, and where compiled code is kept between runs."""

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from inspect import signature
from pathlib import Path
from typing import Any, Final, TypeVar, get_args, get_type_hints

import numba
import numpy as np
from numba.extending import register_jitable

from simcore.kernels.instructions import Written

CACHE_SETTING: Final = "SIMCORE_KERNEL_CACHE"
"""Environment variable: a directory for compiled code, or ``off``; absent, the user's cache."""

# No fast-math: it changed the 15th digit of a 10,007-term sum and made isnan(nan) False. No
# parallel: sums would change with the number of threads, and blocks are spread by the executor.
# Nothing in C calls them: numba makes a wrapper for that of every part.
KERNEL_OPTIONS: Final[dict[str, Any]] = {
    "nogil": True,
    "fastmath": False,
    "error_model": "numpy",
    "no_cfunc_wrapper": True,
}

# LLVM leaves half of Intel's 512 bits alone, for processors before 2019 that slow down with them.
_WIDE_VECTORS: Final = ('"prefer-vector-width"="512"',)

Function = TypeVar("Function", bound=Callable[..., Any])

# numba has no types for a checker.
_TYPES: Final[Any] = numba.types


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


def written_out(function: Function) -> Function:
    """Put the instructions of `function` into the kernels that call it, one after the other.

    It is arithmetic alone, of parameters and results annotated as ``float`` or ``numpy.uint64``: see
    `simcore.kernels.instructions`. It has no ``if``, ``and``, ``or``, ``min`` or ``max``, which would ask
    now what the kernel will know later. Called from Python it stays plain Python. A loop around it
    becomes vector code, and it takes a fraction of the time that numba would need to compile it.
    """
    hints = get_type_hints(function)
    result = _numba_type(hints.pop("return"))
    parameters = [_numba_type(hint) for hint in hints.values()]

    def lower(context: Any, builder: Any, call: Any, values: Any) -> Any:
        cast = (
            context.cast(builder, value, given, wanted)
            for value, given, wanted in zip(values, call.args, parameters, strict=True)
        )
        found = function(*(Written(builder, value) for value in cast))
        if not isinstance(found, tuple):
            return _value_of(context, builder, result, found)
        return context.make_tuple(
            builder, result, [_value_of(context, builder, result.dtype, one) for one in found]
        )

    _let_kernels_call(function, result, lower)
    return function


def emitted(write: Callable[..., None]) -> Callable[[Function], Function]:
    """Let kernels have, in place of a call of a function, the instructions that `write` emits.

    Called from Python the function stays plain Python; both must do the same. Its arguments are numbers,
    then arrays that it reads or writes, and it returns nothing. ``write(builder, numbers, addresses)`` is
    handed llvmlite's builder and values.
    """

    def lower(context: Any, builder: Any, call: Any, values: Any) -> Any:
        kinds = [isinstance(kind, _TYPES.Array) for kind in call.args]
        numbers = tuple(value for value, is_array in zip(values, kinds, strict=True) if not is_array)
        addresses = tuple(
            context.make_array(kind)(context, builder, value).data
            for kind, value, is_array in zip(call.args, values, kinds, strict=True)
            if is_array
        )
        write(builder, numbers, addresses)
        return context.get_dummy_value()

    def decorate(function: Function) -> Function:
        _let_kernels_call(function, _TYPES.void, lower)
        return function

    return decorate


def _let_kernels_call(function: Callable[..., Any], result: Any, lower: Callable[..., Any]) -> None:
    """Tell numba what a call of `function` returns, and what emits its instructions."""

    def of_call(*arguments: Any) -> Any:
        return result

    def emit(context: Any, builder: Any, call: Any, values: Any) -> Any:
        builder.function.attributes.update(_WIDE_VECTORS)
        return lower(context, builder, call, values)

    of_call.__signature__ = signature(function)  # type: ignore[attr-defined]
    extending: Any = numba.extending
    extending.type_callable(function)(lambda context: of_call)
    extending.lower_builtin(function, _TYPES.VarArg(_TYPES.Any))(emit)


def _value_of(context: Any, builder: Any, kind: Any, found: Any) -> Any:
    """Return llvmlite's value of a result, which may be a constant."""
    return found.value if isinstance(found, Written) else context.get_constant(kind, found)


def _numba_type(hint: Any) -> Any:
    """Return numba's type of a parameter or a result of what is written out."""
    known = {float: _TYPES.float64, np.uint64: _TYPES.uint64}
    parts = get_args(hint)
    return _TYPES.UniTuple(known[parts[0]], len(parts)) if parts else known[hint]


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
