"""A verb's process is set up for one short run, and for nothing that a result could show."""

import subprocess
import sys


def test_nothing_is_collected_at_the_end_and_linear_algebra_has_one_thread() -> None:
    code = (
        "import atexit, gc, os",
        # Called last, after what was registered later.
        "atexit.register(lambda: print(gc.get_freeze_count() > 1000, os.environ['OPENBLAS_NUM_THREADS']))",
        "from simcore.cli.process import SELDOM, set_up_process",
        "set_up_process(); set_up_process()",
        "print(gc.get_threshold()[0] == SELDOM, gc.isenabled(), gc.get_freeze_count())",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(code)], capture_output=True, text=True, check=True, env={}
    )
    assert done.stdout.split() == ["True", "True", "0", "True", "1"]


def set_up_with(then: str, environment: dict[str, str]) -> str:
    """Set up a process that has an environment, and return what it prints then."""
    code = f"from simcore.cli.process import set_up_process; set_up_process()\n{then}"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout.strip()


def test_what_the_user_set_for_linear_algebra_stays() -> None:
    asked = "import os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    assert set_up_with(asked, {"OPENBLAS_NUM_THREADS": "7"}) == "7"


def test_pictures_are_drawn_whatever_windows_a_session_has() -> None:
    asked = "import matplotlib; print(matplotlib.get_backend())"
    assert set_up_with(asked, {"MPLBACKEND": "a session's own"}).lower() == "agg"
