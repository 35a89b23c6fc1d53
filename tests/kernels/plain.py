"""The plain Python behind a kernel."""

from collections.abc import Callable
from typing import Any


def plain_python(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel's own source as Python runs it; with compilation off, that is the kernel itself."""
    return getattr(kernel, "py_func", kernel)
